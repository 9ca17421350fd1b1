//! `/v1/datasets` and `/v1/datasets/{dataset}`: the list of datasets, and the description of each.

use std::sync::Arc;

use serde::Serialize;
use warp::http::StatusCode;

use super::app::App;
use super::problem::{Answer, Problem};
use super::response::{Caching, MEMENTO, RELEASE, json, respond};
use super::signposts;
use crate::answer::Dataset;
use crate::domain::{Dimension, Language};
use crate::explorer::linked::{self, Place};
use crate::package::{Contributor, License, Origin, TimeBasis};
use crate::present::codebook::{Codebook, Codes, Column, Covered, Meaning};
use crate::query::Params;

/// A dataset in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DatasetSummary)]
struct Summary<'a> {
    id: &'a str,
    title: &'a str,
    kind: &'static str,
    release: &'a str,
    url: String,
    records: u64,
}

/// The datasets.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Datasets<'a> {
    datasets: Vec<Summary<'a>>,
    /// A dataset that cannot be read at this moment, so that its figures are missing here; only where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<&'a str>,
}

/// A dataset as a reader must know it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Description<'a> {
    id: &'a str,
    title: String,
    description: String,
    kind: &'static str,
    version: &'a str,
    created: &'a str,
    release: ReleaseNote<'a>,
    licenses: &'a [License],
    sources: &'a [Origin],
    /// The measures, the default first.
    measures: Vec<&'static str>,
    time_basis: TimeBasis,
    /// The dimensions, each with whether figures may be summed over it.
    dimensions: Vec<DimensionNote>,
    outcomes: Vec<OutcomeNote<'a>>,
    /// The codes of the outcomes that are complete and disjoint, in datasets that declare them: over these, and only over these,
    /// figures of outcomes may be summed and divided. Added later, so the description of a release has none.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    complete_outcomes: &'a [String],
    statutes: Vec<&'a str>,
    caveats: Vec<&'a str>,
    files: Vec<String>,
    /// Added later; the description of a release is the same for ever, so it has none of this.
    #[serde(flatten)]
    explained: Option<Explained>,
}

/// The part of the codebook that the other members do not have already.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Explained {
    language: &'static str,
    kind_explained: Meaning,
    time_basis_explained: Meaning,
    columns: Vec<Column>,
    codes: Vec<Codes>,
    absent: Vec<Meaning>,
    coverage: Vec<Covered>,
    contributors: Vec<Contributor>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReleaseDigest)]
struct ReleaseNote<'a> {
    id: &'a str,
    /// SHA-256 of the release's manifest.
    sha256: String,
    records: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DimensionNote {
    name: &'static str,
    additive: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OutcomeNote<'a> {
    code: &'a str,
    /// The outcome that it is a part of, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a str>,
    label: &'a str,
    stage: &'a str,
    r#final: bool,
    definition: &'a str,
}

/// Parses a query whose only parameter is the language of texts.
///
/// # Errors
/// When there is another parameter, or no such language.
pub fn language(query: &str) -> Result<Language, Problem> {
    let mut params = Params::parse(query)?;
    let language = params.take_language("lang")?.unwrap_or_default();
    params.finish_with(&["lang"])?;
    Ok(language)
}

/// Answers `/v1/datasets`.
pub fn list(app: &App, query: &str) -> Answer {
    Params::parse(query)?.finish_with(&[])?;
    let catalog = app.catalog();
    let datasets = catalog.datasets().map(summary).collect();
    Ok(json(&Datasets { datasets, unreadable: catalog.unread() }, Caching::Current))
}

fn summary(dataset: &Arc<Dataset>) -> Summary<'_> {
    let release = &dataset.release;
    Summary {
        id: release.dataset(),
        title: &release.descriptor().title,
        kind: release.descriptor().chargesheet.kind.name(),
        release: release.id().as_str(),
        url: format!("/v1/datasets/{}", release.dataset()),
        records: release.manifest().records(),
    }
}

/// Answers `/v1/catalog.jsonld`.
pub async fn catalog(app: App, query: String) -> Answer {
    let (catalog, base) = (app.catalog(), app.base.clone());
    let made = move || {
        let language = language(&query)?;
        let files = super::files::offered();
        let place = Place { base: &base, files: &files, is_pinned: false, language };
        let linked = linked::of_catalog(&catalog, &place)?;
        Ok(serde_json::to_vec(&linked).expect("a catalogue has only strings, numbers and lists"))
    };
    Ok(respond(StatusCode::OK, "application/ld+json", app.compute(made).await?, Caching::Current))
}

