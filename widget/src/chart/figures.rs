//! From the rows of an answer to what can be drawn: an axis of groups, and series of points along it.

use super::columns::{Columns, is_time};
use super::error::DrawError;
use super::map::{Mark, Periods, Rect};
use crate::wire::{Answer, Column, ColumnRole};

/// The most series one picture can tell apart.
pub(super) const SERIES_LIMIT: usize = 12;

/// What stands along the axis of groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Along {
    /// Years or months, every one from the first to the last that is drawn.
    Periods(Periods),
    /// Named groups, in display order.
    Groups(Vec<String>),
}

/// A named row of points, sorted along the axis.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<Point>,
    /// The figure of records whose period is not known.
    pub(super) unknown: Option<u64>,
    /// Switched off: only its name is drawn.
    pub(super) hidden: bool,
}

impl Series {
    /// Puts a point into its place along the axis. Not by sorting: each sort that the standard library
    /// unrolls costs the browser some kilobytes, and rows come in order anyway.
    pub(super) fn place(&mut self, point: Option<Point>) {
        if let Some(point) = point {
            let place = self.points.partition_point(|other| other.at <= point.at);
            self.points.insert(place, point);
        }
    }
}

/// One figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// The period, or the index of the group.
    pub(super) at: i32,
    pub(super) value: u64,
    /// Estimated or provisional.
    pub(super) provisional: bool,
    /// The first figure after a break in the series.
    pub(super) breaks: bool,
    /// Other sources say otherwise.
    pub(super) disputed: bool,
    /// Where it stands in the answer: the index of its row, and that of its column.
    pub(super) cell: (usize, usize),
}

impl Point {
    /// Returns the mark of the point as drawn in a place, with its value at `anchor`.
    pub(super) fn mark(&self, series: usize, anchor: (i32, i32), place: Rect) -> Mark {
        let (row, column) = self.cell;
        Mark { row, column, series, panel: 0, at: self.at, anchor, place }
    }
}

/// All that is drawn of an answer's rows.
#[derive(Debug, Clone)]
pub(super) struct Figures {
    pub(super) along: Along,
    pub(super) series: Vec<Series>,
    /// The first dimension of the series that must not be summed over, by its title.
    pub(super) not_additive: Option<String>,
    /// Whether a dimension tells the series apart, even if only one of its codes occurs.
    pub(super) by_dimension: bool,
    /// How many measures there are.
    pub(super) measures: usize,
    /// The periods of the answer, and of them those that are drawn.
    pub(super) periods: Option<Periods>,
}

impl Figures {
    /// Reads the rows of an answer, of them only those in a range of periods where one is given.
    pub(super) fn of(answer: &Answer, range: Option<(i32, i32)>) -> Result<Self, DrawError> {
        let mut columns = Columns::of(answer)?;
        columns.restrict(answer, range);
        let axis = columns.axis(answer);
        let series_by: Vec<(usize, &Column)> = columns
            .dimensions
            .iter()
            .copied()
            .filter(|(index, column)| !is_time(column) && axis.is_none_or(|axis| axis.index != *index))
            .collect();
        let (along, series) = match axis {
            Some(axis) => columns.series(answer, axis, &series_by)?,
            None => columns.measures_as_groups(answer),
        };
        let not_additive = series_by.iter().find(|(_, column)| !answer.additive.contains(&column.name));
        let not_additive = not_additive.map(|(_, column)| column.title.clone());
        Ok(Self {
            along,
            series,
            not_additive,
            by_dimension: !series_by.is_empty(),
            measures: columns.measures.len(),
            periods: columns.periods,
        })
    }

    /// Returns the figures with their groups as series of a single bar, whose parts they are.
    pub(super) fn into_parts(mut self, answer: &Answer) -> Result<Self, DrawError> {
        let Along::Groups(names) = &self.along else {
            return Err(DrawError::NoShares);
        };
        if names.len() > SERIES_LIMIT {
            return Err(DrawError::TooManySeries { series: names.len() });
        }
        let mut dimensions =
            answer.columns.iter().filter(|column| column.role == ColumnRole::Dimension && !is_time(column));
        let Some(dimension) = dimensions.next() else {
            return Err(DrawError::NoShares);
        };
        if !answer.additive.contains(&dimension.name) {
            return Err(DrawError::NotAdditive { dimension: dimension.title.clone() });
        }
        let points = self.series.iter().flat_map(|series| &series.points);
        let part = |(place, name): (usize, &String)| Series {
            name: name.clone(),
            points: points
                .clone()
                .filter(|point| point.at == place as i32)
                .map(|point| Point { at: 0, ..*point })
                .collect(),
            unknown: None,
            hidden: false,
        };
        self.series = names.iter().enumerate().map(part).collect();
        self.along = Along::Groups(vec![String::new()]);
        Ok(self)
    }

    /// Switches series off: a bit per number. Their names stay.
    pub(super) fn hide(&mut self, hidden: u32) {
        for (number, series) in self.series.iter_mut().enumerate() {
            if hidden >> number.min(31) & 1 == 1 {
                series.hidden = true;
                series.points.clear();
                series.unknown = None;
            }
        }
    }

    /// Returns the series that are not switched off, with their numbers.
    pub(super) fn shown(&self) -> impl Iterator<Item = (usize, &Series)> {
        self.series.iter().enumerate().filter(|(_, series)| !series.hidden)
    }

    /// Tells whether the whole answer has figures of more than one period.
    pub(super) fn has_several_periods(&self) -> bool {
        self.periods.is_some_and(|periods| periods.whole.0 < periods.whole.1)
    }

    /// Returns the first and last period drawn; nothing where named groups stand along the axis.
    pub(super) fn ends(&self) -> (i32, i32) {
        match self.along {
            Along::Periods(periods) => periods.shown,
            Along::Groups(_) => (0, 0),
        }
    }

    /// Tells whether there is a figure to place.
    pub(super) fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.points.is_empty())
    }

    /// Returns the largest figure.
    pub(super) fn largest(&self) -> u64 {
        self.series.iter().flat_map(|series| &series.points).map(|point| point.value).max().unwrap_or(0)
    }

    /// Returns the sums of all series at each place that has a figure, in order along the axis.
    pub(super) fn sums(&self) -> Vec<(i32, u64)> {
        let mut sums: Vec<(i32, u64)> = Vec::new();
        for point in self.series.iter().flat_map(|series| &series.points) {
            match sums.binary_search_by_key(&point.at, |(at, _)| *at) {
                Ok(index) => sums[index].1 = sums[index].1.saturating_add(point.value),
                Err(index) => sums.insert(index, (point.at, point.value)),
            }
        }
        sums
    }
}
