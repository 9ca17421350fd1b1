//! `/oembed`: tells other sites how to embed the chart at an address.

use percent_encoding::percent_decode_str;
use warp::http::StatusCode;

use super::address::without_appended;
use super::app::{App, dataset_of};
use super::files::File;
use super::problem::{Answer, Problem};
use super::response::{Caching, respond};
use super::short::{ShortTarget, target};
use crate::catalog::Catalog;
use crate::explorer::{self, Chart, Oembed, Room};
use crate::public_url::below;
use crate::query::{Params, QueryError, value};

/// Answers `/oembed?url=…` according to oEmbed 1.0 (oembed.com).
pub async fn oembed(app: App, query: String) -> Answer {
    let mut params = Params::parse(&query)?;
    let format = params.take("format");
    let url = params.take("url");
    let mut most = |name: &'static str| -> Result<u32, QueryError> {
        let Some(text) = params.take(name) else {
            return Ok(u32::MAX);
        };
        let pixels = text.parse::<u32>().ok().filter(|pixels| *pixels > 0);
        pixels.ok_or_else(|| value(name, &text, "is no number of pixels".to_owned(), &[]))
    };
    let room = Room { width: most("maxwidth")?, height: most("maxheight")? };
    // The specification allows consumers to add their own parameters, so unknown ones are ignored.
    if let Some(format) = format.filter(|format| format != "json") {
        return Err(Problem::not_implemented(&format!(
            "`format={format}` is not made here; use `format=json`"
        )));
    }
    let Some(url) = url else {
        return Err(value("url", "", "is missing: the address of a chart".to_owned(), &[]).into());
    };
    let (catalog, base) = (app.catalog(), app.base.clone());
    let made = move || {
        let oembed = chart(&catalog, &base, &url).and_then(|chart| Ok(Oembed::of(chart, &base, room)?));
        // For oEmbed an address without a chart does not exist, whatever the problem with it is.
        Ok(serde_json::to_vec(&oembed.map_err(Problem::into_not_found)?).expect("only strings and numbers"))
    };
    Ok(respond(StatusCode::OK, "application/json", app.compute(made).await?, Caching::Current))
}

/// Returns the chart that an address of this service shows.
fn chart(catalog: &Catalog, base: &str, url: &str) -> Result<Chart, Problem> {
    // While a dataset cannot be read, the chart may be in that dataset.
    let unknown = || match catalog.unread() {
        Some(dataset) => Problem::unread_dataset("chart at", url, dataset),
        None => Problem::not_found("chart at", url, None),
    };
    let rest = below(base, url).ok_or_else(unknown)?;
    let rest = without_appended(&rest, true);
    let (path, query) = rest.split_once('?').unwrap_or((&rest, ""));
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().ok().map(|part| part.into_owned());
    let parts: Option<Vec<String>> =
        path.strip_prefix('/').and_then(|path| path.trim_end_matches('/').split('/').map(decoded).collect());
    let parts = parts.ok_or_else(unknown)?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let read = |dataset: &str, pinned: Option<&str>, query: &str| -> Result<Chart, Problem> {
        let dataset = dataset_of(catalog, dataset, pinned)?;
        Ok(Chart::read(&dataset, pinned.is_some(), Params::parse(query)?, base)?)
    };
    let sheet = |dataset: &str, pinned: Option<&str>, query: &str| -> Result<Chart, Problem> {
        let dataset = dataset_of(catalog, dataset, pinned)?;
        Ok(explorer::report_chart(&dataset, pinned.is_some(), query, base)?)
    };
    match parts[..] {
        ["embed", dataset] => read(dataset, None, query),
        ["embed", dataset, "releases", release] => read(dataset, Some(release), query),
        ["v1", "datasets", dataset, file] if is_chart(file) => read(dataset, None, &without_form(query)),
        ["v1", "datasets", dataset, "releases", release, file] if is_chart(file) => {
            read(dataset, Some(release), &without_form(query))
        }
        ["report", dataset] => sheet(dataset, None, query),
        ["report", dataset, "releases", release] => sheet(dataset, Some(release), query),
        ["statutes", id] => explorer::statute_chart(catalog, base, id, query)?.ok_or_else(unknown),
        ["categories", code] => explorer::category_chart(catalog, base, code, query)?.ok_or_else(unknown),
        ["countries", code] => explorer::country_chart(catalog, base, code, query)?.ok_or_else(unknown),
        ["s", asked] => {
            let ShortTarget { dataset, file, query: own } = target(catalog, asked)?;
            let query = if query.is_empty() { own } else { format!("{own}&{query}") };
            let (dataset, release) = (dataset.release.dataset(), dataset.release.id().as_str());
            match file {
                None => sheet(dataset, Some(release), &query),
                Some(file) if is_chart(file) => read(dataset, Some(release), &without_form(&query)),
                Some(_) => Err(unknown()),
            }
        }
        _ => Err(unknown()),
    }
}

fn is_chart(file: &str) -> bool {
    File::named(file).is_some_and(|file| file.shows_chart)
}

/// Removes the parameters that only files take. A frame has no use for them.
fn without_form(query: &str) -> String {
    let of_the_file = ["width=", "height=", "scale=", "excel=", "separator="];
    let is_kept = |pair: &&str| !of_the_file.iter().any(|name| pair.starts_with(name));
    query.split('&').filter(is_kept).collect::<Vec<_>>().join("&")
}
