//! The figures of a chart: the rows of an answer become series of points along an axis.

use super::cells::is_time;
use super::columns::{Columns, LaidOut};
use super::error::DrawError;
use super::periods::Periods;
use super::series::{Along, Measured, Point, SERIES_LIMIT, Series};
use super::spec::{Kind, Spec, Theme};
use super::styles;
use crate::wire::{Answer, ColumnRole};

/// A bar, or a part of a stacked bar.
pub struct Bar<'f> {
    /// The number of the bar's series, and its position among the series shown.
    pub series: usize,
    pub slot: usize,
    pub point: &'f Point,
    /// The values at the two ends of the bar.
    pub from: f64,
    pub to: f64,
}

/// Everything that is drawn of an answer's rows.
#[derive(Debug)]
pub struct Figures {
    pub along: Along,
    pub series: Vec<Series>,
    /// The title of the first dimension of the series that must not be summed over.
    pub not_additive: Option<String>,
    /// Whether a dimension distinguishes the series, even if only one of its codes occurs.
    pub by_dimension: bool,
    /// The number of measures.
    pub measures: usize,
    /// What the figures are.
    pub measured: Measured,
    /// The title of the first column of figures.
    pub unit: String,
    /// What is the same of all series, where there are several.
    pub common: String,
    /// The names of the panels; empty when there is only one plot.
    pub panels: Vec<String>,
    /// The ids of the statutes that panels are of; empty where panels are of something else.
    pub statutes: Vec<String>,
    /// The periods of the answer, and the range of them that is drawn.
    pub periods: Option<Periods>,
    /// The sums of all series at each position, including hidden series: the wholes of shares.
    pub wholes: Vec<(i32, u64)>,
}

impl Figures {
    /// Reads the rows of an answer that a spec asks for, and chooses the kind of chart.
    pub fn of(answer: &Answer, spec: &Spec) -> Result<(Self, Kind), DrawError> {
        let mut columns = Columns::of(answer)?;
        columns.restrict(answer, spec.range);
        let kind = columns.kind(answer, spec.kind)?;
        let measures = columns.measures.len();
        let measured = columns.take_share(answer, kind);
        let unit = columns.measures.first().map_or(String::new(), |(_, column)| column.title.clone());
        let by = columns.arrange(answer, kind);
        let LaidOut { along, series, panels, statutes, common } = columns.lay_out(answer, &by, spec.theme)?;
        let not_additive = by.series_by.iter().find(|(_, column)| !answer.additive.contains(&column.name));
        let not_additive = not_additive.map(|(_, column)| column.title.clone());
        let by_dimension = !by.series_by.is_empty();
        let periods = columns.periods;
        let mut figures = Self {
            along,
            series,
            not_additive,
            by_dimension,
            common,
            measures,
            measured,
            unit,
            panels,
            statutes,
            periods,
            wholes: Vec::new(),
        };
        if kind.is_stacked() {
            figures.check_stack()?;
        }
        if kind == Kind::Share && !figures.by_dimension && !figures.is_empty() {
            figures = figures.into_parts(answer, spec.theme)?;
        }
        figures.wholes = figures.sums();
        figures.hide(spec.hidden);
        if kind == Kind::Horizontal && !by.has_periods_as_groups() {
            figures.rank();
        }
        Ok((figures, kind))
    }

    fn check_stack(&self) -> Result<(), DrawError> {
        if self.measures > 1 {
            return Err(DrawError::SeveralMeasures);
        }
        match &self.not_additive {
            Some(dimension) => Err(DrawError::NotAdditive { dimension: dimension.clone() }),
            None => Ok(()),
        }
    }

    /// Turns the groups into series of a single bar, so that each group is a part of this bar.
    fn into_parts(mut self, answer: &Answer, theme: Theme) -> Result<Self, DrawError> {
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
        let part = |(place, name): (usize, &String)| {
            let own = points.clone().filter(|point| point.at == place as i32);
            let known = own.clone().next().map(|point| point.style).filter(|style| style.of_outcome);
            let style = known.unwrap_or_else(|| styles::numbered(theme, place));
            let points: Vec<Point> = own.map(|point| Point { at: 0, style, ..*point }).collect();
            Series { name: name.clone(), style, points, ..Series::default() }
        };
        self.series = names.iter().enumerate().map(part).collect();
        self.along = Along::Groups(vec![String::new()]);
        Ok(self)
    }

