//! From a data package to checked, coded records, or a report that says why not.
//!
//! A reader of our own, not polars', because every refused row must be named by line, column and reason. For every
//! file: read = accepted + rejected + duplicates + withheld.

mod batch;
mod charge_columns;
mod charge_rows;
mod charges;
mod columns;
mod dictionary;
mod excerpt;
mod field;
mod figures;
mod header;
mod history;
mod id_list;
mod ids;
mod parquet_file;
mod places;
mod population;
pub mod quarantine;
mod reader;
mod relations;
mod repeats;
mod report;
mod report_text;
mod row;
mod similar;
mod sources;
mod split;
mod statutes;
#[cfg(test)]
mod tests;
mod unique;
mod untaken;
mod whole_ids;
mod window;

pub use charges::{Charges, Ids};
pub use dictionary::Dictionary;
pub use excerpt::{printable, printable_json, safe_excerpt};
pub use figures::Figure;
pub use id_list::IdList;
pub use reader::Rules;
pub use report::{FileReport, Omitted, Problem, Reason, Report, Severity, Verdict};
pub use sources::FigureSource;
pub use whole_ids::write_whole;

use self::field::Dates;
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
pub fn ingest(package: &Package, rules: &Rules) -> Result<(Ingested, Report), PackageError> {
    let mut report = Report::default();
    let dates = Dates::new(rules.today);
    let descriptor = package.descriptor.clone();
    let empty = match descriptor.chargesheet.kind {
        Kind::CaseLevel => Records::Charges(Box::default()),
        Kind::Reported => Records::Figures { figures: Vec::new(), sources: Vec::new() },
    };
    let statutes = package.resource("statutes")?;
    let mut parquet = None;
    let (main, sources) = match descriptor.chargesheet.kind {
        Kind::CaseLevel if package.is_parquet("charges") => {
            let (file, input) = package.seekable("charges")?;
            parquet = Some(input);
            (file, None)
        }
        Kind::CaseLevel => (package.resource("charges")?, None),
        Kind::Reported => (package.resource("counts")?, Some(package.resource("sources")?)),
    };
    let history = package.optional("history")?;
    let population = package.optional("population")?;
    let Some(register) = statutes::read(statutes, &dates, rules, &mut report) else {
        let (register, background) = (Register::default(), Background::default());
        return Ok((Ingested { descriptor, register, background, records: empty }, report));
    };
    let background = Background {
        history: history
            .map_or(Vec::new(), |file| history::read(file, &register, &dates, rules, &mut report)),
        population: population.map_or(Vec::new(), |file| population::read(file, &dates, rules, &mut report)),
    };
    let records = match sources {
        None => Records::Charges(Box::new(match parquet {
            None => charge_rows::read(main, &register, &dates, rules, &mut report),
            Some(input) => {
                let file = parquet_file::File { source: main, input };
                parquet_file::read(file, &register, &dates, rules, &mut report)
            }
        })),
        Some(sources) => match sources::read(sources, &dates, rules, &mut report) {
            None => empty,
            Some(sources) => {
                let measures = &descriptor.chargesheet.measures;
                let figures = figures::read(main, measures, &register, &sources, &dates, rules, &mut report);
                Records::Figures { figures, sources }
            }
        },
    };
    Ok((Ingested { descriptor, register, background, records }, report))
}
