//! The differences between two releases of a dataset, cell by cell.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::csv::line;
use super::keys::{number, period};
use crate::answer::{AnswerError, Dataset};
use crate::domain::{Dimension, Measure, inert};
use crate::ingest::{Figure, Records};
use crate::package::Kind;
use crate::query::{Query, in_time, keep_deadline};

chargesheet_check::words! {
    /// What happened to a cell.
    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    Change {
        /// Only the newer release has the cell.
        Added = "added",
        /// Both releases have the cell, with different content.
        Changed = "changed",
        /// Only the older release has the cell.
        Removed = "removed",
    }
}

/// The content of one cell in one release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Content {
    /// The figure.
    pub value: u64,
    /// The observation status: how far the figure can be relied on. Reported figures only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Whether answers use this figure where sources disagree. Reported figures only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred: Option<bool>,
}

/// A cell whose content differs between the two releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What happened to the cell.
    pub change: Change,
    /// The codes of the cell, in the order of [`Changes::dimensions`]. A code that is not known is empty.
    pub key: Vec<String>,
    /// The measure that is counted.
    pub measure: Measure,
    /// The content in the older release; `None` where that release lacks the cell.
    pub before: Option<Content>,
    /// The content in the newer release; `None` where that release lacks the cell.
    pub after: Option<Content>,
}

/// The sum of one measure over all cells of a release, for both releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ChangedTotal)]
pub struct Total {
    /// The measure that is counted.
    pub measure: Measure,
    /// The sum in the older release.
    pub before: u64,
    /// The sum in the newer release.
    pub after: u64,
    /// `after` minus `before`.
    #[schema(value_type = i64)]
    pub difference: i128,
}

/// All differences between two releases.
///
/// The comparison uses the finest table that can be added up. For charges, this is their number by every dimension. For
/// reported figures, it is each figure of each source. The differences of the cells therefore sum exactly to the difference
/// of the totals.
#[derive(Debug)]
pub struct Changes {
    /// The dimensions of a cell.
    pub dimensions: Vec<Dimension>,
    /// The cells that differ, sorted by their codes.
    pub cells: Vec<Cell>,
    /// The totals, one per measure.
    pub totals: Vec<Total>,
    /// Whether figures have a status and a preference.
    is_reported: bool,
}

/// A cell as numbers: for each dimension the rank of its code (0: not known), then the measure. A release may have millions of
/// cells, and only the cells that differ are turned into text.
type Key = ([u32; Dimension::ALL.len()], Measure);

impl Changes {
    /// Compares two releases of a dataset.
    ///
    /// # Errors
    /// On a bug: the finest table can always be queried.
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
    /// Returns by how much the figure grew. A missing figure counts as zero here, and nowhere else.
    pub fn difference(&self) -> i128 {
        let value = |side: Option<Content>| i128::from(side.map_or(0, |content| content.value));
        value(self.after) - value(self.before)
    }
}

/// Merges two sorted tables. Each cell appears once, with its content in either table.
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

/// Returns the finest table of a release, sorted. `codes` has, for each dimension, the codes of both releases in byte order.
fn cells(
    dataset: &Dataset,
    dimensions: &[Dimension],
    codes: &[Vec<&str>],
) -> Result<Vec<(Key, Content)>, AnswerError> {
    let release = &dataset.release;
    // Every figure has a code in every dimension of figures, also in one that its release has no need of.
    let own = match release.records() {
        Records::Charges(_) => release.dimensions(),
        Records::Figures { .. } => Kind::Reported.dimensions().to_vec(),
    };
    let by: Vec<Dimension> = dimensions.iter().copied().filter(|dimension| own.contains(dimension)).collect();
    let measures = match release.records() {
        // Persons and cases are distinct within a cell, so their cells cannot be added up to a total.
        Records::Charges(_) => vec![Measure::Charges],
        Records::Figures { .. } => release.descriptor().chargesheet.measures.clone(),
    };
    let columns: Vec<Option<usize>> =
        dimensions.iter().map(|dimension| by.iter().position(|own| own == dimension)).collect();
    // For each dimension, this maps the number of a code in this release to its rank in `codes`.
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
            .map(|figure| ((key(&|place| release.key(figure, dimensions[place])), figure.measure), figure))
            .collect(),
    };
    let answer = dataset.ask(&Query::everything(by, measures.clone()))?;
    let mut cells = Vec::with_capacity(answer.rows());
    for row in answer.each_row() {
        let key = key(&|place| columns[place].and_then(|column| answer.key(column, row)));
        for (column, &measure) in measures.iter().enumerate() {
            let Ok(value) = answer.cell(column, row) else { continue };
            // A row has the figures of every measure, but status and preference belong to one figure.
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
