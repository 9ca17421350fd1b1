//! From a data package to checked, coded records, or a report that says why not.
//!
//! A reader of our own, not polars', because every refused row must be named by line, column and reason. For every
//! file: read = accepted + rejected + duplicates + withheld.

pub mod batch;
pub mod charge_columns;
mod charge_relations;
pub mod charge_rows;
pub mod charges;
pub mod column_names;
mod dictionary;
pub mod excerpt;
mod excluded_keys;
pub mod field;
mod figures;
mod header;
mod id_column;
mod id_list;
pub mod numbering;
pub mod platform;
pub mod quarantine;
mod repeats;
pub mod report;
mod report_text;
pub mod row;
mod row_positions;
mod row_texts;
mod rules;
mod similar;
mod sources;
mod split;
mod statute_relations;
pub mod table_reader;
mod tables;
#[cfg(test)]
mod tests;
pub mod texts;
pub mod whole_ids;
mod window;

pub use charges::{Charges, Ids};
pub use dictionary::{Dictionary, composed};
pub use excerpt::{printable, printable_json, safe_excerpt};
pub use figures::Figure;
pub use id_list::IdList;
pub use platform::{OneThread, Platform};
pub use report::{FileReport, Omitted, Problem, Reason, Report, Severity, Verdict};
pub use row_texts::{from_texts, to_texts};
pub use rules::Rules;
pub use sources::FigureSource;
pub use texts::Texts;
pub use whole_ids::write_whole;

use crate::domain::{Event, Population, Register};
use crate::package::{Descriptor, Kind, Package, PackageError};

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
pub fn ingest(
    package: &Package,
    rules: &Rules,
    platform: &dyn Platform,
) -> Result<(Ingested, Report), PackageError> {
    let mut report = Report::default();
    let descriptor = package.descriptor.clone();
    let mut ingested = Ingested {
        records: match descriptor.chargesheet.kind {
            Kind::CaseLevel => Records::Charges(Box::default()),
            Kind::Reported => Records::Figures { figures: Vec::new(), sources: Vec::new() },
        },
        descriptor,
        register: Register::default(),
        background: Background::default(),
    };
    let statutes = package.resource("statutes")?;
    let Some(register) = tables::read_statutes(statutes, rules, &mut report) else {
        return Ok((ingested, report));
    };
    if let Some(file) = package.optional("history")? {
        ingested.background.history = tables::read_history(file, &register, rules, &mut report);
    }
    if let Some(file) = package.optional("population")? {
        ingested.background.population = tables::read_population(file, rules, &mut report);
    }
    match &mut ingested.records {
        Records::Charges(charges) if package.is_parquet("charges") => {
            **charges = platform.parquet(package, &register, rules, &mut report)?;
        }
        Records::Charges(charges) => {
            let file = package.resource("charges")?;
            **charges = charge_relations::read(file, &register, rules, platform, &mut report);
        }
        Records::Figures { figures, sources } => {
            let (file, own) = (package.resource("counts")?, package.resource("sources")?);
            if let Some(read) = tables::read_sources(own, rules, &mut report) {
                let measures = &ingested.descriptor.chargesheet.measures;
                *figures = figures::read(file, measures, &register, &read, rules, &mut report);
                *sources = read;
            }
        }
    }
    ingested.register = register;
    Ok((ingested, report))
}
