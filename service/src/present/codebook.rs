//! What every column and every code means: of a dataset, or of one answer.
//!
//! A reader who has only a file must be able to tell what a row is, what was counted, which figures may be added, and
//! what an empty cell says. Codebooks of data archives (DDI) and SDMX structure definitions ask for the same.

mod codes;
mod columns;
mod table;
pub(super) mod words;

use serde::Serialize;

use super::describe;
use crate::answer::{AnswerError, Dataset};
use crate::coverage;
use crate::disclosure::Published;
use crate::domain::{Language, Measure};
use crate::package::{Contributor, License, Origin};
use crate::query::Query;
use crate::release::Release;

pub use codes::{Code, Codes};
pub use columns::{Column, Sum};
pub use table::csv;
pub use words::{Meaning, Words};

/// What the columns and codes of a dataset, or of one answer, mean; in one language.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Codebook {
    /// The dataset's id.
    pub dataset: String,
    /// Its title.
    pub title: String,
    /// What it is about, as its publisher says it.
    pub description: String,
    /// Whether it has records of cases, or figures as published.
    pub kind: Meaning,
    /// Version of its package, by its publisher's count.
    pub version: String,
    /// When the package was made, RFC 3339.
    pub created: String,
    /// The release's id.
    pub release: String,
    /// Address of the release, from the root of the service.
    pub url: String,
    /// Language of the titles and definitions.
    pub language: &'static str,
    /// What the year of a record is the year of.
    pub time_basis: Meaning,
    /// The columns, in the order of an answer.
    pub columns: Vec<Column>,
    /// The codes of each coded column, and of the properties of codes.
    pub codes: Vec<Codes>,
    /// How a zero, a missing figure and an unknown date are told apart.
    pub absent: Vec<Meaning>,
    /// What there is of each statute, those of its parts included; empty in the codebook of an answer.
    pub coverage: Vec<Covered>,
    /// What a reader must know before using figures.
    pub caveats: Vec<String>,
    /// Licences it is published under.
    pub licenses: Vec<License>,
    /// Who made it.
    pub contributors: Vec<Contributor>,
    /// Where it comes from.
    pub sources: Vec<Origin>,
}

/// What a dataset has of a statute.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Covered {
    /// The statute's id.
    pub statute: String,
    /// Years with a record or figure, ascending. A year in between that is not here is a gap.
    pub years: Vec<i32>,
    /// Codes of the outcomes that occur, in the order of a proceeding.
    pub outcomes: Vec<String>,
    /// Measures that occur.
    pub measures: Vec<&'static str>,
}

impl Codebook {
    /// Makes the codebook of a dataset: every column that an answer can have, and every code that can stand in it.
    ///
    /// # Errors
    /// On a bug: which codes occur is found by asking.
    pub fn of(dataset: &Dataset, language: Language) -> Result<Self, AnswerError> {
        let release = &dataset.release;
        let dimensions = release.askable();
        let everything = Query {
            // Titles of shares name a measure; any dimension can be the one shared over.
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

    /// Makes the codebook of one answer: its columns, and the codes that occur in it or that it was filtered by.
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
            description: descriptor.description.clone(),
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

    /// Returns it as JSON text.
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
