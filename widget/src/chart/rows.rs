//! Lying bars for named groups: the names at the left, the figure at the end of each bar.

use super::bars::paint;
use super::figures::{Along, Figures};
use super::map::{Map, Panel, Rect};
use super::page::LABEL;
use super::pen::Pen;
use super::scale;
use super::spec::Kind;
use super::upright::FIGURE;
use super::words;
use crate::svg::Font;
use crate::wire::Answer;
use plotters::style::text_anchor::HPos;

/// Font of figures where bars lie close together.
const SMALL_FIGURE: Font = Font::regular(10);
/// Height of the labels under the bars, in pixels.
const TICKS: i32 = 20;

/// Returns the least height in pixels of a body for the groups, at a width in pixels; `whole` when their
/// names should stand there in full.
pub(super) fn need(figures: &Figures, kind: Kind, width: i32, whole: bool) -> i32 {
    let names = names(figures);
    let room = name_room(names, width);
    let lines = if whole {
        names.iter().map(|name| words::wrap(name, LABEL, room).len().min(LINES)).max()
    } else {
        None
    };
    let name = lines.unwrap_or(1) as i32 * LABEL.height() + 1;
    let bars = if kind == Kind::Bar { figures.shown().count() as i32 } else { 1 };
    names.len() as i32 * (bars * 3 + 3).max(name) + TICKS + 6
}

/// The most lines that a name takes.
const LINES: usize = 3;

/// Returns the room for the names of the groups, in pixels of a width.
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

/// Draws names, bars, figures, and an axis where figures do not fit.
pub(super) fn draw(pen: &Pen<'_>, answer: &Answer, figures: &Figures, kind: Kind, body: Rect, map: &mut Map) {
    let groups = names(figures);
    let many = groups.len().max(1) as i32;
    let bars = if kind == Kind::Bar { figures.shown().count().max(1) as i32 } else { 1 };
    // A few bars would look like walls if they filled the page.
    let fair = if bars == 1 { 112 } else { bars * 36 + 20 };
    let height = body.height().min(many * fair + TICKS + 6);
    let band = (height - TICKS - 6) / many;
    let thickness = if bars == 1 { (band * 7 / 10).min(72) } else { (band - band.min(14) / 2) / bars };
    let pitch = if bars == 1 { band } else { thickness };
    let font = if pitch < FIGURE.height() { SMALL_FIGURE } else { FIGURE };
    let written = kind != Kind::Share && pitch >= font.height();
    let axis = kind != Kind::Bar || !written;

    let left = body.left + name_room(groups, body.width()) + 10;
    let sums = figures.sums();
    let largest = if kind == Kind::Stacked {
        sums.iter().map(|(_, sum)| *sum).max().unwrap_or(0)
    } else {
        figures.largest()
    };
    let figure_room = if written { font.width(&words::count(largest, answer)) + 12 } else { 0 };
    let label = |tick: u64| {
        if kind == Kind::Share { words::per_cent(tick, answer) } else { words::count(tick, answer) }
    };
    let ticks = ticks(kind, largest, body.right - left - figure_room, label);
    let top = if axis { ticks.last().copied().unwrap_or(1) } else { largest.max(1) };
    let half_label = if axis { LABEL.width(&label(top)) / 2 + 1 } else { 0 };
    let right = body.right - figure_room.max(half_label);
    let rect = Rect { left, top: body.top + 6, right, bottom: body.top + 6 + band * many };

    // Groups have their middle at whole numbers, the first at the top.
    let plot = pen.plot(rect, (0.0, top as f64), (f64::from(many) - 0.5, -0.5));
    map.panels.push(Panel { plot: rect, coordinates: plot.as_coord_spec().clone(), lying: true });
    if axis {
        for tick in &ticks {
            let x = plot.map_coordinate(&(*tick as f64, 0.0)).0;
            pen.path(vec![(x, rect.top), (x, rect.bottom)], pen.palette.grid, 1);
            pen.text(&label(*tick), (x, rect.bottom + 4), HPos::Center, LABEL, pen.palette.quiet);
        }
    }
    pen.path(vec![(rect.left - 1, rect.top), (rect.left - 1, rect.bottom)], pen.palette.axis, 1);
    for (index, name) in groups.iter().enumerate() {
        let middle = rect.top + band * index as i32 + band / 2;
        let room = left - 10 - body.left;
        let lines = words::wrap_to(
            name,
            LABEL,
            room,
            LINES.min((band / LABEL.height()).max(1).unsigned_abs() as usize),
        );
        let mut y = middle - lines.len() as i32 * LABEL.height() / 2;
        for line in &lines {
            pen.text(line, (left - 10, y), HPos::Right, LABEL, pen.palette.text);
            y += LABEL.height();
        }
    }
    let mut below: Vec<f64> = vec![0.0; sums.len()];
    for (slot, (number, series)) in figures.shown().enumerate() {
        for point in &series.points {
            let Ok(place) = sums.binary_search_by_key(&point.at, |(at, _)| *at) else {
                continue;
            };
            let (value, base) = match kind {
                // Nothing of a stack is not a part of it.
                Kind::Share | Kind::Stacked if point.value == 0 => continue,
                Kind::Share => (point.value as f64 * 100.0 / sums[place].1 as f64, below[place]),
                Kind::Stacked => (point.value as f64, below[place]),
                Kind::Line | Kind::Bar => (point.value as f64, 0.0),
            };
            below[place] = base + value;
            let from = plot.map_coordinate(&(base, 0.0)).0;
            // The least that still can be seen; a zero has only its figure, or a hair.
            let least = if point.value > 0 { 2 } else { 1 };
            let to = plot.map_coordinate(&(base + value, 0.0)).0.max(from + least);
            let start = rect.top + band * point.at + (band - thickness * bars) / 2;
            let y = if bars > 1 { start + thickness * slot as i32 } else { start };
            let gap = i32::from(bars > 1 && thickness > 4);
            let bar = Rect { left: from, top: y, right: to, bottom: (y + thickness - gap).max(y + 1) };
            paint(pen, bar, number, point, false);
            map.marks.push(point.mark(number, (bar.right - 1, (bar.top + bar.bottom - 1) / 2), bar));
            if kind == Kind::Bar && written {
                figure(pen, &words::count(point.value, answer), font, bar);
            }
        }
    }
    if kind == Kind::Stacked && written {
        for (place, (at, sum)) in sums.iter().enumerate() {
            let end = plot.map_coordinate(&(below[place], 0.0)).0;
            let y = rect.top + band * at + (band - thickness) / 2;
            figure(
                pen,
                &words::count(*sum, answer),
                font,
                Rect { left: rect.left, top: y, right: end, bottom: y + thickness },
            );
        }
    }
}

/// Returns as many ticks, up to seven, as have labels that do not touch in a room in pixels.
fn ticks(kind: Kind, largest: u64, room: i32, label: impl Fn(u64) -> String) -> Vec<u64> {
    let mut most = 6;
    loop {
        let ticks =
            if kind == Kind::Share { scale::shares(most).to_vec() } else { scale::counts(largest, most) };
        let widest = ticks.iter().map(|tick| LABEL.width(&label(*tick))).max().unwrap_or(0);
        // Half of the last label may take away from the room of the bars.
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
