//! The legend: our own, because plotters' asks the platform for the width of text.

use super::page::LABEL;
use super::pen::{Pen, Rect};
use super::words::cut;
use plotters::style::text_anchor::HPos;

/// Room between two names, in pixels.
const GAP: i32 = 16;

/// What a name in the legend stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Swatch {
    /// A line with its mark, of the series of that number.
    Line(usize),
    /// A filled square in the colour of a series.
    Box(usize),
    /// The shade of years in which the statute was not in force.
    Shade,
}

impl Swatch {
    /// Returns the room from the left of the swatch to the name, in pixels.
    fn width(self) -> i32 {
        if matches!(self, Self::Box(_)) { 19 } else { 24 }
    }
}

/// A name in the legend.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) swatch: Swatch,
    pub(super) name: String,
}

/// The legend, laid out in rows.
#[derive(Debug)]
pub(super) struct Legend {
    placed: Vec<(Swatch, String, i32, i32)>,
    height: i32,
}

impl Legend {
    /// Lays out names in rows from the top left of `room`; each takes at most `widest` pixels.
    pub(super) fn lay_out(entries: &[Entry], room: Rect, widest: i32) -> Self {
        let leading = LABEL.height() + 4;
        let (mut x, mut y) = (room.left, room.top);
        let mut placed = Vec::with_capacity(entries.len());
        for entry in entries {
            let swatch = entry.swatch.width();
            let gap = if widest < room.width() { GAP } else { 0 };
            let name = cut(&entry.name, LABEL, (widest.min(room.width()) - swatch - gap).max(40));
            let width = swatch + LABEL.width(&name);
            if x + width > room.right && x > room.left {
                x = room.left;
                y += leading;
            }
            placed.push((entry.swatch, name, x, y));
            x += width + GAP;
        }
        let height = if placed.is_empty() { 0 } else { y + leading - room.top };
        Self { placed, height }
    }

    /// Returns the height of all rows in pixels.
    pub(super) fn height(&self) -> i32 {
        self.height
    }

    /// Draws swatches and names.
    pub(super) fn draw(&self, pen: &Pen<'_>) {
        for (swatch, name, x, y) in &self.placed {
            let middle = y + LABEL.height() / 2;
            match *swatch {
                Swatch::Line(series) => {
                    pen.path(vec![(*x, middle), (x + 18, middle)], pen.color(series), 2);
                    pen.marker((x + 9, middle), series, 4, false);
                }
                Swatch::Box(series) => {
                    pen.fill(
                        Rect { left: *x, top: middle - 6, right: x + 13, bottom: middle + 7 },
                        pen.color(series),
                    );
                }
                Swatch::Shade => {
                    let swatch = Rect { left: *x, top: middle - 6, right: x + 18, bottom: middle + 7 };
                    pen.fill(swatch, pen.palette.grid);
                }
            }
            pen.text(name, (x + swatch.width(), *y), HPos::Left, LABEL, pen.palette.text);
        }
    }
}
