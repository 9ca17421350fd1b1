//! A map of the world in tiles, one for each country, shaded by its figure. There are no borders to dispute. Only the server draws
//! this kind.

use super::cells::{code, figure, is_time, period};
use super::columns::Columns;
use super::error::DrawError;
use super::fonts::FIGURE;
use super::legend::LEADING;
use super::map::{Map, Panel, Rect};
use super::need::Need;
use super::numbers;
use super::pen::Pen;
use super::series::{Measured, Point, Style};
use super::spec::{Kind, Theme};
use crate::svg::Font;
use crate::wire::{Answer, ColumnRole};
use plotters::style::RGBColor;
use plotters::style::text_anchor::HPos;

/// The tile of each country: its code, column and row.
const TILES: &str = include_str!("../../../data/reference/tiles.csv");
/// Columns and rows of the grid.
const GRID: (i32, i32) = (32, 21);
/// Number of classes that figures above zero are shaded by.
const CLASSES: usize = 5;
/// From this width on, in pixels, a tile has the code of its country; and from the next on, its figure too.
const CODED: i32 = 17;
const WRITTEN: i32 = 30;
/// The least side of a tile, in pixels.
const LEAST: i32 = 6;
/// Font of codes and figures on tiles.
const ON_TILE: Font = Font::regular(9);
/// Height of the legend under the tiles, with the gap above it, in pixels.
const LEGEND: i32 = LEADING + 8;

/// The figures of countries, at one time.
#[derive(Debug)]
pub struct Tiles {
    figures: Vec<(String, Point)>,
    /// The upper bounds of the classes.
    bounds: Vec<u64>,
    measured: Measured,
}

impl Tiles {
    /// Reads the figures of countries.
    ///
    /// # Errors
    /// When the answer is not by country, has several years, or has other groups or measures beside.
    pub fn of(answer: &Answer) -> Result<Self, DrawError> {
        let mut columns = Columns::of(answer)?;
        let measured = columns.take_share(answer, Kind::Map);
        let country = columns.dimensions.iter().find(|(_, column)| column.name == "country");
        let Some(&(country, _)) = country else {
            return Err(DrawError::NoCountries);
        };
        let [(measure, column)] = columns.measures[..] else {
            return Err(DrawError::NotOneFigure);
        };
        let mut times = Vec::new();
        let mut figures: Vec<(String, Point)> = Vec::new();
        for (number, row) in answer.rows.iter().enumerate() {
            let (Some(own), Some(value)) = (code(row, country), figure(row, measure)) else {
                continue;
            };
            for (index, _) in columns.dimensions.iter().filter(|(_, column)| is_time(column)) {
                let at = (*index, period(row, *index));
                if !times.contains(&at) {
                    times.push(at);
                }
            }
            if figures.iter().any(|(known, _)| known == own) {
                return Err(DrawError::NotOneFigure);
            }
            let status = answer.columns.iter().position(|column| column.role == ColumnRole::Status);
            let status = status.and_then(|status| code(row, status));
            let point = Point {
                at: 0,
                panel: 0,
                style: Style::default(),
                value,
                bounds: None,
                provisional: matches!(status, Some("P" | "E")),
                breaks: false,
                disputed: row.disagreements.iter().any(|other| other.measure == column.name),
                cell: (number, measure),
            };
            figures.push((own.to_owned(), point));
        }
        if times.len() > columns.dimensions.iter().filter(|(_, column)| is_time(column)).count() {
            return Err(DrawError::NotOneFigure);
        }
        let largest = figures.iter().map(|(_, point)| point.value).max().unwrap_or(0);
        Ok(Self { bounds: bounds(largest), figures, measured })
    }

    /// Returns whether no country has a figure.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }

    /// Returns the height that a body needs at a width, both in pixels: for tiles over the whole width, or else for the least.
    pub fn need(&self, width: i32, whole: bool) -> Need {
        let side = if whole { width / GRID.0 } else { LEAST };
        Need { around: LEGEND, plot: side.max(LEAST) * GRID.1 }
    }

    /// Draws the tiles, and the legend under them.
    pub fn draw(&self, pen: &Pen<'_>, answer: &Answer, theme: Theme, body: Rect, map: &mut Map) {
        let side = (body.width() / GRID.0).min((body.height() - LEGEND) / GRID.1).max(LEAST);
        let left = body.left + (body.width() - side * GRID.0) / 2;
        let gap = if side < 12 { 1 } else { 2 };
        let rect = Rect { left: body.left, top: body.top, right: body.right, bottom: body.bottom - LEGEND };
        let top = rect.top + (rect.height() - side * GRID.1) / 2;
        map.panels.push(Panel { plot: rect, ends: (-0.5, f64::from(GRID.1) - 0.5), lying: true });
        for (code, column, row) in tiles() {
            let (x, y) = (left + column * side, top + row * side);
            let tile = Rect { left: x, top: y, right: x + side - gap, bottom: y + side - gap };
            let found = self.figures.iter().find(|(own, _)| own == code);
            let (ink, value) = match found {
                None => {
                    pen.fill(tile, pen.palette.shade);
                    (pen.palette.quiet, String::new())
                }
                Some((_, point)) => {
                    let ink = self.shade(pen, theme, tile, point.value);
                    map.mark(
                        &Point { at: row, ..*point },
                        0,
                        ((tile.left + tile.right) / 2, (y + tile.bottom) / 2),
                        tile,
                    );
                    (ink, numbers::of(point.value, self.measured, answer))
                }
            };
            let middle = (tile.left + tile.right) / 2;
            let is_written = side >= WRITTEN && !value.is_empty() && ON_TILE.width(&value) <= side - gap;
            if side >= CODED && ON_TILE.width(code) <= side - gap {
                let high = ON_TILE.height() * if is_written { 2 } else { 1 };
                let y = (tile.top + tile.bottom - high) / 2;
                pen.text(code, (middle, y), HPos::Center, ON_TILE, ink);
                if is_written {
                    pen.text(&value, (middle, y + ON_TILE.height()), HPos::Center, ON_TILE, ink);
                }
            }
        }
        self.legend(pen, answer, theme, Rect { top: rect.bottom + 8, ..body });
    }

