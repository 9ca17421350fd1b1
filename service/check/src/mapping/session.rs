//! The way from sheets to a package: what is certain is taken, everything else is asked.

use crate::domain::{Register, Say};

use super::ask::{ask_columns, ask_values};
use super::columns::{By, Target, targets};
use super::convert::{Converted, convert, made};
use super::form::{ColumnMapping, Mapping, Origin, TableMapping};
use super::look::look;
use super::names::PersonNames;
use super::pseudonym::Key;
use super::question::{Asked, Question};
use super::registers::register_of;
use super::survey::tables_of;
use super::walk::{Place, SheetFile, places};

/// What a descriptor must say.
const NEEDED: [&str; 5] = ["name", "title", "licenses", "sources", "chargesheet"];

/// Sheets, and the mapping as far as it is known.
pub struct Session {
    files: Vec<SheetFile>,
    mapping: Mapping,
    /// Whether nobody has seen the mapping yet.
    is_suggested: bool,
}

impl Session {
    /// Begins with files. What their columns are is taken from their headings, where those are certain.
    ///
    /// # Errors
    /// When no file holds a table, or one is damaged.
    pub fn open(mut files: Vec<SheetFile>) -> Result<Self, Vec<Say>> {
        let mut mapping = tables_of(&mut files).map_err(|says| vec![says])?;
        let places = places(&files, &mapping)?;
        for (table, place) in mapping.tables.iter_mut().zip(places) {
            take_certain(&mut files, place, table)?;
        }
        Ok(Self { files, mapping, is_suggested: true })
    }

    /// Takes another sheet or another header for a table, and what is certain of its columns.
    ///
    /// # Errors
    /// When the sheet is not there or holds no table.
    pub fn choose(&mut self, table: &str, sheet: Option<String>, header: (u32, u32)) -> Result<(), Vec<Say>> {
        let Some(number) = self.mapping.tables.iter().position(|own| own.table.name == table) else {
            return Ok(());
        };
        let mut mapping = self.mapping.clone();
        let own = &mut mapping.tables[number];
        own.sheet = sheet.or(own.sheet.take());
        own.header = header;
        let places = places(&self.files, &mapping)?;
        let own = &mut mapping.tables[number];
        (own.columns, own.left_out) = (Vec::new(), Vec::new());
        take_certain(&mut self.files, places[number], own)?;
        self.mapping = mapping;
        Ok(())
    }

    /// Returns the files.
    pub fn files(&mut self) -> &mut [SheetFile] {
        &mut self.files
    }

    /// Takes a mapping with the publisher's answers.
    pub fn with(&mut self, mapping: Mapping) {
        self.mapping = mapping;
        self.is_suggested = false;
    }

    /// Returns the mapping as far as it is known.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Returns everything that only the publisher can say, in the order of the tables and their columns.
    ///
    /// # Errors
    /// When the mapping names a sheet or a column that is not there, or a file is damaged.
    pub fn questions(&mut self) -> Result<Vec<Asked>, Vec<Say>> {
        let places = places(&self.files, &self.mapping)?;
        let own = self.own_register(&places);
        let mut all = Vec::new();
        for (table, place) in self.mapping.tables.iter().zip(&places) {
            let mut ask = |question, rows| all.push(Asked { table: Some(table.table.name), question, rows });
            let is_main = table.table.name == "charges" || table.table.name == "counts";
            if self.is_suggested && is_main {
                let sheets = self.files[place.0].book.sheets();
                if sheets.iter().position(|sheet| !sheet.hidden) != Some(place.1) {
                    ask(Question::Sheet { suggestion: sheets[place.1].name.clone() }, 0);
                }
                if table.header != (1, 1) {
                    ask(Question::Header { first: table.header.0, last: table.header.1 }, 0);
                }
            }
            let suggested = self.files[place.0].book.suggested_encoding().map_err(|says| vec![says])?;
            let (headings, look) = look(&mut self.files, *place, table)?;
            if let Some(encoding) = suggested.filter(|_| table.encoding.is_none()) {
                ask(Question::Encoding { suggestion: encoding.name() }, look.rows);
            }
            if look.hidden > 0 && table.hidden_rows.is_none() {
                ask(Question::HiddenRows, look.hidden);
            }
            ask_columns(table, &headings, &look, &mut ask);
            for (field, held) in look.fields.iter().zip(&look.held) {
                if !field.how.pseudonym {
                    ask_values(field.target, field.how, held, &look, &own, &mut ask);
                }
            }
            if self.mapping.key.is_none()
                && let Some((column, _)) = table.columns.iter().find(|(_, how)| how.pseudonym)
            {
                ask(Question::Key { column: column.name }, look.rows);
            }
        }
        let missing: Vec<_> =
            NEEDED.into_iter().filter(|name| !self.mapping.package.contains_key(*name)).collect();
        if !missing.is_empty() {
            all.push(Asked { table: None, question: Question::Package { missing }, rows: 0 });
        }
        Ok(all)
    }

    /// Returns the statutes of the files themselves.
    fn own_register(&mut self, places: &[Place]) -> Register {
        let tables = self.mapping.tables.iter().zip(places);
        let Some((table, place)) = tables.into_iter().find(|(table, _)| table.table.name == "statutes")
        else {
            return Register::default();
        };
        let made = made(&mut self.files, *place, table, None, &PersonNames::default());
        made.map_or(Register::default(), |(_, csv)| register_of(&csv))
    }

    /// Makes the package. Rows about which a question is open are refused.
    ///
    /// # Errors
    /// As [`convert`].
    pub fn finish(&mut self, key: Option<&Key>, created: &str) -> Result<Converted, Vec<Say>> {
        convert(&mut self.files, &self.mapping, key, created)
    }
}

/// Adds to a table the columns whose headings are certain.
fn take_certain(files: &mut [SheetFile], place: Place, table: &mut TableMapping) -> Result<(), Vec<Say>> {
    let (headings, look) = look(files, place, table)?;
    let found = targets(table.table, headings.names(), &look.columns);
    let (mut columns, mut left_out) = (Vec::new(), Vec::new());
    for (heading, found) in headings.names().iter().zip(found) {
        match found {
            Some((Target::Column(name), By::Name)) => {
                let from = Origin::Columns(vec![heading.clone()]);
                let how = ColumnMapping { from, ..ColumnMapping::default() };
                columns.extend(table.table.column(name).map(|target| (target, how)));
            }
            Some((Target::Personal | Target::RowNumber | Target::Desk, _)) => left_out.push(heading.clone()),
            _ => {}
        }
    }
    (table.columns, table.left_out) = (columns, left_out);
    Ok(())
}
