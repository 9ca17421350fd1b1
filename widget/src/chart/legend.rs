//! The legend. The legend of plotters is not used, because it asks the platform for the width of text.

use super::bars::whisker;
use super::fonts::LABEL;
use super::hatch;
use super::map::{Key, Rect};
use super::pen::Pen;
use super::words::cut;
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
}

impl Swatch {
    /// Returns the distance from the left of the swatch to the name, in pixels.
    fn width(self) -> i32 {
        match self {
            Self::Box(_) | Self::Interval { lines: false } | Self::Disputed => 19,
            _ => 24,
        }
    }
}

/// An entry of the legend: a swatch and a name.
#[derive(Debug, Clone)]
pub struct Entry {
    pub swatch: Swatch,
    pub name: String,
    /// Whether the series is hidden. Then its swatch is hollow and its name pale.
    pub hidden: bool,
}

/// An entry with its position: the left and top of its swatch, and the right of its name, in pixels.
#[derive(Debug)]
struct Placed {
    entry: Entry,
    left: i32,
    top: i32,
    right: i32,
}

/// The legend, laid out in rows.
#[derive(Debug)]
pub struct Legend {
    placed: Vec<Placed>,
    height: i32,
}

impl Legend {
    /// Lays out names in rows from the top left of `room`. Each name takes at most `widest` pixels.
    pub fn lay_out(entries: &[Entry], room: Rect, widest: i32) -> Self {
        let (mut x, mut y) = (room.left, room.top);
        let mut placed = Vec::with_capacity(entries.len());
        for entry in entries {
            let swatch = entry.swatch.width();
            let gap = if widest < room.width() { GAP } else { 0 };
            let name = cut(&entry.name, LABEL, (widest.min(room.width()) - swatch - gap).max(40));
            let width = swatch + LABEL.width(&name);
            if x + width > room.right && x > room.left {
                x = room.left;
                y += LEADING;
            }
            placed.push(Placed { entry: Entry { name, ..*entry }, left: x, top: y, right: x + width });
            x += width + GAP;
        }
        let height = if placed.is_empty() { 0 } else { y + LABEL.height() + 4 - room.top };
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
                Swatch::Line(series) => {
                    pen.path(&[(x, middle), (x + 18, middle)], pen.color(series), 2);
                    pen.marker((x + 9, middle), series, 4, false);
                }
                Swatch::Box(series) => pen.fill(square, pen.color(series)),
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
        _ => whisker(pen, (x + 6, middle + 5), (x + 6, middle - 5), 12),
    }
}
