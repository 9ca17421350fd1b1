//! Files that are given ready beside the sheets, in the format of a package: lists of statutes, of sources and others. They are
//! publications of the publisher's own, and are copied. Nothing is made of their cells.

use std::collections::HashSet;

use crate::domain::tables::{Need, TABLES, Table};
use crate::domain::{Register, Say};

use super::leaves::is_made_of_sheets;
use super::names::PersonNames;
use super::registers::register_of;

/// Most rows in which a name was found that are told.
const TOLD: usize = 20;

/// A file that is given ready.
#[derive(Debug, Clone)]
pub struct Ready {
    /// Its table.
    pub table: &'static Table,
    /// Its bytes, without a byte order mark.
    pub(super) bytes: Vec<u8>,
}

impl Ready {
    /// Returns the table that a file of this name is a ready file of, such as `statutes.csv`.
    pub fn table_of(name: &str) -> Option<&'static Table> {
        let stem = name.strip_suffix(".csv")?;
        TABLES.into_iter().find(|table| table.name == stem && !is_made_of_sheets(table))
    }

    /// Reads a ready file. Its header must name columns of the table as the format does.
    ///
    /// # Errors
    /// When the file is no such table. Nothing of it is quoted.
    pub fn read(table: &'static Table, bytes: &[u8]) -> Result<Self, Say> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).to_vec();
        let own = Self { table, bytes };
        let header = csv::Reader::from_reader(&own.bytes[..]).headers().cloned().unwrap_or_default();
        let names: HashSet<&str> = header.iter().collect();
        let is_known = names.iter().all(|name| table.column(name).is_some());
        let mut needed = table.columns.iter().filter(|column| column.need == Need::Filled);
        let is_right = is_known
            && names.len() == header.len()
            && needed.all(|column| names.contains(column.name))
            && str::from_utf8(&own.bytes).is_ok();
        if is_right {
            return Ok(own);
        }
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        Err(Say::new("ready_header").with("name", table.name).with("columns", columns.join(", ")))
    }

    /// Returns the places where names of persons stand in the file.
    pub(super) fn faults(&self, names: &PersonNames) -> Vec<Say> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&self.bytes[..]);
        let header = reader.headers().cloned().unwrap_or_default();
        let mut faults = Vec::new();
        for row in reader.records().filter_map(Result::ok) {
            let line = row.position().map_or(0, csv::Position::line);
            for (place, field) in row.iter().enumerate() {
                if faults.len() < TOLD && names.found_in(field).is_some() {
                    let column = header.get(place).unwrap_or("#");
                    let says = Say::new("ready_name").with("name", self.table.name);
                    faults.push(says.with("line", line).with("column", column));
                }
            }
        }
        faults
    }
}

/// Returns the statutes of ready files.
pub(super) fn statutes_of(ready: &[Ready]) -> Register {
    let own = ready.iter().find(|own| own.table.name == "statutes");
    own.map_or_else(Register::default, |own| register_of(&own.bytes))
}

/// Returns the ids of the sources of ready files.
pub(super) fn sources_of(ready: &[Ready]) -> HashSet<String> {
    let Some(own) = ready.iter().find(|own| own.table.name == "sources") else { return HashSet::new() };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&own.bytes[..]);
    let place = reader.headers().ok().and_then(|header| header.iter().position(|name| name == "source"));
    let rows = reader.records().filter_map(Result::ok);
    let ids = rows.filter_map(|row| Some(row.get(place?)?.trim().to_owned()));
    ids.filter(|id| !id.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tables::SOURCES;

    #[test]
    fn a_ready_file_is_known_by_its_name_and_its_header() {
        assert_eq!(Ready::table_of("sources.csv").map(|table| table.name), Some("sources"));
        for name in ["charges.csv", "counts.csv", "Sources.csv", "sources.xlsx", "sources", "other.csv"] {
            assert!(Ready::table_of(name).is_none(), "{name}");
        }
        let right = "source,publisher,title,url,published,kind,counting_rule,time_basis,measure_type\n";
        assert!(Ready::read(&SOURCES, format!("\u{feff}{right}a,b\n").as_bytes()).is_ok());
        for wrong in [
            "",
            "source,publisher\n",
            &right.replace("title", "Title"),
            &right.replace("title", "title,title"),
            &right.replace("title", "title,Ivanov"),
            &right.replace(',', ";"),
        ] {
            let says = Ready::read(&SOURCES, wrong.as_bytes()).unwrap_err();
            assert!(says.key == "ready_header" && !says.english().contains("Ivanov"), "{wrong}");
        }
        assert!(Ready::read(&SOURCES, &[right.as_bytes(), b"\xff"].concat()).is_err());
    }

    #[test]
    fn a_name_in_a_ready_file_is_told_by_its_place() {
        let bytes = b"source,publisher,title,url,published,kind,counting_rule,time_basis,measure_type\n\
            a,b,c,https://example.org/zvanov-qetr,,,,,\n";
        let ready = Ready::read(&SOURCES, bytes).unwrap();
        let mut names = PersonNames::default();
        names.add("Zvanov", "Who");
        let told: Vec<String> = ready.faults(&names).iter().map(Say::english).collect();
        assert_eq!(told.len(), 1);
        assert!(
            told[0].contains("line 2") && told[0].contains("url") && !told[0].contains("vanov"),
            "{told:?}"
        );
    }
}
