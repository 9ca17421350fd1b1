//! Lines over time.

use super::figures::{Along, Figures, Point, Series};
use super::map::{Key, Map, Periods, Rect};
use super::page::LABEL;
use super::pen::{Pen, Plot};
use super::upright::Axes;
use super::words;
use plotters::element::PathElement;
use plotters::style::text_anchor::HPos;
use plotters::style::{Color as _, ShapeStyle};

/// How far a label may be moved from the end of its line, in pixels.
const DODGE: i32 = 12;

/// A name at the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EndLabel {
    /// The number of the series.
    series: usize,
    /// Where the top of the text is, and where it would be if it had the place for itself, in pixels.
    top: i32,
    wanted: i32,
}

/// Returns the width in pixels that names at the lines' ends need, or `None` where a legend serves
/// better: a single series, names too long, or lines that do not all end at the last period.
pub(super) fn end_label_width(figures: &Figures, width: i32) -> Option<i32> {
    let Along::Periods(Periods { shown: (first, last), .. }) = figures.along else {
        return None;
    };
    let all_end =
        figures.series.iter().all(|series| series.points.last().is_some_and(|point| point.at == last));
    if figures.series.len() < 2 || last == first || !all_end || width < 480 {
        return None;
    }
    let widest = figures.series.iter().map(|series| LABEL.width(&series.name)).max()?;
    (widest <= width * 28 / 100).then_some(widest + 8)
}

/// Returns the names at the lines' ends, or `None` where they would overlap.
pub(super) fn end_labels(axes: &Axes<'_>) -> Option<Vec<EndLabel>> {
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
    // Push apart downwards, then back up from the bottom.
    for index in 1..labels.len() {
        labels[index].top = labels[index].top.max(labels[index - 1].top + LABEL.height());
    }
    let mut limit = axes.rect.bottom + 2;
    for label in labels.iter_mut().rev() {
        label.top = label.top.min(limit - LABEL.height());
        limit = label.top;
    }
    let near = |label: &EndLabel| (label.top - label.wanted).abs() <= DODGE;
    labels.iter().all(near).then_some(labels)
}

/// Draws the lines with their marks, and names at their ends where given.
pub(super) fn draw(pen: &Pen<'_>, plot: &Plot<'_>, axes: &Axes<'_>, labels: &[EndLabel], map: &mut Map) {
    // The first series is the first in the legend and lies on top.
    for (number, series) in axes.figures.series.iter().enumerate().rev() {
        for run in runs(series) {
            let points: Vec<(f64, f64)> =
                run.iter().map(|point| (f64::from(point.at), point.value as f64)).collect();
            let style = ShapeStyle { color: pen.color(number).to_rgba(), filled: false, stroke_width: 2 };
            if run.len() > 1 {
                let _ = plot.draw(&PathElement::new(points, style));
            }
        }
    }
    let dense = axes.step() < 900;
    for (number, series) in axes.figures.series.iter().enumerate().rev() {
        let mut last: Option<Point> = None;
        for point in &series.points {
            let at = plot.map_coordinate(&(f64::from(point.at), point.value as f64));
            if point.breaks {
                // Halfway along the line that the break cuts, or just before a point that stands alone.
                let before = last.filter(|last| point.at - last.at == 1);
                let before = before.map(|last| plot.map_coordinate(&(f64::from(last.at), last.value as f64)));
                let (x, y) =
                    before.map_or((at.0 - 9, at.1), |last| ((last.0 + at.0) / 2, (last.1 + at.1) / 2));
                let bottom = (y + 8).min(axes.rect.bottom);
                pen.path(vec![(x, y - 8), (x, bottom)], pen.palette.background, 5);
                pen.path(vec![(x, y - 8), (x, bottom)], pen.palette.strong, 1);
            }
            let size = if dense { 2 } else { 4 };
            mark(pen, number, point, at, size);
            let size = size + 2;
            let place =
                Rect { left: at.0 - size, top: at.1 - size, right: at.0 + size + 1, bottom: at.1 + size + 1 };
            map.marks.push(point.mark(number, at, place));
            last = Some(*point);
        }
    }
    for label in labels {
        let name = words::cut(&axes.figures.series[label.series].name, LABEL, i32::MAX);
        let end = plot
            .map_coordinate(&(
                axes.figures.series[label.series].points.last().map_or(0.0, |point| f64::from(point.at)),
                0.0,
            ))
            .0;
        pen.text(&name, (end + 12, label.top), HPos::Left, LABEL, pen.color(label.series));
        let right = end + 12 + LABEL.width(&name);
        let place = Rect { left: end + 6, top: label.top, right, bottom: label.top + LABEL.height() };
        map.keys.push(Key { series: label.series, place });
    }
}

fn mark(pen: &Pen<'_>, series: usize, point: &Point, at: (i32, i32), size: i32) {
    pen.marker(at, series, size, point.provisional);
    if point.disputed {
        pen.ring(at, 8, pen.palette.quiet, 1);
    }
}

/// Returns the stretches of periods without a gap.
fn runs(series: &Series) -> impl Iterator<Item = &[Point]> {
    series.points.chunk_by(|one, next| next.at - one.at == 1)
}
