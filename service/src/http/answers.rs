//! `/v1/datasets/{dataset}/…`: answers as JSON, CSV and pictures; pinned under `/releases/{release}/…`.

use std::sync::Arc;

use serde::Serialize;
use warp::http::header::CONTENT_DISPOSITION;
use warp::http::{HeaderValue, StatusCode};
use warp::reply::Response;

use super::app::App;
use super::drawn::Drawn;
use super::headers::{Caching, RELEASE, respond, standing_alone};
use super::problem::Problem;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Language, nearest};
use crate::explorer::{self, Chart};
use crate::present::newer::Newer;
use crate::present::png::png;
use crate::present::{self, Facet, svg};
use crate::query::Params;

/// A file that a dataset answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum File {
    AggregateJson,
    AggregateCsv,
    ChartSvg,
    ChartPng,
    ChartHtml,
    NewerJson,
    FacetsJson,
    ManifestJson,
}

impl File {
    const NAMES: [(&'static str, Self); 8] = [
        ("aggregate.json", Self::AggregateJson),
        ("aggregate.csv", Self::AggregateCsv),
        ("chart.svg", Self::ChartSvg),
        ("chart.png", Self::ChartPng),
        ("chart.html", Self::ChartHtml),
        ("newer.json", Self::NewerJson),
        ("facets.json", Self::FacetsJson),
        ("manifest.json", Self::ManifestJson),
    ];

    fn media_type(self) -> &'static str {
        match self {
            Self::AggregateJson | Self::FacetsJson | Self::ManifestJson | Self::NewerJson => {
                "application/json"
            }
            Self::AggregateCsv => "text/csv; charset=utf-8; header=present",
            Self::ChartSvg => "image/svg+xml",
            Self::ChartPng => "image/png",
            Self::ChartHtml => "text/html; charset=utf-8",
        }
    }
}

impl File {
    /// The name under which a browser saves it, where that is not the one in its address.
    fn saved_as(self, dataset: &Dataset) -> Option<String> {
        let (ending, kept) = match self {
            Self::ChartSvg => ("svg", "inline"),
            Self::ChartPng => ("png", "inline"),
            // Its script must not run as if it were a page of ours.
            Self::ChartHtml => ("html", "attachment"),
            _ => return None,
        };
        let release = &dataset.release;
        Some(format!("{kept}; filename=\"{}-{}.{ending}\"", release.dataset(), release.id()))
    }
}

/// The files that were there from the beginning.
const FIRST_FILES: [&str; 5] =
    ["aggregate.json", "aggregate.csv", "chart.svg", "facets.json", "manifest.json"];

/// Returns the names of the files that a dataset answers with. What describes a release is the same for ever, so it
/// does not name what came later.
pub fn files(is_pinned: bool) -> Vec<&'static str> {
    let later = ["chart.png", "chart.html"].into_iter().filter(|_| !is_pinned);
    FIRST_FILES.into_iter().chain(later).collect()
}

/// Counts per value, with the release they are of.
#[derive(Debug, Serialize)]
struct Facets<'a> {
    dataset: &'a str,
    release: &'a str,
    facets: Vec<Facet>,
}

/// Answers a request for a file of a dataset.
pub async fn answer(
    app: App,
    dataset: String,
    release: Option<String>,
    file: String,
    query: String,
) -> Response {
    match try_answer(&app, &dataset, release.as_deref(), &file, query).await {
        Ok(response) => response,
        Err(problem) => problem.response(),
    }
}

