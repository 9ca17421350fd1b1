//! What differs between two releases of a dataset, cell by cell.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::csv::line;
use super::keys::Month;
use crate::answer::{AnswerError, Dataset};
use crate::domain::{Dimension, Measure, inert};
use crate::ingest::{Figure, Records};
use crate::query::{Query, in_time, keep_deadline};
use crate::release::Release;

/// What happened to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// The older release has nothing there.
    Added,
    /// Both have something, and not the same.
    Changed,
    /// The newer release has nothing there.
    Removed,
}

impl Change {
    fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// What a release has in a cell of its finest table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Content {
    /// The figure.
    pub value: u64,
    /// Reported figures: how far it can be relied on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Reported figures: whether answers use it where sources disagree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred: Option<bool>,
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What happened to it.
    pub change: Change,
    /// Its codes, in the order of [`Changes::dimensions`]; empty where it is not known.
    pub key: Vec<String>,
    /// What is counted.
    pub measure: Measure,
    /// What the older release has there.
    pub before: Option<Content>,
    /// What the newer release has there.
    pub after: Option<Content>,
}

/// A sum over all cells of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ChangedTotal)]
pub struct Total {
    /// What is counted.
    pub measure: Measure,
    /// In the older release.
    pub before: u64,
    /// In the newer release.
    pub after: u64,
    /// The latter less the former.
    #[schema(value_type = i64)]
    pub difference: i128,
}

/// What differs between two releases.
///
/// Compared is the finest table that can be added up: of charges their number by every dimension; of reported
/// figures each figure of each source. So the differences of the cells sum exactly to that of the totals.
#[derive(Debug)]
pub struct Changes {
    /// The dimensions of a cell.
    pub dimensions: Vec<Dimension>,
    /// The cells that differ, sorted by their codes.
    pub cells: Vec<Cell>,
    /// The sums, one a measure.
    pub totals: Vec<Total>,
    /// Whether figures have a status and a preference.
    is_reported: bool,
}

/// What is known of the codes of a dimension in both releases: a number for each, in byte order.
type Ranks = Vec<BTreeMap<String, u32>>;

/// A cell by numbers: a rank for each dimension (0: not known), and the measure. A release may have millions of
/// cells, and only those that differ become text.
type Key = ([u32; Dimension::ALL.len()], Measure);

impl Changes {
    /// Compares two releases of a dataset.
    ///
    /// # Errors
    /// On a bug: the finest table can always be asked for.
    pub fn between(from: &Dataset, to: &Dataset) -> Result<Self, AnswerError> {
        let releases = [&from.release, &to.release];
        let is_reported = releases.iter().any(|release| matches!(release.records(), Records::Figures { .. }));
        let dimensions: Vec<Dimension> = Dimension::ALL
            .into_iter()
            .filter(|dimension| releases.iter().any(|release| release.dimensions().contains(dimension)))
            .collect();
        let ranks: Ranks = dimensions.iter().map(|&dimension| ranks(dimension, releases)).collect();
        let (before, after) = (cells(from, &dimensions, &ranks)?, cells(to, &dimensions, &ranks)?);
        let sum = |cells: &[(Key, Content)], measure: Measure| -> u64 {
            cells.iter().filter(|((_, own), _)| *own == measure).map(|(_, content)| content.value).sum()
        };
        let totals = Measure::ALL
            .into_iter()
            .filter(|measure| before.iter().chain(&after).any(|((_, own), _)| own == measure))
            .map(|measure| {
                let (before, after) = (sum(&before, measure), sum(&after, measure));
                Total { measure, before, after, difference: i128::from(after) - i128::from(before) }
            })
            .collect();
        let codes: Vec<Vec<&str>> =
            ranks.iter().map(|ranks| ranks.keys().map(String::as_str).collect()).collect();
        let text = |place: usize, rank: u32| match (dimensions[place], rank.checked_sub(1)) {
            (_, None) => String::new(),
            (Dimension::Year, Some(year)) => year.to_string(),
            (Dimension::Month, Some(month)) => Month(i32::try_from(month).unwrap_or(i32::MAX)).to_string(),
            (_, Some(rank)) => codes[place][rank as usize].to_owned(),
        };
        let mut differing = Vec::new();
        for (key, old, new) in in_time(side_by_side(&before, &after)) {
            let change = match (old, new) {
                (None, _) => Change::Added,
                (_, None) => Change::Removed,
                (old, new) if old != new => Change::Changed,
                _ => continue,
            };
            let codes = (0..dimensions.len()).map(|place| text(place, key.0[place])).collect();
            differing.push(Cell { change, key: codes, measure: key.1, before: old, after: new });
        }
        Ok(Self { dimensions, cells: differing, totals, is_reported })
    }

