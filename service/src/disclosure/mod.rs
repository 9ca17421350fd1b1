//! The gate: raw counts become counts that may leave the process.
//!
//! Presenting takes only [`Published`], and only this module makes one:
//!
//! ```compile_fail
//! fn leak(counts: chargesheet::query::Counts) -> chargesheet::disclosure::Published {
//!     chargesheet::disclosure::Published { counts }
//! }
//! ```

use crate::package::Disclosure;
use crate::query::{Counts, Evidence, Interval, Rate};

/// Counts that may leave the process, one row per group, sorted by the dimensions of the query.
#[derive(Debug, Default)]
pub struct Published {
    counts: Counts,
}

/// Applies a disclosure policy.
///
/// Under [`Disclosure::None`] the publisher asserts that every record is already public, and counts pass
/// as they are.
pub fn protect(counts: Counts, policy: Disclosure) -> Published {
    match policy {
        Disclosure::None => Published { counts },
    }
}

impl Published {
    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.counts.rows()
    }

    /// Returns a key: `column` counts the dimensions of the query. `None` where it is not known.
    pub fn key(&self, column: usize, row: usize) -> Option<i32> {
        self.counts.keys[column][row]
    }

    /// Returns a count: `column` counts the measures of the query. `None` where nothing is reported.
    pub fn value(&self, column: usize, row: usize) -> Option<u64> {
        self.counts.values[column][row]
    }

    /// Returns the share of a row, where shares were asked for and its group has a sum.
    pub fn share(&self, row: usize) -> Option<Interval> {
        self.counts.shares.get(row).copied().flatten()
    }

    /// Returns the rate of a row per 100,000 people, where rates were asked for and its population is known.
    pub fn rate(&self, row: usize) -> Option<Rate> {
        self.counts.rates.get(row).copied().flatten()
    }

    /// Returns what stands behind a row; `None` in a case-level dataset.
    pub fn evidence(&self, row: usize) -> Option<&Evidence> {
        self.counts.evidence.get(row)
    }
}
