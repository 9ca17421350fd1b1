//! What a release consists of, with the digests that make it the same for ever.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::canonical;
use crate::domain::{Lists, Measure};
use crate::package::{
    Caveat, Contributor, Descriptor, Disclosure, Kind, License, Origin, Settings, TimeBasis,
};

/// The manifest of a release. The SHA-256 of its canonical JSON gives the release its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this form.
    format: u32,
    dataset: Described,
    tables: Vec<Table>,
    code_lists: Vec<CodeListDigest>,
}

/// The form of manifest that this program writes and reads.
const FORMAT: u32 = 1;

/// What the package says of itself, as far as answers depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ManifestDataset)]
#[serde(deny_unknown_fields)]
struct Described {
    name: String,
    title: String,
    title_ru: String,
    title_kk: String,
    description: String,
    version: String,
    created: String,
    licenses: Vec<License>,
    sources: Vec<Origin>,
    contributors: Vec<Contributor>,
    kind: Kind,
    measures: Vec<Measure>,
    time_basis: TimeBasis,
    additive: Vec<String>,
    disclosure: Disclosure,
    caveats: BTreeMap<String, Vec<Concern>>,
    notes: BTreeMap<String, String>,
}

/// A caveat, and the statutes that it concerns (none: all).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ManifestCaveat)]
#[serde(deny_unknown_fields)]
struct Concern {
    text: String,
    statutes: Vec<String>,
}

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
    /// Makes the manifest of tables.
    pub fn of(descriptor: &Descriptor, lists: &Lists, tables: Vec<Table>) -> Self {
        let code_lists = lists
            .bytes()
            .map(|(name, bytes)| CodeListDigest { name: name.to_owned(), sha256: canonical::sha256(bytes) })
            .collect();
        Self { format: FORMAT, dataset: Described::of(descriptor), tables, code_lists }
    }

    /// Reads a manifest; `None` when it is none, or of another form than this program knows.
    pub fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(json).ok().filter(|manifest| manifest.format == FORMAT)
    }

    /// Returns its bytes, the same on any machine.
    pub fn to_json(&self) -> Vec<u8> {
        let value = serde_json::to_value(self).expect("a manifest has only strings, numbers and lists");
        canonical::json(&value)
    }

    /// Returns the SHA-256 of its bytes, as 64 hex digits.
    pub fn sha256(&self) -> String {
        canonical::sha256(&self.to_json())
    }

    /// Returns the records in the dataset: charges or figures.
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

    /// Returns the day on which the package was made, as it stands in the id of the release.
    pub fn date(&self) -> &str {
        self.dataset.created.get(..10).unwrap_or_default()
    }

    /// Returns what the package said of itself.
    pub fn descriptor(&self) -> Descriptor {
        self.dataset.clone().into_descriptor()
    }
}

impl Described {
    fn of(descriptor: &Descriptor) -> Self {
        let settings = &descriptor.chargesheet;
        let concern = |caveat: &Caveat| match caveat {
            Caveat::All(text) => Concern { text: text.clone(), statutes: Vec::new() },
            Caveat::Some { text, statutes } => Concern { text: text.clone(), statutes: statutes.clone() },
        };
        let caveats = settings
            .caveats
            .iter()
            .map(|(language, list)| (language.clone(), list.iter().map(concern).collect()))
            .collect();
        Self {
            name: descriptor.name.clone(),
            title: descriptor.title.clone(),
            title_ru: settings.title_ru.clone(),
            title_kk: settings.title_kk.clone(),
            description: descriptor.description.clone(),
            version: descriptor.version.clone(),
            created: descriptor.created.clone(),
            licenses: descriptor.licenses.clone(),
            sources: descriptor.sources.clone(),
            contributors: descriptor.contributors.clone(),
            kind: settings.kind,
            measures: settings.measures.clone(),
            time_basis: settings.time_basis,
            additive: settings.additive.clone(),
            disclosure: settings.disclosure,
            caveats,
            notes: settings.notes.clone(),
        }
    }

    fn into_descriptor(self) -> Descriptor {
        let caveat = |concern: Concern| {
            if concern.statutes.is_empty() {
                Caveat::All(concern.text)
            } else {
                Caveat::Some { text: concern.text, statutes: concern.statutes }
            }
        };
        let caveats = self
            .caveats
            .into_iter()
            .map(|(language, list)| (language, list.into_iter().map(caveat).collect()))
            .collect();
        Descriptor {
            name: self.name,
            title: self.title,
            description: self.description,
            version: self.version,
            created: self.created,
            licenses: self.licenses,
            sources: self.sources,
            contributors: self.contributors,
            resources: Vec::new(),
            chargesheet: Settings {
                kind: self.kind,
                measures: self.measures,
                time_basis: self.time_basis,
                additive: self.additive,
                disclosure: self.disclosure,
                caveats,
                notes: self.notes,
                title_ru: self.title_ru,
                title_kk: self.title_kk,
            },
        }
    }
}
