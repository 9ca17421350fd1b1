//! The legend. The legend of plotters is not used, because it asks the platform for the width of text.

use super::bars::whisker;
use super::fonts::LABEL;
use super::hatch;
use super::map::{Key, Rect};
use super::pen::Pen;
use super::series::Style;
use super::words;
use crate::svg::digits;
use plotters::style::text_anchor::HPos;

/// Room between two names, in pixels.
const GAP: i32 = 16;

/// Distance between the tops of two rows, in pixels: the least target size for fingers (WCAG 2.2, 2.5.8).
pub const LEADING: i32 = 24;

/// The sign in front of a name in the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swatch {
    /// A line with a marker, for the series of that number.
    Line(usize),
    /// A filled square in the colour of a series.
    Box(usize),
    /// The shade of years in which the statute was not in force.
    Shade,
    /// Hatching; with `lines`, a hollow marker on a dashed line as well.
    Provisional { lines: bool },
    /// A cut where a series changes its definition.
    Break,
    /// A ring where sources disagree.
    Disputed,
    /// The interval of a share: a band with `lines`, otherwise a whisker.
    Interval { lines: bool },
    /// A running total, and a number at a moment. Only the server draws them.
    #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
    Running,
    #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
    Stock,
    /// Nothing, before a text that is no name.
    None,
}

impl Swatch {
    /// Returns the distance from the left of the swatch to the name, in pixels.
    fn width(self) -> i32 {
        match self {
            Self::None => 0,
            Self::Box(_) | Self::Interval { lines: false } | Self::Disputed => 19,
            _ => 24,
        }
    }
}

/// An entry of the legend: a swatch and a name.
#[derive(Debug, Clone)]
pub struct Entry {
    pub swatch: Swatch,
    /// The style of the series.
    pub style: Style,
    pub name: String,
    /// Whether the series is hidden. Then its swatch is hollow and its name pale.
    pub hidden: bool,
}

impl Entry {
    /// Returns an entry for a sign that is none of a series.
    pub fn sign(swatch: Swatch, name: String) -> Self {
        Self { swatch, style: Style::default(), name, hidden: false }
    }
}

/// An entry with its position: the left and top of its swatch, and the right of its name, in pixels.
#[derive(Debug)]
struct Placed {
    entry: Entry,
    left: i32,
    top: i32,
    right: i32,
}

/// Returns an entry in its place after those that are there. A name that is longer than a row is cut.
fn next(placed: &[Placed], entry: &Entry, room: Rect) -> Placed {
    let swatch = entry.swatch.width();
    let name = words::cut(&entry.name, LABEL, room.width() - swatch);
    let width = swatch + LABEL.width(&name);
    let (mut left, mut top) =
        placed.last().map_or((room.left, room.top), |last| (last.right + GAP, last.top));
    if left + width > room.right && left > room.left {
        (left, top) = (room.left, top + LEADING);
    }
    Placed { entry: Entry { name, ..*entry }, left, top, right: left + width }
}

/// The legend, laid out in rows.
#[derive(Debug)]
pub struct Legend {
    placed: Vec<Placed>,
    height: i32,
}

impl Legend {
    /// Lays out names in at most so many rows from the top left of `room`. `more` is the text for `{count}` names that have no
    /// place.
    pub fn lay_out(entries: &[Entry], room: Rect, rows: usize, more: &str) -> Self {
        let mut placed: Vec<Placed> = Vec::with_capacity(entries.len());
        for entry in entries.iter().filter(|_| rows > 0) {
            placed.push(next(&placed, entry, room));
        }
        let lowest = room.top + LEADING * rows.min(entries.len()) as i32;
        let is_outside = |placed: &Placed| placed.top >= lowest;
        let is_name = |entry: &&Entry| matches!(entry.swatch, Swatch::Line(_) | Swatch::Box(_));
        let names = entries.iter().take_while(is_name).count();
        while placed.last().is_some_and(is_outside) {
            placed.pop();
        }
        // The text that says how many have no place needs one too. Where all series are named, signs stay unnamed rather than one
        // of the series.
        while placed.len() < entries.len() && rows > 0 {
            let count = digits((entries.len() - placed.len()) as u64);
            let name = words::fill(more, &[("count", &count)]);
            let last = next(&placed, &Entry::sign(Swatch::None, name), room);
            if !is_outside(&last) {
                placed.push(last);
                break;
            }
            if placed.len() == names {
                break;
            }
            placed.pop();
        }
        let height = placed.last().map_or(0, |last| last.top + LABEL.height() + 4 - room.top);
        Self { placed, height }
    }

