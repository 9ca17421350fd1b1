//! From a data package to checked, coded records, or a report that says why not.
//!
//! A reader of our own, not polars', because every refused row must be named by line, column and reason. For every
//! file: read = accepted + rejected + duplicates + withheld.

mod batch;
mod charge_rows;
mod charges;
mod dictionary;
mod excerpt;
mod field;
mod figures;
mod header;
mod ids;
mod places;
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

pub use charges::{Charges, Ids};
pub use dictionary::Dictionary;
pub use excerpt::{printable, printable_json, safe_excerpt};
pub use figures::Figure;
pub use reader::Rules;
pub use report::{FileReport, Omitted, Problem, Reason, Report, Severity, Verdict};
pub use sources::FigureSource;

use self::field::Dates;
use crate::domain::Register;
use crate::package::{Descriptor, Kind, Package, PackageError};

/// The records of a package that were accepted.
#[derive(Debug)]
pub struct Ingested {
    /// What the package says of itself.
    pub descriptor: Descriptor,
    /// Its statutes.
    pub register: Register,
    /// Its records.
    pub records: Records,
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
    let (main, sources) = match descriptor.chargesheet.kind {
        Kind::CaseLevel => (package.resource("charges")?, None),
        Kind::Reported => (package.resource("counts")?, Some(package.resource("sources")?)),
    };
    let Some(register) = statutes::read(statutes, &dates, rules, &mut report) else {
        return Ok((Ingested { descriptor, register: Register::default(), records: empty }, report));
    };
    let records = match sources {
        None => Records::Charges(Box::new(charge_rows::read(main, &register, &dates, rules, &mut report))),
        Some(sources) => match sources::read(sources, &dates, rules, &mut report) {
            None => empty,
            Some(sources) => {
                let measures = &descriptor.chargesheet.measures;
                let figures = figures::read(main, measures, &register, &sources, &dates, rules, &mut report);
                Records::Figures { figures, sources }
            }
        },
    };
    Ok((Ingested { descriptor, register, records }, report))
}
