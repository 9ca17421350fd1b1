//! A question, and the raw counts that answer it.

mod additivity;
mod aggregate;
mod canonical;
mod cells;
mod charges;
mod deadline;
mod error;
mod evidence;
mod facets;
mod figures;
mod frame;
mod index;
mod params;
mod rate;
#[cfg(test)]
mod recount;
mod share;
mod short;
mod statutes;
mod sums;

use std::collections::BTreeMap;

use crate::domain::{Dimension, Language, Measure, Period};

pub use additivity::check;
pub use aggregate::aggregate;
pub use canonical::{escape, escape_part};
pub use cells::Cells;
pub use deadline::{Deadline, Over, in_time, keep_deadline};
pub use error::{AnswerError, QueryError};
pub use evidence::{Behind, evidence};
pub use facets::{facets, origins};
pub use figures::statutes_behind;
pub use index::Index;
pub(crate) use params::value;
pub use params::{Params, decoded, meant};
pub use rate::{Rate, per_100000, population_of};
pub use share::{Interval, wilson};
pub use short::{Short, ShortError, short};

/// A question to one release, every part of which is known to be valid there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The dimensions grouped by, in output order. Empty: one total row.
    pub by: Vec<Dimension>,
    /// For a dimension: the numbers of the codes kept, ascending. A statute keeps its parts.
    pub keep: BTreeMap<Dimension, Vec<u32>>,
    /// Whether each statute stands for the one that replaced it in the end.
    pub lineage: bool,
    /// Records that begin before its first day are left out.
    pub from: Option<Period>,
    /// Records that end after its last day are left out.
    pub to: Option<Period>,
    /// What is counted, in output order.
    pub measures: Vec<Measure>,
    /// The dimension within which shares of the first measure are given.
    pub share: Option<Dimension>,
    /// Whether rates of the first measure per 100,000 people are given.
    pub rate: bool,
    /// The language of added label columns.
    pub labels: Option<Language>,
}

impl Query {
    /// Asks for everything there is, in these groups.
    pub fn everything(by: Vec<Dimension>, measures: Vec<Measure>) -> Self {
        Self {
            by,
            keep: BTreeMap::new(),
            lineage: false,
            from: None,
            to: None,
            measures,
            share: None,
            rate: false,
            labels: None,
        }
    }

    /// Returns the place in `by` of the dimension that a chart has as its axis: the month or the year,
    /// else the first.
    pub fn axis(&self) -> usize {
        let place = |wanted| self.by.iter().position(|&dimension| dimension == wanted);
        place(Dimension::Month).or_else(|| place(Dimension::Year)).unwrap_or_default()
    }
}

/// Counts straight from the release, one row per group, sorted by the dimensions.
///
/// Not serialisable: only [`crate::disclosure::protect`] turns them into counts that may leave.
#[derive(Default)]
pub struct Counts {
    /// Columns of keys, one per dimension of the query: numbers of codes, years, or months since
    /// January of year 0. `None`: not known.
    pub(crate) keys: Vec<Cells<i32>>,
    /// Columns of counts, one per measure of the query. `None`: nothing reported.
    pub(crate) values: Vec<Cells<u64>>,
    /// Shares of the first measure; empty when none were asked for.
    pub(crate) shares: Vec<Option<Interval>>,
    /// Rates of the first measure; empty when none were asked for.
    pub(crate) rates: Vec<Option<Rate>>,
    /// What stands behind each row of a reported dataset; empty for a case-level one.
    pub(crate) evidence: Vec<Evidence>,
    /// In which way they were counted, in words.
    pub(crate) plan: String,
}

impl Counts {
    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.values.first().map_or(0, Cells::len)
    }

    /// Returns how many bytes of memory they take, about.
    pub fn weight(&self) -> u64 {
        let keys = self.keys.len() * self.rows() * size_of::<i32>();
        let values = self.values.len() * self.rows() * size_of::<u64>();
        let others =
            size_of_val(&self.shares[..]) + size_of_val(&self.rates[..]) + size_of_val(&self.evidence[..]);
        (keys + values + others) as u64
    }
}

impl std::fmt::Debug for Counts {
    /// Prints the shape, never the numbers.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "Counts({} dimensions, {} measures, {} rows)",
            self.keys.len(),
            self.values.len(),
            self.rows()
        )
    }
}

/// What stands behind a row of a reported dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The status that asks for most caution among the figures.
    pub status: crate::domain::Status,
    /// Sources of the figures shown, then other sources that report the same cells; each part ascending.
    pub sources: Vec<u16>,
    /// Figures of other sources that differ from the ones shown.
    pub rivals: Vec<Rival>,
}

/// A figure of another source than the one shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rival {
    /// The measure they disagree on.
    pub measure: Measure,
    /// Place of the other source among the release's sources.
    pub source: u16,
    /// Its figure.
    pub value: u64,
}