    /// Fills a tile by its class, and returns the colour of text on it. A zero is an outline.
    fn shade(&self, pen: &Pen<'_>, theme: Theme, tile: Rect, value: u64) -> RGBColor {
        if value == 0 {
            pen.outline(tile, pen.palette.axis);
            return pen.palette.text;
        }
        let class = self.bounds.iter().position(|bound| value <= *bound).unwrap_or(CLASSES - 1);
        let (color, ink) = classes(theme)[class + CLASSES - self.bounds.len().min(CLASSES)];
        pen.fill(tile, color);
        ink
    }

    /// Draws the sign of countries without figures, then the signs of zero and of the classes with their bounds.
    fn legend(&self, pen: &Pen<'_>, answer: &Answer, theme: Theme, room: Rect) {
        let number = |value: u64| numbers::of(value, self.measured, answer);
        let mut entries: Vec<(Option<u64>, String)> = vec![(None, answer.beside.no_figure.clone())];
        if self.figures.iter().any(|(_, point)| point.value == 0) {
            entries.push((Some(0), number(0)));
        }
        // Counts are whole, so a class begins after the last count of the one before.
        let step = u64::from(self.measured == Measured::Counts);
        let mut before = 0;
        for bound in &self.bounds {
            let least = before + step;
            let name = if least == *bound {
                number(least)
            } else {
                format!("{}–{}", number(least), number(*bound))
            };
            entries.push((Some(*bound), name));
            before = *bound;
        }
        let width = |name: &str| 20 + FIGURE.width(name);
        let needed =
            |entries: &[(Option<u64>, String)]| entries.iter().map(|(_, name)| width(name) + 5).sum::<i32>();
        // Every class has its sign. Where room is short, countries without figures go without one: they are the palest.
        if needed(&entries) > room.width() {
            entries.remove(0);
        }
        let free = room.width() - needed(&entries);
        let gap = 5 + (free / (entries.len() as i32).max(1)).clamp(0, 10);
        let mut x = room.left;
        for (value, name) in entries {
            let width = width(&name);
            if x + width > room.right {
                break;
            }
            let square = Rect { left: x, top: room.top, right: x + 14, bottom: room.top + 14 };
            match value {
                Some(value) => {
                    self.shade(pen, theme, square, value);
                }
                None => pen.fill(square, pen.palette.shade),
            }
            pen.text(&name, (x + 20, room.top - 1), HPos::Left, FIGURE, pen.palette.text);
            x += width + gap;
        }
    }
}

/// Returns the tiles: code, column and row.
fn tiles() -> impl Iterator<Item = (&'static str, i32, i32)> {
    TILES.lines().skip(1).filter_map(|line| {
        let mut fields = line.split(',');
        Some((fields.next()?, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

/// Returns the upper bounds of at most five classes: 1, 2 or 5 times a power of ten, the last at or above the largest figure.
fn bounds(largest: u64) -> Vec<u64> {
    let mut all = Vec::new();
    let mut power = 1_u64;
    while all.last().is_none_or(|last| *last < largest.max(1)) {
        for factor in [1, 2, 5] {
            if all.last().is_none_or(|last| *last < largest.max(1)) {
                all.push(power.saturating_mul(factor));
            }
        }
        power = power.saturating_mul(10);
    }
    let first = all.len().saturating_sub(CLASSES);
    all.split_off(first)
}

/// Returns the colours of the classes, from few to many, each with the colour of text on it.
fn classes(theme: Theme) -> [(RGBColor, RGBColor); CLASSES] {
    let color = super::palette::color;
    let (dark, light) = (color(0x0f1720), color(0xffffff));
    match theme {
        Theme::Light => [
            (color(0xcfe3f0), dark),
            (color(0x9cc5e0), dark),
            (color(0x5f9fc7), dark),
            (color(0x2b6f9e), light),
            (color(0x0c3f66), light),
        ],
        Theme::Dark => [
            (color(0x1f3b52), light),
            (color(0x2b5f86), light),
            (color(0x4a8fbe), dark),
            (color(0x8cc0e2), dark),
            (color(0xd6ecfa), dark),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_countries_share_a_tile() {
        let all: Vec<_> = tiles().collect();
        assert_eq!(all.len(), 250);
        for (index, (code, column, row)) in all.iter().enumerate() {
            assert!((0..GRID.0).contains(column) && (0..GRID.1).contains(row), "{code}");
            let same = |other: &&(&str, i32, i32)| other.0 == *code || (other.1, other.2) == (*column, *row);
            assert_eq!(all[..index].iter().find(same), None, "{code}");
        }
    }

    #[test]
    fn classes_end_at_the_largest_figure() {
        assert_eq!(bounds(0), [1]);
        assert_eq!(bounds(4), [1, 2, 5]);
        assert_eq!(bounds(9_168), [500, 1000, 2000, 5000, 10_000]);
    }
}
