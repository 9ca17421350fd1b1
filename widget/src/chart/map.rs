//! The map of a picture: it finds the figure under a pointer, the period at a position, and the parts that can
//! be clicked.

use super::periods::Periods;
use super::series::{Point, Style};
use crate::svg::{push_hex, push_whole, put};
use plotters::coord::ReverseCoordTranslate as _;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;

/// A rectangle in pixels of the picture. `right` and `bottom` are the first pixels outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// The leftmost pixel.
    pub left: i32,
    /// The topmost pixel.
    pub top: i32,
    /// The first pixel to the right of the rectangle.
    pub right: i32,
    /// The first pixel below the rectangle.
    pub bottom: i32,
}

impl Rect {
    pub(super) fn width(self) -> i32 {
        self.right - self.left
    }

    pub(super) fn height(self) -> i32 {
        self.bottom - self.top
    }

    /// Returns the corners, from the top left clockwise.
    pub(super) fn corners(self) -> [(i32, i32); 4] {
        let Self { left, top, right, bottom } = self;
        [(left, top), (right, top), (right, bottom), (left, bottom)]
    }

    /// Returns left, top, right and bottom.
    pub(crate) fn sides(self) -> [i32; 4] {
        [self.left, self.top, self.right, self.bottom]
    }

    /// Returns the horizontal and vertical distance of a point from the rectangle, in pixels; 0 inside.
    fn distance(self, (x, y): (i32, i32)) -> (i32, i32) {
        let off = |at: i32, from: i32, to: i32| (from - at).max(at - (to - 1)).max(0);
        (off(x, self.left, self.right), off(y, self.top, self.bottom))
    }
}

/// The coordinate translation of plotters, from figures to pixels and back.
pub type Coordinates = Cartesian2d<RangedCoordf64, RangedCoordf64>;

/// A plot with coordinates of its own.
pub struct Panel {
    /// The rectangle in which figures are drawn, without labels.
    pub plot: Rect,
    /// The coordinates that the figures were drawn with: periods or groups along one axis, values along the
    /// other.
    pub coordinates: Coordinates,
    /// Whether bars are horizontal. Then groups stand one below the other.
    pub lying: bool,
}

/// A figure at its position in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Index of the figure's row in the answer.
    pub row: usize,
    /// Index of the figure's column in the answer.
    pub column: usize,
    /// Number of the series, which also decides its colour and its place in the legend.
    pub series: usize,
    /// Index of the panel.
    pub panel: usize,
    /// The period (see [`Unit`](super::Unit)), or the index of the group in drawing order.
    pub at: i32,
    /// The position of the value: the point of a line, or the middle of a bar's end.
    pub anchor: (i32, i32),
    /// The rectangle of the marker or bar.
    pub place: Rect,
}

/// The names of the numbers of a mark, in their order.
const MARK: [&str; 11] =
    ["row", "column", "series", "panel", "at", "x", "y", "left", "top", "right", "bottom"];

impl Mark {
    /// Returns the numbers of the mark, which scripts read.
    pub(crate) fn numbers(&self) -> [i32; 11] {
        let Self { row, column, series, panel, at, anchor: (x, y), place } = *self;
        let Rect { left, top, right, bottom } = place;
        [row as i32, column as i32, series as i32, panel as i32, at, x, y, left, top, right, bottom]
    }
}

/// The name of a series, in the legend or at the end of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Number of the series.
    pub series: usize,
    /// The rectangle of the swatch and the name.
    pub place: Rect,
}

/// The positions of all parts of a picture.
#[derive(Default)]
pub struct Map {
    /// The plots, in reading order; empty in a picture without figures.
    pub panels: Vec<Panel>,
    /// Every figure drawn.
    pub marks: Vec<Mark>,
    /// The name of every series, whether drawn or hidden.
    pub keys: Vec<Key>,
    /// The names of all series in full, by number.
    pub names: Vec<String>,
    /// The periods, when time is a dimension of the answer.
    pub periods: Option<Periods>,
    /// The colours of all series, by number: red, green and blue.
    pub colors: Vec<(u8, u8, u8)>,
    /// The room kept free for controls at the bottom right; `None` in a plain picture.
    pub controls: Option<Rect>,
    /// The number of an event in the history of the law, and the rectangle of its line and name.
    pub events: Vec<(usize, Rect)>,
}

