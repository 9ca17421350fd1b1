//! From a data package to checked, coded records, or a report that says why not.
//!
//! Reads with the `csv` crate, not with polars, because every refused row must be named by line, column
//! and reason. For every file: read = accepted + rejected + duplicates + withheld.

mod charges;
mod dictionary;
mod field;
mod figures;
mod lines;
mod reader;
mod report;
mod sources;
mod statutes;
#[cfg(test)]
mod tests;

pub use charges::{Charge, Charges};
pub use dictionary::Dictionary;
pub use figures::Figure;
pub use report::{FileReport, Problem, Reason, Report, Severity};
pub use sources::FigureSource;

use jiff::civil::Date;

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

/// Reads a package. `today` is the last day a record may be of.
///
/// What is not valid is refused row by row and told in the report; nothing is dropped silently.
///
/// # Errors
/// When a file that the package must have is not declared or cannot be opened.
pub fn ingest(package: &Package, today: Date) -> Result<(Ingested, Report), PackageError> {
    let mut report = Report::default();
    let mut dates = Dates::new(today);
    let (input, path) = package.resource("statutes")?;
    let register = statutes::read(path, input, &mut dates, &mut report);
    let descriptor = package.descriptor.clone();
    let records = match descriptor.chargesheet.kind {
        Kind::CaseLevel => {
            let (input, path) = package.resource("charges")?;
            Records::Charges(Box::new(charges::read(path, input, &register, &mut dates, &mut report)))
        }
        Kind::Reported => {
            let (input, path) = package.resource("sources")?;
            let sources = sources::read(path, input, &mut dates, &mut report);
            let (input, path) = package.resource("counts")?;
            let measures = &descriptor.chargesheet.measures;
            let figures = figures::read(path, input, measures, &register, &sources, &mut dates, &mut report);
            Records::Figures { figures, sources }
        }
    };
    Ok((Ingested { descriptor, register, records }, report))
}
