//! An immutable, named version of a dataset, and the store that keeps it.

mod background;
mod background_tables;
mod canonical;
mod charge_lines;
mod charge_reader;
mod charge_table;
mod columns;
mod journal;
mod manifest;
mod order;
pub mod small_tables;
mod store;
#[cfg(test)]
mod tests;
pub mod text_table;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{CodeList, Dimension, Language, Lists, Register};
use crate::ingest::{Background, Charges, Ingested, Records};
use crate::package::{Descriptor, Disclosure};

pub use columns::{Codes, Column, Columns, Cuboid, Level, Periods, Table, memory};
pub use journal::{Entry, Reason, Withdrawn};
pub use manifest::Manifest;
pub use store::{Found, Published, Stamp, Store, StoreError, Verified};

/// The id of a release: the date of its package, and the first 12 hex digits of its manifest's SHA-256.
///
/// The same content has the same id on any machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ReleaseId(String);

impl ReleaseId {
    fn of(manifest: &Manifest) -> Self {
        Self(format!("{}-{}", manifest.date(), &manifest.sha256()[..12]))
    }

    /// Reads an id; `None` when it is none: `YYYY-MM-DD-` and 12 hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, digits) = text.rsplit_once('-')?;
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let right = digits.len() == 12 && digits.bytes().all(hex);
        let day = matches!(crate::domain::Period::parse(date), Ok(crate::domain::Period::Day(_)));
        (right && day).then(|| Self(text.to_owned()))
    }

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
    lists: Arc<Lists>,
    register: Register,
    background: Background,
    records: Records,
    /// Its charges as they are asked, where it was loaded from a store that has them so.
    columns: Option<Columns>,
    /// Where its files are, when it was loaded from a store.
    folder: Option<PathBuf>,
}

/// Accepted records in their order: everything that a release says, before it has a name.
#[derive(Debug)]
pub struct Content {
    descriptor: Descriptor,
    lists: Arc<Lists>,
    register: Register,
    background: Background,
    records: Records,
}

impl Content {
    /// Puts accepted records into their order.
    pub fn of(ingested: Ingested, lists: Arc<Lists>) -> Self {
        let Ingested { descriptor, register, background, mut records } = ingested;
        match &mut records {
            Records::Charges(charges) => order::settle(charges),
            Records::Figures { figures, .. } => {
                figures.sort_by(|left, right| left.place().cmp(&right.place()));
            }
        }
        Self { descriptor, lists, register, background, records }
    }

    /// Digests every table.
    fn manifest(&self) -> Manifest {
        let table = |name: &str, (rows, sha256)| manifest::Table { name: name.to_owned(), rows, sha256 };
        let mut tables = vec![table("statutes", small_tables::statutes(&self.register).digest())];
        match &self.records {
            Records::Charges(charges) => tables.push(table("charges", self.charge_table(charges).digest())),
            Records::Figures { figures, sources } => {
                let counts = small_tables::counts(&self.lists, &self.register, figures, sources);
                tables.push(table("counts", counts.digest()));
                tables.push(table("sources", small_tables::sources(sources).digest()));
            }
        }
        for (name, rows) in background_tables::tables(&self.background) {
            tables.push(table(name, rows.digest()));
        }
        Manifest::of(&self.descriptor, &self.lists, tables)
    }

    fn charge_table<'a>(&'a self, charges: &'a Charges) -> charge_table::Table<'a> {
        charge_table::Table { lists: &self.lists, register: &self.register, charges }
    }

    /// Names the content.
    pub fn seal(self) -> Release {
        let manifest = self.manifest();
        let Self { descriptor, lists, register, background, records } = self;
        let id = ReleaseId::of(&manifest);
        Release {
            id,
            manifest,
            descriptor,
            lists,
            register,
            background,
            records,
            columns: None,
            folder: None,
        }
    }
}

impl Release {
    /// Seals accepted records into a release: puts them into their order, digests and names them.
    pub fn seal(ingested: Ingested, lists: Arc<Lists>) -> Self {
        Content::of(ingested, lists).seal()
    }

    /// Forgets the ids of cases, defendants and charges: counting needs only their numbers.
    pub fn forget_ids(&mut self) {
        if let Records::Charges(charges) = &mut self.records {
            charges.ids = None;
        }
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

    /// Returns its records, to be laid out in another way.
    pub fn records_mut(&mut self) -> &mut Records {
        &mut self.records
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

    /// Returns the dimensions that it can be asked by: those that it has, and the category of offence, which stands in
    /// the register of statutes.
    ///
    /// What describes or compares records goes by [`Release::dimensions`]: a category says nothing of a record that
    /// its statute does not say.
    pub fn askable(&self) -> Vec<Dimension> {
        let mut dimensions = self.dimensions();
        let statute = dimensions.iter().position(|&dimension| dimension == Dimension::Statute);
        dimensions.insert(statute.map_or(0, |place| place + 1), Dimension::Category);
        dimensions
    }

    /// Takes out its charges as they are asked, where it was loaded with them.
    pub fn take_columns(&mut self) -> Option<Columns> {
        self.columns.take()
    }

    /// Returns the number of a statute's country in the list of countries.
    pub fn country(&self, statute: u16) -> Option<u16> {
        self.lists.countries.number(&self.register.at(statute).country)
    }

    /// Returns the number of the category of offence of a statute; `None` where the register gives none.
    pub fn category(&self, statute: u16) -> Option<u16> {
        self.lists.offences.number(&self.register.at(statute).offence)
    }

    fn list(&self, dimension: Dimension) -> Option<&CodeList> {
        match dimension {
            Dimension::Country => Some(&self.lists.countries),
            Dimension::Outcome => Some(&self.lists.outcomes),
            Dimension::Role => Some(&self.lists.roles),
            Dimension::Category => Some(&self.lists.offences),
            _ => None,
        }
    }

    /// Returns the code lists that it was made with.
    pub fn lists(&self) -> &Lists {
        &self.lists
    }

    /// Returns the number that stands for a code in columns; `None` when there is no such code.
    ///
    /// Numbers follow the byte order of the codes.
    pub fn number(&self, dimension: Dimension, code: &str) -> Option<u32> {
        if let Some(list) = self.list(dimension) {
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
        if let Some(list) = self.list(dimension) {
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
        if let Some(list) = self.list(dimension) {
            return list.at(short).label.get(language);
        }
        match (dimension, &self.records) {
            (Dimension::Statute, _) => self.register.at(short).title.get(language),
            (Dimension::Source, Records::Figures { sources, .. }) => &sources[number as usize].title,
            _ => self.code(dimension, number),
        }
    }

    /// Returns the text of a number that says where charges' records come from; `""` in a reported dataset.
    pub fn origin(&self, number: u32) -> &str {
        match &self.records {
            Records::Charges(charges) => charges.texts.text(number),
            Records::Figures { .. } => "",
        }
    }

    /// Returns where a number stands when its dimension is shown to people: outcomes in the order of a
    /// proceeding, categories in that of their list, everything else in byte order of its code.
    pub fn place(&self, dimension: Dimension, number: u32) -> usize {
        match (dimension, u16::try_from(number)) {
            (Dimension::Outcome, Ok(short)) => self.lists.outcomes.place(short),
            (Dimension::Category, Ok(short)) => self.lists.offences.place(short),
            _ => number as usize,
        }
    }

    /// Returns all codes of a dimension, in byte order; none for years and months.
    pub fn codes(&self, dimension: Dimension) -> Vec<&str> {
        if let Some(list) = self.list(dimension) {
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
