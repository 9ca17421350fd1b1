//! The sources of reported figures: who published them, and how they counted.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::Period;
use crate::domain::tables::{COUNTING_RULES, FOUND, MEASURE_TYPES, SOURCE_KINDS, TIME_BASES};

/// A word from a list that is compiled in.
type Word = &'static str;

/// A publication of figures. Its fields stand in the column order of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureSource {
    /// Its id.
    pub id: String,
    /// Who published it.
    pub publisher: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it was published, where known.
    pub published: Option<Period>,
    /// The kind of publisher: one of [`SOURCE_KINDS`].
    #[serde(deserialize_with = "word")]
    pub kind: Word,
    /// How a person accused of several offences is counted: one of [`COUNTING_RULES`].
    #[serde(deserialize_with = "word")]
    pub counting_rule: Word,
    /// What the year of a figure is the year of: one of [`TIME_BASES`].
    #[serde(deserialize_with = "word")]
    pub time_basis: Word,
    /// `flow`: counted during the year. `stock`: counted on one day of the year.
    #[serde(deserialize_with = "word")]
    pub measure_type: Word,
    /// Address of an archived copy, or empty.
    pub archived_url: String,
    /// When it was fetched and looked into, where it was.
    pub captured: Option<Period>,
    /// SHA-256 of what was fetched then, in hex digits; or empty.
    pub sha256: String,
    /// Whether the digits of its figures were found in it: one of [`FOUND`].
    #[serde(deserialize_with = "word")]
    pub found: Word,
}

/// Reads a word as the equal word that is compiled in.
fn word<'de, D: Deserializer<'de>>(from: D) -> Result<Word, D::Error> {
    let text = String::deserialize(from)?;
    let mut words = [SOURCE_KINDS, COUNTING_RULES, TIME_BASES, MEASURE_TYPES, FOUND].into_iter().flatten();
    words.find(|word| **word == text).copied().ok_or_else(|| D::Error::custom("no such word"))
}
