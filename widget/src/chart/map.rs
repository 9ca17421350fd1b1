//! Where things are in a picture: which figure a pointer is over, which period lies at a place, and what
//! can be clicked.

use super::periods::Periods;
use super::series::Point;
use plotters::coord::ReverseCoordTranslate as _;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;

/// A rectangle in pixels of the picture; `right` and `bottom` are the first pixels outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// First pixel from the left.
    pub left: i32,
    /// First pixel from the top.
    pub top: i32,
    /// First pixel to the right that is outside.
    pub right: i32,
    /// First pixel below that is outside.
    pub bottom: i32,
}

impl Rect {
    pub(super) fn width(self) -> i32 {
        self.right - self.left
    }

    pub(super) fn height(self) -> i32 {
        self.bottom - self.top
    }

    /// Returns the corners, from the top left to the right.
    pub(super) fn corners(self) -> [(i32, i32); 4] {
        let Self { left, top, right, bottom } = self;
        [(left, top), (right, top), (right, bottom), (left, bottom)]
    }

    /// Returns how far a place is from the rectangle across and down, in pixels: nothing inside.
    fn distance(self, (x, y): (i32, i32)) -> (i32, i32) {
        let off = |at: i32, from: i32, to: i32| (from - at).max(at - (to - 1)).max(0);
        (off(x, self.left, self.right), off(y, self.top, self.bottom))
    }
}

/// From figures to pixels and back.
pub type Coordinates = Cartesian2d<RangedCoordf64, RangedCoordf64>;

/// A rectangle of figures under coordinates of its own.
pub struct Panel {
    /// Where its figures are drawn, without labels.
    pub plot: Rect,
    /// The coordinates that its figures were drawn with: periods or groups along one axis, values along
    /// the other.
    pub coordinates: Coordinates,
    /// Whether bars lie: then groups stand one below the other.
    pub lying: bool,
}

/// A figure as it was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Index of its row in the answer.
    pub row: usize,
    /// Index of its column in the answer.
    pub column: usize,
    /// Number of its series, which also numbers colours and legend.
    pub series: usize,
    /// Index of its panel.
    pub panel: usize,
    /// Its period (see [`Unit`](super::Unit)), or the index of its group in the order drawn.
    pub at: i32,
    /// Where its value is: the point of a line, the middle of a bar's end.
    pub anchor: (i32, i32),
    /// The room its mark or bar takes.
    pub place: Rect,
}

/// The name of a series in the legend, or at the end of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Number of the series.
    pub series: usize,
    /// Where its swatch and name are.
    pub place: Rect,
}

/// Where everything is in a picture.
#[derive(Default)]
pub struct Map {
    /// The plots, in reading order; none in a picture without figures.
    pub panels: Vec<Panel>,
    /// Every figure drawn.
    pub marks: Vec<Mark>,
    /// Every name of a series, drawn or hidden.
    pub keys: Vec<Key>,
    /// The names of all series in full, by number.
    pub names: Vec<String>,
    /// Which periods there are, when time is a dimension of the answer.
    pub periods: Option<Periods>,
    /// The room that is kept free for controls at the bottom right; none in a plain picture.
    pub controls: Option<Rect>,
}

/// How far from a plot a pointer still means it, in pixels: a fingertip.
const REACH: i32 = 32;

impl Map {
    /// Remembers a point as drawn in the last panel, with its value at `anchor`.
    pub(super) fn mark(&mut self, point: &Point, series: usize, anchor: (i32, i32), place: Rect) {
        let (row, column) = point.cell;
        let panel = self.panels.len().saturating_sub(1);
        self.marks.push(Mark { row, column, series, panel, at: point.at, anchor, place });
    }

    /// Returns the index of the mark that a place in the picture means: the one it lies on, else the
    /// nearest of the period (of lying bars: of the group) that is nearest and has figures. `None` far
    /// from all plots.
    pub fn nearest(&self, x: f64, y: f64) -> Option<usize> {
        let (panel, place) = self.panel_at(x, y)?;
        let at = self.panels[panel].along(place)?;
        let mut best: Option<(usize, f64)> = None;
        for (index, mark) in self.marks.iter().enumerate().filter(|(_, mark)| mark.panel == panel) {
            let (across, down) = mark.place.distance(place);
            let on = across == 0 && down == 0;
            let (dx, dy) = (f64::from(mark.anchor.0 - place.0), f64::from(mark.anchor.1 - place.1));
            let beside = f64::from(across) * f64::from(across) + f64::from(down) * f64::from(down);
            let steps = f64::from(mark.at) - at;
            let steps = if steps < 0.0 { -steps } else { steps };
            // Marks under the pointer come first, then the period decides, then the distance.
            let far = if on { -1e12 } else { steps * 1e12 } + beside * 1e3 + (dx * dx + dy * dy) / 1e3;
            if best.is_none_or(|(_, least)| far < least) {
                best = Some((index, far));
            }
        }
        best.map(|(index, _)| index)
    }

    /// Returns the period that lies at a distance from the left of the picture in pixels, among those
    /// drawn; `None` where no period stands along the bottom.
    pub fn period_at(&self, x: f64) -> Option<i32> {
        let (first, last) = self.periods?.shown;
        let x = whole(x);
        let off = |panel: &Panel| (!panel.lying).then(|| panel.plot.distance((x, panel.plot.top)).0);
        let panel = &self.panels[self.least(&off)?.0];
        let at = panel.along((x, panel.plot.top))?;
        Some(whole(at + 0.5).clamp(first, last))
    }

    /// Returns the panel at or next to a place, and the place as a pixel.
    fn panel_at(&self, x: f64, y: f64) -> Option<(usize, (i32, i32))> {
        let place = (whole(x), whole(y));
        let off = |panel: &Panel| {
            let (across, down) = panel.plot.distance(place);
            // The names of lying bars belong to them.
            Some(if panel.lying && place.0 < panel.plot.left { down } else { across.max(down) })
        };
        self.least(&off).filter(|(_, off)| *off <= REACH).map(|(index, _)| (index, place))
    }

    /// Returns the index of the panel with the least distance, the first of several, and that distance.
    fn least(&self, off: &dyn Fn(&Panel) -> Option<i32>) -> Option<(usize, i32)> {
        let mut nearest: Option<(usize, i32)> = None;
        for (index, panel) in self.panels.iter().enumerate() {
            if let Some(off) = off(panel).filter(|off| nearest.is_none_or(|(_, least)| *off < least)) {
                nearest = Some((index, off));
            }
        }
        nearest
    }
}

impl Panel {
    /// Returns where along the axis of periods or groups a pixel lies, by the coordinates of the chart.
    fn along(&self, (x, y): (i32, i32)) -> Option<f64> {
        let plot = self.plot;
        let x = x.clamp(plot.left, (plot.right - 1).max(plot.left));
        let y = y.clamp(plot.top, (plot.bottom - 1).max(plot.top));
        let one = self.coordinates.reverse_translate((x, y))?;
        // Figures were rounded down to whole pixels: the middle of the pixel is what they mean.
        let next = self.coordinates.reverse_translate((x + 1, y + 1))?;
        Some(if self.lying { (one.1 + next.1) / 2.0 } else { (one.0 + next.0) / 2.0 })
    }
}

/// Rounds down to a whole number.
fn whole(value: f64) -> i32 {
    let cut = value as i32;
    if f64::from(cut) > value { cut - 1 } else { cut }
}
