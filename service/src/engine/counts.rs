//! What engines return: counts, and what stands behind them.

use super::cells::{Cell, Cells};
use crate::domain::{Measure, Status};

/// Counts straight from a release, one row per group, sorted by the dimensions.
///
/// Not serialisable: only [`crate::disclosure::protect`] turns them into counts that may leave.
#[derive(Default)]
pub struct Counts {
    /// Columns of keys, one per dimension of the selection: numbers of codes, years, or months since January of year 0.
    /// `None`: not known.
    pub(crate) keys: Vec<Cells<Option<i32>>>,
    /// Columns of counts, one per measure of the selection.
    pub(crate) values: Vec<Cells<Cell>>,
    /// What stands behind each row of a reported dataset; empty for a case-level one.
    pub(crate) evidence: Vec<Evidence>,
    /// How they were counted, in words that tell no number.
    pub(crate) plan: String,
}

impl Counts {
    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.values.first().map_or(0, Cells::len)
    }

    /// Returns about how many bytes of memory they take.
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

/// What stands behind a row of a reported dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The status that asks for most caution among the figures.
    pub status: Status,
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

/// What stands behind an answer, straight from the release.
///
/// Not serialisable: only [`crate::disclosure::protect_evidence`] turns it into what may leave.
pub enum Behind {
    /// Of a reported dataset: places of figures among the release's, and whether the answer uses each. The others are
    /// what other sources say of the same cells. Figures stand by statute, year, outcome and measure; within such a cell
    /// those that the answer uses come first.
    Figures(Vec<(usize, bool)>),
    /// Of a case-level dataset: charges by the dimensions of the selection and, in one more column of keys, by the number
    /// of the text that says where a record comes from.
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
