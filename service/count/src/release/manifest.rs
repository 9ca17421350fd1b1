//! The manifest: what a release consists of, with digests that make every change visible.

use serde::{Deserialize, Serialize};

use super::{canonical, format};
use crate::domain::Lists;
use crate::package::Descriptor;

/// The manifest of a release. The SHA-256 of its canonical JSON gives the release its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this form: 1, or 2 where the release has what the first program could not read.
    format: u32,
    /// The first version of the program that reads this form. A manifest of format 1 does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    needs: Option<String>,
    dataset: Descriptor,
    tables: Vec<Table>,
    code_lists: Vec<CodeListDigest>,
}

/// The formats that this program writes and reads, each with the first version of the program that reads it.
const FORMATS: [(u32, Option<&str>); 2] = [(1, None), (2, Some("0.2.0"))];

/// A table of records, with the digest over its canonical lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ManifestTable)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name, as the package's resource is called.
    pub name: String,
    /// How many records it has.
    pub rows: u64,
    /// Digest over its lines, in hex digits.
    pub sha256: String,
}

/// A list of codes that the records use, with the digest over its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeListDigest {
    name: String,
    sha256: String,
}

impl Manifest {
    /// Makes the manifest of a package's tables. It has the oldest format that says everything, so a release that an earlier
    /// program could make has the same bytes and the same id. `has_later_columns` tells whether a table has columns that the
    /// first packages could not have.
    pub fn of(descriptor: &Descriptor, lists: &Lists, tables: Vec<Table>, has_later_columns: bool) -> Self {
        let code_lists = lists
            .bytes()
            .map(|(name, bytes)| CodeListDigest { name: name.to_owned(), sha256: canonical::sha256(bytes) })
            .collect();
        let dataset = Descriptor { resources: Vec::new(), ..descriptor.clone() };
        let is_new = has_later_columns || lists.outcomes.has_parts() || dataset.chargesheet.has_later();
        let (format, needs) = FORMATS[usize::from(is_new)];
        Self { format, needs: needs.map(str::to_owned), dataset, tables, code_lists }
    }

    /// Parses a manifest; `None` when the JSON is not a manifest, or has a format version that this program does not know.
    pub fn read(json: &[u8]) -> Option<Self> {
        let is_known = |read: &Self| FORMATS.contains(&(read.format, read.needs.as_deref()));
        let manifest: Self = serde_json::from_slice(json).ok().filter(is_known)?;
        // A manifest with members that this program does not know was written by another program.
        let all: serde_json::Value = serde_json::from_slice(json).ok()?;
        serde_json::to_value(&manifest).is_ok_and(|read| read == all).then_some(manifest)
    }

    /// Returns the program that reads a manifest of a newer format, in words; `None` for any other text. `id` is the release's id:
    /// a manifest that is damaged has another one, and is not believed.
    pub fn needs(json: &[u8], id: &str) -> Option<String> {
        let [.., (known, _)] = FORMATS;
        let is_whole = id.ends_with(&canonical::sha256(json)[..12]);
        format::newer(json, "format", known).filter(|_| is_whole)
    }

    /// Returns the manifest as canonical JSON, the same bytes on every machine.
    pub fn to_json(&self) -> Vec<u8> {
        let value = serde_json::to_value(self).expect("a manifest has only strings, numbers and lists");
        canonical::json(&value)
    }

    /// Returns the SHA-256 of its bytes, as 64 hex digits.
    pub fn sha256(&self) -> String {
        canonical::sha256(&self.to_json())
    }

    /// Returns the number of records: charges or figures.
    pub fn records(&self) -> u64 {
        self.tables
            .iter()
            .find(|table| matches!(&*table.name, "charges" | "counts"))
            .map_or(0, |table| table.rows)
    }

    /// Returns the tables, with their digests.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Whether the release has a table of this name.
    pub fn has(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table.name == name)
    }

    /// Returns the day on which the package was made, as written in the id of the release.
    pub fn date(&self) -> &str {
        self.dataset.created.get(..10).unwrap_or_default()
    }

    /// Returns the package's description of itself.
    pub fn descriptor(&self) -> &Descriptor {
        &self.dataset
    }
}