    /// Writes the cells as CSV.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut header = vec!["change"];
        header.extend(self.dimensions.iter().map(|dimension| dimension.name()));
        header.extend(["measure", "before", "after", "difference"]);
        if self.is_reported {
            header.extend(["status_before", "status_after", "preferred_before", "preferred_after"]);
        }
        line(&mut out, header.into_iter());
        for cell in in_time(&self.cells) {
            let mut fields = vec![cell.change.name().to_owned()];
            fields.extend(cell.key.iter().map(|code| inert(code).into_owned()));
            fields.push(cell.measure.name().to_owned());
            let sides = [cell.before, cell.after];
            fields.extend(sides.map(|side| side.map_or(String::new(), |content| content.value.to_string())));
            fields.push(cell.difference().to_string());
            if self.is_reported {
                let status =
                    |side: Option<Content>| side.and_then(|content| content.status).unwrap_or_default();
                let preferred = |side: Option<Content>| side.and_then(|content| content.preferred);
                fields.extend(sides.map(|side| status(side).to_owned()));
                fields.extend(sides.map(|side| preferred(side).map_or(String::new(), |is| is.to_string())));
            }
            line(&mut out, fields.iter().map(String::as_str));
        }
        out
    }

    /// Returns the cells as JSON objects.
    pub fn cells_as_json(&self) -> Vec<serde_json::Value> {
        let object = |cell: &Cell| {
            let mut members = serde_json::Map::new();
            members.insert("change".to_owned(), cell.change.name().into());
            for (dimension, code) in self.dimensions.iter().zip(&cell.key) {
                let known = (!code.is_empty()).then(|| code.clone());
                members.insert(dimension.name().to_owned(), known.into());
            }
            members.insert("measure".to_owned(), cell.measure.name().into());
            members.insert("before".to_owned(), serde_json::json!(cell.before));
            members.insert("after".to_owned(), serde_json::json!(cell.after));
            // A count is below 2^63: no register on earth has as many entries.
            members
                .insert("difference".to_owned(), i64::try_from(cell.difference()).unwrap_or_default().into());
            serde_json::Value::Object(members)
        };
        in_time(&self.cells).map(object).collect()
    }
}

impl Cell {
    /// Returns by how much the figure grew; one that is not there counts as nothing here, and only here.
    pub fn difference(&self) -> i128 {
        let value = |side: Option<Content>| i128::from(side.map_or(0, |content| content.value));
        value(self.after) - value(self.before)
    }
}

/// The codes of a dimension in either release, each with its place in byte order.
fn ranks(dimension: Dimension, releases: [&Release; 2]) -> BTreeMap<String, u32> {
    let all: BTreeSet<&str> = releases.iter().flat_map(|release| release.codes(dimension)).collect();
    (0..).zip(all).map(|(rank, code)| (code.to_owned(), rank)).collect()
}

