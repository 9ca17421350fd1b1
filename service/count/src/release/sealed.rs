//! A release, and its content before it is named.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::charge_lines;
use super::charge_table::Table;
use super::columns::Columns;
use super::figure_codes;
use super::manifest::{self, Manifest};
use super::order;
use super::release_id::ReleaseId;
use super::small_tables;
use super::text_table::TextTable;
use crate::domain::tables::{CODED, TABLES};
use crate::domain::{CodeList, Dimension, Language, Lists, Register};
use crate::ingest::{Background, Figure, Ingested, Records, composed};
use crate::package::{Descriptor, Disclosure};

/// One immutable version of a dataset: its records, and everything needed to interpret them.
#[derive(Debug)]
pub struct Release {
    id: ReleaseId,
    manifest: Manifest,
    content: Content,
    /// The codes of each dimension, in byte order. The index of a code is its number in columns.
    codes: [Vec<String>; Dimension::ALL.len()],
    /// Its charges in the layout that queries read, when the store it was loaded from has that file.
    columns: Option<Columns>,
    /// The folder of its files, when it was loaded from a store.
    folder: Option<PathBuf>,
}

/// Accepted records in their final order: the whole content of a release.
#[derive(Debug)]
pub struct Content {
    /// The package's description of itself.
    pub descriptor: Descriptor,
    /// The code lists.
    pub lists: Arc<Lists>,
    /// The statutes.
    pub register: Register,
    /// What it has besides its records.
    pub background: Background,
    /// The records.
    pub records: Records,
}

impl Content {
    /// Sorts accepted records into their final order.
    pub fn of(ingested: Ingested) -> Self {
        let Ingested { descriptor, lists, register, background, mut records } = ingested;
        match &mut records {
            Records::Charges(charges) => order::settle(charges),
            Records::Figures { figures, .. } => {
                figures.sort_by(|left, right| left.place().cmp(&right.place()));
            }
        }
        Self { descriptor, lists, register, background, records }
    }

    /// Returns the small tables, by name, in the order of a manifest.
    pub fn small_tables(&self) -> Vec<(&'static str, TextTable)> {
        let mut tables = vec![("statutes", small_tables::statutes(&self.register))];
        if let Records::Figures { figures, sources } = &self.records {
            tables.push(("counts", small_tables::counts(&self.lists, &self.register, figures, sources)));
            tables.push(("sources", small_tables::sources(sources)));
        }
        tables.extend(small_tables::background(&self.background));
        tables
    }

