//! Upright bars over time: side by side, stacked, or stacked to 100 %.

use super::figures::{Bar, Figures};
use super::fonts::FIGURE;
use super::hatch;
use super::map::{Map, Rect};
use super::numbers;
use super::pen::{Pen, Plot};
use super::series::Point;
use super::spec::Kind;
use super::upright::Axes;
use crate::wire::Answer;
use plotters::style::text_anchor::HPos;

/// The least thickness of a bar, in pixels.
const THINNEST: i32 = 3;
/// Width of the labels of the axis of figures, in pixels: about as much as they take at most.
const LABELS: i32 = 60;

/// Returns the height to keep free for figures above the bars, in pixels; 0 where figures would not fit above
/// every bar. Above bars that make 100 % stands what they are shares of.
pub fn room_above(answer: &Answer, figures: &Figures, kind: Kind, width: i32) -> i32 {
    let widest = match kind {
        Kind::Bar if figures.shown().count() == 1 => {
            let width_of = |point: &Point| FIGURE.width(&numbers::figure(point.value, figures, answer));
            figures.points().map(width_of).max()
        }
        Kind::Share => {
            figures.wholes.iter().map(|(_, whole)| FIGURE.width(&numbers::whole(*whole, answer))).max()
        }
        _ => None,
    };
    if widest.is_some_and(|widest| widest + 4 <= band(figures, width)) { FIGURE.height() } else { 0 }
}

/// Returns the room of a period, in pixels.
fn band(figures: &Figures, width: i32) -> i32 {
    let (first, last) = figures.ends();
    (width - LABELS) / (last - first + 1).max(1)
}

/// Returns whether bars over time would be too thin to be told apart, on a page of a width in pixels.
pub fn are_too_thin(figures: &Figures, kind: Kind, width: i32) -> bool {
    let bars = if kind == Kind::Bar { figures.shown().count().max(1) as i32 } else { 1 };
    (width - LABELS) * 4 / 5 < (figures.ends().1 - figures.ends().0 + 1).saturating_mul(bars * THINNEST)
}

/// Draws the bars, with their figures above if there is room.
pub fn draw(
    pen: &Pen<'_>,
    plot: &Plot<'_>,
    axes: &Axes<'_>,
    answer: &Answer,
    figures_above: bool,
    map: &mut Map,
) {
    let band = axes.step();
    let many = axes.figures.shown().count() as i64;
    for Bar { series, slot, point, from, to } in axes.figures.bars(axes.kind) {
        let (middle, top) = plot.map_coordinate(&(f64::from(point.at), to));
        // Even at the very top of a stack, its smallest part is at least one pixel high.
        let bottom = plot.map_coordinate(&(0.0, from)).1.max(axes.rect.top + 1);
        let (slot, many) = if axes.kind == Kind::Bar { (slot as i64, many) } else { (0, 1) };
        let (left, right) = side_by_side(middle, band, slot, many);
        let left = left.clamp(axes.rect.left, axes.rect.right - 1);
        let right = right.clamp(left + 1, axes.rect.right);
        let bar = Rect { left, top: top.min(bottom - 1), right, bottom };
        paint(pen, bar, point, axes.kind != Kind::Bar && from > 0.0);
        let center = (bar.left + bar.right - 1) / 2;
        let mut free = bar.top;
        if let Some((low, high)) = point.bounds {
            let across = |value: u64| (center, plot.map_coordinate(&(0.0, value as f64)).1);
            whisker(pen, across(low), across(high), bar.width());
            free = free.min(across(high).1);
        }
        map.mark(point, series, (center, bar.top), bar);
        if figures_above && axes.kind == Kind::Bar {
            let text = numbers::figure(point.value, axes.figures, answer);
            let (top, half) = (free - 1 - FIGURE.height(), FIGURE.width(&text) / 2 + 2);
            if axes.has_events() {
                // The line of an event would run through the digits.
                let place = Rect { left: middle - half, top, right: middle + half, bottom: free - 1 };
                pen.fill(place, pen.palette.background);
            }
            pen.text(&text, (middle, top), HPos::Center, FIGURE, pen.palette.text);
        }
    }
    let rect = axes.rect;
    if figures_above && axes.kind == Kind::Share {
        for (at, whole) in &axes.figures.wholes {
            let x = plot.map_coordinate(&(f64::from(*at), 0.0)).0;
            let y = rect.top - 1 - FIGURE.height();
            pen.text(&numbers::whole(*whole, answer), (x, y), HPos::Center, FIGURE, pen.palette.quiet);
        }
    }
    pen.path(&[(rect.left, rect.bottom), (rect.right, rect.bottom)], pen.palette.axis, 1);
}

/// Returns the left and right edge of a series' bar within its band, in pixels. All bars of a band together take
/// four fifths of it, and each takes at least one pixel.
fn side_by_side(middle: i32, band: i64, number: i64, many: i64) -> (i32, i32) {
    let taken = (band * 4 / 5).clamp(100, 8000 * many.max(1));
    let edge = |index: i64| (taken * index / many - taken / 2).div_euclid(100) as i32;
    let (left, right) = (middle + edge(number), middle + edge(number + 1));
    // There is a gap between bars that are wide enough to lose a pixel.
    let gap = i32::from(many > 1 && right - left > 4);
    (left, (right - gap).max(left + 1))
}

/// Draws the interval of a share over its bar. `thickness` is that of the bar, in pixels. A light edge keeps the
/// interval visible on any colour.
pub fn whisker(pen: &Pen<'_>, low: (i32, i32), high: (i32, i32), thickness: i32) {
    let cap = ((thickness - 4) / 2).clamp(0, 4);
    // The caps are at right angles to the line.
    let (dx, dy) = if low.0 == high.0 { (cap, 0) } else { (0, cap) };
    let across = |end: (i32, i32)| [(end.0 - dx, end.1 - dy), (end.0 + dx, end.1 + dy)];
    for (color, width) in [(pen.palette.background, 3), (pen.palette.strong, 1)] {
        pen.path(&[low, high], color, width);
        if cap > 0 {
            pen.path(&across(low), color, width);
            pen.path(&across(high), color, width);
        }
    }
}

/// Fills a bar. A provisional bar is hatched.
pub fn paint(pen: &Pen<'_>, bar: Rect, point: &Point, on_another: bool) {
    let color = point.style.color;
    let (wide, high) = (bar.width() > 4, bar.height() > 4);
    let hatched = point.provisional && wide && high;
    if hatched {
        pen.fill_pale(bar, color);
        hatch::bar(pen, bar, color);
    } else {
        pen.fill(bar, color);
    }
    if on_another && high {
        pen.path(&[(bar.left, bar.bottom), (bar.right, bar.bottom)], pen.palette.background, 1);
    }
    let middle = (bar.left + bar.right) / 2;
    if point.disputed {
        // The ring stands inside the bar, away from the figure at its end.
        let (center, color) = if bar.height() >= 14 && !hatched {
            ((middle, bar.top + 7), pen.palette.background)
        } else {
            ((middle, (bar.top + bar.bottom) / 2), pen.palette.strong)
        };
        pen.ring(center, 3, color, 1);
    }
    if point.breaks {
        pen.path(&[(bar.left - 2, bar.top - 6), (bar.left - 2, bar.bottom)], pen.palette.quiet, 1);
    }
}
