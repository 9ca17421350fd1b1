//! Which releases a dataset has had, in the order in which they were published.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ReleaseId, canonical};

/// The releases of a dataset, the oldest first. What is not in here was never published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// Version of this form.
    format: u32,
    /// The dataset's id.
    pub dataset: String,
    /// Its releases.
    pub releases: Vec<Entry>,
    /// SHA-256 of everything else in here, as canonical JSON: no disk and no hand changes a list unnoticed.
    sha256: String,
}

const FORMAT: u32 = 1;

/// A release in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// SHA-256 of its manifest, in hex digits.
    pub sha256: String,
    /// When it was published here; a bundled release has the date of its package.
    pub published: String,
    /// Version of the package, by its publisher's count.
    pub version: String,
    /// Records in it: charges or figures.
    pub records: u64,
    /// What is new in it, by language code.
    pub notes: BTreeMap<String, String>,
    /// Since when and why it is withdrawn, where it is.
    pub withdrawn: Option<Withdrawn>,
}

/// The tombstone of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// The moment from which it was gone.
    pub since: Timestamp,
    /// Why, as a class: a reason in words could tell what is to be forgotten.
    pub reason: Reason,
}

/// Why a release is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A person whom a record is about asked for it.
    PersonRequest,
    /// It endangers somebody.
    Safety,
    /// A court or an authority that the publisher must obey ordered it.
    LegalOrder,
    /// The publisher had no right to publish it.
    Licence,
    /// It is wrong in a way that a new release does not mend.
    Error,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 5] =
        [Self::PersonRequest, Self::Safety, Self::LegalOrder, Self::Licence, Self::Error];

    /// Returns the word that stands for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::PersonRequest => "person-request",
            Self::Safety => "safety",
            Self::LegalOrder => "legal-order",
            Self::Licence => "licence",
            Self::Error => "error",
        }
    }

    /// Returns what it means, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::PersonRequest => "a person whom a record is about asked for it",
            Self::Safety => "it endangered somebody",
            Self::LegalOrder => "a court or an authority ordered it",
            Self::Licence => "the publisher had no right to publish it",
            Self::Error => "it was wrong in a way that a new release does not mend",
        }
    }
}

impl Journal {
    /// Makes the journal of a dataset without releases.
    pub fn of(dataset: &str) -> Self {
        Self { format: FORMAT, dataset: dataset.to_owned(), releases: Vec::new(), sha256: String::new() }
    }

    /// Reads a journal; `None` when it is none.
    pub fn read(json: &[u8]) -> Option<Self> {
        let journal: Self = serde_json::from_slice(json).ok()?;
        let right = |entry: &Entry| ReleaseId::parse(&entry.id).is_some();
        let whole = journal.format == FORMAT && journal.sha256 == journal.digest();
        (whole && journal.releases.iter().all(right)).then_some(journal)
    }

    fn digest(&self) -> String {
        let rest = Self { sha256: String::new(), ..self.clone() };
        let value = serde_json::to_value(rest).expect("a journal has only strings, numbers and lists");
        canonical::sha256(&canonical::json(&value))
    }

    /// Returns its bytes: for people to read as well.
    pub fn to_json(&self) -> Vec<u8> {
        let sealed = Self { sha256: self.digest(), ..self.clone() };
        let mut json =
            serde_json::to_vec_pretty(&sealed).expect("a journal has only strings, numbers and lists");
        json.push(b'\n');
        json
    }

    /// Returns the entry of a release.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.releases.iter().find(|entry| entry.id == id)
    }
}
