//! The axes of a chart over time: periods along the bottom, figures on the left.

use super::events::{self, Event};
use super::figures::Figures;
use super::fonts::{FIGURE, LABEL};
use super::hatch;
use super::map::{Map, Rect};
use super::need::Need;
use super::numbers;
use super::pen::{Pen, Plot};
use super::periods::{self, Periods, Unit};
use super::scale;
use super::series::{Along, Point};
use super::spec::Kind;
use super::words;
use crate::wire::Answer;
use plotters::style::text_anchor::HPos;

/// Height of the labels under the axis, in pixels.
const TICKS: i32 = 26;

/// The axes, laid out.
#[derive(Debug)]
pub struct Axes<'f> {
    pub figures: &'f Figures,
    pub kind: Kind,
    /// The number of the panel that these axes belong to.
    pub panel: i32,
    /// The rectangle in which figures are drawn.
    pub rect: Rect,
    pub ticks: Ticks,
    /// First and last value of the axis of periods.
    pub across: (f64, f64),
    /// The events of the law, and the height of the lane above the plot that has their names.
    events: Vec<Event>,
    lane: i32,
    /// Whether the labels of figures (at the left) and of periods (below) are drawn.
    pub labelled: (bool, bool),
}

/// The ticks of an axis of figures.
#[derive(Debug, Clone)]
pub struct Ticks {
    values: Vec<u64>,
    labels: Vec<String>,
}

impl Ticks {
    /// Returns the ticks for all figures of a picture, in about `most` steps.
    pub fn of(answer: &Answer, figures: &Figures, kind: Kind, most: u64) -> Self {
        Self::up_to(figures.largest(), answer, figures, kind, most)
    }

    /// Returns the ticks for the figures of one panel, in about `most` steps.
    pub fn of_panel(answer: &Answer, figures: &Figures, panel: i32, most: u64) -> Self {
        let own = figures.points().filter(|point| point.panel == panel);
        Self::up_to(own.map(Point::high).max().unwrap_or(0), answer, figures, Kind::Line, most)
    }

    fn up_to(largest: u64, answer: &Answer, figures: &Figures, kind: Kind, most: u64) -> Self {
        let values = match kind {
            Kind::Share => scale::shares(most).to_vec(),
            Kind::Stacked => {
                scale::counts(figures.sums().iter().map(|(_, sum)| *sum).max().unwrap_or(0), most)
            }
            _ => scale::counts(largest, most),
        };
        let labels = values.iter().map(|tick| numbers::tick(*tick, figures, kind, answer)).collect();
        Self { values, labels }
    }

    /// Returns the value at the end of the axis.
    pub fn top(&self) -> u64 {
        self.values.last().copied().unwrap_or(1)
    }

    /// Returns the width of the labels and of the gap to the axis, in pixels.
    pub fn width(&self) -> i32 {
        self.labels.iter().map(|label| LABEL.width(label)).max().unwrap_or(0) + 8
    }
}

/// Returns the height that a body with axes needs. Figures above bars and names of events take `above` pixels.
pub fn need((above, lane): (i32, i32)) -> Need {
    Need { around: head((above, lane)) + TICKS, plot: 36 }
}

/// Returns the room between the top of a body and its plot, in pixels. The names of events stand right of the labels of ticks.
fn head((above, lane): (i32, i32)) -> i32 {
    above + lane.max(LABEL.height() / 2)
}

/// Returns the first and the last period in force, each only if there are periods drawn before or after it.
fn out_of_force(answer: &Answer, figures: &Figures) -> (Option<i32>, Option<i32>) {
    let (Some(in_force), Along::Periods(Periods { unit, shown: (first, last), .. })) =
        (&answer.in_force, &figures.along)
    else {
        return (None, None);
    };
    let period = |text: &Option<String>, end| {
        let month = periods::parse_month(text.as_deref()?, end)?;
        Some(if *unit == Unit::Year { month.div_euclid(12) } else { month })
    };
    let from = period(&in_force.from, false).filter(|from| from > first);
    (from, period(&in_force.to, true).filter(|to| to < last))
}

/// Returns whether any period drawn is shaded because the statute was not in force.
pub fn is_shaded(answer: &Answer, figures: &Figures) -> bool {
    out_of_force(answer, figures) != (None, None)
}

