//! Charges as questions are answered from them: columns of small codes in the order of the release, where each statute
//! begins, and counts that were made in advance.
//!
//! A release's charges stand by statute, then by date ([`order`](super::order)). So a statute's charges are one piece, and
//! those of a month or a year within it are one piece as well: what is only asked about statutes, countries and time is
//! answered by looking up where pieces end. What is asked about outcomes, roles or regions is added up from the smallest
//! of several tables of counts ([`cube`]) that has what is asked, which hardly grow with the number of charges.

mod build;
mod codes;
mod cube;
mod file;
mod numbers;
mod periods;
mod read;
#[cfg(test)]
mod tests;

use crate::domain::Dimension;
use crate::domain::tables::CODED;

pub use codes::Codes;
pub use file::{Filed, NAME as FILE};
pub use numbers::{Numbers, memory};
pub use periods::Periods;

/// The dimensions that charges have a column of: those that differ from charge to charge within a statute and a date. Files
/// have them in this order, so a further one comes last.
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

/// Returns the number that a code of a column stands for; `None` where it stands for what is not known.
pub fn number(column: Dimension, code: u32) -> Option<i32> {
    // Outcomes and roles are always known. Of texts 0 is what is not known, and numbers stand one higher.
    let first = u32::from(!matches!(column, Dimension::Outcome | Dimension::Role));
    code.checked_sub(first).and_then(|number| i32::try_from(number).ok())
}

/// How exactly a table tells dates apart. A date that is known less exactly stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Level {
    /// Not at all.
    All,
    /// By year.
    Year,
    /// By month.
    Month,
    /// As records give them.
    Day,
}

impl Level {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all time",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }
}

/// A place for each of [`COLUMNS`].
pub type Slots = [Option<Codes>; COLUMNS.len()];

/// Returns the place of a column.
///
/// # Panics
/// When the dimension has no column of its own, which is a bug.
pub fn slot(column: Dimension) -> usize {
    COLUMNS.iter().position(|&own| own == column).expect("only dimensions with a column are asked for one")
}

/// Charges, or counts of them: rows by statute, then by period.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// For each statute where its rows begin, and at the end how many rows there are.
    pub starts: Vec<u32>,
    /// The different periods.
    pub periods: Periods,
    /// Place of each row's period among them; within a statute it never falls.
    pub period: Codes,
    /// Which columns it has.
    pub columns: Slots,
    /// How many charges a row stands for; empty where each is one.
    pub counts: Numbers<u32>,
}

impl Table {
    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.starts.last().map_or(0, |&rows| rows as usize)
    }

    /// Returns the rows of a statute.
    pub fn of_statute(&self, statute: usize) -> std::ops::Range<usize> {
        self.starts[statute] as usize..self.starts[statute + 1] as usize
    }

    /// Returns a column, if it has it.
    pub fn column(&self, column: Dimension) -> Option<&Codes> {
        self.columns[slot(column)].as_ref()
    }
}

/// A table of counts made in advance, and what it tells apart besides statutes.
#[derive(Debug, PartialEq, Eq)]
pub struct Cuboid {
    /// How exactly it tells dates apart.
    pub level: Level,
    /// Its rows.
    pub table: Table,
}

/// The charges of a release, ready to be asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// A row for each charge.
    pub records: Table,
    /// Number of each charge's case, in the order in which cases first appear.
    pub case: Numbers<u32>,
    /// Number of each charge's defendant, likewise.
    pub defendant: Numbers<u32>,
    /// How many cases there are.
    pub cases: u32,
    /// How many defendants there are.
    pub defendants: u32,
    /// Counts made in advance.
    pub cuboids: Vec<Cuboid>,
}
