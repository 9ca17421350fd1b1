//! From a data package to checked, coded records, or a report that says why not.
//!
//! A reader of our own, not polars', because every refused row must be named by line, column and reason. For every
//! file: read = accepted + rejected + duplicates + withheld.

mod batch;
mod charge_columns;
mod charge_rows;
mod charges;
mod column_names;
mod dictionary;
mod excerpt;
mod excluded_keys;
mod field;
mod figures;
mod header;
mod id_list;
mod ids;
mod parquet_file;
pub mod quarantine;
mod repeats;
mod report;
mod report_text;
mod row;
mod row_positions;
mod row_texts;
mod similar;
mod sources;
mod split;
mod statute_relations;
mod table_reader;
mod tables;
#[cfg(test)]
mod tests;
mod texts;
mod whole_ids;
mod window;

pub use charges::{Charges, Ids};
pub use dictionary::{Dictionary, composed};
pub use excerpt::{printable, printable_json, safe_excerpt};
pub use figures::Figure;
pub use id_list::IdList;
pub use report::{FileReport, Omitted, Problem, Reason, Report, Severity, Verdict};
pub use row_texts::{from_texts, to_texts};
pub use sources::FigureSource;
pub use table_reader::Rules;
pub use texts::Texts;
pub use whole_ids::write_whole;

use self::parquet_file::SharedInput;
use crate::domain::{Event, Population, Register};
use crate::package::{Descriptor, Kind, Package, PackageError, Source};

/// The records of a package that were accepted.
#[derive(Debug)]
pub struct Ingested {
    /// What the package says of itself.
    pub descriptor: Descriptor,
    /// Its statutes.
    pub register: Register,
    /// What it says besides its records.
    pub background: Background,
    /// Its records.
    pub records: Records,
}

/// What records are read against: tables that a package may bring, each empty where it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Background {
    /// What happened to statutes, in the order of [`Event::place`].
    pub history: Vec<Event>,
    /// How many people countries have, in the order of [`Population::place`].
    pub population: Vec<Population>,
}

/// Records by kind of dataset.
#[derive(Debug)]
pub enum Records {
    /// One row per charge.
    Charges(Box<Charges>),
    /// One row per published figure.
    Figures {
        /// The figures.
        figures: Vec<Figure>,
        /// Who published them, in byte order of their ids.
        sources: Vec<FigureSource>,
    },
}

/// Reads a package.
///
/// What is not valid is refused row by row and told in the report; nothing is dropped silently. A file that
/// other files are held against and that is no table at all ends the reading there: every row of the others would be wrong.
///
/// # Errors
/// When a file that the package must have is not declared or cannot be opened.
pub fn ingest(package: &Package, rules: &Rules) -> Result<(Ingested, Report), PackageError> {
    let mut report = Report::default();
    let descriptor = package.descriptor.clone();
    let empty = match descriptor.chargesheet.kind {
        Kind::CaseLevel => Records::Charges(Box::default()),
        Kind::Reported => Records::Figures { figures: Vec::new(), sources: Vec::new() },
    };
    let statutes = package.resource("statutes")?;
    let mut parquet = None;
    let (main, sources) = match descriptor.chargesheet.kind {
        Kind::CaseLevel if package.is_parquet("charges") => {
            let (resource, input) = package.input("charges")?;
            let path = format!("{}/{}", descriptor.name, resource.path);
            let input = SharedInput::new(input).map_err(|source| PackageError::Read { path, source })?;
            let file = Source::new(Box::new(input.at(0)), resource);
            parquet = Some(input);
            (file, None)
        }
        Kind::CaseLevel => (package.resource("charges")?, None),
        Kind::Reported => (package.resource("counts")?, Some(package.resource("sources")?)),
    };
    let history = package.optional("history")?;
    let population = package.optional("population")?;
    let Some(register) = tables::read_statutes(statutes, rules, &mut report) else {
        let (register, background) = (Register::default(), Background::default());
        return Ok((Ingested { descriptor, register, background, records: empty }, report));
    };
    let history = history.map(|file| tables::read_history(file, &register, rules, &mut report));
    let population = population.map(|file| tables::read_population(file, rules, &mut report));
    let background =
        Background { history: history.unwrap_or_default(), population: population.unwrap_or_default() };
    let records = match sources {
        None => Records::Charges(Box::new(match parquet {
            None => charge_rows::read(main, &register, rules, &mut report),
            Some(input) => parquet_file::read(main, input, &register, rules, &mut report),
        })),
        Some(sources) => match tables::read_sources(sources, rules, &mut report) {
            None => empty,
            Some(sources) => {
                let measures = &descriptor.chargesheet.measures;
                let figures = figures::read(main, measures, &register, &sources, rules, &mut report);
                Records::Figures { figures, sources }
            }
        },
    };
    Ok((Ingested { descriptor, register, background, records }, report))
}