/// Distance from a plot at which a pointer still means this plot, in pixels: the size of a fingertip.
const REACH: i32 = 32;

impl Map {
    /// Adds a point drawn in the last panel, with its value at `anchor`.
    pub(super) fn mark(&mut self, point: &Point, series: usize, anchor: (i32, i32), place: Rect) {
        let (row, column) = point.cell;
        let panel = self.panels.len().saturating_sub(1);
        self.marks.push(Mark { row, column, series, panel, at: point.at, anchor, place });
    }

    /// Adds the name of a series, with its colour.
    pub(super) fn name(&mut self, name: &str, style: Style) {
        self.names.push(name.to_owned());
        let color = style.color;
        self.colors.push((color.0, color.1, color.2));
    }

    /// Returns the positions as JSON, for scripts that read the picture. All positions are in whole pixels; rectangles are left,
    /// top, right and bottom.
    ///
    /// `row` to `bottom` have an item for each figure drawn: its row and column in the answer, its series, panel, and period or
    /// group, the position of its value, and the rectangle of its mark. `keys` are series with the rectangles of their names.
    /// `panels` are the rectangles of plots, each with the values at its two ends along the axis of periods or groups, in
    /// thousandths, and 1 where groups stand one below the other. `periods` are the unit (0: no periods, 1: years, 2: months since
    /// year 0), the first and last period of the answer, and the first and last period drawn. `events` are numbers of events in
    /// `beside` with their rectangles. `controls` is a rectangle, or empty.
    pub fn to_json(&self) -> String {
        let mut json = String::from("{");
        for (column, name) in MARK.iter().enumerate() {
            member(&mut json, name);
            for (index, mark) in self.marks.iter().enumerate() {
                json.push(if index == 0 { '[' } else { ',' });
                push_whole(&mut json, mark.numbers()[column]);
            }
            put(&mut json, if self.marks.is_empty() { "[]" } else { "]" });
        }
        let keys = self.keys.iter().map(|key| (key.series, key.place)).collect();
        for (name, places) in [("keys", &keys), ("events", &self.events)] {
            member(&mut json, name);
            json.push('[');
            for (index, (number, place)) in places.iter().enumerate() {
                let [left, top, right, bottom] = place.sides();
                list(&mut json, index, &[*number as i32, left, top, right, bottom]);
            }
            json.push(']');
        }
        member(&mut json, "panels");
        json.push('[');
        for (index, panel) in self.panels.iter().enumerate() {
            list(&mut json, index, &panel.numbers());
        }
        json.push(']');
        member(&mut json, "controls");
        match self.controls {
            Some(room) => list(&mut json, 0, &room.sides()),
            None => put(&mut json, "[]"),
        }
        member(&mut json, "periods");
        list(&mut json, 0, &self.periods.map_or([0; 5], Periods::numbers));
        member(&mut json, "colors");
        json.push('[');
        for (index, (red, green, blue)) in self.colors.iter().enumerate() {
            comma(&mut json, index);
            put(&mut json, "\"#");
            for part in [red, green, blue] {
                push_hex(&mut json, *part);
            }
            json.push('"');
        }
        json.push(']');
        member(&mut json, "names");
        json.push('[');
        for (index, name) in self.names.iter().enumerate() {
            comma(&mut json, index);
            string(&mut json, name);
        }
        put(&mut json, "]}");
        json
    }

