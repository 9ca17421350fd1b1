//! An answer as a table: which columns it has, and what stands in each cell. CSV, Parquet and XLSX are this table.

use std::borrow::Cow;

use super::{Month, rate, rounded};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::ingest::Records;
use crate::query::Query;
use crate::release::Release;
use crate::statistics::Interval;

/// What a column of an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Years, months or codes of the dimension at this place in the query.
    Key(usize, Dimension),
    /// Labels of the codes of that dimension.
    Label(usize, Dimension, Language),
    /// Counts of the measure at this place in the query.
    Count(usize),
    /// Shares of the first measure, or a bound of their 95 % interval: between 0 and 1, with six decimals.
    Share(Bound),
    /// Rates of the first measure per 100,000 people, or a bound of their 95 % interval.
    Rate(Bound),
    /// How far figures can be relied on: the observation status of SDMX.
    Status,
    /// Ids of sources, with a space between them.
    Sources,
}

/// A share or rate, or a bound of its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The share or rate itself.
    Value,
    /// Its lower bound.
    Low,
    /// Its upper bound.
    High,
}

impl Bound {
    fn of(self, interval: Interval) -> f64 {
        rounded(match self {
            Self::Value => interval.share,
            Self::Low => interval.low,
            Self::High => interval.high,
        })
    }
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, the same in every format.
    pub name: String,
    /// What it holds.
    pub holds: Holds,
}

/// A cell of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Not known or not reported, never zero.
    Absent,
    /// A calendar year.
    Year(i32),
    /// A calendar month.
    Month(Month),
    /// A code, a label, a status or ids of sources: text as it stands in the data, which may look like a formula.
    Text(Cow<'a, str>),
    /// A count.
    Count(u64),
    /// A share between 0 and 1.
    Share(f64),
    /// A rate per 100,000 people.
    Rate(f64),
}

/// Returns the columns of an answer, in order.
pub fn columns(query: &Query, release: &Release) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut column = |name: String, holds| columns.push(Column { name, holds });
    for (place, &dimension) in query.by.iter().enumerate() {
        column(dimension.name().to_owned(), Holds::Key(place, dimension));
        if let Some(language) = query.labels
            && !dimension.is_time()
        {
            column(format!("{dimension}_label"), Holds::Label(place, dimension, language));
        }
    }
    for (place, measure) in query.measures.iter().enumerate() {
        column(measure.name().to_owned(), Holds::Count(place));
    }
    if query.share.is_some() {
        for (name, bound) in [("share", Bound::Value), ("share_low", Bound::Low), ("share_high", Bound::High)]
        {
            column(name.to_owned(), Holds::Share(bound));
        }
    }
    for (name, bound) in rate::names(query).into_iter().zip([Bound::Value, Bound::Low, Bound::High]) {
        column(name, Holds::Rate(bound));
    }
    if matches!(release.records(), Records::Figures { .. }) {
        column("status".to_owned(), Holds::Status);
        column("sources".to_owned(), Holds::Sources);
    }
    columns
}

/// Returns what stands in a cell: `row` counts the rows of the answer from 0.
pub fn cell<'r>(holds: Holds, release: &'r Release, answer: &Published, row: usize) -> Cell<'r> {
    let text = |text: &'r str| Cell::Text(Cow::Borrowed(text));
    let number = |key: Option<i32>| key.and_then(|key| u32::try_from(key).ok());
    match holds {
        Holds::Key(place, dimension) => match (dimension, answer.key(place, row)) {
            (_, None) => Cell::Absent,
            (Dimension::Year, Some(year)) => Cell::Year(year),
            (Dimension::Month, Some(month)) => Cell::Month(Month(month)),
            (_, key) => number(key).map_or(Cell::Absent, |number| text(release.code(dimension, number))),
        },
        Holds::Label(place, dimension, language) => number(answer.key(place, row))
            .map_or(Cell::Absent, |number| text(release.label(dimension, number, language))),
        Holds::Count(place) => answer.value(place, row).map_or(Cell::Absent, Cell::Count),
        Holds::Share(bound) => {
            answer.share(row).map_or(Cell::Absent, |interval| Cell::Share(bound.of(interval)))
        }
        Holds::Rate(bound) => rate::value(answer, row, bound).map_or(Cell::Absent, Cell::Rate),
        Holds::Status => answer.evidence(row).map_or(Cell::Absent, |evidence| text(evidence.status.code())),
        Holds::Sources => answer.evidence(row).map_or(Cell::Absent, |evidence| {
            let id = |&source: &u16| release.code(Dimension::Source, source.into());
            match evidence.sources.as_slice() {
                [one] => text(id(one)),
                all => Cell::Text(Cow::Owned(all.iter().map(id).collect::<Vec<_>>().join(" "))),
            }
        }),
    }
}
