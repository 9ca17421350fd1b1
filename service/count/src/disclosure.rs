//! The disclosure gate: raw counts become counts that may leave the process.
//!
//! The output formats take only [`Published`], and only this module can make a `Published`:
//!
//! ```compile_fail
//! fn leak(counts: chargesheet_count::engine::Counts) -> chargesheet_count::disclosure::Published {
//!     chargesheet_count::disclosure::Published { counts }
//! }
//! ```

use crate::engine::{Behind, Cell, Counts, Evidence, Gap, plus};
use crate::ingest::{Charges, Figure};
use crate::package::Disclosure;
use crate::query::in_time;
use crate::release::Release;
use crate::statistics::{Interval, Rate};

/// Counts that may leave the process, one row per group, sorted by the dimensions of the query.
#[derive(Debug, Default)]
pub struct Published {
    counts: Counts,
    shares: Vec<Cell<Interval>>,
    rates: Vec<Cell<Rate>>,
}

/// Applies a disclosure policy to counts.
///
/// Under [`Disclosure::None`], the publisher asserts that every record is already public, and counts pass unchanged.
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

/// Applies a disclosure policy to charges, and forgets the publisher's ids.
///
/// Under [`Disclosure::None`], the publisher asserts that every record is already public.
pub fn protect_charges(charges: Charges, policy: Disclosure) -> PublishedRecords<'static> {
    match policy {
        Disclosure::None => {
            PublishedRecords { held: Held::Charges(Box::new(Charges { ids: None, ..charges })) }
        }
    }
}

/// Applies a disclosure policy to reported figures. Their sources have already published them.
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

    /// Returns the figures; empty in a case-level dataset.
    pub fn figures(&self) -> &[Figure] {
        match self.held {
            Held::Charges(_) => &[],
            Held::Figures(figures) => figures,
        }
    }
}

impl Published {
    /// Adds shares and rates, which must be made from these counts alone. Each list is empty where none were asked for.
    pub fn with(self, shares: Vec<Cell<Interval>>, rates: Vec<Cell<Rate>>) -> Self {
        Self { shares, rates, ..self }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.counts.rows()
    }

    /// Returns the numbers of the rows, one by one, and stops at the deadline of the answer.
    pub fn each_row(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        in_time(0..self.rows())
    }

    /// Returns a description of the way in which the rows were counted.
    pub fn plan(&self) -> &str {
        &self.counts.plan
    }

    /// Returns the key of a row: `column` counts the dimensions of the query. `None` where the key is not known.
    pub fn key(&self, column: usize, row: usize) -> Option<i32> {
        self.counts.keys[column].at(row)
    }

    /// Returns about how many bytes of memory the counts take.
    pub fn weight(&self) -> u64 {
        self.counts.weight() + (size_of_val(&self.shares[..]) + size_of_val(&self.rates[..])) as u64
    }

    /// Returns the content of a cell: `column` counts the measures of the query.
    pub fn cell(&self, column: usize, row: usize) -> Cell {
        self.counts.values[column].at(row)
    }

    /// Returns the number of measures.
    pub fn measures(&self) -> usize {
        self.counts.values.len()
    }

    /// Returns the sum of a column.
    pub fn sum(&self, column: usize) -> Cell {
        self.each_row().map(|row| self.cell(column, row)).fold(Err(Gap::NotReported), plus)
    }

    /// Returns the share of a row, if shares were asked for.
    pub fn share(&self, row: usize) -> Cell<Interval> {
        self.shares.get(row).copied().unwrap_or(Err(Gap::Unknown))
    }

    /// Returns the rate of a row per 100,000 people, if rates were asked for.
    pub fn rate(&self, row: usize) -> Cell<Rate> {
        self.rates.get(row).copied().unwrap_or(Err(Gap::Unknown))
    }

    /// Returns the evidence for a row; `None` in a case-level dataset.
    pub fn evidence(&self, row: usize) -> Option<&Evidence> {
        self.counts.evidence.get(row)
    }
}

/// The evidence for an answer that may leave the process.
#[derive(Debug, Default)]
pub struct PublishedEvidence {
    figures: Vec<(usize, bool)>,
    charges: Published,
}

/// Applies a disclosure policy to the evidence for an answer. Reported figures have already been published.
pub fn protect_evidence(behind: Behind, policy: Disclosure) -> PublishedEvidence {
    match behind {
        Behind::Figures(figures) => PublishedEvidence { figures, ..PublishedEvidence::default() },
        Behind::Charges(counts) => {
            PublishedEvidence { charges: protect(counts, policy), ..PublishedEvidence::default() }
        }
    }
}

impl PublishedEvidence {
    /// Returns the figures of a reported dataset in display order: the position of each among the release's figures, and whether
    /// the answer uses it. Empty in a case-level dataset.
    pub fn figures(&self) -> &[(usize, bool)] {
        &self.figures
    }

    /// Returns, for a case-level dataset, each group with each text that says where records come from: the group's keys in the order
    /// of the query's dimensions, the text (empty where there is none), and the number of charges.
    pub fn charges<'a>(
        &'a self,
        release: &'a Release,
    ) -> impl Iterator<Item = (Vec<Option<i32>>, &'a str, Cell)> {
        let origins = &self.charges.counts.origins;
        let columns = self.charges.counts.keys.len();
        self.charges.each_row().filter_map(move |row| {
            let mut keys: Vec<_> = (0..columns).map(|column| self.charges.key(column, row)).collect();
            let origin = keys.pop()?.and_then(|origin| u32::try_from(origin).ok());
            let text = |number: u32| match origins.get(number as usize) {
                Some(text) => text.as_str(),
                None => release.origin(number),
            };
            Some((keys, origin.map_or("", text), self.charges.cell(0, row)))
        })
    }
}
