//! `/v1/datasets/{dataset}/releases` and `…/changes.{json,csv}`: which releases there are, and what differs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use warp::http::{HeaderValue, StatusCode};
use warp::reply::Response;

use super::app::App;
use super::body::Body;
use super::datasets::json;
use super::headers::{Caching, RELEASE, RELEASE_FROM, respond};
use super::problem::Problem;
use crate::answer::Dataset;
use crate::catalog::{Catalog, Listed};
use crate::domain::nearest;
use crate::present::changes::{Changes, Total};
use crate::query::{Params, QueryError, value};

/// A release in the list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ReleaseNote<'a> {
    id: &'a str,
    /// Whether unpinned answers are made from it.
    current: bool,
    /// When it was published here; a bundled release has the date of its package.
    published: &'a str,
    version: &'a str,
    /// SHA-256 of its manifest.
    sha256: &'a str,
    /// Charges or figures in it.
    records: u64,
    /// What is new in it, by language.
    notes: &'a BTreeMap<String, String>,
    url: String,
    /// Since when and why it is withdrawn; null when it is not.
    withdrawn: Option<WithdrawnNote<'a>>,
}

/// The releases of a dataset.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Releases<'a> {
    dataset: &'a str,
    /// All of them, the newest first.
    releases: Vec<ReleaseNote<'a>>,
}

/// Since when and why a release is withdrawn.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WithdrawnNote<'a> {
    since: String,
    reason: &'a str,
    meaning: &'a str,
}

/// Answers `/v1/datasets/{dataset}/releases`: all releases, the newest first.
pub fn list(app: &App, dataset: &str, query: &str) -> Response {
    let listed = || {
        Params::parse(query)?.finish_with(&[])?;
        let catalog = app.catalog();
        let releases = catalog.releases(dataset).map_err(|absent| Problem::absent(dataset, None, absent))?;
        let current = catalog.dataset(dataset).map(|current| current.release.id().as_str());
        let releases: Vec<ReleaseNote<'_>> =
            releases.iter().rev().map(|listed| note(dataset, listed, current)).collect();
        Ok::<_, Problem>(json(&Releases { dataset, releases }, Caching::Current))
    };
    listed().unwrap_or_else(|problem| problem.response())
}

fn note<'a>(dataset: &str, listed: &'a Listed, current: Option<&str>) -> ReleaseNote<'a> {
    let entry = &listed.entry;
    ReleaseNote {
        id: &entry.id,
        current: current == Some(entry.id.as_str()),
        published: &entry.published,
        version: &entry.version,
        sha256: &entry.sha256,
        records: entry.records,
        notes: &entry.notes,
        url: format!("/v1/datasets/{dataset}/releases/{}", entry.id),
        withdrawn: entry.withdrawn.as_ref().map(|tombstone| WithdrawnNote {
            since: tombstone.since.to_string(),
            reason: tombstone.reason.name(),
            meaning: tombstone.reason.meaning(),
        }),
    }
}

/// The form in which changes are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An object with totals and cells.
    Json,
    /// The cells.
    Csv,
}

/// A cell that differs. Its schema is written out, because its members are named by the dataset.
struct Change;

impl utoipa::PartialSchema for Change {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name("Change").into()
    }
}

impl utoipa::ToSchema for Change {}

/// What differs, with the releases that were compared.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Changes)]
pub struct Told<'a> {
    dataset: &'a str,
    from: Compared<'a>,
    to: Compared<'a>,
    dimensions: Vec<&'static str>,
    totals: &'a [Total],
    /// A cell has a member for each dimension.
    #[schema(value_type = Vec<Change>)]
    changes: Vec<serde_json::Value>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ComparedRelease)]
struct Compared<'a> {
    release: &'a str,
    records: u64,
}