    /// Returns the charges with what their numbers stand for; `None` in a reported dataset.
    pub fn charge_table(&self) -> Option<Table<'_>> {
        let Records::Charges(charges) = &self.records else { return None };
        Some(Table { lists: &self.lists, register: &self.register, charges })
    }

    /// Computes the digest of every table.
    pub fn manifest(&self) -> Manifest {
        self.manifest_with(self.charge_table().map(|charges| charge_lines::digest(&charges)))
    }

    /// Computes the digest of every table but the charges, whose number and digest are given. They may lie elsewhere.
    pub fn manifest_with(&self, charges: Option<(u64, String)>) -> Manifest {
        let table = |name: &str, (rows, sha256)| manifest::Table { name: name.to_owned(), rows, sha256 };
        let small = self.small_tables();
        let mut tables: Vec<_> = small.iter().map(|(name, rows)| table(name, rows.digest())).collect();
        if let Some(charges) = charges {
            tables.insert(1, table("charges", charges));
        }
        let has_later = |(name, own): &(&str, TextTable)| {
            TABLES.iter().any(|table| table.name == *name && own.has_later(table))
        };
        Manifest::of(&self.descriptor, &self.lists, tables, small.iter().any(has_later))
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

    /// Returns all codes of a dimension, in byte order.
    fn codes(&self, dimension: Dimension) -> Vec<String> {
        if let Some(list) = self.list(dimension) {
            let numbers = (0..list.entries().len()).filter_map(|number| u16::try_from(number).ok());
            return numbers.map(|number| list.at(number).code.clone()).collect();
        }
        match (dimension, &self.records) {
            (Dimension::Statute, _) => self.register.all().iter().map(|statute| statute.id.clone()).collect(),
            (Dimension::Source, Records::Figures { sources, .. }) => {
                sources.iter().map(|source| source.id.clone()).collect()
            }
            (Dimension::Period | Dimension::Area | Dimension::Rule, Records::Figures { figures, .. }) => {
                let codes = figures.iter().map(|figure| figure_codes::code(figure, dimension).into_owned());
                codes.collect::<BTreeSet<String>>().into_iter().collect()
            }
            (_, Records::Charges(charges)) => {
                let column = charges.coded(dimension).into_iter();
                column.flat_map(|column| column.texts.texts()).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Computes the id and makes the release.
    pub fn seal(self) -> Release {
        let manifest = self.manifest();
        Release::of(manifest, self, None, None)
    }
}

impl Release {
    /// Makes a release from the parts that were read from a store.
    pub fn of(
        manifest: Manifest,
        content: Content,
        columns: Option<Columns>,
        folder: Option<PathBuf>,
    ) -> Self {
        let codes = Dimension::ALL.map(|dimension| content.codes(dimension));
        Self { id: ReleaseId::of(&manifest), manifest, content, codes, columns, folder }
    }

    /// Returns the folder of its files, when it was loaded from a store.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Returns the content, to be sorted again.
    pub fn into_content(self) -> Content {
        self.content
    }

    /// Returns the background: everything it has besides its records.
    pub fn background(&self) -> &Background {
        &self.content.background
    }

    /// Makes a release from accepted records: sorts them, computes the digests and the id.
    pub fn seal(ingested: Ingested) -> Self {
        Content::of(ingested).seal()
    }

    /// Drops the ids of cases, defendants and charges. Counting needs only their numbers.
    pub fn forget_ids(&mut self) {
        if let Records::Charges(charges) = &mut self.content.records {
            (charges.ids, charges.own) = (None, Vec::new());
        }
    }

    /// Returns its id.
    pub fn id(&self) -> &ReleaseId {
        &self.id
    }

    /// Returns the manifest: what the release consists of, with the digests.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the id of its dataset.
    pub fn dataset(&self) -> &str {
        &self.content.descriptor.name
    }

    /// Returns the package's description of itself.
    pub fn descriptor(&self) -> &Descriptor {
        &self.content.descriptor
    }

    /// Returns its statutes.
    pub fn register(&self) -> &Register {
        &self.content.register
    }

    /// Returns its records.
    pub fn records(&self) -> &Records {
        &self.content.records
    }

    /// Returns its records for changing their layout.
    pub fn records_mut(&mut self) -> &mut Records {
        &mut self.content.records
    }

    /// Returns the disclosure policy: which small numbers answers withhold.
    pub fn disclosure(&self) -> Disclosure {
        self.content.descriptor.chargesheet.disclosure
    }

    /// Returns its dimensions: those of its kind, without those whose column the package left out.
    pub fn dimensions(&self) -> Vec<Dimension> {
        let mut dimensions = self.content.descriptor.chargesheet.kind.dimensions().to_vec();
        dimensions.retain(|&dimension| match &self.content.records {
            Records::Charges(charges) if dimension == Dimension::Role => charges.has_roles,
            Records::Charges(charges) => charges.coded(dimension).is_none_or(|column| column.is_there),
            Records::Figures { .. } => match dimension {
                Dimension::Period | Dimension::Area | Dimension::Rule => {
                    self.codes[dimension as usize].iter().any(|code| !figure_codes::is_usual(dimension, code))
                }
                _ => true,
            },
        });
        dimensions
    }

    /// Returns the dimensions that a query may use: its own, and the category of offence, which comes from the register of
    /// statutes.
    ///
    /// Code that describes or compares records uses [`Release::dimensions`] instead, because the category of a record
    /// follows from its statute.
    pub fn askable(&self) -> Vec<Dimension> {
        let mut dimensions = self.dimensions();
        let statute = dimensions.iter().position(|&dimension| dimension == Dimension::Statute);
        dimensions.insert(statute.map_or(0, |place| place + 1), Dimension::Category);
        dimensions
    }

    /// Returns the numbers of the outcomes that its dataset declares complete and disjoint, ascending; none where it declares
    /// none.
    pub fn complete_outcomes(&self) -> Vec<u32> {
        let declared = &self.content.descriptor.chargesheet.complete_outcomes;
        let mut numbers: Vec<u32> =
            declared.iter().filter_map(|code| self.number(Dimension::Outcome, code)).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Takes the charges in the layout that queries read, if the release was loaded with them.
    pub fn take_columns(&mut self) -> Option<Columns> {
        self.columns.take()
    }

    /// Returns the number of a statute's country in the list of countries.
    pub fn country(&self, statute: u16) -> Option<u16> {
        self.content.lists.countries.number(&self.content.register.at(statute).country)
    }

    /// Returns the number of a statute's category of offence; `None` where the register gives none.
    pub fn category(&self, statute: u16) -> Option<u16> {
        self.content.lists.offences.number(&self.content.register.at(statute).offence)
    }

    /// Returns the code lists that it was made with.
    pub fn lists(&self) -> &Lists {
        &self.content.lists
    }

    /// Returns the number of a code in columns; `None` when there is no such code.
    ///
    /// Numbers follow the byte order of the codes. Coded texts are stored in Unicode NFC and found in any normalization form.
    pub fn number(&self, dimension: Dimension, code: &str) -> Option<u32> {
        let is_text = CODED.contains(&dimension) || dimension == Dimension::Area;
        let code = if is_text { composed(code) } else { code.into() };
        let codes = &self.codes[dimension as usize];
        codes.binary_search_by(|own| own.as_str().cmp(&code)).ok()?.try_into().ok()
    }

    /// Returns the code of a number, or `""` for a dimension without codes.
    pub fn code(&self, dimension: Dimension, number: u32) -> &str {
        self.codes[dimension as usize].get(number as usize).map_or("", String::as_str)
    }

    /// Returns the number of a reported figure in a dimension. `None` where figures do not have the dimension, or not this
    /// figure: one of another period than a calendar year is of no year.
    pub fn key(&self, figure: &Figure, dimension: Dimension) -> Option<i32> {
        match dimension {
            Dimension::Country => Some(figure.country.into()),
            Dimension::Statute => Some(figure.statute.into()),
            Dimension::Category => self.category(figure.statute).map(i32::from),
            Dimension::Outcome => Some(figure.outcome.into()),
            Dimension::Source => Some(figure.source.into()),
            Dimension::Year => figure.span.year(),
            Dimension::Period | Dimension::Area | Dimension::Rule => {
                i32::try_from(self.number(dimension, &figure_codes::code(figure, dimension))?).ok()
            }
            Dimension::Role | Dimension::Region | Dimension::Month => None,
        }
    }

    /// Returns all codes of a dimension, in byte order; none for years and months.
    pub fn codes(&self, dimension: Dimension) -> Vec<&str> {
        self.codes[dimension as usize].iter().map(String::as_str).collect()
    }

    /// Returns the label of a number.
    pub fn label(&self, dimension: Dimension, number: u32, language: Language) -> &str {
        let short = u16::try_from(number).unwrap_or_default();
        if let Some(list) = self.content.list(dimension) {
            return list.at(short).label.get(language);
        }
        match (dimension, &self.content.records) {
            (Dimension::Statute, _) => self.content.register.at(short).title.get(language),
            (Dimension::Source, Records::Figures { sources, .. }) => &sources[number as usize].title,
            (Dimension::Area | Dimension::Rule, _) => {
                let code = self.code(dimension, number);
                let own =
                    self.descriptor().area_name(code, language).filter(|_| dimension == Dimension::Area);
                own.or_else(|| language.label(dimension.name(), code)).unwrap_or(code)
            }
            _ => self.code(dimension, number),
        }
    }

    /// Returns the text that a source number of a charge stands for; `""` in a reported dataset.
    pub fn origin(&self, number: u32) -> &str {
        match &self.content.records {
            Records::Charges(charges) => charges.texts.text(number),
            Records::Figures { .. } => "",
        }
    }

    /// Returns the position of a number when its dimension is shown to people. Outcomes follow the stages of a proceeding,
    /// categories their list, and everything else the byte order of the codes.
    pub fn place(&self, dimension: Dimension, number: u32) -> usize {
        match (dimension, u16::try_from(number)) {
            (Dimension::Outcome, Ok(short)) => self.content.lists.outcomes.place(short),
            (Dimension::Category, Ok(short)) => self.content.lists.offences.place(short),
            _ => number as usize,
        }
    }
}