    /// Returns the index of the mark that a pointer means. This is the mark under the pointer, or else the nearest mark
    /// of the nearest period that has figures (with horizontal bars: of the nearest group). `None` far from all
    /// plots.
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
            // Marks under the pointer come first; then the period decides, then the distance.
            let far = if on { -1e12 } else { steps * 1e12 } + beside * 1e3 + (dx * dx + dy * dy) / 1e3;
            if best.is_none_or(|(_, least)| far < least) {
                best = Some((index, far));
            }
        }
        best.map(|(index, _)| index)
    }

    /// Returns the period at a distance from the left of the picture in pixels, among those drawn; `None` where the
    /// horizontal axis has no periods.
    pub fn period_at(&self, x: f64) -> Option<i32> {
        let (first, last) = self.periods?.shown;
        let x = whole(x);
        let off = |panel: &Panel| (!panel.lying).then(|| panel.plot.distance((x, panel.plot.top)).0);
        let panel = &self.panels[self.least(&off)?.0];
        let at = panel.along((x, panel.plot.top))?;
        Some(whole(at + 0.5).clamp(first, last))
    }

    /// Returns the panel at or next to a position, and the position in whole pixels.
    fn panel_at(&self, x: f64, y: f64) -> Option<(usize, (i32, i32))> {
        let place = (whole(x), whole(y));
        let off = |panel: &Panel| {
            let (across, down) = panel.plot.distance(place);
            // The names of horizontal bars belong to the bars.
            Some(if panel.lying && place.0 < panel.plot.left { down } else { across.max(down) })
        };
        self.least(&off).filter(|(_, off)| *off <= REACH).map(|(index, _)| (index, place))
    }

    /// Returns the index of the nearest panel and its distance. Of equally near panels, the first is returned.
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
    /// Returns the numbers of the panel in [`Map::to_json`].
    fn numbers(&self) -> [i32; 7] {
        let ends = if self.lying { self.coordinates.get_y_range() } else { self.coordinates.get_x_range() };
        // Groups are counted from the top, which plotters takes for the end of its axis.
        let (first, last) = if self.lying { (ends.end, ends.start) } else { (ends.start, ends.end) };
        let [left, top, right, bottom] = self.plot.sides();
        [left, top, right, bottom, whole(first * 1000.0), whole(last * 1000.0), i32::from(self.lying)]
    }

    /// Returns the position of a pixel along the axis of periods or groups, by the coordinates of the chart.
    fn along(&self, (x, y): (i32, i32)) -> Option<f64> {
        let plot = self.plot;
        let x = x.clamp(plot.left, (plot.right - 1).max(plot.left));
        let y = y.clamp(plot.top, (plot.bottom - 1).max(plot.top));
        let one = self.coordinates.reverse_translate((x, y))?;
        // Figures were rounded down to whole pixels, so the middle of the pixel is the best estimate.
        let next = self.coordinates.reverse_translate((x + 1, y + 1))?;
        Some(if self.lying { (one.1 + next.1) / 2.0 } else { (one.0 + next.0) / 2.0 })
    }
}

/// Begins a member of an object.
fn member(json: &mut String, name: &str) {
    comma(json, json.len() - 1);
    string(json, name);
    json.push(':');
}

/// Separates an item from those before it.
fn comma(json: &mut String, before: usize) {
    if before > 0 {
        json.push(',');
    }
}

/// Writes whole numbers as a list, which is the item of a number.
fn list(json: &mut String, index: usize, numbers: &[i32]) {
    comma(json, index);
    json.push('[');
    for (index, number) in numbers.iter().enumerate() {
        comma(json, index);
        push_whole(json, *number);
    }
    json.push(']');
}

/// Writes a text as JSON has it.
fn string(json: &mut String, text: &str) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            letter if letter < ' ' => json.push(' '),
            letter => json.push(letter),
        }
    }
    json.push('"');
}

/// Rounds down to a whole number.
fn whole(value: f64) -> i32 {
    let cut = value as i32;
    if f64::from(cut) > value { cut - 1 } else { cut }
}
