//! The series of points of a chart, the positions along their axis, and how many of them one picture holds.

use super::periods::Periods;
use plotters::style::RGBColor;

/// Most series that a reader can tell apart in one picture.
pub const SERIES_LIMIT: usize = 12;
/// Most panels that one picture holds.
pub const PANEL_LIMIT: usize = 24;
/// Most lanes of figures of stretches of time that one picture holds.
#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
pub const LANE_LIMIT: usize = 60;
/// Most rows of an answer that is drawn. Twelve lines with more points would be closer together than the pixels of the widest
/// picture. A caller that makes an answer only for a picture can stop at this number.
pub const FIGURE_LIMIT: usize = 20_000;

/// The content of the axis of groups.
#[derive(Debug)]
pub enum Along {
    /// Years or months: every period from the first to the last that is drawn.
    Periods(Periods),
    /// Named groups, in display order.
    Groups(Vec<String>),
}

/// What the values of figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// Counts of persons, cases or charges.
    Counts,
    /// Shares, in millionths.
    Shares,
    /// Rates per 100,000 people, in millionths.
    Rates,
}

/// The colour of figures, and the number of their mark. Both tell series apart, for readers who cannot see colours and for
/// prints without them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    pub color: RGBColor,
    pub mark: usize,
    /// Whether it is that of an outcome, and not of a number of a series.
    pub of_outcome: bool,
}

/// A named series of points, sorted by panel and then along the axis.
#[derive(Debug, Default)]
pub struct Series {
    pub name: String,
    pub style: Style,
    pub points: Vec<Point>,
    /// The figures of records whose period is not known, each with its panel.
    pub unknown: Vec<(i32, u64)>,
    /// Whether the series is hidden, so that only its name is drawn.
    pub hidden: bool,
}

impl Series {
    /// Puts a point into its place along the axis. The standard library's sort is not used, because each instance of it
    /// adds some kilobytes to the download, and rows come in order anyway.
    pub fn place(&mut self, point: Option<Point>) {
        if let Some(point) = point {
            let place =
                self.points.partition_point(|other| (other.panel, other.at) <= (point.panel, point.at));
            self.points.insert(place, point);
        }
    }

    /// Returns the points of a panel, in order along the axis.
    pub fn in_panel(&self, panel: i32) -> &[Point] {
        let end = |panel: i32| self.points.partition_point(|point| point.panel < panel);
        &self.points[end(panel)..end(panel + 1)]
    }
}

/// A figure of a series.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// The period, or the index of the group.
    pub at: i32,
    /// The index of the panel; 0 where there is only one plot.
    pub panel: i32,
    pub style: Style,
    /// A count, or a share or rate in millionths.
    pub value: u64,
    /// The interval of a share or rate, in millionths.
    pub bounds: Option<(u64, u64)>,
    /// Whether the figure is estimated or provisional.
    pub provisional: bool,
    /// Whether the figure is the first after a break in the series.
    pub breaks: bool,
    /// Whether another source gives a different figure.
    pub disputed: bool,
    /// The indices of the figure's row and column in the answer.
    pub cell: (usize, usize),
}

impl Point {
    /// Returns the highest value that is drawn for the point.
    pub fn high(&self) -> u64 {
        self.bounds.map_or(self.value, |(_, high)| high)
    }
}
