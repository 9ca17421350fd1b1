//! Charges as columns of small codes: the layout that queries read. It records where each statute begins, and comes with
//! tables of counts made in advance.
//!
//! A release sorts its charges by statute, then by date (`order`). The charges of one statute are therefore
//! contiguous, and so are those of one month or year within it. Queries about statutes, countries and time alone are answered
//! from these boundaries.
//! Queries about outcomes, roles or regions add up the smallest precomputed table of counts (`cube`) that has the dimensions
//! they need. These tables hardly grow with the number of charges.

mod build;
mod codes;
mod cube;
mod numbers;
mod periods;

use crate::domain::Dimension;
use crate::domain::tables::CODED;

pub use codes::{Codes, largest};
pub use cube::{Tables, made};
pub use numbers::Numbers;
#[cfg(not(target_arch = "wasm32"))]
pub use numbers::memory;
pub use periods::Periods;

/// The dimensions that have a column: those that can differ between charges of the same statute and date. The order is the
/// order in files, so a new dimension must be appended.
pub const COLUMNS: [Dimension; 3 + CODED.len()] = {
    let mut all = [Dimension::Source; 3 + CODED.len()];
    (all[0], all[1], all[2]) = (Dimension::Outcome, Dimension::Role, CODED[0]);
    let mut further = 1;
    while further < CODED.len() {
        all[3 + further] = CODED[further];
        further += 1;
    }
    all
};

/// Returns the number that a column's code stands for; `None` where the code means "unknown".
pub fn number(column: Dimension, code: u32) -> Option<i32> {
    // Outcomes and roles are always known. For coded texts, code 0 means "unknown" and every number is stored one higher.
    let first = u32::from(!matches!(column, Dimension::Outcome | Dimension::Role));
    code.checked_sub(first).and_then(|number| i32::try_from(number).ok())
}

chargesheet_check::words! {
    /// How precisely a table distinguishes dates. A less precise date of a record stays as it is.
    #[derive(PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
    Level {
        /// Dates are not distinguished.
        All = "all time",
        /// By year.
        Year = "year",
        /// By month.
        Month = "month",
        /// As in the records.
        Day = "day",
    }
}

/// One optional column for each of [`COLUMNS`].
pub type Slots = [Option<Codes>; COLUMNS.len()];

/// Returns the index of a dimension's column.
///
/// # Panics
/// When the dimension has no column, which is a bug.
pub fn slot(column: Dimension) -> usize {
    COLUMNS.iter().position(|&own| own == column).expect("only dimensions with a column are asked for one")
}

/// A table of charges, or of counts of charges. Rows are sorted by statute, then by period.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The row at which each statute begins, then the number of rows.
    pub starts: Vec<u32>,
    /// The distinct periods.
    pub periods: Periods,
    /// For each row, the index of its period in `periods`. Within a statute the index never decreases.
    pub period: Codes,
    /// The columns that the table has.
    pub columns: Slots,
    /// How many charges each row stands for. Empty when every row is one charge.
    pub counts: Numbers<u32>,
}

impl Table {
    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.starts.last().map_or(0, |&rows| rows as usize)
    }

    /// Returns the row range of a statute.
    pub fn of_statute(&self, statute: usize) -> std::ops::Range<usize> {
        self.starts[statute] as usize..self.starts[statute + 1] as usize
    }

    /// Returns a column, if the table has it.
    pub fn column(&self, column: Dimension) -> Option<&Codes> {
        self.columns[slot(column)].as_ref()
    }
}

/// A precomputed table of counts, and the precision of its dates.
#[derive(Debug, PartialEq, Eq)]
pub struct Cuboid {
    /// How precisely the table distinguishes dates.
    pub level: Level,
    /// Its rows.
    pub table: Table,
}

/// The charges of a release as columns, with everything that queries read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The charges, one per row.
    pub records: Table,
    /// For each charge, the number of its case. Cases are numbered in the order in which they first appear.
    pub case: Numbers<u32>,
    /// For each charge, the number of its defendant. Defendants are numbered in the order in which they first appear.
    pub defendant: Numbers<u32>,
    /// Number of cases.
    pub cases: u32,
    /// Number of defendants.
    pub defendants: u32,
    /// Precomputed tables of counts.
    pub cuboids: Vec<Cuboid>,
}
