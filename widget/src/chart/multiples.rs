//! Small multiples: a panel of lines per group, all on the same axes, so that panels can be compared at a glance.

use super::events;
use super::figures::Figures;
use super::lines;
use super::map::{Map, Panel, Rect};
use super::need::Need;
use super::pen::Pen;
use super::spec::{Kind, Spec};
use super::upright::{Axes, Ticks};
use super::words;
use crate::svg::Font;
use crate::wire::Answer;
use plotters::style::text_anchor::HPos;

/// Font of the names of panels.
const NAME: Font = Font::bold(12);
/// Most lines that a name takes.
const LINES: usize = 2;
/// Gaps in pixels: between panels across, between panels down, and between a panel's name and its plot.
const GAPS: (i32, i32, i32) = (22, 18, 7);
/// Room above the names of the first row, in pixels.
const ABOVE: i32 = 6;
/// Height of the labels of periods, in pixels.
const TICKS: i32 = 26;
/// The least height of a plot, and the least height where room is short, in pixels.
const LEAST: (i32, i32) = (84, 60);

/// The arrangement of panels on a page.
struct Grid {
    columns: i32,
    rows: i32,
    /// Whether every panel has labels for its periods, rather than only the lowest panel of each column.
    labelled: bool,
}

impl Grid {
    /// Returns a grid with columns of a good width, and without a single panel alone in the last row.
    fn of(panels: usize, width: i32) -> Self {
        let panels = panels.max(1) as i32;
        let most = match width {
            ..440 => 1,
            440..700 => 2,
            700..1000 => 3,
            _ => 4,
        };
        let rows = (panels + most - 1) / most;
        let columns = (panels + rows - 1) / rows;
        // Panels far from the labels could not be read, so then each has labels of its own.
        Self { columns, rows, labelled: columns == 1 || rows > 3 }
    }

    /// Returns the height of everything but the plots: names, gaps, labels of periods.
    fn around(&self, names: &[Vec<String>]) -> i32 {
        let labels = if self.labelled { self.rows } else { 1 };
        let named: i32 = ABOVE + (0..self.rows).map(|row| self.name_height(names, row) + GAPS.2).sum::<i32>();
        named + (self.rows - 1) * GAPS.1 + labels * TICKS
    }

    /// Returns the height of the longest name in a row, in pixels.
    fn name_height(&self, names: &[Vec<String>], row: i32) -> i32 {
        let columns = self.columns.unsigned_abs() as usize;
        let row = names.chunks(columns).nth(row.unsigned_abs() as usize).unwrap_or_default();
        row.iter().map(Vec::len).max().unwrap_or(1) as i32 * NAME.height()
    }
}

/// The ticks of panels: one scale for all, or with `free` one for each.
fn ticks(answer: &Answer, figures: &Figures, free: bool, most: u64) -> Vec<Ticks> {
    if free {
        let panels = 0..figures.panels.len() as i32;
        panels.map(|panel| Ticks::of_panel(answer, figures, panel, most)).collect()
    } else {
        vec![Ticks::of(answer, figures, Kind::Line, most)]
    }
}

/// Returns the width of the labels of ticks, and the width of a panel, on a page of a width; all in pixels. Panels with scales of
/// their own have labels of their own.
fn widths(grid: &Grid, width: i32, ticks: &[Ticks], free: bool) -> (i32, i32) {
    let labels = ticks.iter().map(Ticks::width).max().unwrap_or(0);
    let all = if free { labels * grid.columns } else { labels };
    (labels, (width - all - (grid.columns - 1) * GAPS.0) / grid.columns)
}

fn wrapped(figures: &Figures, width: i32) -> Vec<Vec<String>> {
    figures.panels.iter().map(|name| words::wrap_to(name, NAME, width, LINES)).collect()
}

/// Returns the height that a body needs for the panels, at a width in pixels. `whole` is true while the page is not yet tight.
pub fn need(answer: &Answer, figures: &Figures, free: bool, width: i32, whole: bool) -> Need {
    let grid = Grid::of(figures.panels.len(), width);
    let names = wrapped(figures, widths(&grid, width, &ticks(answer, figures, free, 1), free).1);
    // What stands between panels is a part of the plot. Panels of one height may leave a pixel for each row but one.
    let around = ABOVE + grid.name_height(&names, 0) + GAPS.2 + TICKS;
    let plot = grid.rows * if whole { LEAST.0 } else { LEAST.1 } + grid.around(&names) - around;
    Need { around: around + grid.rows - 1, plot }
}

/// Draws the panels in the body of the page.
pub fn draw(pen: &Pen<'_>, answer: &Answer, figures: &Figures, body: Rect, spec: &Spec, map: &mut Map) {
    let grid = Grid::of(figures.panels.len(), body.width());
    let plots = |names: &[Vec<String>]| ((body.height() - grid.around(names)) / grid.rows).max(8);
    // The number of ticks decides the width of their labels, and this width decides where the names break.
    let free = spec.free;
    let roughly = ticks(answer, figures, free, 1);
    let height = plots(&wrapped(figures, widths(&grid, body.width(), &roughly, free).1));
    let ticks = ticks(answer, figures, free, (height / 30).clamp(1, 4).unsigned_abs().into());
    let (labels, width) = widths(&grid, body.width(), &ticks, free);
    let titles = wrapped(figures, width);
    let height = plots(&titles);
    let mut top = body.top + ABOVE;
    for (index, title) in titles.iter().enumerate() {
        let index = index as i32;
        let (row, column) = (index / grid.columns, index % grid.columns);
        if column == 0 {
            let before = if row == 0 { 0 } else { height + GAPS.1 + if grid.labelled { TICKS } else { 0 } };
            top += before + grid.name_height(&titles, row) + GAPS.2;
        }
        let left = body.left + labels + column * (width + GAPS.0 + if free { labels } else { 0 });
        let rect = Rect { left, top, right: left + width, bottom: top + height };
        // Names are aligned at their last line, so that a name of one line stands close to its panel.
        let mut y = top - GAPS.2 - title.len() as i32 * NAME.height();
        for line in title {
            pen.text(line, (left, y), HPos::Left, NAME, pen.palette.text);
            y += NAME.height();
        }
        let lowest = index + grid.columns >= titles.len() as i32;
        let own = figures.statutes.get(index.unsigned_abs() as usize).map(String::as_str);
        let events = if spec.without_events { Vec::new() } else { events::shown(answer, figures, own) };
        let labelled = (free || column == 0, grid.labelled || lowest);
        let ticks = ticks[if free { index.unsigned_abs() as usize } else { 0 }].clone();
        let axes = Axes::in_panel(figures, index, rect, ticks, events, labelled);
        let plot = axes.plot(pen);
        map.panels.push(Panel { plot: rect, ends: axes.across, lying: false });
        axes.draw(pen, &plot, answer, map);
        lines::draw(pen, &plot, &axes, &[], map);
    }
}