    /// Hides series; `hidden` has a bit for each number. Their names stay.
    fn hide(&mut self, hidden: u32) {
        for (number, series) in self.series.iter_mut().enumerate() {
            if hidden >> number.min(31) & 1 == 1 {
                series.hidden = true;
                series.points.clear();
                series.unknown.clear();
            }
        }
    }

    /// Returns the bars of a kind, series by series.
    pub fn bars(&self, kind: Kind) -> Vec<Bar<'_>> {
        let sums = if kind == Kind::Share { self.wholes.clone() } else { self.sums() };
        let mut tops: Vec<f64> = vec![0.0; sums.len()];
        let mut bars = Vec::new();
        for (slot, (series, one)) in self.shown().enumerate() {
            for point in &one.points {
                let Ok(place) = sums.binary_search_by_key(&point.at, |(at, _)| *at) else {
                    continue;
                };
                // A zero is not a part of a stack.
                if kind.is_stacked() && point.value == 0 {
                    continue;
                }
                let value = point.value as f64;
                let value = if kind == Kind::Share { value * 100.0 / sums[place].1 as f64 } else { value };
                let from = if kind.is_stacked() { tops[place] } else { 0.0 };
                tops[place] = from + value;
                bars.push(Bar { series, slot, point, from, to: from + value });
            }
        }
        bars
    }

    /// Sorts the groups by their largest figures. Groups with equal figures keep their order.
    fn rank(&mut self) {
        let Along::Groups(names) = &mut self.along else {
            return;
        };
        // The value is one more than the figure, so that a group without figures comes after a group with a zero.
        let mut largest: Vec<u64> = vec![0; names.len()];
        for point in self.series.iter().flat_map(|series| &series.points) {
            if let Some(largest) = largest.get_mut(point.at.unsigned_abs() as usize) {
                *largest = (*largest).max(point.value.saturating_add(1));
            }
        }
        let mut order: Vec<usize> = Vec::with_capacity(names.len());
        for (group, value) in largest.iter().enumerate() {
            let place = order.partition_point(|other| largest[*other] >= *value);
            order.insert(place, group);
        }
        *names = order.iter().map(|group| std::mem::take(&mut names[*group])).collect();
        for series in &mut self.series {
            for point in std::mem::take(&mut series.points) {
                let at = order.iter().position(|group| *group as i32 == point.at).unwrap_or(0) as i32;
                series.place(Some(Point { at, ..point }));
            }
        }
    }

    /// Returns the series that are not hidden, with their numbers.
    pub fn shown(&self) -> impl Iterator<Item = (usize, &Series)> {
        self.series.iter().enumerate().filter(|(_, series)| !series.hidden)
    }

    /// Returns the first and last period drawn; zeros where named groups stand along the axis.
    pub fn ends(&self) -> (i32, i32) {
        match self.along {
            Along::Periods(periods) => periods.shown,
            Along::Groups(_) => (0, 0),
        }
    }

    /// Returns every figure that has a position.
    pub fn points(&self) -> impl Iterator<Item = &Point> {
        self.series.iter().flat_map(|series| &series.points)
    }

    /// Returns whether no figure has a position.
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.points.is_empty())
    }

    /// Returns the largest figure or upper bound of an interval.
    pub fn largest(&self) -> u64 {
        self.points().map(Point::high).max().unwrap_or(0)
    }

    /// Returns the sums of all series at each position that has a figure, in order along the axis.
    pub fn sums(&self) -> Vec<(i32, u64)> {
        let mut sums: Vec<(i32, u64)> = Vec::new();
        for point in self.points() {
            match sums.binary_search_by_key(&point.at, |(at, _)| *at) {
                Ok(index) => sums[index].1 = sums[index].1.saturating_add(point.value),
                Err(index) => sums.insert(index, (point.at, point.value)),
            }
        }
        sums
    }
}
