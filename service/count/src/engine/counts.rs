//! The results of engines: counts, and the evidence behind them.

use super::cells::{Cell, Cells};
use crate::domain::{Measure, Status};

/// Counts straight from a release, before the disclosure policy: one row per group, sorted by the dimensions.
///
/// Not serialisable: only [`crate::disclosure::protect`] turns them into counts that may leave the service.
#[derive(Default)]
pub struct Counts {
    /// Columns of keys, one per dimension of the selection: numbers of codes, years, or months since January of year 0. `None`
    /// means "unknown".
    pub(crate) keys: Vec<Cells<Option<i32>>>,
    /// Columns of counts, one per measure of the selection.
    pub(crate) values: Vec<Cells<Cell>>,
    /// The evidence for each row of a reported dataset; empty for a case-level one.
    pub(crate) evidence: Vec<Evidence>,
    /// How the rows were counted, in words that reveal no number.
    pub(crate) plan: String,
}

impl Counts {
    /// Makes the result of an engine: columns of keys and of counts, the evidence for each row, and how the rows were counted.
    pub fn of(
        keys: Vec<Cells<Option<i32>>>,
        values: Vec<Cells<Cell>>,
        evidence: Vec<Evidence>,
        plan: String,
    ) -> Self {
        Self { keys, values, evidence, plan }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.values.first().map_or(0, Cells::len)
    }

    /// Returns the approximate size in memory, in bytes.
    pub fn weight(&self) -> u64 {
        let keys = self.keys.len() * self.rows() * size_of::<i32>();
        let values = self.values.len() * self.rows() * size_of::<u64>();
        (keys + values + size_of_val(&self.evidence[..])) as u64
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

/// The evidence for a row of a reported dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Of the statuses of its figures, the one that asks for most caution.
    pub status: Status,
    /// The sources of the figures shown, then other sources that report the same cells. Each part is ascending.
    pub sources: Vec<u16>,
    /// Figures of other sources that differ from the figures shown.
    pub rivals: Vec<Rival>,
}

/// A figure from another source than the one shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rival {
    /// The measure on which the two sources disagree.
    pub measure: Measure,
    /// Index of the other source among the release's sources.
    pub source: u16,
    /// The other source's figure.
    pub value: u64,
}

/// The evidence for an answer, straight from the release, before the disclosure policy.
///
/// Not serialisable: only [`crate::disclosure::protect_evidence`] turns it into what may leave the service.
pub enum Behind {
    /// In a reported dataset: indexes of figures in the release, each with whether the answer uses the figure. The unused
    /// figures are those of other sources for the same cells. Figures are sorted by statute, year, outcome and measure; within
    /// such a cell the used ones come first.
    Figures(Vec<(usize, bool)>),
    /// In a case-level dataset: charges by the dimensions of the selection and, in one more column of keys, by the number of
    /// the record's source text.
    Charges(Counts),
}

impl std::fmt::Debug for Behind {
    /// Prints the kind, never the numbers.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Figures(_) => "Behind::Figures",
            Self::Charges(_) => "Behind::Charges",
        })
    }
}
