//! From the rows of an answer to what can be drawn: an axis of groups, and series of points along it.

use super::columns::{Columns, LaidOut, is_time};
use super::error::DrawError;
use super::map::Periods;
use super::spec::{Kind, Spec};
use crate::wire::{Answer, ColumnRole};

/// The most series one picture can tell apart.
pub(super) const SERIES_LIMIT: usize = 12;
/// The most panels one picture holds.
pub(super) const PANEL_LIMIT: usize = 24;
/// The most rows of an answer that is drawn: twelve lines of them are closer together than the pixels of the widest
/// picture. Whoever makes a longer answer only for a picture need not make all of it.
pub const FIGURE_LIMIT: usize = 20_000;

/// What stands along the axis of groups.
#[derive(Debug)]
pub(super) enum Along {
    /// Years or months, every one from the first to the last that is drawn.
    Periods(Periods),
    /// Named groups, in display order.
    Groups(Vec<String>),
}

/// A named row of points, sorted by panel and along the axis.
#[derive(Debug, Default)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<Point>,
    /// The figures of records whose period is not known, each with its panel.
    pub(super) unknown: Vec<(i32, u64)>,
    /// Switched off: only its name is drawn.
    pub(super) hidden: bool,
}

impl Series {
    /// Puts a point into its place along the axis. Not by sorting: each sort that the standard library
    /// unrolls costs the browser some kilobytes, and rows come in order anyway.
    pub(super) fn place(&mut self, point: Option<Point>) {
        if let Some(point) = point {
            let place =
                self.points.partition_point(|other| (other.panel, other.at) <= (point.panel, point.at));
            self.points.insert(place, point);
        }
    }
}

impl Series {
    /// Returns the points in a panel, in order along the axis.
    pub(super) fn in_panel(&self, panel: i32) -> &[Point] {
        let end = |panel: i32| self.points.partition_point(|point| point.panel < panel);
        &self.points[end(panel)..end(panel + 1)]
    }
}

/// One figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// The period, or the index of the group.
    pub(super) at: i32,
    /// The index of its panel, where there are several.
    pub(super) panel: i32,
    /// A count, or a share in millionths.
    pub(super) value: u64,
    /// The interval of a share, in millionths.
    pub(super) bounds: Option<(u64, u64)>,
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
    /// Returns the highest value that is drawn of the point.
    pub(super) fn high(&self) -> u64 {
        self.bounds.map_or(self.value, |(_, high)| high)
    }
}

/// All that is drawn of an answer's rows.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) along: Along,
    pub(super) series: Vec<Series>,
    /// The first dimension of the series that must not be summed over, by its title.
    pub(super) not_additive: Option<String>,
    /// Whether a dimension tells the series apart, even if only one of its codes occurs.
    pub(super) by_dimension: bool,
    /// How many measures there are.
    pub(super) measures: usize,
    /// Whether the figures are shares, in millionths.
    pub(super) shares: bool,
    /// The names of the panels; none when there is one picture.
    pub(super) panels: Vec<String>,
    /// The periods of the answer, and of them those that are drawn.
    pub(super) periods: Option<Periods>,
    /// The sums at each place of all series, those that are switched off too: what a share is a share of.
    wholes: Vec<(i32, u64)>,
}

impl Figures {
    /// Reads the rows of an answer that a spec asks for, and decides on the kind.
    pub(super) fn of(answer: &Answer, spec: &Spec) -> Result<(Self, Kind), DrawError> {
        let mut columns = Columns::of(answer)?;
        columns.restrict(answer, spec.range);
        let kind = columns.kind(answer, spec.kind)?;
        let measures = columns.measures.len();
        let shares = columns.take_share(answer, kind);
        let by = columns.arrange(answer, kind);
        let LaidOut { along, series, panels } = columns.lay_out(answer, &by)?;
        let not_additive = by.series_by.iter().find(|(_, column)| !answer.additive.contains(&column.name));
        let not_additive = not_additive.map(|(_, column)| column.title.clone());
        let by_dimension = !by.series_by.is_empty();
        let periods = columns.periods;
        let mut figures = Self {
            along,
            series,
            not_additive,
            by_dimension,
            measures,
            shares,
            panels,
            periods,
            wholes: Vec::new(),
        };
        if kind.is_stacked() {
            figures.check_stack()?;
        }
        if kind == Kind::Share && !figures.by_dimension && !figures.is_empty() {
            figures = figures.into_parts(answer)?;
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

    /// Returns the figures with their groups as series of a single bar, whose parts they are.
    fn into_parts(mut self, answer: &Answer) -> Result<Self, DrawError> {
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
            unknown: Vec::new(),
            hidden: false,
        };
        self.series = names.iter().enumerate().map(part).collect();
        self.along = Along::Groups(vec![String::new()]);
        Ok(self)
    }

    /// Switches series off: a bit per number. Their names stay.
    fn hide(&mut self, hidden: u32) {
        for (number, series) in self.series.iter_mut().enumerate() {
            if hidden >> number.min(31) & 1 == 1 {
                series.hidden = true;
                series.points.clear();
                series.unknown.clear();
            }
        }
    }

    /// Returns what bars of a kind are measured against at each place: what is drawn of them, or, for shares, all of it.
    pub(super) fn bases(&self, kind: Kind) -> Vec<(i32, u64)> {
        if kind == Kind::Share { self.wholes.clone() } else { self.sums() }
    }

    /// Puts the groups with the largest figures first, those with equal ones in the order they had.
    fn rank(&mut self) {
        let Along::Groups(names) = &mut self.along else {
            return;
        };
        // One more than the figure, so that a group without any comes after one with a zero.
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

    /// Returns the series that are not switched off, with their numbers.
    pub(super) fn shown(&self) -> impl Iterator<Item = (usize, &Series)> {
        self.series.iter().enumerate().filter(|(_, series)| !series.hidden)
    }

    /// Returns the first and last period drawn; nothing where named groups stand along the axis.
    pub(super) fn ends(&self) -> (i32, i32) {
        match self.along {
            Along::Periods(periods) => periods.shown,
            Along::Groups(_) => (0, 0),
        }
    }

    /// Returns every figure to place.
    pub(super) fn points(&self) -> impl Iterator<Item = &Point> {
        self.series.iter().flat_map(|series| &series.points)
    }

    /// Tells whether there is a figure to place.
    pub(super) fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.points.is_empty())
    }

    /// Returns the largest figure, or the highest bound of an interval.
    pub(super) fn largest(&self) -> u64 {
        self.points().map(Point::high).max().unwrap_or(0)
    }

    /// Returns the sums of all series at each place that has a figure, in order along the axis.
    pub(super) fn sums(&self) -> Vec<(i32, u64)> {
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