    /// Returns the height of all rows in pixels.
    pub fn height(&self) -> i32 {
        self.height
    }

    /// Returns the positions of the names of series.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.placed.iter().filter_map(|placed| {
            let (Swatch::Line(series) | Swatch::Box(series)) = placed.entry.swatch else {
                return None;
            };
            let (left, top, right) = (placed.left, placed.top, placed.right);
            Some(Key { series, place: Rect { left, top, right, bottom: top + LABEL.height() } })
        })
    }

    /// Draws swatches and names.
    pub fn draw(&self, pen: &Pen<'_>) {
        for Placed { entry, left, top, .. } in &self.placed {
            let (x, middle) = (*left, top + LABEL.height() / 2);
            let square = Rect { left: x, top: middle - 6, right: x + 13, bottom: middle + 7 };
            match entry.swatch {
                Swatch::Line(_) if entry.hidden => {
                    pen.outline(Rect { left: x + 2, right: x + 15, ..square }, pen.palette.axis);
                }
                Swatch::Box(_) if entry.hidden => pen.outline(square, pen.palette.axis),
                Swatch::Line(_) => {
                    pen.path(&[(x, middle), (x + 18, middle)], entry.style.color, 2);
                    pen.marker((x + 9, middle), entry.style, 4, false);
                }
                Swatch::Box(_) => pen.fill(square, entry.style.color),
                Swatch::None => {}
                Swatch::Shade => pen.fill(Rect { right: x + 18, ..square }, pen.palette.grid),
                sign => draw_sign(pen, sign, x, middle),
            }
            let color = if entry.hidden { pen.palette.quiet } else { pen.palette.text };
            pen.text(&entry.name, (x + entry.swatch.width(), *top), HPos::Left, LABEL, color);
        }
    }
}

/// Draws a sign that applies to any series, in a neutral colour, vertically centred on its line of text.
fn draw_sign(pen: &Pen<'_>, sign: Swatch, x: i32, middle: i32) {
    let quiet = pen.palette.quiet;
    let square = Rect { left: x, top: middle - 6, right: x + 18, bottom: middle + 7 };
    match sign {
        Swatch::Provisional { lines: true } => {
            hatch::ground(pen, square, pen.palette.axis);
            pen.ring((x + 9, middle), 4, pen.palette.background, 3);
            pen.ring((x + 9, middle), 4, quiet, 2);
        }
        Swatch::Provisional { lines: false } => hatch::bar(pen, square, quiet),
        Swatch::Break => {
            pen.path(&[(x, middle), (x + 6, middle)], quiet, 2);
            pen.path(&[(x + 12, middle), (x + 18, middle)], quiet, 2);
            pen.path(&[(x + 9, middle - 6), (x + 9, middle + 6)], pen.palette.strong, 1);
        }
        Swatch::Disputed => {
            pen.ring((x + 6, middle), 6, quiet, 1);
            pen.ring((x + 6, middle), 1, quiet, 2);
        }
        Swatch::Interval { lines: true } => {
            pen.pale(&square.corners(), quiet);
            pen.path(&[(x, middle), (x + 18, middle)], quiet, 2);
        }
        #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
        Swatch::Running => {
            pen.fill_pale(square, quiet);
            pen.fill(Rect { left: square.right - 3, ..square }, quiet);
        }
        #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
        Swatch::Stock => pen.ring((x + 9, middle), 4, quiet, 2),
        _ => whisker(pen, (x + 6, middle + 5), (x + 6, middle - 5), 12),
    }
}
