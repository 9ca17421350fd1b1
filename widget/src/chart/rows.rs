//! Horizontal bars for named groups: names at the left, and the figure at the end of each bar.

use super::bars::{paint, whisker};
use super::figures::{Bar, Figures};
use super::fonts::{FIGURE, LABEL};
use super::map::{Map, Panel, Rect};
use super::need::Need;
use super::numbers;
use super::pen::Pen;
use super::scale;
use super::series::{Along, Point};
use super::spec::Kind;
use super::words;
use crate::svg::Font;
use crate::wire::Answer;
use plotters::style::text_anchor::HPos;

/// Font of figures where bars are close together.
const SMALL_FIGURE: Font = Font::regular(10);
/// Height of the labels under the bars, in pixels.
const TICKS: i32 = 20;
/// Room above the bars and below them, in pixels.
const EDGES: i32 = 6;
/// Most lines that a name takes.
const LINES: usize = 3;

/// Returns the height that a body needs for the groups, at a width in pixels. With `whole`, names have room to stand in full,
/// and in a ranking every bar has its figure.
pub fn need(figures: &Figures, kind: Kind, width: i32, whole: bool) -> Need {
    let names = names(figures);
    let room = name_room(names, width);
    let lines = if whole {
        names.iter().map(|name| words::wrap(name, LABEL, room).len().min(LINES)).max()
    } else {
        None
    };
    let name = lines.unwrap_or(1) as i32 * LABEL.height() + 1;
    let bars = bars(figures, kind);
    let bar = if whole && kind == Kind::Horizontal && bars > 1 { SMALL_FIGURE.height() } else { 3 };
    Need { around: TICKS + EDGES, plot: names.len() as i32 * ((bars + 1) * bar + 4).max(name) }
}

/// Returns the room between the bars of two groups, in pixels: about the thickness of a bar.
fn apart(band: i32, bars: i32) -> i32 {
    (band / (bars + 1)).clamp(3, 18)
}

/// Returns how many bars a group has.
fn bars(figures: &Figures, kind: Kind) -> i32 {
    if kind.is_stacked() { 1 } else { figures.shown().count().max(1) as i32 }
}

/// Returns the width of the groups' names, in pixels, on a page of this width.
fn name_room(names: &[String], width: i32) -> i32 {
    let widest = names.iter().map(|name| LABEL.width(name)).max().unwrap_or(0);
    widest.min(width * if width < 400 { 50 } else { 38 } / 100)
}

fn names(figures: &Figures) -> &[String] {
    match &figures.along {
        Along::Groups(names) => names,
        Along::Periods(_) => &[],
    }
}

