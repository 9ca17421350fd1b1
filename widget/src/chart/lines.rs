//! Lines over time, with their intervals.

use super::figures::Figures;
use super::fonts::LABEL;
use super::legend::LEADING;
use super::map::{Key, Map, Rect};
use super::pen::{Pen, Plot};
use super::periods::Periods;
use super::series::{Along, Point};
use super::upright::Axes;
use plotters::style::RGBColor;
use plotters::style::text_anchor::HPos;

/// Most pixels by which a label may be moved from the end of its line.
const DODGE: i32 = 20;
/// Width of the mark before a name, with the gap after it, in pixels.
const SIGN: i32 = 14;
/// Length of a dash, and of the gap after a dash, in pixels.
const DASH: i32 = 6;

/// The name of a series at the end of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndLabel {
    /// The number of the series.
    series: usize,
    /// The top of the text in pixels: where it is, and where it would be without neighbours.
    top: i32,
    wanted: i32,
}

/// Returns the width in pixels that names at the ends of the lines need. Returns `None` where a legend is better:
/// for a single series, for long names, or where lines do not all end at the last period.
pub fn end_label_width(figures: &Figures, width: i32) -> Option<i32> {
    let Along::Periods(Periods { shown: (first, last), .. }) = figures.along else {
        return None;
    };
    let all_end =
        figures.series.iter().all(|series| series.points.last().is_some_and(|point| point.at == last));
    if figures.series.len() < 2 || last == first || !all_end || width < 400 {
        return None;
    }
    let widest = figures.series.iter().map(|series| LABEL.width(&series.name)).max()? + SIGN + 8;
    (widest <= width * 34 / 100).then_some(widest)
}

/// Returns the names at the ends of the lines, or `None` where they would overlap.
pub fn end_labels(axes: &Axes<'_>) -> Option<Vec<EndLabel>> {
    let height = f64::from(axes.rect.height());
    let mut labels = Vec::new();
    for (series, one) in axes.figures.series.iter().enumerate() {
        let value = one.points.last()?.value as f64 / axes.top().max(1) as f64;
        let middle = axes.rect.bottom - (value * height) as i32;
        let label =
            EndLabel { series, top: middle - LABEL.height() / 2, wanted: middle - LABEL.height() / 2 };
        let place = labels.partition_point(|other: &EndLabel| other.top <= label.top);
        labels.insert(place, label);
    }
    // Labels are first pushed apart downwards, then back up from the bottom.
    for index in 1..labels.len() {
        labels[index].top = labels[index].top.max(labels[index - 1].top + LEADING);
    }
    let mut lowest = axes.rect.bottom + 2 - LABEL.height();
    for label in labels.iter_mut().rev() {
        label.top = label.top.min(lowest);
        lowest = label.top - LEADING;
    }
    let near = |label: &EndLabel| (label.top - label.wanted).abs() <= DODGE;
    labels.iter().all(near).then_some(labels)
}

