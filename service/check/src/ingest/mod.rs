//! Ingest: turns a data package into checked, coded records, or into a report that says why it cannot.
//!
//! This is a reader of our own and not polars', because every refused row must be named by line, column and reason.
//! For every file, read = accepted + rejected + duplicates + withheld.

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
mod groups;
mod header;
mod id_column;
mod id_list;
mod nameless;
pub mod numbering;
pub mod platform;
pub mod quarantine;
mod repeats;
pub mod report;
mod report_text;
pub mod row;
mod row_fields;
pub mod row_positions;
mod row_texts;
mod rules;
mod shown;
pub mod similar;
mod sources;
pub(crate) mod split;
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
pub use excerpt::{json_line, printable, printable_json, safe_excerpt};
pub use figures::Figure;
pub use groups::Group;
pub use id_list::IdList;
pub use platform::{OneThread, Platform};
pub use report::{FileReport, Omitted, Problem, Reason, Report, Severity, Verdict};
pub use row_texts::{from_texts, to_texts};
pub use rules::Rules;
pub use shown::{Shown, ShownFile, ShownGroup};
pub use sources::FigureSource;
pub use texts::Texts;
pub use whole_ids::write_whole;

use std::sync::Arc;

use crate::domain::{Event, Lists, Population, Register};
use crate::package::{Descriptor, Kind, Package, PackageError};

/// The accepted records of a package.
#[derive(Debug)]
pub struct Ingested {
    /// What `datapackage.json` says.
    pub descriptor: Descriptor,
    /// The code lists that it was checked against.
    pub lists: Arc<Lists>,
    /// The register of statutes.
    pub register: Register,
    /// The tables besides the register and the records.
    pub background: Background,
    /// The records.
    pub records: Records,
}

/// The optional tables of a package, which give the records their context. Each is empty where the package does not
/// have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Background {
    /// What happened to statutes, in the order of [`Event::place`].
    pub history: Vec<Event>,
    /// The population of countries, in the order of [`Population::place`].
    pub population: Vec<Population>,
}

/// Records, by the kind of dataset.
#[derive(Debug)]
pub enum Records {
    /// One row per charge.
    Charges(Box<Charges>),
    /// One row per published figure.
    Figures {
        /// The figures.
        figures: Vec<Figure>,
        /// The sources of the figures, in byte order of their ids.
        sources: Vec<FigureSource>,
    },
}

/// Reads a package.
///
/// Invalid rows are refused one by one and reported; nothing is dropped silently. Reading stops after a file that
/// other files refer to, if it cannot be read as a table: every row of the others would be wrong.
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
        lists: Arc::clone(&package.lists),
        register: Register::default(),
        background: Background::default(),
    };
    let lists = &*package.lists;
    let statutes = package.resource("statutes")?;
    let Some(register) = tables::read_statutes(statutes, lists, rules, &mut report) else {
        return Ok((ingested, report));
    };
    if let Some(file) = package.optional("history")? {
        ingested.background.history = tables::read_history(file, lists, &register, rules, &mut report);
    }
    if let Some(file) = package.optional("population")? {
        ingested.background.population = tables::read_population(file, lists, rules, &mut report);
    }
    match &mut ingested.records {
        Records::Charges(charges) if package.is_parquet("charges") => {
            **charges = platform.parquet(package, &register, rules, &mut report)?;
        }
        Records::Charges(charges) => {
            let file = package.resource("charges")?;
            **charges = charge_relations::read(file, lists, &register, rules, platform, &mut report);
        }
        Records::Figures { figures, sources } => {
            let (file, own) = (package.resource("counts")?, package.resource("sources")?);
            if let Some(read) = tables::read_sources(own, lists, rules, &mut report) {
                let measures = &ingested.descriptor.chargesheet.measures;
                *figures = figures::read(file, measures, lists, &register, &read, rules, &mut report);
                *sources = read;
            }
        }
    }
    ingested.register = register;
    Ok((ingested, report))
}
