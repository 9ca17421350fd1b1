//! An immutable, named version of a dataset.

mod canonical;
mod manifest;

use std::fmt;

use crate::domain::{CodeList, Dimension, Language, Register, countries, outcomes, roles};
use crate::ingest::{Ingested, Records};
use crate::package::{Descriptor, Disclosure};

pub use manifest::Manifest;

/// The id of a release: the date of its package, and the first 12 hex digits of its manifest's SHA-256.
///
/// The same content has the same id on any machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseId(String);

impl ReleaseId {
    /// Returns the id as it stands in URLs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// One immutable version of a dataset: its records, and what they mean.
#[derive(Debug)]
pub struct Release {
    id: ReleaseId,
    manifest: Manifest,
    descriptor: Descriptor,
    register: Register,
    records: Records,
}

impl Release {
    /// Seals accepted records into a release.
    pub fn seal(ingested: Ingested) -> Self {
        let Ingested { descriptor, register, records } = ingested;
        let manifest = Manifest::of(&descriptor, &register, &records);
        let date = descriptor.created.get(..10).unwrap_or_default();
        let id = ReleaseId(format!("{date}-{}", &manifest.sha256()[..12]));
        Self { id, manifest, descriptor, register, records }
    }

    /// Returns its id.
    pub fn id(&self) -> &ReleaseId {
        &self.id
    }

    /// Returns what was sealed, with the digests of its parts.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the id of the dataset it is a version of.
    pub fn dataset(&self) -> &str {
        &self.descriptor.name
    }

    /// Returns what the package says of itself.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// Returns its statutes.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Returns its records.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// Returns which small numbers are withheld from answers.
    pub fn disclosure(&self) -> Disclosure {
        self.descriptor.chargesheet.disclosure
    }

    /// Returns the dimensions that it has: those of its kind, without those whose column the package left out.
    pub fn dimensions(&self) -> Vec<Dimension> {
        let mut dimensions = self.descriptor.chargesheet.kind.dimensions().to_vec();
        if let Records::Charges(charges) = &self.records {
            dimensions.retain(|dimension| match dimension {
                Dimension::Role => charges.has_roles,
                Dimension::Region => charges.has_regions,
                _ => true,
            });
        }
        dimensions
    }

    fn list(dimension: Dimension) -> Option<&'static CodeList> {
        match dimension {
            Dimension::Country => Some(countries()),
            Dimension::Outcome => Some(outcomes()),
            Dimension::Role => Some(roles()),
            _ => None,
        }
    }

    /// Returns the number that stands for a code in columns; `None` when there is no such code.
    ///
    /// Numbers follow the byte order of the codes.
    pub fn number(&self, dimension: Dimension, code: &str) -> Option<u32> {
        if let Some(list) = Self::list(dimension) {
            return list.number(code).map(u32::from);
        }
        match (dimension, &self.records) {
            (Dimension::Statute, _) => self.register.code(code).map(u32::from),
            (Dimension::Region, Records::Charges(charges)) => charges.regions.find(code),
            (Dimension::Source, Records::Figures { sources, .. }) => sources
                .binary_search_by(|source| source.id.as_str().cmp(code))
                .ok()
                .and_then(|place| u32::try_from(place).ok()),
            _ => None,
        }
    }

    /// Returns the code of a number, or `""` for a dimension without codes.
    pub fn code(&self, dimension: Dimension, number: u32) -> &str {
        // Every number of these lists was made from a u16.
        let short = u16::try_from(number).unwrap_or_default();
        if let Some(list) = Self::list(dimension) {
            return &list.at(short).code;
        }
        match (dimension, &self.records) {
            (Dimension::Statute, _) => &self.register.at(short).id,
            (Dimension::Region, Records::Charges(charges)) => charges.regions.text(number),
            (Dimension::Source, Records::Figures { sources, .. }) => &sources[number as usize].id,
            _ => "",
        }
    }

    /// Returns the label of a number.
    pub fn label(&self, dimension: Dimension, number: u32, language: Language) -> &str {
        let short = u16::try_from(number).unwrap_or_default();
        if let Some(list) = Self::list(dimension) {
            return list.at(short).label.get(language);
        }
        match (dimension, &self.records) {
            (Dimension::Statute, _) => self.register.at(short).title.get(language),
            (Dimension::Source, Records::Figures { sources, .. }) => &sources[number as usize].title,
            _ => self.code(dimension, number),
        }
    }

    /// Returns where a number stands when its dimension is shown to people: outcomes in the order of a
    /// proceeding, everything else in byte order of its code.
    pub fn place(&self, dimension: Dimension, number: u32) -> usize {
        match (dimension, u16::try_from(number)) {
            (Dimension::Outcome, Ok(short)) => outcomes().place(short),
            _ => number as usize,
        }
    }

    /// Returns all codes of a dimension, in byte order; none for years and months.
    pub fn codes(&self, dimension: Dimension) -> Vec<&str> {
        if let Some(list) = Self::list(dimension) {
            let mut codes: Vec<&str> = list.entries().iter().map(|entry| entry.code.as_str()).collect();
            codes.sort_unstable();
            return codes;
        }
        match (dimension, &self.records) {
            (Dimension::Statute, _) => {
                self.register.all().iter().map(|statute| statute.id.as_str()).collect()
            }
            (Dimension::Region, Records::Charges(charges)) => charges.regions.texts().collect(),
            (Dimension::Source, Records::Figures { sources, .. }) => {
                sources.iter().map(|source| source.id.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }
}