/// Draws the lines with their intervals and markers, and the names at their ends if there are any.
pub fn draw(pen: &Pen<'_>, plot: &Plot<'_>, axes: &Axes<'_>, labels: &[EndLabel], map: &mut Map) {
    let place = |at: i32, value: u64| plot.map_coordinate(&(f64::from(at), value as f64));
    // Lines are drawn in reverse order, so that the first series of the legend lies on top.
    let series = || axes.figures.series.iter().map(|series| series.in_panel(axes.panel)).enumerate().rev();
    for (_, points) in series() {
        let color = points.first().map_or(pen.palette.axis, |point| point.style.color);
        interval(pen, points, color, &place);
    }
    for (_, points) in series() {
        if let [first, ..] = points {
            line(pen, points, first.style.color, &place);
        }
    }
    let size = match axes.step() {
        ..900 => 2,
        900..3500 => 3,
        _ => 4,
    };
    for (number, points) in series() {
        let mut last: Option<Point> = None;
        for point in points {
            let at = place(point.at, point.value);
            if point.breaks {
                // The break stands halfway along the line that it interrupts, or just before an isolated point.
                let before = last.filter(|last| point.at - last.at == 1);
                let before = before.map(|last| place(last.at, last.value));
                let (x, y) =
                    before.map_or((at.0 - 9, at.1), |last| ((last.0 + at.0) / 2, (last.1 + at.1) / 2));
                let bottom = (y + 8).min(axes.rect.bottom);
                pen.path(&[(x, y - 8), (x, bottom)], pen.palette.background, 5);
                pen.path(&[(x, y - 8), (x, bottom)], pen.palette.strong, 1);
            }
            pen.marker(at, point.style, size, point.provisional);
            if point.disputed {
                pen.ring(at, 8, pen.palette.quiet, 1);
            }
            let around = size + 2;
            let room = Rect {
                left: at.0 - around,
                top: at.1 - around,
                right: at.0 + around + 1,
                bottom: at.1 + around + 1,
            };
            map.mark(point, number, at, room);
            last = Some(*point);
        }
    }
    for label in labels {
        let series = &axes.figures.series[label.series];
        let left = series.points.last().map_or(axes.rect.right, |point| place(point.at, 0).0) + 12;
        let (top, bottom) = (label.top, label.top + LABEL.height());
        // Text needs more contrast than the colours of series have, so the mark alone has the colour.
        pen.marker((left + 4, (top + bottom) / 2), series.style, 4, false);
        pen.text(&series.name, (left + SIGN, top), HPos::Left, LABEL, pen.palette.text);
        let right = left + SIGN + LABEL.width(&series.name);
        let place = Rect { left: left - 4, top, right, bottom };
        map.keys.push(Key { series: label.series, place });
    }
}

/// Draws the intervals of shares as a pale band, which is interrupted wherever the line is.
fn interval(pen: &Pen<'_>, points: &[Point], color: RGBColor, place: &dyn Fn(i32, u64) -> (i32, i32)) {
    let joined =
        |one: &Point, next: &Point| next.at - one.at == 1 && one.bounds.is_some() == next.bounds.is_some();
    for run in points.chunk_by(joined) {
        let bounds =
            |point: &Point| point.bounds.map(|(low, high)| (place(point.at, low), place(point.at, high)));
        let mut outline: Vec<(i32, i32)> = Vec::with_capacity(run.len() * 2);
        if let [alone] = run {
            if let Some((low, high)) = bounds(alone) {
                outline.extend([
                    (low.0 - 3, low.1),
                    (low.0 + 3, low.1),
                    (high.0 + 3, high.1),
                    (high.0 - 3, high.1),
                ]);
            }
        } else {
            outline.extend(run.iter().filter_map(bounds).map(|(_, high)| high));
            outline.extend(run.iter().rev().filter_map(bounds).map(|(low, _)| low));
        }
        if !outline.is_empty() {
            pen.pale(&outline, color);
        }
    }
}

/// Draws the line of a series. It has a gap where a period has no figure, and dashes up to a provisional figure.
fn line(pen: &Pen<'_>, points: &[Point], color: RGBColor, place: &dyn Fn(i32, u64) -> (i32, i32)) {
    for run in points.chunk_by(|one, next| next.at - one.at == 1) {
        let mut solid: Vec<(i32, i32)> = Vec::with_capacity(run.len());
        let end = |solid: &mut Vec<(i32, i32)>| {
            let path = std::mem::take(solid);
            if path.len() > 1 {
                pen.path(&path, color, 2);
            }
        };
        for point in run {
            let at = place(point.at, point.value);
            if let Some(last) = solid.last().copied().filter(|_| point.provisional) {
                end(&mut solid);
                dashes(pen, last, at, color);
            }
            solid.push(at);
        }
        end(&mut solid);
    }
}

/// Draws a dashed line that begins and ends with a dash.
fn dashes(pen: &Pen<'_>, from: (i32, i32), to: (i32, i32), color: RGBColor) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (longer, shorter) = (dx.abs().max(dy.abs()), dx.abs().min(dy.abs()));
    // The line has an odd number of parts, of which every other is drawn. The length is approximate.
    let parts = ((longer + shorter / 3) / DASH).max(1) | 1;
    let at = |part: i32| (from.0 + dx * part / parts, from.1 + dy * part / parts);
    for part in (0..parts).step_by(2) {
        pen.path(&[at(part), at(part + 1)], color, 2);
    }
}
