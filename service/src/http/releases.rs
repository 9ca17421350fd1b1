//! `/v1/datasets/{dataset}/releases` and `…/changes.{json,csv}`: the releases of a dataset, and the differences between two of
//! them.

use std::collections::BTreeMap;

use serde::Serialize;
use warp::http::StatusCode;
use warp::http::header::CONTENT_DISPOSITION;

use super::app::{App, dataset_of};
use super::body::Body;
use super::files::comparison;
use super::problem::{Answer, Problem};
use super::response::{Caching, RELEASE, RELEASE_FROM, json, respond};
use super::signposts::moment;
use crate::answer::Dataset;
use crate::catalog::{Catalog, Listed};
use crate::domain::nearest;
use crate::explorer::of_dataset;
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
pub fn list(app: &App, dataset: &str, query: &str) -> Answer {
    Params::parse(query)?.finish_with(&[])?;
    let catalog = app.catalog();
    let releases = releases(&catalog, dataset)?;
    let current = catalog.dataset(dataset).map(|current| current.release.id().as_str());
    let releases = releases.iter().rev().map(|listed| note(dataset, listed, current)).collect();
    Ok(json(&Releases { dataset, releases }, Caching::Current))
}

fn releases<'c>(catalog: &'c Catalog, dataset: &str) -> Result<&'c [Listed], Problem> {
    catalog.releases(dataset).map_err(|absent| Problem::absent(dataset, None, absent))
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

/// Answers `/v1/datasets/{dataset}/timemap`: the releases as mementos of the dataset (RFC 7089, 5).
pub fn timemap(app: &App, dataset: &str, query: &str) -> Answer {
    Params::parse(query)?.finish_with(&[])?;
    let catalog = app.catalog();
    let live = releases(&catalog, dataset)?.iter().filter(|listed| listed.entry.withdrawn.is_none());
    let all: Vec<(String, String)> = live
        .filter_map(|listed| {
            let address = of_dataset("/v1/datasets", dataset, Some(&listed.entry.id));
            Some((format!("{}{address}", app.base), moment(&listed.entry)?))
        })
        .collect();
    let own = format!("{}{}", app.base, of_dataset("/v1/datasets", dataset, None));
    let until = match &all[..] {
        [] => String::new(),
        [(_, first), ..] => {
            let last = all.last().map_or(first, |(_, moment)| moment);
            format!("; from=\"{first}\"; until=\"{last}\"")
        }
    };
    let mut lines = vec![
        format!("<{own}>; rel=\"original\""),
        format!("<{own}/timemap>; rel=\"self\"; type=\"application/link-format\"{until}"),
    ];
    let last = all.len().saturating_sub(1);
    lines.extend(all.iter().enumerate().map(|(place, (address, moment))| {
        let ends = match place {
            0 if last == 0 => "first last ",
            0 => "first ",
            _ if place == last => "last ",
            _ => "",
        };
        format!("<{address}>; rel=\"{ends}memento\"; datetime=\"{moment}\"")
    }));
    let text = format!("{}\n", lines.join(",\n"));
    Ok(respond(StatusCode::OK, "application/link-format", text.into_bytes(), Caching::Current))
}

/// The format of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An object with totals and changed cells.
    Json,
    /// The changed cells.
    Csv,
}

/// A changed cell. The schema is written by hand, because the dataset decides which members a cell has.
struct Change;

impl utoipa::PartialSchema for Change {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name("Change").into()
    }
}

impl utoipa::ToSchema for Change {}

/// What differs between two releases.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Changes)]
pub struct Comparison<'a> {
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
pub async fn changes(app: App, dataset: String, form: Form, query: String) -> Answer {
    let catalog = app.catalog();
    let (from, to, is_pinned) = asked(&catalog, &dataset, &query)?;
    let id = dataset.clone();
    let (body, from, to) = app.compute(move || compare(&catalog, &id, &from, &to, form)).await?;
    let caching = if is_pinned { Caching::Pinned } else { Caching::Current };
    let (media_type, ending) = match form {
        Form::Json => ("application/json", "json"),
        Form::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
    };
    let name = format!("inline; filename=\"{}\"", comparison(&dataset, [&from, &to], ending));
    let response = respond(StatusCode::OK, media_type, body, caching).with(CONTENT_DISPOSITION, &name);
    Ok(response.with(RELEASE_FROM, &from).with(RELEASE, &to))
}

/// Returns the two requested releases, and whether the query names both. If so, the answer never changes.
fn asked(catalog: &Catalog, dataset: &str, query: &str) -> Result<(String, String, bool), Problem> {
    let mut params = Params::parse(query)?;
    let (from, to) = (params.take("from"), params.take("to"));
    params.finish_with(&["from", "to"])?;
    let releases = releases(catalog, dataset)?;
    let ids: Vec<&str> = releases.iter().map(|listed| listed.entry.id.as_str()).collect();
    for (parameter, id) in [("from", &from), ("to", &to)] {
        let Some(id) = id.as_deref().filter(|id| !ids.contains(id)) else {
            continue;
        };
        let problem = format!("dataset `{dataset}` has no such release");
        let mut error = value(parameter, id, problem, &ids);
        if let QueryError::Value { nearest: hint, expected, .. } = &mut error {
            *hint = nearest(id, ids.iter().copied()).map(str::to_owned);
            expected.truncate(20);
        }
        return Err(error.into());
    }
    let is_pinned = from.is_some() && to.is_some();
    let live = |listed: &&Listed| listed.entry.withdrawn.is_none();
    let to = match (to, releases.iter().rev().find(live)) {
        (Some(to), _) => to,
        (None, Some(newest)) => newest.entry.id.clone(),
        // All releases are withdrawn.
        (None, None) => {
            return Err(
                dataset_of(catalog, dataset, None).map_or_else(|absent| absent, |_there| Problem::internal())
            );
        }
    };
    let before = releases.iter().take_while(|listed| listed.entry.id != to).filter(live).last();
    let from = from.or_else(|| Some(before?.entry.id.clone())).ok_or_else(|| {
        let problem = "leaves open what to compare with: no release came before; name one".to_owned();
        value("from", "", problem, &ids)
    })?;
    Ok((from, to, is_pinned))
}

/// Compares two releases. Returns the body, and the ids of both.
fn compare(
    catalog: &Catalog,
    dataset: &str,
    from: &str,
    to: &str,
    form: Form,
) -> Result<(Body, String, String), Problem> {
    let release = |id: &str| dataset_of(catalog, dataset, Some(id));
    let (from, to) = (release(from)?, release(to)?);
    let changes = Changes::between(&from, &to)?;
    let body = match form {
        Form::Csv => Body::from(changes.to_csv()).with_rows(changes.cells.len()),
        Form::Json => {
            let comparison = Comparison {
                dataset,
                from: compared(&from),
                to: compared(&to),
                dimensions: changes.dimensions.iter().map(|dimension| dimension.name()).collect(),
                totals: &changes.totals,
                changes: changes.cells_as_json(),
            };
            serde_json::to_vec(&comparison).expect("changes have only strings, numbers and lists").into()
        }
    };
    Ok((body, from.release.id().to_string(), to.release.id().to_string()))
}

fn compared(dataset: &Dataset) -> Compared<'_> {
    Compared { release: dataset.release.id().as_str(), records: dataset.release.manifest().records() }
}
