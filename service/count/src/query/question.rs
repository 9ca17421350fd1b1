//! A query to one release.

use std::collections::BTreeMap;

use crate::domain::{Dimension, Language, Measure, Period};

/// A query to one release, in which every part is valid for the release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The dimensions grouped by, in output order. Without any, the answer is a single total row.
    pub by: Vec<Dimension>,
    /// For each filtered dimension, the numbers of the selected codes, ascending. Selecting a statute includes its parts.
    pub keep: BTreeMap<Dimension, Vec<u32>>,
    /// Whether each statute is counted under its final successor.
    pub lineage: bool,
    /// Records that begin before the first day of this period are left out.
    pub from: Option<Period>,
    /// Records that end after the last day of this period are left out.
    pub to: Option<Period>,
    /// What is counted, in output order.
    pub measures: Vec<Measure>,
    /// The dimension within which shares of the first measure are computed.
    pub share: Option<Dimension>,
    /// Whether rates of the first measure per 100,000 people are computed.
    pub rate: bool,
    /// The language of the label columns; without one, there are no label columns.
    pub labels: Option<Language>,
}

impl Query {
    /// Returns a query for all records, with these groups and measures.
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

    /// Returns the country, if the query selects exactly one.
    pub fn only_country(&self) -> Option<u32> {
        self.keep
            .get(&Dimension::Country)
            .and_then(|kept| <[u32; 1]>::try_from(&kept[..]).ok())
            .map(|[one]| one)
    }

    /// Returns the year, if the query selects exactly one.
    pub fn only_year(&self) -> Option<i32> {
        let (from, to) = self.from.zip(self.to)?;
        (from.year() == to.year()).then(|| from.year())
    }

    /// Returns the index in `by` of the dimension that a chart shows on its axis: the month or the year, otherwise the first.
    pub fn axis(&self) -> usize {
        let place = |wanted| self.by.iter().position(|&dimension| dimension == wanted);
        place(Dimension::Month).or_else(|| place(Dimension::Year)).unwrap_or_default()
    }
}