/// The cells of both tables, each once, with what either has in it. Both are sorted.
fn side_by_side<'c>(
    before: &'c [(Key, Content)],
    after: &'c [(Key, Content)],
) -> impl Iterator<Item = (&'c Key, Option<Content>, Option<Content>)> {
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (before.peek(), after.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((old, _)), Some((new, _))) => old.cmp(new),
        };
        let old = if order == Ordering::Greater { None } else { before.next() };
        let new = if order == Ordering::Less { None } else { after.next() };
        let (key, _) = old.or(new)?;
        Some((key, old.map(|(_, content)| *content), new.map(|(_, content)| *content)))
    })
}

/// The finest table of a release, sorted.
fn cells(
    dataset: &Dataset,
    dimensions: &[Dimension],
    ranks: &Ranks,
) -> Result<Vec<(Key, Content)>, AnswerError> {
    let release = &dataset.release;
    let own = release.dimensions();
    let by: Vec<Dimension> = dimensions.iter().copied().filter(|dimension| own.contains(dimension)).collect();
    let measures = match release.records() {
        // Persons and cases are distinct within a cell, so they cannot be added up to a total.
        Records::Charges(_) => vec![Measure::Charges],
        Records::Figures { .. } => release.descriptor().chargesheet.measures.clone(),
    };
    let query = Query::everything(by.clone(), measures.clone());
    let answer = dataset.ask(&query)?;
    // For each dimension: the column of the answer, and the rank of each number in it.
    let columns: Vec<(usize, Vec<u32>)> = dimensions
        .iter()
        .map(|dimension| {
            let column = by.iter().position(|own| own == dimension).unwrap_or(usize::MAX);
            let place = dimensions.iter().position(|other| other == dimension).unwrap_or_default();
            let codes = release.codes(*dimension);
            (column, codes.iter().map(|code| ranks[place].get(*code).copied().unwrap_or_default()).collect())
        })
        .collect();
    let rank = |place: usize, number: Option<i32>| {
        let number = number.and_then(|number| u32::try_from(number).ok());
        let rank = match number {
            Some(number) if dimensions[place].is_time() => Some(number),
            Some(number) => columns[place].1.get(number as usize).copied(),
            None => None,
        };
        rank.map_or(0, |rank| rank + 1)
    };
    let figures = figures(release, dimensions, &rank);
    let mut cells = Vec::with_capacity(answer.rows());
    for row in answer.each_row() {
        let mut key = [0; Dimension::ALL.len()];
        for (place, (column, _)) in columns.iter().enumerate() {
            key[place] = if *column < by.len() { rank(place, answer.key(*column, row)) } else { 0 };
        }
        for (column, &measure) in measures.iter().enumerate() {
            let Some(value) = answer.value(column, row) else { continue };
            // A row has the figures of every measure; how far one of them can be relied on is its own.
            let figure = figures.get(&(key, measure));
            let content = Content {
                value,
                status: figure.map(|figure| figure.status.code()),
                preferred: figure.map(|figure| figure.preferred),
            };
            cells.push(((key, measure), content));
        }
    }
    cells.sort_unstable_by_key(|(key, _)| {
        keep_deadline();
        *key
    });
    Ok(cells)
}

/// The reported figures of a release, by their cell.
fn figures<'d>(
    release: &'d Release,
    dimensions: &[Dimension],
    rank: &impl Fn(usize, Option<i32>) -> u32,
) -> BTreeMap<Key, &'d Figure> {
    let Records::Figures { figures, .. } = release.records() else {
        return BTreeMap::new();
    };
    let key = |figure: &Figure| {
        let mut key = [0; Dimension::ALL.len()];
        for (place, dimension) in dimensions.iter().enumerate() {
            let number = match dimension {
                Dimension::Country => Some(i32::from(figure.country)),
                Dimension::Statute => Some(i32::from(figure.statute)),
                Dimension::Outcome => Some(i32::from(figure.outcome)),
                Dimension::Source => Some(i32::from(figure.source)),
                Dimension::Year => Some(figure.year),
                _ => None,
            };
            key[place] = rank(place, number);
        }
        key
    };
    figures.iter().map(|figure| ((key(figure), figure.measure), figure)).collect()
}