/// Draws names, bars and figures, and an axis where figures do not fit.
pub fn draw(pen: &Pen<'_>, answer: &Answer, figures: &Figures, kind: Kind, body: Rect, map: &mut Map) {
    let groups = names(figures);
    let many = groups.len().max(1) as i32;
    let bars = bars(figures, kind);
    // A few bars that filled the page would look like walls, so their thickness is limited.
    let fair = if bars == 1 { 150 } else { bars * 40 + 30 };
    let band = ((body.height() - TICKS - EDGES) / many).min(fair);
    let thickness = if bars == 1 { (band * 7 / 10).min(72) } else { (band - apart(band, bars)) / bars };
    let pitch = if bars == 1 { band } else { thickness };
    let font = if pitch < FIGURE.height() { SMALL_FIGURE } else { FIGURE };
    let written = kind != Kind::Share && pitch >= font.height();
    let axis = kind.is_stacked() || !written;

    let left = body.left + name_room(groups, body.width()) + 10;
    let sums = figures.sums();
    let largest = if kind == Kind::Stacked {
        sums.iter().map(|(_, sum)| *sum).max().unwrap_or(0)
    } else {
        figures.largest()
    };
    let room = |value: u64| font.width(&numbers::figure(value, figures, answer)) + 12;
    let has_wholes = kind == Kind::Share && pitch >= font.height();
    let figure_room = match (written, kind) {
        (true, Kind::Stacked) => room(largest),
        (_, Kind::Share) if has_wholes => figures
            .wholes
            .iter()
            .map(|(_, whole)| font.width(&numbers::whole(*whole, answer)) + 12)
            .max()
            .unwrap_or(0),
        (false, _) => 0,
        (true, _) => figures.points().map(|point| room(point.value)).max().unwrap_or(0),
    };
    let label = |tick: u64| numbers::tick(tick, figures, kind, answer);
    let ticks = ticks(kind, largest, body.right - left - figure_room, label);
    let top = if axis { ticks.last().copied().unwrap_or(1) } else { largest.max(1) };
    let half_label = if axis { LABEL.width(&label(top)) / 2 + 1 } else { 0 };
    let right = body.right - figure_room.max(half_label);
    let rect =
        Rect { left, top: body.top + EDGES, right, bottom: body.bottom - if axis { TICKS } else { 0 } };
    // The room that a few bars leave free is divided between above and below.
    let free = ((rect.height() - band * many) / 2).max(0);
    let first = rect.top + free;
    let free = f64::from(free) / f64::from(band.max(1));

    // The middle of each group is at a whole number, and the first group is at the top.
    let ends = (-0.5 - free, f64::from(many) - 0.5 + free);
    let plot = pen.plot(rect, (0.0, top as f64), (ends.1, ends.0));
    map.panels.push(Panel { plot: rect, ends, lying: true });
    let along = |value: f64| plot.map_coordinate(&(value, 0.0)).0;
    if axis {
        // Where not even two labels have room, the zero has none.
        let mut free = i32::MAX;
        for tick in ticks.iter().rev() {
            let x = along(*tick as f64);
            pen.path(&[(x, rect.top), (x, rect.bottom)], pen.palette.grid, 1);
            let label = label(*tick);
            let half = LABEL.width(&label) / 2 + 1;
            if x + half <= free {
                pen.text(&label, (x, rect.bottom + 4), HPos::Center, LABEL, pen.palette.quiet);
                free = x - half;
            }
        }
    }
    pen.path(&[(rect.left - 1, rect.top), (rect.left - 1, rect.bottom)], pen.palette.axis, 1);
    for (index, name) in groups.iter().enumerate() {
        let middle = first + band * index as i32 + band / 2;
        let lines = (band / LABEL.height()).max(1).unsigned_abs() as usize;
        let lines = words::wrap_to(name, LABEL, left - 10 - body.left, LINES.min(lines));
        let mut y = middle - lines.len() as i32 * LABEL.height() / 2;
        for line in &lines {
            pen.text(line, (left - 10, y), HPos::Right, LABEL, pen.palette.text);
            y += LABEL.height();
        }
    }
    for Bar { series, slot, point, from, to } in figures.bars(kind) {
        // Every figure above zero has a visible bar. A zero has only its figure, or a line one pixel wide.
        let least = if point.value > 0 { 2 } else { 1 };
        let left = along(from).min(rect.right - least);
        let right = along(to).max(left + least);
        let start = first + band * point.at + (band - thickness * bars) / 2;
        let y = if bars > 1 { start + thickness * slot as i32 } else { start };
        let gap = i32::from(bars > 1 && thickness > 4);
        let bar = Rect { left, top: y, right, bottom: (y + thickness - gap).max(y + 1) };
        // Named groups have no order in time, so there is no earlier figure that a break could separate.
        paint(pen, bar, &Point { breaks: false, ..*point }, false);
        let middle = (bar.top + bar.bottom - 1) / 2;
        let mut end = bar;
        if let Some((low, high)) = point.bounds {
            let (low, high) = (along(low as f64), along(high as f64));
            whisker(pen, (low, middle), (high, middle), bar.height());
            end.right = end.right.max(high);
        }
        map.mark(point, series, (bar.right - 1, middle), bar);
        if written && !kind.is_stacked() {
            figure(pen, &numbers::figure(point.value, figures, answer), font, end);
        }
    }
    if has_wholes {
        for (at, whole) in &figures.wholes {
            let y = first + band * at + band / 2 - font.height() / 2;
            let whole = numbers::whole(*whole, answer);
            pen.text(&whole, (rect.right + 6, y), HPos::Left, font, pen.palette.quiet);
        }
    }
    if kind == Kind::Stacked && written {
        for (at, sum) in sums {
            let y = first + band * at + (band - thickness) / 2;
            let end = Rect { left: rect.left, top: y, right: along(sum as f64), bottom: y + thickness };
            figure(pen, &numbers::count(sum, answer), font, end);
        }
    }
}

/// Returns as many ticks as fit without touching labels in `room` pixels, seven at most.
fn ticks(kind: Kind, largest: u64, room: i32, label: impl Fn(u64) -> String) -> Vec<u64> {
    let mut most = 6;
    loop {
        let ticks =
            if kind == Kind::Share { scale::shares(most).to_vec() } else { scale::counts(largest, most) };
        let widest = ticks.iter().map(|tick| LABEL.width(&label(*tick))).max().unwrap_or(0);
        // Half of the last label may extend into the room of the bars.
        if most == 1 || (room - widest / 2) / (ticks.len() as i32 - 1).max(1) >= widest + 8 {
            return ticks;
        }
        most -= 1;
    }
}

/// Writes a figure at the end of its bar.
fn figure(pen: &Pen<'_>, text: &str, font: Font, bar: Rect) {
    let y = (bar.top + bar.bottom) / 2 - font.height() / 2;
    pen.text(text, (bar.right + 6, y), HPos::Left, font, pen.palette.strong);
}
