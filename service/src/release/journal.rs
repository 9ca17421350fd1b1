//! The journal: every release that a dataset has had, in order of publication.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ReleaseId, canonical, format};

/// The releases of a dataset, the oldest first. A release that is not listed was never published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// Version of the journal's format.
    format: u32,
    /// The dataset's id.
    pub dataset: String,
    /// Its releases.
    pub releases: Vec<Entry>,
    /// SHA-256 of everything else in the journal, as canonical JSON. A change by the disk or by hand is noticed.
    sha256: String,
}

const FORMAT: u32 = 1;

/// A release in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// SHA-256 of its manifest, in hex digits.
    pub sha256: String,
    /// When the release was published in this store. A bundled release has the date of its package.
    pub published: String,
    /// Version of the package, as its publisher numbers it.
    pub version: String,
    /// Number of records: charges or figures.
    pub records: u64,
    /// What is new in the release, by language code.
    pub notes: BTreeMap<String, String>,
    /// The tombstone, if the release is withdrawn.
    pub withdrawn: Option<Withdrawn>,
}

impl Entry {
    /// Returns when the release was published. That of a bundled release is the beginning of its day.
    pub fn moment(&self) -> Option<Timestamp> {
        let beginning = || format!("{}T00:00:00Z", self.published).parse();
        self.published.parse().or_else(|_day| beginning()).ok()
    }
}

/// The tombstone of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// When the release was withdrawn.
    pub since: Timestamp,
    /// Why, as one of a few classes. A reason in free text could reveal what the withdrawal is meant to hide.
    pub reason: Reason,
}

chargesheet_check::words! {
    /// Why a release is withdrawn.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    Reason {
        /// A person asked for it, and a record is about that person.
        PersonRequest = "person-request",
        /// The release endangers somebody.
        Safety = "safety",
        /// A court or an authority ordered it, and the publisher must obey.
        LegalOrder = "legal-order",
        /// The publisher had no right to publish the data.
        Licence = "licence",
        /// The release is wrong in a way that a new release does not correct.
        Error = "error",
    }
}

impl Reason {
    /// Returns the reason's meaning, in a sentence.
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
    /// Makes an empty journal for a dataset.
    pub fn of(dataset: &str) -> Self {
        Self { format: FORMAT, dataset: dataset.to_owned(), releases: Vec::new(), sha256: String::new() }
    }

    /// Parses a journal; `None` when the JSON is not a valid journal.
    pub fn read(json: &[u8]) -> Option<Self> {
        let journal: Self = serde_json::from_slice(json).ok()?;
        let right = |entry: &Entry| ReleaseId::parse(&entry.id).is_some();
        let whole = journal.format == FORMAT && journal.sha256 == journal.digest();
        (whole && journal.releases.iter().all(right)).then_some(journal)
    }

    /// Returns the program that reads a journal of a newer format, in words; `None` for any other text, and for a damaged one.
    pub fn needs(json: &[u8]) -> Option<String> {
        let needs = format::newer(json, "format", FORMAT)?;
        let mut value: serde_json::Value = serde_json::from_slice(json).ok()?;
        let said = std::mem::take(value.get_mut("sha256")?);
        value["sha256"] = "".into();
        (said == canonical::sha256(&canonical::json(&value))).then_some(needs)
    }

    fn digest(&self) -> String {
        let rest = Self { sha256: String::new(), ..self.clone() };
        let value = serde_json::to_value(rest).expect("a journal has only strings, numbers and lists");
        canonical::sha256(&canonical::json(&value))
    }

    /// Returns the journal as JSON that people can read too.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundled_release_is_published_at_the_beginning_of_its_day() {
        let entry = |published: &str| Entry {
            id: String::new(),
            sha256: String::new(),
            published: published.to_owned(),
            version: String::new(),
            records: 0,
            notes: BTreeMap::new(),
            withdrawn: None,
        };
        let moment = |published| entry(published).moment().map(|moment| moment.to_string());
        assert_eq!(moment("2026-11-26").as_deref(), Some("2026-11-26T00:00:00Z"));
        assert_eq!(moment("2026-11-26T09:05:07Z").as_deref(), Some("2026-11-26T09:05:07Z"));
        assert_eq!(moment("soon"), None);
    }
}
