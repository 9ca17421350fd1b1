//! Reading the rows of an answer by the roles of their columns.

use super::error::DrawError;
use super::figures::{Along, Point, SERIES_LIMIT, Series};
use super::keys::{Keys, code, place};
use super::map::{Periods, Unit};
use crate::wire::{Answer, Column, ColumnRole, Row, Value};

/// The columns of an answer that are drawn, by their index in a row.
pub(super) struct Columns<'a> {
    pub(super) dimensions: Vec<(usize, &'a Column)>,
    pub(super) measures: Vec<(usize, &'a Column)>,
    status: Option<usize>,
    /// The column of months or years: with both, that of months, for a month lies in one year.
    time: Option<(usize, &'a Column)>,
    /// The periods with figures, and of them those to draw.
    pub(super) periods: Option<Periods>,
    /// Whether rows of other periods are left out.
    restricted: bool,
}

/// The column whose values stand along the axis of groups.
#[derive(Clone, Copy)]
pub(super) struct Axis<'a> {
    pub(super) index: usize,
    column: &'a Column,
    /// Whether it holds periods that are known, at least in part.
    dated: bool,
}

impl<'a> Columns<'a> {
    /// Sorts the columns by what they hold.
    pub(super) fn of(answer: &'a Answer) -> Result<Self, DrawError> {
        let by_role = |role| -> Vec<(usize, &Column)> {
            answer.columns.iter().enumerate().filter(|(_, column)| column.role == role).collect()
        };
        let dimensions = by_role(ColumnRole::Dimension);
        let named = |name: &str| dimensions.iter().copied().find(|(_, column)| column.name == name);
        let time = named("month").or_else(|| named("year"));
        let measures = by_role(ColumnRole::Measure);
        if measures.is_empty() {
            return Err(DrawError::NothingCounted);
        }
        let status = by_role(ColumnRole::Status).first().map(|(index, _)| *index);
        Ok(Self { dimensions, measures, status, time, periods: None, restricted: false })
    }

    /// Looks which periods have figures, and leaves out those outside a range.
    pub(super) fn restrict(&mut self, answer: &Answer, range: Option<(i32, i32)>) {
        let Some((time, column)) = self.time else {
            return;
        };
        let mut whole: Option<(i32, i32)> = None;
        for row in &answer.rows {
            let counted =
                |(index, _): &(usize, &Column)| matches!(row.values.get(*index), Some(Value::Count(_)));
            if let Some(at) = period(row, time).filter(|_| self.measures.iter().any(counted)) {
                let (first, last) = whole.unwrap_or((at, at));
                whole = Some((first.min(at), last.max(at)));
            }
        }
        let Some((first, last)) = whole else {
            return;
        };
        let (from, to) = range.unwrap_or((first, last));
        let shown = (from.clamp(first, last), to.clamp(first, last));
        let unit = if column.name == "month" { Unit::Month } else { Unit::Year };
        self.restricted = shown != (first, last);
        self.periods = Some(Periods { unit, whole: (first, last), shown: (shown.0, shown.1.max(shown.0)) });
    }

    /// Tells whether a row is left out because its period is.
    fn left_out(&self, row: &Row) -> bool {
        let (Some((time, _)), Some(periods), true) = (self.time, self.periods, self.restricted) else {
            return false;
        };
        period(row, time).is_some_and(|at| at < periods.shown.0 || at > periods.shown.1)
    }

    /// Returns the column along the axis: time, unless no row's is known; else the first dimension.
    pub(super) fn axis(&self, answer: &Answer) -> Option<Axis<'a>> {
        let dated = |index| answer.rows.iter().any(|row| period(row, index).is_some());
        if let Some((index, column)) = self.time.filter(|(index, _)| dated(*index)) {
            return Some(Axis { index, column, dated: true });
        }
        let (index, column) = self.dimensions.iter().copied().find(|(_, column)| !is_time(column))?;
        Some(Axis { index, column, dated: false })
    }

    /// Returns the groups along an axis, and a series per key of the other dimensions and measure.
    pub(super) fn series(
        &self,
        answer: &Answer,
        axis: Axis<'_>,
        series_by: &[(usize, &Column)],
    ) -> Result<(Along, Vec<Series>), DrawError> {
        let keys = Keys { answer, dimensions: series_by };
        let names = keys.all();
        let several = self.measures.len() > 1;
        let count = names.len() * self.measures.len();
        if count > SERIES_LIMIT {
            return Err(DrawError::TooManySeries { series: count });
        }
        let groups = Keys { answer, dimensions: &[(axis.index, axis.column)] };
        let groups = if axis.dated { Vec::new() } else { groups.all() };
        let mut series = Vec::with_capacity(count);
        for key in &names {
            for (index, column) in &self.measures {
                let name = key.name(several.then_some(column.title.as_str()));
                let mut one = Series { name, ..Series::default() };
                for (number, row) in answer.rows.iter().enumerate() {
                    if !keys.holds(row, key) || self.left_out(row) {
                        continue;
                    }
                    let at =
                        if axis.dated { period(row, axis.index) } else { place(&groups, row, axis.index) };
                    let point = self.point(row, (number, *index), column, at.unwrap_or(0));
                    match at {
                        Some(_) => one.place(point),
                        None => one.unknown = point.map(|point| point.value),
                    }
                }
                series.push(one);
            }
        }
        let along = match self.periods.filter(|_| axis.dated) {
            Some(periods) => Along::Periods(periods),
            None => Along::Groups(groups.iter().map(|key| key.name(None)).collect()),
        };
        Ok((along, series))
    }

    /// Returns the measures as groups along the axis, with one series: what is left without a dimension,
    /// or where no year is known.
    pub(super) fn measures_as_groups(&self, answer: &Answer) -> (Along, Vec<Series>) {
        let undated = self.time.is_some() && !answer.rows.is_empty();
        let name = |column: &Column| match (undated, self.measures.len()) {
            (true, 1) => answer.text.unknown.clone(),
            (true, _) => [column.title.as_str(), ", ", answer.text.unknown.as_str()].concat(),
            (false, _) => column.title.clone(),
        };
        let mut only = Series::default();
        for (number, row) in answer.rows.iter().enumerate() {
            for (place, (index, column)) in self.measures.iter().enumerate() {
                only.place(self.point(row, (number, *index), column, place as i32));
            }
        }
        (Along::Groups(self.measures.iter().map(|(_, column)| name(column)).collect()), vec![only])
    }

    /// Returns the figure of a measure in a row, unless it is absent.
    fn point(&self, row: &Row, cell: (usize, usize), column: &Column, at: i32) -> Option<Point> {
        let Some(Value::Count(value)) = row.values.get(cell.1) else {
            return None;
        };
        let status = self.status.and_then(|index| code(row, index)).unwrap_or_default();
        Some(Point {
            at,
            value: *value,
            provisional: status == "P" || status == "E",
            breaks: status == "B",
            disputed: row.disagreements.iter().any(|other| other.measure == column.name),
            cell,
        })
    }
}

/// Tells whether a column holds years or months.
pub(super) fn is_time(column: &Column) -> bool {
    matches!(column.name.as_str(), "year" | "month")
}

fn period(row: &Row, index: usize) -> Option<i32> {
    match row.values.get(index) {
        // Far-away years would only overflow; no figure is that old.
        Some(Value::Year(year)) => Some((*year).clamp(-9999, 9999)),
        Some(Value::Text(month)) => parse_month(month, false),
        _ => None,
    }
}

/// Reads a day, month or year as months since year 0; `end` takes the last month of a bare year.
pub(super) fn parse_month(text: &str, end: bool) -> Option<i32> {
    let mut parts = text.split('-');
    let year: i32 = parts.next()?.parse().ok().filter(|year| (0..=9999).contains(year))?;
    let month: i32 = match parts.next() {
        Some(month) => month.parse().ok().filter(|month| (1..=12).contains(month))?,
        None if end => 12,
        None => 1,
    };
    Some(year * 12 + month - 1)
}