/// Returns the first and last value of the axis of periods, on a plot of `width` pixels. Names at the ends of the
/// lines take `right` pixels.
fn across(figures: &Figures, kind: Kind, width: i32, right: i32) -> (f64, f64) {
    let (first, last) = figures.ends();
    let (from, to) = (f64::from(first), f64::from(last));
    if kind != Kind::Line || last <= first {
        return (from - 0.5, to + 0.5);
    }
    // There is room for half a label at both ends.
    let inset = f64::from(LABEL.width("2000-00") / 2 + 2).min(f64::from(width) / 8.0);
    // Where names stand at the ends of the lines, the grid ends with the lines.
    let inset_right = if right > 0 { 5.0 } else { inset };
    let per_pixel = (to - from) / (f64::from(width) - inset - inset_right);
    (from - inset * per_pixel, to + inset_right * per_pixel)
}

impl<'f> Axes<'f> {
    /// Lays out the axes in the body of the page. `right` is the room for labels at the ends of the lines, and `room` that for
    /// figures above bars and that for names of events, in pixels.
    pub fn lay_out(
        answer: &Answer,
        figures: &'f Figures,
        kind: Kind,
        body: Rect,
        right: i32,
        room: (i32, i32),
        events: Vec<Event>,
    ) -> Self {
        let top = body.top + head(room);
        let bottom = body.bottom - TICKS;
        let most = ((bottom - top) / 36).clamp(1, 6).unsigned_abs().into();
        let ticks = Ticks::of(answer, figures, kind, most);
        let rect = Rect { left: body.left + ticks.width(), top, right: body.right - right, bottom };
        let across = across(figures, kind, rect.width(), right);
        let lane = if room.1 > 0 { top - body.top } else { 0 };
        Self { figures, kind, panel: 0, rect, ticks, across, events, lane, labelled: (true, true) }
    }

    /// Lays out the axes of a panel of lines. `rect` is the panel's plot; all panels share their ticks.
    pub fn in_panel(
        figures: &'f Figures,
        panel: i32,
        rect: Rect,
        ticks: Ticks,
        events: Vec<Event>,
        labelled: (bool, bool),
    ) -> Self {
        let across = across(figures, Kind::Line, rect.width(), 0);
        Self { figures, kind: Kind::Line, panel, rect, ticks, across, events, lane: 0, labelled }
    }

    /// Returns the value at the top of the axis of figures.
    pub fn top(&self) -> u64 {
        self.ticks.top()
    }

    /// Returns whether events of the law stand on the axis of periods.
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Returns the distance between two periods, in hundredths of a pixel.
    pub fn step(&self) -> i64 {
        (f64::from(self.rect.width()) * 100.0 / (self.across.1 - self.across.0)) as i64
    }