async fn try_answer(
    app: &App,
    dataset: &str,
    release: Option<&str>,
    file: &str,
    query: String,
) -> Result<Response, Problem> {
    let dataset = app.dataset(dataset, release).await?;
    let Some(&(_, file)) = File::NAMES.iter().find(|(name, _)| *name == file) else {
        let own = File::NAMES.iter().map(|(name, _)| *name);
        // What differs between releases, and which there are, is asked of a dataset, not of a release.
        let others = ["changes.csv", "changes.json", "releases"].into_iter().filter(|_| release.is_none());
        return Err(Problem::not_found("file", file, nearest(file, own.chain(others))));
    };
    // Whether something newer is there changes, also for a release that does not.
    let is_pinned = release.is_some() && file != File::NewerJson;
    let caching = if is_pinned { Caching::Pinned } else { Caching::Current };
    let (base, drawn) = (app.base.clone(), Arc::clone(&app.drawn));
    let id =
        HeaderValue::from_str(dataset.release.id().as_str()).map_err(|_not_ascii| Problem::internal())?;
    let catalog = app.catalog();
    let name = file.saved_as(&dataset);
    let made = move || match file {
        File::NewerJson => newer(&catalog, &dataset, &query, &base),
        _ => body(&dataset, file, &query, &base, &drawn),
    };
    let mut response = respond(StatusCode::OK, file.media_type(), app.compute(made).await?, caching);
    if file == File::ChartHtml {
        response = standing_alone(response);
    }
    response.headers_mut().insert(RELEASE, id);
    if let Some(name) = name.and_then(|name| HeaderValue::from_str(&name).ok()) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// A newer release, and what it says of the figures of a pinned answer.
fn newer(catalog: &Catalog, dataset: &Dataset, text: &str, base: &str) -> Result<Vec<u8>, Problem> {
    let mut params = Params::parse(text)?;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    let before = present::wire(dataset, &query, &dataset.ask(&query)?, language, base)?;
    let (id, own) = (dataset.release.dataset(), dataset.release.id().as_str());
    let newer = catalog
        .newer_than(id, own)
        .map(|(newest, published)| Newer::than(&before, newest, published, language, base));
    let told = serde_json::json!({ "dataset": id, "release": own, "newer": newer });
    Ok(serde_json::to_vec(&told).expect("changes have only strings and numbers"))
}

/// A picture, or the one that was drawn before.
fn picture(
    dataset: &Dataset,
    file: File,
    mut params: Params,
    base: &str,
    drawn: &Drawn,
) -> Result<Vec<u8>, Problem> {
    let release = &dataset.release;
    let language = params.take_language("lang")?.unwrap_or_default();
    let asked = svg::take_asked(&mut params)?;
    let mut known = svg::PARAMETERS.to_vec();
    let scale = if file == File::ChartPng {
        known.push("scale");
        svg::take_scale(&mut params)?
    } else {
        1
    };
    let query = params.take_query(release)?;
    params.finish(&known)?;
    let address = format!("{}/{}?{}", release.dataset(), release.id(), query.canonical(release));
    let key = format!("{address} {file:?} {language} {scale} {}", asked.key());
    drawn.get(&key, || {
        let answer = present::wire(dataset, &query, &dataset.ask(&query)?, language, base)?;
        let (svg, height) = asked.draw(&answer).map_err(|error| Problem::undrawable(error.to_string()))?;
        if file == File::ChartSvg {
            return Ok(svg.into_bytes());
        }
        svg::check_scale((asked.spec.width(), height), scale)?;
        png(&svg, scale).map_err(|error| {
            super::log(&format!("a picture failed: {error}"));
            Problem::internal()
        })
    })
}

fn body(dataset: &Dataset, file: File, text: &str, base: &str, drawn: &Drawn) -> Result<Vec<u8>, Problem> {
    let mut params = Params::parse(text)?;
    let release = &dataset.release;
    match file {
        File::ChartSvg | File::ChartPng => picture(dataset, file, params, base, drawn),
        File::ChartHtml => {
            let chart = Chart::read(dataset, true, params, base)?;
            Ok(explorer::document(&chart)?.into_bytes())
        }
        File::NewerJson => Err(Problem::internal()),
        File::AggregateCsv => {
            let query = params.take_query(release)?;
            params.finish(&[])?;
            Ok(present::csv::csv(&query, release, &dataset.ask(&query)?))
        }
        File::AggregateJson => {
            let language = params.take_language("lang")?.unwrap_or_default();
            let query = params.take_query(release)?;
            params.finish(&["lang"])?;
            let published = dataset.ask(&query)?;
            Ok(present::json(&present::wire(dataset, &query, &published, language, base)?))
        }
        File::ManifestJson => {
            params.finish_with(&[])?;
            Ok(release.manifest().to_json())
        }
        File::FacetsJson => {
            let language = params.take_language("lang")?.unwrap_or_default();
            let of = params.take_facets(release)?;
            // Facets count records; how they would be grouped and measured does not change them.
            let query = params.take_query(release)?;
            params.finish(&["of", "lang"])?;
            facets(dataset, &query, &of, language)
        }
    }
}

fn facets(
    dataset: &Dataset,
    query: &crate::query::Query,
    of: &[crate::domain::Dimension],
    language: Language,
) -> Result<Vec<u8>, Problem> {
    let release = &dataset.release;
    let facets = of
        .iter()
        .map(|&of| Ok(present::facets(of, release, &dataset.facets(query, of)?, language)))
        .collect::<Result<_, Problem>>()?;
    let facets = Facets { dataset: release.dataset(), release: release.id().as_str(), facets };
    Ok(serde_json::to_vec(&facets).expect("facets have only strings, numbers and lists"))
}
