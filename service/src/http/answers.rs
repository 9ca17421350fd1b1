//! `/v1/datasets/{dataset}/…`: answers as JSON, CSV and pictures; pinned under `/releases/{release}/…`.

use serde::Serialize;
use warp::http::{HeaderValue, StatusCode};
use warp::reply::Response;

use super::app::App;
use super::headers::{Caching, RELEASE, respond};
use super::problem::Problem;
use crate::answer::Dataset;
use crate::domain::{Language, nearest};
use crate::present::{self, Facet, svg};
use crate::query::Params;

/// A file that a dataset answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum File {
    AggregateJson,
    AggregateCsv,
    ChartSvg,
    FacetsJson,
    ManifestJson,
}

impl File {
    const NAMES: [(&'static str, Self); 5] = [
        ("aggregate.json", Self::AggregateJson),
        ("aggregate.csv", Self::AggregateCsv),
        ("chart.svg", Self::ChartSvg),
        ("facets.json", Self::FacetsJson),
        ("manifest.json", Self::ManifestJson),
    ];

    fn media_type(self) -> &'static str {
        match self {
            Self::AggregateJson | Self::FacetsJson | Self::ManifestJson => "application/json",
            Self::AggregateCsv => "text/csv; charset=utf-8; header=present",
            Self::ChartSvg => "image/svg+xml",
        }
    }
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
    let caching = if release.is_some() { Caching::Pinned } else { Caching::Current };
    let base = app.base.clone();
    let id =
        HeaderValue::from_str(dataset.release.id().as_str()).map_err(|_not_ascii| Problem::internal())?;
    let body = app.compute(move || body(&dataset, file, &query, &base)).await?;
    let mut response = respond(StatusCode::OK, file.media_type(), body, caching);
    response.headers_mut().insert(RELEASE, id);
    Ok(response)
}

fn body(dataset: &Dataset, file: File, text: &str, base: &str) -> Result<Vec<u8>, Problem> {
    let mut params = Params::parse(text)?;
    let release = &dataset.release;
    match file {
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
        File::ChartSvg => {
            let language = params.take_language("lang")?.unwrap_or_default();
            let asked = svg::take_asked(&mut params)?;
            let query = params.take_query(release)?;
            params.finish(&svg::PARAMETERS)?;
            let published = dataset.ask(&query)?;
            let answer = present::wire(dataset, &query, &published, language, base)?;
            let drawn = asked.draw(&answer).map_err(|error| Problem::undrawable(error.to_string()));
            Ok(drawn?.0.into_bytes())
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