    /// Returns the rectangle of the figures with their coordinates.
    pub fn plot<'a>(&self, pen: &Pen<'a>) -> Plot<'a> {
        pen.plot(self.rect, self.across, (0.0, self.top() as f64))
    }

    /// Draws the shade, the grid and the labels of both axes.
    pub fn draw(&self, pen: &Pen<'_>, plot: &Plot<'_>, answer: &Answer, map: &mut Map) {
        let rect = self.rect;
        for (from, to) in self.shades(answer) {
            let (left, right) = (plot.map_coordinate(&(from, 0.0)).0, plot.map_coordinate(&(to, 0.0)).0);
            let band = Rect { left, right, ..rect };
            pen.fill(band, pen.palette.shade);
            if self.shade_is_named(answer) {
                let lines = words::wrap(&answer.text.not_in_force, FIGURE, band.width() - 12);
                for (index, line) in lines.iter().enumerate() {
                    let y = band.top + 4 + index as i32 * FIGURE.height();
                    pen.text(line, (left + 6, y), HPos::Left, FIGURE, pen.palette.quiet);
                }
            }
        }
        for (from, to) in self.provisional() {
            let side = |at: f64| plot.map_coordinate(&(at.max(self.across.0).min(self.across.1), 0.0)).0;
            let band = Rect { left: side(from), right: side(to), ..rect };
            hatch::ground(pen, band, pen.palette.grid);
        }
        for (tick, label) in self.ticks.values.iter().zip(&self.ticks.labels) {
            let y = plot.map_coordinate(&(0.0, *tick as f64)).1;
            let color = if *tick == 0 { pen.palette.axis } else { pen.palette.grid };
            pen.path(&[(rect.left, y), (rect.right, y)], color, 1);
            if self.labelled.0 {
                let at = (rect.left - 8, y - LABEL.height() / 2);
                pen.text(label, at, HPos::Right, LABEL, pen.palette.quiet);
            }
        }
        events::draw(pen, plot, answer, &self.events, (rect, rect.top - self.lane), map);
        let mut free = 0;
        for (at, label) in self.periods() {
            let x = plot.map_coordinate(&(f64::from(at), 0.0)).0;
            if self.kind == Kind::Line {
                pen.path(&[(x, rect.bottom), (x, rect.bottom + 4)], pen.palette.axis, 1);
            }
            if !self.labelled.1 {
                continue;
            }
            // The label stands below the zero of the other axis. The last label stays inside the margin.
            let half = LABEL.width(&label) / 2;
            let x = x.min(rect.right + 8 - half);
            if x - half < free {
                continue;
            }
            free = x + half + 6;
            pen.text(&label, (x, rect.bottom + 9), HPos::Center, LABEL, pen.palette.quiet);
        }
    }

    /// Returns the periods that have a label.
    fn periods(&self) -> Vec<(i32, String)> {
        let Along::Periods(Periods { unit, shown: (first, last), .. }) = self.figures.along else {
            return Vec::new();
        };
        let room = |widest: &str| LABEL.width(widest) + 10;
        if unit == Unit::Year {
            let years = scale::years(first, last, self.step(), room("2000"));
            return years.into_iter().map(|year| (year, periods::name(year, unit))).collect();
        }
        let mut months = scale::months(first, last, self.step(), room("2000-00"));
        if months.iter().all(|month| month % 12 == 0) {
            months = scale::months(first, last, self.step(), room("2000"));
        }
        let only_januaries = months.len() > 1 && months.iter().all(|month| month % 12 == 0);
        let name = |month: &i32| {
            if only_januaries {
                periods::name(month.div_euclid(12), Unit::Year)
            } else {
                periods::name(*month, unit)
            }
        };
        months.iter().map(|month| (*month, name(month))).collect()
    }

    /// Returns the spans in which the statute was not in force, within the periods drawn.
    fn shades(&self, answer: &Answer) -> Vec<(f64, f64)> {
        let (before, after) = out_of_force(answer, self.figures);
        let before = before.map(|from| (self.across.0, (f64::from(from) - 0.5).min(self.across.1)));
        let after = after.map(|to| ((f64::from(to) + 0.5).max(self.across.0), self.across.1));
        before.into_iter().chain(after).collect()
    }

    /// Returns the spans in which a line has provisional figures. Bars need none, because they are hatched themselves.
    fn provisional(&self) -> Vec<(f64, f64)> {
        let mut spans: Vec<(f64, f64)> = Vec::new();
        // Most answers have no provisional figures, and some have thousands of months.
        if self.kind != Kind::Line
            || cfg!(any(feature = "whole", not(target_arch = "wasm32")))
                && !self.figures.points().any(|point| point.provisional)
        {
            return spans;
        }
        let (first, last) = self.figures.ends();
        for at in first..=last {
            let provisional =
                |point: &Point| point.panel == self.panel && point.at == at && point.provisional;
            if !self.figures.points().any(provisional) {
                continue;
            }
            let (from, to) = (f64::from(at) - 0.5, f64::from(at) + 0.5);
            match spans.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => spans.push((from, to)),
            }
        }
        spans
    }

    /// Returns whether a shaded span is too narrow for its name, so that the legend must name it.
    pub fn shade_needs_legend(&self, answer: &Answer) -> bool {
        !self.shades(answer).is_empty() && !self.shade_is_named(answer)
    }

    /// Returns whether the name of the shade fits into every shaded span, without crossing a figure.
    fn shade_is_named(&self, answer: &Answer) -> bool {
        let shades = self.shades(answer);
        let per_unit = f64::from(self.rect.width()) / (self.across.1 - self.across.0);
        let occupied = |(from, to): &(f64, f64)| {
            let inside = |at: i32| f64::from(at) >= *from && f64::from(at) <= *to;
            self.figures.points().any(|point| inside(point.at))
        };
        !shades.is_empty()
            && shades.iter().all(|shade| {
                let width = ((shade.1 - shade.0) * per_unit) as i32 - 12;
                let lines = words::wrap(&answer.text.not_in_force, FIGURE, width.max(1));
                let words = answer.text.not_in_force.split(' ').all(|word| FIGURE.width(word) <= width);
                words && !occupied(shade) && lines.len() as i32 * FIGURE.height() + 8 <= self.rect.height()
            })
    }
}
