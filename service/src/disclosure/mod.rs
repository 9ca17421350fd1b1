//! The gate: raw counts become counts that may leave the process.
//!
//! Presenting takes only [`Published`], and only this module makes one:
//!
//! ```compile_fail
//! fn leak(counts: chargesheet::engine::Counts) -> chargesheet::disclosure::Published {
//!     chargesheet::disclosure::Published { counts }
//! }
//! ```

use crate::engine::{Behind, Cell, Counts, Evidence, Gap, plus};
use crate::ingest::{Charges, Figure};
use crate::package::Disclosure;
use crate::query::in_time;
use crate::statistics::{Interval, Rate};

/// Counts that may leave the process, one row per group, sorted by the dimensions of the query.
#[derive(Debug, Default)]
pub struct Published {
    counts: Counts,
    shares: Vec<Cell<Interval>>,
    rates: Vec<Cell<Rate>>,
}

/// Applies a disclosure policy.
///
/// Under [`Disclosure::None`] the publisher asserts that every record is already public, and counts pass
/// as they are.
pub fn protect(counts: Counts, policy: Disclosure) -> Published {
    match policy {
        Disclosure::None => Published { counts, ..Published::default() },
    }
}

/// Records that may leave the process one by one.
#[derive(Debug)]
pub struct PublishedRecords<'r> {
    held: Held<'r>,
}

#[derive(Debug)]
enum Held<'r> {
    Charges(Box<Charges>),
    Figures(&'r [Figure]),
}

/// Applies a disclosure policy to charges, of which the publisher's ids are forgotten.
///
/// Under [`Disclosure::None`] the publisher asserts that every record is already public.
pub fn protect_charges(charges: Charges, policy: Disclosure) -> PublishedRecords<'static> {
    match policy {
        Disclosure::None => {
            PublishedRecords { held: Held::Charges(Box::new(Charges { ids: None, ..charges })) }
        }
    }
}

/// Applies a disclosure policy to reported figures, which others have published before.
pub fn protect_figures(figures: &[Figure], policy: Disclosure) -> PublishedRecords<'_> {
    match policy {
        Disclosure::None => PublishedRecords { held: Held::Figures(figures) },
    }
}

impl PublishedRecords<'_> {
    /// Returns the charges; `None` in a reported dataset.
    pub fn charges(&self) -> Option<&Charges> {
        match &self.held {
            Held::Charges(charges) => Some(charges),
            Held::Figures(_) => None,
        }
    }

    /// Returns the figures; none in a case-level dataset.
    pub fn figures(&self) -> &[Figure] {
        match self.held {
            Held::Charges(_) => &[],
            Held::Figures(figures) => figures,
        }
    }
}

impl Published {
    /// Adds shares and rates, which were made of these counts and of nothing else; empty where none were asked for.
    pub fn with(self, shares: Vec<Cell<Interval>>, rates: Vec<Cell<Rate>>) -> Self {
        Self { shares, rates, ..self }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.counts.rows()
    }

    /// Goes through the rows by number, for as long as the deadline of the answer allows.
    pub fn each_row(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        in_time(0..self.rows())
    }

    /// Returns in which way they were counted, in words.
    pub fn plan(&self) -> &str {
        &self.counts.plan
    }

    /// Returns a key: `column` counts the dimensions of the query. `None` where it is not known.
    pub fn key(&self, column: usize, row: usize) -> Option<i32> {
        self.counts.keys[column].at(row)
    }

    /// Returns how many bytes of memory it takes, about.
    pub fn weight(&self) -> u64 {
        self.counts.weight() + (size_of_val(&self.shares[..]) + size_of_val(&self.rates[..])) as u64
    }

    /// Returns what stands in a cell: `column` counts the measures of the query.
    pub fn cell(&self, column: usize, row: usize) -> Cell {
        self.counts.values[column].at(row)
    }

    /// Returns the sum of a column.
    pub fn sum(&self, column: usize) -> Cell {
        self.each_row().map(|row| self.cell(column, row)).fold(Err(Gap::NotReported), plus)
    }

    /// Returns the share of a row, where shares were asked for.
    pub fn share(&self, row: usize) -> Cell<Interval> {
        self.shares.get(row).copied().unwrap_or(Err(Gap::Unknown))
    }

    /// Returns the rate of a row per 100,000 people, where rates were asked for.
    pub fn rate(&self, row: usize) -> Cell<Rate> {
        self.rates.get(row).copied().unwrap_or(Err(Gap::Unknown))
    }

    /// Returns what stands behind a row; `None` in a case-level dataset.
    pub fn evidence(&self, row: usize) -> Option<&Evidence> {
        self.counts.evidence.get(row)
    }
}

/// What stands behind an answer and may leave the process.
#[derive(Debug, Default)]
pub struct PublishedEvidence {
    figures: Vec<(usize, bool)>,
    charges: Published,
}

/// Applies a disclosure policy to what stands behind an answer. Reported figures have been published before.
pub fn protect_evidence(behind: Behind, policy: Disclosure) -> PublishedEvidence {
    match behind {
        Behind::Figures(figures) => PublishedEvidence { figures, ..PublishedEvidence::default() },
        Behind::Charges(counts) => {
            PublishedEvidence { charges: protect(counts, policy), ..PublishedEvidence::default() }
        }
    }
}

impl PublishedEvidence {
    /// Returns the figures of a reported dataset in the order to be shown in: each one's place among the release's, and
    /// whether the answer uses it. Nothing in a case-level dataset.
    pub fn figures(&self) -> &[(usize, bool)] {
        &self.figures
    }

    /// Returns, for a case-level dataset, each group with a text that says where records come from: the group's keys in
    /// the order of the query's dimensions, the number of the text, and how many charges.
    pub fn charges(&self) -> impl Iterator<Item = (Vec<Option<i32>>, Option<u32>, Cell)> {
        let columns = self.charges.counts.keys.len();
        self.charges.each_row().filter_map(move |row| {
            let mut keys: Vec<_> = (0..columns).map(|column| self.charges.key(column, row)).collect();
            let origin = keys.pop()?.and_then(|origin| u32::try_from(origin).ok());
            Some((keys, origin, self.charges.cell(0, row)))
        })
    }
}
