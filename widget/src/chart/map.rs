//! The map of a picture: where its figures and the parts that can be clicked are, and in which colours. Scripts read it as JSON.

use super::periods::Periods;
use super::series::{Point, Style};
use crate::svg::{push_hex, push_whole, put};

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
}

/// A plot with an axis of its own.
pub struct Panel {
    /// The rectangle in which figures are drawn, without labels.
    pub plot: Rect,
    /// The values at the two ends of the axis of periods or groups: at the left and the right, or at the top and the bottom.
    pub ends: (f64, f64),
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
    /// The colours of the background, titles, text, quiet text, axis, grid and shade.
    pub ground: Vec<(u8, u8, u8)>,
    /// The room kept free for controls at the bottom right; `None` in a plain picture.
    pub controls: Option<Rect>,
    /// The number of an event in the history of the law, and the rectangle of its line and name.
    pub events: Vec<(usize, Rect)>,
}

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
    /// `beside` with their rectangles. `controls` is a rectangle, or empty. `ground` has the colours of background, titles, text,
    /// quiet text, axis, grid and shade; `colors` those of the series.
    pub fn to_json(&self) -> String {
        let mut json = String::from("{");
        for (column, name) in MARK.iter().enumerate() {
            items(&mut json, name, self.marks.len(), &|json, index| {
                push_whole(json, self.marks[index].numbers()[column]);
            });
        }
        items(&mut json, "keys", self.keys.len(), &|json, index| {
            let Key { series, place } = self.keys[index];
            numbered(json, series, place);
        });
        items(&mut json, "events", self.events.len(), &|json, index| {
            let (number, place) = self.events[index];
            numbered(json, number, place);
        });
        items(&mut json, "panels", self.panels.len(), &|json, index| {
            list(json, &self.panels[index].numbers())
        });
        member(&mut json, "controls");
        list(&mut json, self.controls.map(Rect::sides).as_ref().map_or(&[], |sides| sides));
        member(&mut json, "periods");
        list(&mut json, &self.periods.map_or([0; 5], Periods::numbers));
        for (name, colors) in [("ground", &self.ground), ("colors", &self.colors)] {
            items(&mut json, name, colors.len(), &|json, index| {
                let (red, green, blue) = colors[index];
                put(json, "\"#");
                for part in [red, green, blue] {
                    push_hex(json, part);
                }
                json.push('"');
            });
        }
        items(&mut json, "names", self.names.len(), &|json, index| string(json, &self.names[index]));
        json.push('}');
        json
    }
}

impl Panel {
    /// Returns the numbers of the panel in [`Map::to_json`].
    fn numbers(&self) -> [i32; 7] {
        let [left, top, right, bottom] = self.plot.sides();
        let [first, last] = [self.ends.0, self.ends.1].map(|end| whole(end * 1000.0));
        [left, top, right, bottom, first, last, i32::from(self.lying)]
    }
}

/// Begins a member of an object.
fn member(json: &mut String, name: &str) {
    if json.len() > 1 {
        json.push(',');
    }
    string(json, name);
    json.push(':');
}

/// Writes a member that is a list of so many items.
fn items(json: &mut String, name: &str, count: usize, item: &dyn Fn(&mut String, usize)) {
    member(json, name);
    json.push('[');
    for index in 0..count {
        if index > 0 {
            json.push(',');
        }
        item(json, index);
    }
    json.push(']');
}

/// Writes whole numbers as a list.
fn list(json: &mut String, numbers: &[i32]) {
    for (index, number) in numbers.iter().enumerate() {
        json.push(if index == 0 { '[' } else { ',' });
        push_whole(json, *number);
    }
    put(json, if numbers.is_empty() { "[]" } else { "]" });
}

/// Writes a number and a rectangle as a list.
fn numbered(json: &mut String, number: usize, place: Rect) {
    let [left, top, right, bottom] = place.sides();
    list(json, &[number as i32, left, top, right, bottom]);
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
