//! `/embed/…`: a chart for a frame; and `/oembed`: what other sites ask to make a frame of an address.

use percent_encoding::percent_decode_str;
use warp::http::StatusCode;
use warp::reply::Response;

use super::address::without_appended;
use super::app::App;
use super::headers::{Caching, framed, respond};
use super::pages::answered;
use super::problem::Problem;
use crate::catalog::Catalog;
use crate::explorer::{self, Chart, Oembed, Room};
use crate::query::{Params, QueryError, value};

/// Answers `/embed/{dataset}` and `/embed/{dataset}/releases/{release}`.
pub async fn embed(app: App, dataset: String, release: Option<String>, query: String) -> Response {
    let is_pinned = release.is_some();
    let found = match app.dataset(&dataset, release.as_deref()).await {
        Ok(found) => found,
        Err(problem) => return framed(super::pages::apologise(problem.status(), problem.detail(), None)),
    };
    let (catalog, base) = (app.catalog(), app.base.clone());
    let made = app.compute(move || Ok(explorer::embed(&catalog, &found, is_pinned, &query, &base))).await;
    // Also a pinned chart says when something newer is there, so its page is not the same for ever.
    framed(answered(made))
}

/// What the address of a chart names.
struct Named {
    dataset: String,
    release: Option<String>,
    query: String,
}

/// Answers `/oembed?url=…`: as oembed.com describes it, version 1.0.
pub async fn oembed(app: App, query: String) -> Response {
    match try_oembed(&app, &query).await {
        Ok(response) => response,
        Err(problem) => problem.response(),
    }
}

async fn try_oembed(app: &App, query: &str) -> Result<Response, Problem> {
    let mut params = Params::parse(query)?;
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
    // Consumers add parameters of their own; the specification lets them.
    if let Some(format) = format.filter(|format| format != "json") {
        return Err(Problem::not_implemented(&format!(
            "`format={format}` is not made here; use `format=json`"
        )));
    }
    let Some(url) = url else {
        return Err(value("url", "", "is missing: the address of a chart".to_owned(), &[]).into());
    };
    let unknown = || Problem::not_found("chart at", &url, None);
    let catalog = app.catalog();
    let named = named(&catalog, &app.base, &url).ok_or_else(unknown)?;
    let dataset = app.dataset(&named.dataset, named.release.as_deref()).await.map_err(|_absent| unknown())?;
    let base = app.base.clone();
    let body = app
        .compute(move || {
            let params = Params::parse(&named.query)?;
            let chart = Chart::read(&dataset, named.release.is_some(), params, &base);
            // An address that shows no chart is unknown to oEmbed, whatever is wrong with it.
            let chart = chart.map_err(|error| Problem::from(error).into_not_found())?;
            let told = Oembed::of(chart, &base, room)?;
            Ok(serde_json::to_vec(&told).expect("only strings and numbers"))
        })
        .await?;
    Ok(respond(StatusCode::OK, "application/json", body, Caching::Current))
}

/// Reads the address of anything of ours that shows a chart.
fn named(catalog: &Catalog, base: &str, url: &str) -> Option<Named> {
    // People paste with and without the s; proxies decide which it is.
    let plain = |address: &str| {
        address.strip_prefix("https://").or(address.strip_prefix("http://")).map(str::to_owned)
    };
    let rest = plain(url)?.strip_prefix(&plain(base)?)?.to_owned();
    let rest = rest.split('#').next().unwrap_or_default();
    let rest = without_appended(rest, true);
    let (path, query) = rest.split_once('?').unwrap_or((&rest, ""));
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().ok().map(|part| part.into_owned());
    let parts: Vec<String> = path.strip_prefix('/')?.split('/').map(decoded).collect::<Option<_>>()?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let named = |dataset: &str, release: Option<&str>, query: String| {
        Some(Named { dataset: dataset.to_owned(), release: release.map(str::to_owned), query })
    };
    match parts[..] {
        ["embed", dataset] => named(dataset, None, query.to_owned()),
        ["embed", dataset, "releases", release] => named(dataset, Some(release), query.to_owned()),
        ["v1", "datasets", dataset, file] if is_chart(file) => named(dataset, None, without_size(query)),
        ["v1", "datasets", dataset, "releases", release, file] if is_chart(file) => {
            named(dataset, Some(release), without_size(query))
        }
        ["statutes", id] => {
            let (dataset, query) = explorer::charted(catalog, id, query)?;
            named(&dataset, None, query)
        }
        _ => None,
    }
}

fn is_chart(file: &str) -> bool {
    matches!(file, "chart.svg" | "chart.png" | "chart.html" | "aggregate.json" | "aggregate.csv")
}

/// A query without what belongs to a picture alone.
fn without_size(query: &str) -> String {
    let is_kept = |pair: &&str| !["width=", "height=", "scale="].iter().any(|name| pair.starts_with(name));
    query.split('&').filter(is_kept).collect::<Vec<_>>().join("&")
}
