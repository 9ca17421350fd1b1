//! What differs between two releases of a dataset, cell by cell.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::csv::line;
use super::keys::{number, period};
use crate::answer::{AnswerError, Dataset};
use crate::domain::{Dimension, Measure, inert};
use crate::ingest::{Figure, Records};
use crate::query::{Query, in_time, keep_deadline};

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
        let is_recorded = |own: &Dimension| releases.iter().any(|release| release.dimensions().contains(own));
        let dimensions: Vec<Dimension> = Dimension::ALL.into_iter().filter(is_recorded).collect();
        let codes_of = |&own: &Dimension| -> Vec<&str> {
            let either: BTreeSet<&str> = releases.iter().flat_map(|release| release.codes(own)).collect();
            either.into_iter().collect()
        };
        let codes: Vec<Vec<&str>> = dimensions.iter().map(codes_of).collect();
        let (before, after) = (cells(from, &dimensions, &codes)?, cells(to, &dimensions, &codes)?);
        let sum = |cells: &[(Key, Content)], measure: Measure| -> Option<u64> {
            let own = cells.iter().filter(|((_, own), _)| *own == measure);
            own.map(|(_, content)| content.value).reduce(|sum, value| sum + value)
        };
        let total = |measure| {
            let (before, after) = (sum(&before, measure), sum(&after, measure));
            before.or(after)?;
            let [before, after] = [before, after].map(Option::unwrap_or_default);
            let difference = i128::from(after) - i128::from(before);
            Some(Total { measure, before, after, difference })
        };
        let text = |place: usize, rank: u32| match (dimensions[place], rank.checked_sub(1)) {
            (_, None) => String::new(),
            (own, Some(time)) if own.is_time() => period(own, i32::try_from(time).unwrap_or(i32::MAX)),
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
        let totals = Measure::ALL.into_iter().filter_map(total).collect();
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
            let told =
                |of: fn(Content) -> Option<String>| sides.map(|side| side.and_then(of).unwrap_or_default());
            fields.extend(told(|content| Some(content.value.to_string())));
            fields.push(cell.difference().to_string());
            if self.is_reported {
                fields.extend(told(|content| content.status.map(str::to_owned)));
                fields.extend(told(|content| content.preferred.map(|is| is.to_string())));
            }
            line(&mut out, fields.iter().map(String::as_str));
        }
        out
    }

    /// Returns the cells as JSON objects.
    pub fn cells_as_json(&self) -> Vec<Value> {
        let object = |cell: &Cell| {
            let known = |code: &String| (!code.is_empty()).then(|| code.clone());
            let names = self.dimensions.iter().map(|dimension| dimension.name());
            let codes = names.zip(cell.key.iter().map(|code| json!(known(code))));
            let members = [("change", cell.change.name().into())].into_iter().chain(codes).chain([
                ("measure", cell.measure.name().into()),
                ("before", json!(cell.before)),
                ("after", json!(cell.after)),
                // A count is below 2^63: no register on earth has as many entries.
                ("difference", i64::try_from(cell.difference()).unwrap_or_default().into()),
            ]);
            members.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
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

/// The finest table of a release, sorted. `codes` are those of each dimension in either release, in byte order.
fn cells(
    dataset: &Dataset,
    dimensions: &[Dimension],
    codes: &[Vec<&str>],
) -> Result<Vec<(Key, Content)>, AnswerError> {
    let release = &dataset.release;
    let own = release.dimensions();
    let by: Vec<Dimension> = dimensions.iter().copied().filter(|dimension| own.contains(dimension)).collect();
    let measures = match release.records() {
        // Persons and cases are distinct within a cell, so they cannot be added up to a total.
        Records::Charges(_) => vec![Measure::Charges],
        Records::Figures { .. } => release.descriptor().chargesheet.measures.clone(),
    };
    let columns: Vec<Option<usize>> =
        dimensions.iter().map(|dimension| by.iter().position(|own| own == dimension)).collect();
    // For each dimension, the rank of each number in this release.
    let ranks = |(&dimension, all): (&Dimension, &Vec<&str>)| -> Vec<Option<usize>> {
        release.codes(dimension).iter().map(|code| all.binary_search(code).ok()).collect()
    };
    let ranks: Vec<Vec<Option<usize>>> = dimensions.iter().zip(codes).map(ranks).collect();
    let key = |number_of: &dyn Fn(usize) -> Option<i32>| {
        let mut key = [0; Dimension::ALL.len()];
        for (place, dimension) in dimensions.iter().enumerate() {
            let number = number(number_of(place));
            let rank = number.and_then(|number| match dimension.is_time() {
                true => Some(number),
                false => u32::try_from(ranks[place].get(number as usize).copied().flatten()?).ok(),
            });
            key[place] = rank.map_or(0, |rank| rank + 1);
        }
        key
    };
    let figures: BTreeMap<Key, &Figure> = match release.records() {
        Records::Charges(_) => BTreeMap::new(),
        Records::Figures { figures, .. } => figures
            .iter()
            .map(|figure| ((key(&|place| number_of(figure, dimensions[place])), figure.measure), figure))
            .collect(),
    };
    let answer = dataset.ask(&Query::everything(by, measures.clone()))?;
    let mut cells = Vec::with_capacity(answer.rows());
    for row in answer.each_row() {
        let key = key(&|place| columns[place].and_then(|column| answer.key(column, row)));
        for (column, &measure) in measures.iter().enumerate() {
            let Ok(value) = answer.cell(column, row) else { continue };
            // A row has the figures of every measure; how far one of them can be relied on is its own.
            let figure = figures.get(&(key, measure));
            let status = figure.map(|figure| figure.status.code());
            let preferred = figure.map(|figure| figure.preferred);
            cells.push(((key, measure), Content { value, status, preferred }));
        }
    }
    cells.sort_unstable_by_key(|(key, _)| {
        keep_deadline();
        *key
    });
    Ok(cells)
}

/// The number or year of a figure in a dimension; `None` where figures do not have it.
fn number_of(figure: &Figure, dimension: Dimension) -> Option<i32> {
    match dimension {
        Dimension::Country => Some(figure.country.into()),
        Dimension::Statute => Some(figure.statute.into()),
        Dimension::Outcome => Some(figure.outcome.into()),
        Dimension::Source => Some(figure.source.into()),
        Dimension::Year => Some(figure.year),
        _ => None,
    }
}