/// Answers `/v1/datasets/{dataset}/changes.{json,csv}?from=…&to=…`.
pub async fn changes(app: App, dataset: String, form: Form, query: String) -> Response {
    let catalog = app.catalog();
    let (told, pinned) = match asked(&catalog, &dataset, &query) {
        Ok((from, to, pinned)) => {
            (app.compute(move || tell(&catalog, &dataset, &from, &to, form)).await, pinned)
        }
        Err(problem) => (Err(problem), false),
    };
    let caching = if pinned { Caching::Pinned } else { Caching::Current };
    let media_type = match form {
        Form::Json => "application/json",
        Form::Csv => "text/csv; charset=utf-8; header=present",
    };
    match told {
        Ok((body, from, to)) => {
            let mut response = respond(StatusCode::OK, media_type, body, caching);
            for (name, release) in [(RELEASE_FROM, from), (RELEASE, to)] {
                if let Ok(release) = HeaderValue::from_str(&release) {
                    response.headers_mut().insert(name, release);
                }
            }
            response
        }
        Err(problem) => problem.response(),
    }
}

/// The releases asked for, and whether both were named: then the answer is the same for ever.
fn asked(catalog: &Catalog, dataset: &str, query: &str) -> Result<(String, String, bool), Problem> {
    let mut params = Params::parse(query)?;
    let (from, to) = (params.take("from"), params.take("to"));
    params.finish_with(&["from", "to"])?;
    let releases = catalog.releases(dataset).map_err(|absent| Problem::absent(dataset, None, absent))?;
    let ids: Vec<&str> = releases.iter().map(|listed| listed.entry.id.as_str()).collect();
    let known = |parameter: &'static str, id: &str| -> Result<(), QueryError> {
        if ids.contains(&id) {
            return Ok(());
        }
        let problem = format!("dataset `{dataset}` has no such release");
        let mut error = value(parameter, id, problem, &ids);
        if let QueryError::Value { nearest: hint, expected, .. } = &mut error {
            *hint = nearest(id, ids.iter().copied()).map(str::to_owned);
            expected.truncate(20);
        }
        Err(error)
    };
    for (parameter, id) in [("from", &from), ("to", &to)] {
        id.as_deref().map_or(Ok(()), |id| known(parameter, id))?;
    }
    let pinned = from.is_some() && to.is_some();
    let live = |listed: &&Listed| listed.entry.withdrawn.is_none();
    let to = match to {
        Some(to) => to,
        None => match releases.iter().rev().find(live) {
            Some(newest) => newest.entry.id.clone(),
            None => {
                return Err(catalog.release(dataset, None).map_or_else(
                    |absent| Problem::absent(dataset, None, absent),
                    |_there| Problem::internal(),
                ));
            }
        },
    };
    let from = match from {
        Some(from) => from,
        None => {
            let before = releases.iter().take_while(|listed| listed.entry.id != to).filter(live).last();
            let Some(before) = before else {
                let problem = "leaves open what to compare with: no release came before; name one".to_owned();
                return Err(value("from", "", problem, &ids).into());
            };
            before.entry.id.clone()
        }
    };
    Ok((from, to, pinned))
}

fn tell(
    catalog: &Catalog,
    dataset: &str,
    from: &str,
    to: &str,
    form: Form,
) -> Result<(Body, String, String), Problem> {
    let release = |id: &str| -> Result<Arc<Dataset>, Problem> {
        catalog.release(dataset, Some(id)).map_err(|absent| Problem::absent(dataset, Some(id), absent))
    };
    let (from, to) = (release(from)?, release(to)?);
    let changes = Changes::between(&from, &to)?;
    let body = match form {
        Form::Csv => Body::from(changes.to_csv()).with_rows(changes.cells.len()),
        Form::Json => {
            let told = Told {
                dataset,
                from: compared(&from),
                to: compared(&to),
                dimensions: changes.dimensions.iter().map(|dimension| dimension.name()).collect(),
                totals: &changes.totals,
                changes: changes.cells_as_json(),
            };
            serde_json::to_vec(&told).expect("changes have only strings, numbers and lists").into()
        }
    };
    Ok((body, from.release.id().to_string(), to.release.id().to_string()))
}

fn compared(dataset: &Dataset) -> Compared<'_> {
    Compared { release: dataset.release.id().as_str(), records: dataset.release.manifest().records() }
}
