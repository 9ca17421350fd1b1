//! `/v1/datasets` and `/v1/datasets/{dataset}`: what there is, and how it is to be read.

use std::sync::Arc;

use serde::Serialize;
use warp::http::StatusCode;
use warp::reply::Response;

use super::app::App;
use super::headers::{Caching, RELEASE, respond};
use super::problem::Problem;
use crate::answer::Dataset;
use crate::domain::{Dimension, Language};
use crate::explorer::linked::{self, Place};
use crate::package::{Contributor, License, Origin, TimeBasis};
use crate::present::codebook::{Codebook, Codes, Column, Covered, Meaning};

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
    description: &'a str,
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
    statutes: Vec<&'a str>,
    caveats: Vec<&'a str>,
    files: Vec<String>,
    /// What came later, and so not into what describes a release: that is the same for ever.
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
    label: &'a str,
    stage: &'a str,
    r#final: bool,
    definition: &'a str,
}

/// Answers `/v1/datasets`.
pub fn list(app: &App) -> Response {
    let catalog = app.catalog();
    let datasets: Vec<Summary<'_>> = catalog
        .datasets()
        .map(|dataset| {
            let release = &dataset.release;
            Summary {
                id: release.dataset(),
                title: &release.descriptor().title,
                kind: release.descriptor().chargesheet.kind.name(),
                release: release.id().as_str(),
                url: format!("/v1/datasets/{}", release.dataset()),
                records: release.manifest().records(),
            }
        })
        .collect();
    json(&Datasets { datasets, unreadable: catalog.unread() }, Caching::Current)
}

/// Answers `/v1/catalog.jsonld`.
pub async fn catalog(app: App, query: String) -> Response {
    let (catalog, base) = (app.catalog(), app.base.clone());
    let made = move || {
        let mut params = crate::query::Params::parse(&query)?;
        let language = params.take_language("lang")?.unwrap_or_default();
        params.finish_with(&["lang"])?;
        let files = super::files::offered();
        let place = Place { base: &base, files: &files, is_pinned: false, language };
        let told = linked::of_catalog(&catalog, &place)?;
        Ok(serde_json::to_vec(&told).expect("a catalogue has only strings, numbers and lists"))
    };
    match app.compute(made).await {
        Ok(body) => respond(StatusCode::OK, "application/ld+json", body, Caching::Current),
        Err(problem) => problem.response(),
    }
}

/// Answers `/v1/datasets/{dataset}`, pinned where a release is named.
pub async fn describe(app: App, id: String, release: Option<String>, query: String) -> Response {
    let described = async {
        let mut params = crate::query::Params::parse(&query)?;
        let language = params.take_language("lang")?.unwrap_or_default();
        params.finish_with(&["lang"])?;
        let dataset = app.dataset(&id, release.as_deref()).await?;
        let explained = match &release {
            Some(_) => None,
            None => Some(explained(&app, &dataset, language).await?),
        };
        Ok::<_, Problem>((dataset, language, explained))
    };
    match described.await {
        Ok((dataset, language, explained)) => {
            let caching = if release.is_some() { Caching::Pinned } else { Caching::Current };
            let description = description(&dataset, language, release.as_deref(), explained);
            let mut response = json(&description, caching);
            if let Ok(id) = warp::http::HeaderValue::from_str(dataset.release.id().as_str()) {
                response.headers_mut().insert(RELEASE, id);
            }
            response
        }
        Err(problem) => problem.response(),
    }
}

async fn explained(app: &App, dataset: &Arc<Dataset>, language: Language) -> Result<Explained, Problem> {
    let dataset = Arc::clone(dataset);
    let codebook = app.compute(move || Ok(Codebook::of(&dataset, language)?)).await?;
    let Codebook { language, kind, time_basis, columns, codes, absent, coverage, contributors, .. } =
        codebook;
    Ok(Explained {
        language,
        kind_explained: kind,
        time_basis_explained: time_basis,
        columns,
        codes,
        absent,
        coverage,
        contributors,
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
    // What describes a release is the same for ever, so it does not name what came later.
    let dimensions = if pinned.is_some() { release.dimensions() } else { release.askable() };
    Description {
        id,
        title: titles.get(language).to_owned(),
        description: &descriptor.description,
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
                // A category is a set of statutes.
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
                label: entry.label.get(language),
                stage: &entry.stage,
                r#final: entry.is_final,
                definition: entry.definition.get(language),
            })
            .collect(),
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

/// Makes a response of a value.
pub fn json(value: &impl Serialize, caching: Caching) -> Response {
    let body = serde_json::to_vec(value).expect("only strings, numbers and lists are described");
    respond(StatusCode::OK, "application/json", body, caching)
}
