//! A question to one release.

use std::collections::BTreeMap;

use crate::domain::{Dimension, Language, Measure, Period};

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

    /// Returns the one country whose records are kept.
    pub fn only_country(&self) -> Option<u32> {
        self.keep
            .get(&Dimension::Country)
            .and_then(|kept| <[u32; 1]>::try_from(&kept[..]).ok())
            .map(|[one]| one)
    }

    /// Returns the one year that everything kept is of.
    pub fn only_year(&self) -> Option<i32> {
        let (from, to) = self.from.zip(self.to)?;
        (from.year() == to.year()).then(|| from.year())
    }

    /// Returns the place in `by` of the dimension that a chart has as its axis: the month or the year,
    /// else the first.
    pub fn axis(&self) -> usize {
        let place = |wanted| self.by.iter().position(|&dimension| dimension == wanted);
        place(Dimension::Month).or_else(|| place(Dimension::Year)).unwrap_or_default()
    }
}