/// Answers `/v1/datasets/{dataset}`, or one of its releases if the address names one.
pub async fn describe(app: App, id: String, release: Option<String>, query: String) -> Answer {
    let language = language(&query)?;
    let dataset = app.dataset(&id, release.as_deref()).await?;
    let (explained, caching) = match &release {
        Some(_) => (None, Caching::Pinned),
        None => (Some(explained(&app, &dataset, language).await?), Caching::Current),
    };
    let response = json(&description(&dataset, language, release.as_deref(), explained), caching);
    let response = response.with(RELEASE, dataset.release.id().as_str());
    let catalog = app.catalog();
    let mut response = response.dated(&catalog, &dataset.release).timemap(&dataset, &app.base);
    // A release never changes, so its description is a memento of the dataset (RFC 7089).
    if release.is_some()
        && let Some(moment) = signposts::published(&catalog, &dataset.release)
    {
        response.set(MEMENTO, &moment);
    }
    Ok(response)
}

/// Answers `/v1/datasets/{dataset}/dataset.jsonld`, or that of one of its releases if the address names one.
pub async fn linked(app: App, id: String, release: Option<String>, query: String) -> Answer {
    let language = language(&query)?;
    let dataset = app.dataset(&id, release.as_deref()).await?;
    let (catalog, base, own) = (app.catalog(), app.base.clone(), Arc::clone(&dataset));
    let made = move || {
        let (files, is_pinned) = (super::files::offered(), release.is_some());
        let place = Place { base: &base, files: &files, is_pinned, language };
        let linked = linked::of_dataset(&catalog, &own, &Codebook::of(&own, language)?, &place);
        Ok(serde_json::to_vec(&linked).expect("a description has only strings, numbers and lists"))
    };
    let response = respond(StatusCode::OK, "application/ld+json", app.compute(made).await?, Caching::Current);
    Ok(response.with(RELEASE, dataset.release.id().as_str()).dated(&app.catalog(), &dataset.release))
}

async fn explained(app: &App, dataset: &Arc<Dataset>, language: Language) -> Result<Explained, Problem> {
    let dataset = Arc::clone(dataset);
    let book = app.compute(move || Ok(Codebook::of(&dataset, language)?)).await?;
    Ok(Explained {
        language: book.language,
        kind_explained: book.kind,
        time_basis_explained: book.time_basis,
        columns: book.columns,
        codes: book.codes,
        absent: book.absent,
        coverage: book.coverage,
        contributors: book.contributors,
    })
}

fn description<'d>(
    dataset: &'d Dataset,
    language: Language,
    pinned: Option<&str>,
    explained: Option<Explained>,
) -> Description<'d> {
    let release = &dataset.release;
    let descriptor = release.descriptor();
    let additive = descriptor.additive();
    let id = release.dataset();
    let titles = descriptor.titles();
    // The description of a release never changes, so it leaves out dimensions that were added to the program later.
    let dimensions = if pinned.is_some() { release.dimensions() } else { release.askable() };
    Description {
        id,
        title: titles.get(language).to_owned(),
        description: descriptor.descriptions().get(language).to_owned(),
        kind: descriptor.chargesheet.kind.name(),
        version: &descriptor.version,
        created: &descriptor.created,
        release: ReleaseNote {
            id: release.id().as_str(),
            sha256: release.manifest().sha256(),
            records: release.manifest().records(),
        },
        licenses: &descriptor.licenses,
        sources: &descriptor.sources,
        measures: descriptor.chargesheet.measures.iter().map(|measure| measure.name()).collect(),
        time_basis: descriptor.chargesheet.time_basis,
        dimensions: dimensions
            .into_iter()
            .map(|dimension| DimensionNote {
                name: dimension.name(),
                // A category is a set of statutes, so it is additive if statutes are.
                additive: additive.contains(match dimension {
                    Dimension::Category => &Dimension::Statute,
                    _ => &dimension,
                }),
            })
            .collect(),
        outcomes: release
            .lists()
            .outcomes
            .entries()
            .iter()
            .map(|entry| OutcomeNote {
                code: &entry.code,
                parent: entry.parent.as_deref(),
                label: entry.label.get(language),
                stage: &entry.stage,
                r#final: entry.is_final,
                definition: entry.definition.get(language),
            })
            .collect(),
        complete_outcomes: if pinned.is_some() { &[] } else { descriptor.complete_outcomes() },
        statutes: release.register().all().iter().map(|statute| statute.id.as_str()).collect(),
        caveats: descriptor.caveats(language, release.register(), &|_| true),
        files: super::files::names(pinned.is_some())
            .into_iter()
            .map(|file| match pinned {
                Some(pinned) => format!("/v1/datasets/{id}/releases/{pinned}/{file}"),
                None => format!("/v1/datasets/{id}/{file}"),
            })
            .collect(),
        explained,
    }
}
