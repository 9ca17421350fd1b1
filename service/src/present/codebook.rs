//! The codebook: the meaning of every column and every code, for a dataset or for one answer.
//!
//! A reader who has only a file must be able to tell what a row is, what was counted, which figures may be added, and
//! what an empty cell means. Codebooks of data archives (DDI) and SDMX structure definitions ask for the same.

mod codes;
mod columns;
mod table;

use serde::Serialize;

use super::describe;
use crate::answer::{AnswerError, Dataset};
use crate::coverage;
use crate::disclosure::Published;
use crate::domain::{Language, Measure};
use crate::package::{Contributor, License, Origin};
use crate::query::Query;
use crate::release::Release;

pub use super::words::{Meaning, Words};
pub use codes::{Code, Codes};
pub use columns::{Column, Sum};
pub use table::csv;

/// The meaning of the columns and codes of a dataset, or of one answer, in one language.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Codebook {
    /// The dataset's id.
    pub dataset: String,
    /// The dataset's title.
    pub title: String,
    /// What the dataset is about, in its publisher's words; in English where the publisher does not say it in the language.
    pub description: String,
    /// The kind of dataset: records of cases, or figures as published.
    pub kind: Meaning,
    /// Version of the dataset's package, as its publisher numbers it.
    pub version: String,
    /// When the package was made, RFC 3339.
    pub created: String,
    /// The release's id.
    pub release: String,
    /// Address of the release, from the root of the service.
    pub url: String,
    /// Language of the titles and definitions.
    pub language: &'static str,
    /// The event that gives a record its year.
    pub time_basis: Meaning,
    /// The columns, in the order of an answer.
    pub columns: Vec<Column>,
    /// The codes of each coded column, and of the properties of codes.
    pub codes: Vec<Codes>,
    /// How a zero, a missing figure and an unknown date are told apart.
    pub absent: Vec<Meaning>,
    /// What the dataset has on each statute, including the statute's parts. Empty in the codebook of an answer.
    pub coverage: Vec<Covered>,
    /// What a reader must know before using the figures.
    pub caveats: Vec<String>,
    /// The licences that the dataset is published under.
    pub licenses: Vec<License>,
    /// The people and organisations that made the dataset.
    pub contributors: Vec<Contributor>,
    /// The sources that the dataset was made from.
    pub sources: Vec<Origin>,
}

/// What a dataset has on one statute.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Covered {
    /// The statute's id.
    pub statute: String,
    /// Years with a record or figure, ascending. A year missing from the middle is a gap.
    pub years: Vec<i32>,
    /// Codes of the outcomes that occur, in the order of a proceeding.
    pub outcomes: Vec<String>,
    /// Measures that occur.
    pub measures: Vec<&'static str>,
}

impl Codebook {
    /// Makes the codebook of a dataset: every column that an answer can have, and every code that can occur in these columns.
    ///
    /// # Errors
    /// On a bug: the codes that occur are found by a query.
    pub fn of(dataset: &Dataset, language: Language) -> Result<Self, AnswerError> {
        let release = &dataset.release;
        let dimensions = release.askable();
        let everything = Query {
            // A title of shares names the measure alone, so any dimension will do here.
            share: dimensions.first().copied(),
            labels: Some(language),
            rate: !release.populations().is_empty(),
            ..Query::everything(dimensions, release.descriptor().chargesheet.measures.clone())
        };
        let mut codebook = Self::with_columns(&everything, release, language, true);
        codebook.codes = codes::of_dataset(dataset, language)?;
        codebook.coverage = coverage(dataset)?;
        let all = release.descriptor().caveats(language, release.register(), &|_| true);
        codebook.caveats = all.into_iter().map(str::to_owned).collect();
        Ok(codebook)
    }

    /// Makes the codebook of one answer: its columns, and the codes that occur in the answer or in its filters.
    pub fn of_answer(query: &Query, release: &Release, published: &Published, language: Language) -> Self {
        let mut codebook = Self::with_columns(query, release, language, false);
        codebook.codes = codes::of_answer(query, release, published, language);
        codebook.caveats = describe::caveats(query, release, published, language);
        codebook
    }

    fn with_columns(query: &Query, release: &Release, language: Language, is_whole: bool) -> Self {
        let descriptor = release.descriptor();
        let words = Words::of(language);
        Self {
            dataset: release.dataset().to_owned(),
            title: descriptor.titles().get(language).to_owned(),
            description: descriptor.descriptions().get(language).to_owned(),
            kind: words.kind(descriptor.chargesheet.kind),
            version: descriptor.version.clone(),
            created: descriptor.created.clone(),
            release: release.id().to_string(),
            url: format!("/v1/datasets/{}/releases/{}", release.dataset(), release.id()),
            language: language.code(),
            time_basis: words.time_basis(descriptor.chargesheet.time_basis),
            columns: columns::columns(query, release, language, is_whole),
            codes: Vec::new(),
            absent: words.absent(descriptor.chargesheet.kind),
            coverage: Vec::new(),
            caveats: Vec::new(),
            licenses: descriptor.licenses.clone(),
            contributors: descriptor.contributors.clone(),
            sources: descriptor.sources.clone(),
        }
    }

    /// Returns the codebook as JSON text.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a codebook has only strings, numbers and lists")
    }
}

fn coverage(dataset: &Dataset) -> Result<Vec<Covered>, AnswerError> {
    let covered = coverage::covered(dataset.release.dataset(), dataset)?;
    let entry = |(statute, found): (String, coverage::Coverage)| Covered {
        statute,
        years: found.all_years,
        outcomes: found.outcomes.into_iter().map(|(code, _label)| code).collect(),
        measures: found.measures.into_iter().map(Measure::name).collect(),
    };
    Ok(covered.into_iter().map(entry).collect())
}
