//! What a release consists of, with the digests that make it the same for ever.

use serde::Serialize;

use super::canonical;
use crate::domain::Register;
use crate::ingest::Records;
use crate::package::{Caveat, Contributor, Descriptor, License, Origin};

/// The manifest of a release. Its SHA-256 gives the release its id.
#[derive(Debug, Clone, Serialize)]
pub struct Manifest {
    /// Version of this form.
    format: u32,
    dataset: Described,
    tables: Vec<Table>,
    code_lists: Vec<CodeListDigest>,
}

/// What the package says of itself, in a fixed order.
#[derive(Debug, Clone, Serialize)]
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
    kind: &'static str,
    measures: Vec<&'static str>,
    time_basis: crate::package::TimeBasis,
    additive: Vec<String>,
    disclosure: crate::package::Disclosure,
    /// Language, text, statutes concerned (none: all).
    caveats: Vec<(String, String, Vec<String>)>,
}

/// A table of records.
#[derive(Debug, Clone, Serialize)]
struct Table {
    name: &'static str,
    rows: u64,
    sha256: String,
}

/// A list of codes that the records use.
#[derive(Debug, Clone, Serialize)]
struct CodeListDigest {
    name: &'static str,
    sha256: String,
}

impl Manifest {
    /// Makes the manifest of records.
    pub fn of(descriptor: &Descriptor, register: &Register, records: &Records) -> Self {
        let table = |name, (rows, sha256)| Table { name, rows, sha256 };
        let mut tables = vec![table("statutes", canonical::statutes(register))];
        match records {
            Records::Charges(charges) => tables.push(table("charges", canonical::charges(register, charges))),
            Records::Figures { figures, sources } => {
                tables.push(table("counts", canonical::figures(register, figures, sources)));
                tables.push(table("sources", canonical::sources(sources)));
            }
        }
        let list = |name, bytes| CodeListDigest { name, sha256: canonical::bytes(bytes) };
        Self {
            format: 1,
            dataset: Described::of(descriptor),
            tables,
            code_lists: vec![
                list("countries", chargesheet_data::COUNTRIES),
                list("outcomes", chargesheet_data::OUTCOMES),
                list("roles", chargesheet_data::ROLES),
                list("offences", chargesheet_data::OFFENCES),
            ],
        }
    }

    /// Returns the records in the dataset: charges or figures.
    pub fn records(&self) -> u64 {
        self.tables.get(1).map_or(0, |table| table.rows)
    }

    /// Returns the SHA-256 of the manifest, as 64 hex digits.
    pub fn sha256(&self) -> String {
        let json = serde_json::to_vec(self).expect("a manifest has only strings, numbers and lists");
        canonical::bytes(&json)
    }
}

impl Described {
    fn of(descriptor: &Descriptor) -> Self {
        let settings = &descriptor.chargesheet;
        let caveats = settings
            .caveats
            .iter()
            .flat_map(|(language, list)| list.iter().map(move |caveat| (language, caveat)))
            .map(|(language, caveat)| match caveat {
                Caveat::All(text) => (language.clone(), text.clone(), Vec::new()),
                Caveat::Some { text, statutes } => (language.clone(), text.clone(), statutes.clone()),
            })
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
            kind: settings.kind.name(),
            measures: settings.measures.iter().map(|measure| measure.name()).collect(),
            time_basis: settings.time_basis,
            additive: settings.additive.clone(),
            disclosure: settings.disclosure,
            caveats,
        }
    }
}
