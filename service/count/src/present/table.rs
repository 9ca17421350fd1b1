//! An answer as a table: its columns and the content of each cell. CSV, Parquet and XLSX are made from this table.

use std::borrow::Cow;

use chargesheet_widget::wire::ColumnRole;
use serde::{Serialize, Serializer};

use super::keys::{Month, number};
use super::rate;
pub use super::rate::Bound;
use super::texts::{Texts, fill};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language, Span};
use crate::engine::Gap;
use crate::ingest::Records;
use crate::query::Query;
use crate::release::Release;

/// The content of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Years, months or codes of the dimension at this position in the query.
    Key(usize, Dimension),
    /// Labels of the codes of that dimension.
    Label(usize, Dimension, Language),
    /// What the period at this position in the query says: its first day, its last, or what is counted.
    Span(usize, SpanPart),
    /// Counts of the measure at this position in the query.
    Count(usize),
    /// Shares of the first measure, or a bound of their 95 % interval: between 0 and 1, with six decimals.
    Share(Bound),
    /// Rates of the first measure per 100,000 people, or a bound of their 95 % interval.
    Rate(Bound),
    /// The observation status of SDMX: how far figures can be relied on.
    Status,
    /// Ids of sources, separated by a space.
    Sources,
}

/// A part of what a period says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanPart {
    /// Its first day, month or year.
    From,
    /// Its last day, month or year.
    To,
    /// What is counted in it.
    Kind,
}

/// The names of the columns that say what a period says, as in `counts.csv`.
pub const SPAN_PARTS: [(&str, SpanPart); 3] =
    [("from", SpanPart::From), ("to", SpanPart::To), ("span", SpanPart::Kind)];

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name of the column, the same in every format.
    pub name: String,
    /// The content of the column.
    pub holds: Holds,
}

impl Column {
    /// Returns the role of the column in an answer. Rates are labels: they stand beside the figures, and a chart does not draw them.
    pub fn role(&self) -> ColumnRole {
        match self.holds {
            Holds::Key(..) => ColumnRole::Dimension,
            Holds::Label(..) | Holds::Span(..) | Holds::Rate(_) => ColumnRole::Label,
            Holds::Count(_) => ColumnRole::Measure,
            Holds::Share(_) => ColumnRole::Share,
            Holds::Status => ColumnRole::Status,
            Holds::Sources => ColumnRole::Sources,
        }
    }

    /// Returns the title of the column for people.
    pub fn title(&self, query: &Query, texts: &Texts) -> String {
        match self.holds {
            Holds::Key(_, dimension) => texts.dimension(dimension).to_owned(),
            Holds::Label(_, dimension, _) => {
                fill(&texts.label_of, &[("dimension", texts.dimension(dimension))])
            }
            Holds::Span(..) => self.name.clone(),
            Holds::Count(place) => texts.measure(query.measures[place]).to_owned(),
            Holds::Share(Bound::Value) => {
                fill(&texts.share, &[("measure", &texts.measure(query.measures[0]).to_lowercase())])
            }
            Holds::Share(Bound::Low) => texts.share_low.clone(),
            Holds::Share(Bound::High) => texts.share_high.clone(),
            Holds::Rate(bound) => rate::title(query, bound, texts),
            Holds::Status => texts.status.clone(),
            Holds::Sources => texts.sources.clone(),
        }
    }
}

/// A cell of an answer. In JSON, only its value is written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell<'a> {
    /// No value, and the reason; never zero.
    Absent(#[serde(skip)] Gap),
    /// A calendar year.
    Year(i32),
    /// A calendar month.
    #[serde(serialize_with = "spelled")]
    Month(Month),
    /// A code, a label or a status: text exactly as in the data, which may look like a formula.
    Text(&'a str),
    /// Ids of sources.
    List(Vec<&'a str>),
    /// A count.
    Count(u64),
    /// A share between 0 and 1.
    Share(f64),
    /// A rate per 100,000 people.
    Rate(f64),
}

fn spelled<S: Serializer>(month: &Month, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(month)
}

impl Cell<'_> {
    /// Returns the text of the cell, with ids of sources separated by a space; `None` for a number or an empty cell.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Month(month) => Some(month.to_string().into()),
            Self::Text(text) => Some((*text).into()),
            Self::List(ids) => Some(ids.join(" ").into()),
            Self::Absent(_) | Self::Year(_) | Self::Count(_) | Self::Share(_) | Self::Rate(_) => None,
        }
    }
}

/// Returns the columns of an answer, in order.
pub fn columns(query: &Query, release: &Release) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut column = |name: String, holds| columns.push(Column { name, holds });
    for (place, &dimension) in query.by.iter().enumerate() {
        column(dimension.name().to_owned(), Holds::Key(place, dimension));
        if dimension == Dimension::Period {
            SPAN_PARTS.into_iter().for_each(|(name, part)| column(name.to_owned(), Holds::Span(place, part)));
        } else if let Some(language) = query.labels
            && !dimension.is_time()
        {
            column(format!("{dimension}_label"), Holds::Label(place, dimension, language));
        }
    }
    for (place, measure) in query.measures.iter().enumerate() {
        column(measure.name().to_owned(), Holds::Count(place));
    }
    if query.share.is_some() {
        for (name, bound) in ["share", "share_low", "share_high"].into_iter().zip(Bound::ALL) {
            column(name.to_owned(), Holds::Share(bound));
        }
    }
    for (name, bound) in rate::names(query).into_iter().zip(Bound::ALL) {
        column(name, Holds::Rate(bound));
    }
    if matches!(release.records(), Records::Figures { .. }) {
        column("status".to_owned(), Holds::Status);
        column("sources".to_owned(), Holds::Sources);
    }
    columns
}

/// Returns the content of a cell; `row` counts the rows of the answer from 0.
pub fn cell<'r>(holds: Holds, release: &'r Release, answer: &Published, row: usize) -> Cell<'r> {
    let key = |place: usize| answer.key(place, row).ok_or(Gap::Unknown);
    let code = |place: usize| number(answer.key(place, row)).ok_or(Gap::Unknown);
    let evidence = || answer.evidence(row).ok_or(Gap::Unknown);
    let known = match holds {
        Holds::Key(place, Dimension::Year) => key(place).map(Cell::Year),
        Holds::Key(place, Dimension::Month) => key(place).map(|month| Cell::Month(Month(month))),
        Holds::Key(place, dimension) => code(place).map(|number| Cell::Text(release.code(dimension, number))),
        Holds::Label(place, dimension, language) => {
            code(place).map(|number| Cell::Text(release.label(dimension, number, language)))
        }
        Holds::Span(place, part) => code(place).map(|number| {
            let parts = Span::parts(release.code(Dimension::Period, number));
            Cell::Text(parts[part as usize])
        }),
        Holds::Count(place) => answer.cell(place, row).map(Cell::Count),
        Holds::Share(bound) => answer.share(row).map(|interval| Cell::Share(bound.of_share(interval))),
        Holds::Rate(bound) => rate::value(answer, row, bound).map(Cell::Rate),
        Holds::Status => evidence().map(|evidence| Cell::Text(evidence.status.code())),
        Holds::Sources => evidence().map(|evidence| {
            let id = |&source: &u16| release.code(Dimension::Source, source.into());
            Cell::List(evidence.sources.iter().map(id).collect())
        }),
    };
    known.unwrap_or_else(Cell::Absent)
}
