//! Series of points, what stands along their axis, and how many of them one picture holds.

use super::periods::Periods;

/// The most series one picture can tell apart.
pub const SERIES_LIMIT: usize = 12;
/// The most panels one picture holds.
pub const PANEL_LIMIT: usize = 24;
/// The most rows of an answer that is drawn: twelve lines of them are closer together than the pixels of the widest
/// picture. Whoever makes a longer answer only for a picture need not make all of it.
pub const FIGURE_LIMIT: usize = 20_000;

/// What stands along the axis of groups.
#[derive(Debug)]
pub enum Along {
    /// Years or months, every one from the first to the last that is drawn.
    Periods(Periods),
    /// Named groups, in display order.
    Groups(Vec<String>),
}

/// A named row of points, sorted by panel and along the axis.
#[derive(Debug, Default)]
pub struct Series {
    pub name: String,
    pub points: Vec<Point>,
    /// The figures of records whose period is not known, each with its panel.
    pub unknown: Vec<(i32, u64)>,
    /// Switched off: only its name is drawn.
    pub hidden: bool,
}

impl Series {
    /// Puts a point into its place along the axis. Not by sorting: each sort that the standard library
    /// unrolls costs the browser some kilobytes, and rows come in order anyway.
    pub fn place(&mut self, point: Option<Point>) {
        if let Some(point) = point {
            let place =
                self.points.partition_point(|other| (other.panel, other.at) <= (point.panel, point.at));
            self.points.insert(place, point);
        }
    }

    /// Returns the points in a panel, in order along the axis.
    pub fn in_panel(&self, panel: i32) -> &[Point] {
        let end = |panel: i32| self.points.partition_point(|point| point.panel < panel);
        &self.points[end(panel)..end(panel + 1)]
    }
}

/// One figure.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// The period, or the index of the group.
    pub at: i32,
    /// The index of its panel, where there are several.
    pub panel: i32,
    /// A count, or a share in millionths.
    pub value: u64,
    /// The interval of a share, in millionths.
    pub bounds: Option<(u64, u64)>,
    /// Estimated or provisional.
    pub provisional: bool,
    /// The first figure after a break in the series.
    pub breaks: bool,
    /// Other sources say otherwise.
    pub disputed: bool,
    /// Where it stands in the answer: the index of its row, and that of its column.
    pub cell: (usize, usize),
}

impl Point {
    /// Returns the highest value that is drawn of the point.
    pub fn high(&self) -> u64 {
        self.bounds.map_or(self.value, |(_, high)| high)
    }
}
