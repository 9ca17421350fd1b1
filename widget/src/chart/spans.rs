//! Figures of stretches of time that are no calendar years: a bar for each, from its first month to its last, in a lane of its
//! own. Stretches overlap, so nothing is stacked or added. Only the server draws this kind.

use super::cells::{code, figure};
use super::error::DrawError;
use super::fonts::{FIGURE, LABEL};
use super::keys::Keys;
use super::legend::{Entry, Swatch};
use super::map::{Map, Panel, Rect};
use super::need::Need;
use super::numbers;
use super::pen::Pen;
use super::periods::parse_month;
use super::scale;
use super::series::{LANE_LIMIT, Point, Style};
use super::spec::Theme;
use super::styles::Styles;
use super::words;
use crate::wire::{Answer, Column, ColumnRole};
use plotters::style::text_anchor::HPos;

/// Least height of a lane, most thickness of a bar, height of the labels of years, and room above the lanes; in pixels.
const LANE: i32 = 18;
const THICKEST: i32 = 20;
const TICKS: i32 = 20;
const EDGE: i32 = 6;
/// Most lines of the name of a group.
const LINES: usize = 3;

/// What a figure of a stretch of time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Counts {
    /// The events between its first month and its last.
    Flow,
    /// All events since its first month, as counted at its last.
    Running,
    /// The number at a moment.
    Stock,
}

/// A figure with its months, as months since year 0.
#[derive(Debug, Clone)]
struct Span {
    from: i32,
    to: i32,
    counts: Counts,
    point: Point,
}

/// The figures of a lane, in order of time. Only running totals since the same month share a lane: they are readings of one counter.
#[derive(Debug)]
struct Lane {
    spans: Vec<Span>,
}

/// Lanes in groups, each with its name.
#[derive(Debug)]
pub struct Spans {
    groups: Vec<(String, Style, Vec<Lane>)>,
}

/// Returns the column of periods of an answer.
pub fn column(answer: &Answer) -> Option<usize> {
    answer.columns.iter().position(|column| column.role == ColumnRole::Dimension && column.name == "period")
}

impl Spans {
    /// Reads the figures of an answer whose periods are in a column.
    pub fn of(answer: &Answer, period: usize, theme: Theme) -> Result<Self, DrawError> {
        let by_role = |role| answer.columns.iter().enumerate().filter(move |(_, column)| column.role == role);
        let others: Vec<(usize, &Column)> =
            by_role(ColumnRole::Dimension).filter(|(index, _)| *index != period).collect();
        let measures: Vec<(usize, &Column)> = by_role(ColumnRole::Measure).collect();
        if measures.is_empty() {
            return Err(DrawError::NothingCounted);
        }
        let keys = Keys { answer, dimensions: &others };
        let styles = Styles::of(answer, theme, &others, measures.len());
        let mut groups = Vec::new();
        let mut lanes = 0;
        for key in keys.all(&|_| false) {
            for (index, measure) in &measures {
                let mut own: Vec<Lane> = Vec::new();
                let mut style = styles.numbered(groups.len());
                for (number, row) in answer.rows.iter().enumerate().filter(|(_, row)| keys.holds(row, &key)) {
                    let (Some(value), Some((from, to, counts))) =
                        (figure(row, *index), code(row, period).and_then(months))
                    else {
                        continue;
                    };
                    style = styles.style(row, groups.len());
                    let disputed = row.disagreements.iter().any(|other| other.measure == measure.name);
                    let status = by_role(ColumnRole::Status).next().and_then(|(status, _)| code(row, status));
                    let point = Point {
                        at: 0,
                        panel: 0,
                        style,
                        value,
                        bounds: None,
                        provisional: matches!(status, Some("P" | "E")),
                        breaks: false,
                        disputed,
                        cell: (number, *index),
                    };
                    add(&mut own, Span { from, to, counts, point });
                }
                lanes += own.len();
                let name = key.name(0, (measures.len() > 1).then_some(measure.title.as_str()));
                if !own.is_empty() {
                    groups.push((name, style, own));
                }
            }
            if lanes > LANE_LIMIT {
                return Err(DrawError::TooManyLanes { lanes });
            }
        }
        Ok(Self { groups })
    }

    /// Returns whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn spans(&self) -> impl Iterator<Item = &Span> {
        self.groups.iter().flat_map(|(_, _, lanes)| lanes).flat_map(|lane| &lane.spans)
    }

    /// Returns the names of the groups with their styles.
    pub fn names(&self) -> impl Iterator<Item = (&str, Style)> {
        self.groups.iter().map(|(name, style, _)| (name.as_str(), *style))
    }

    /// Returns the legend's entries for what the figures count, as far as they differ from figures of a stretch of time.
    pub fn entries(&self, answer: &Answer) -> Vec<Entry> {
        let beside = &answer.beside;
        let signs = [
            (Counts::Running, Swatch::Running, &beside.running),
            (Counts::Stock, Swatch::Stock, &beside.stock),
        ];
        let occurs = |counts| self.spans().any(|span| span.counts == counts);
        let named = signs.into_iter().filter(|(counts, _, name)| !name.is_empty() && occurs(*counts));
        named.map(|(_, swatch, name)| Entry::sign(swatch, name.clone())).collect()
    }

    /// Returns the height that a body needs.
    pub fn need(&self) -> Need {
        Need { around: EDGE + TICKS, plot: self.count() * LANE }
    }

    /// Returns the number of lanes.
    fn count(&self) -> i32 {
        self.groups.iter().map(|(_, _, lanes)| lanes.len() as i32).sum()
    }

    /// Draws names, lanes, and the axis of years.
    pub fn draw(&self, pen: &Pen<'_>, answer: &Answer, body: Rect, map: &mut Map) {
        let months = |end: fn(&Span) -> i32| self.spans().map(end);
        let (Some(first), Some(last)) = (months(|span| span.from).min(), months(|span| span.to).max()) else {
            return;
        };
        let widest =
            |names: &mut dyn Iterator<Item = &str>| names.map(|name| LABEL.width(name)).max().unwrap_or(0);
        let word = widest(&mut self.names().flat_map(|(name, _)| name.split(' ')));
        // No word is broken, as long as half of the width is left.
        let room = (body.width() * 3 / 10).max(word.min(body.width() / 2));
        let named = widest(&mut self.names().map(|(name, _)| name)).min(room);
        let text = |span: &Span| numbers::count(span.point.value, answer);
        let written = self.spans().map(|span| FIGURE.width(&text(span))).max().unwrap_or(0) + 8;
        let rect = Rect {
            left: body.left + named + 10,
            top: body.top + EDGE,
            right: body.right - written,
            bottom: body.bottom - TICKS,
        };
        // The middle of each lane is at a whole number, and the first lane is at the top.
        let lowest = f64::from(self.count()) - 0.5;
        let plot = pen.plot(rect, (f64::from(first), f64::from(last + 1)), (lowest, -0.5));
        map.panels.push(Panel { plot: rect, ends: (-0.5, lowest), lying: true });
        let x = |month: i32| plot.map_coordinate(&(f64::from(month), 0.0)).0;
        let per_month = i64::from(rect.width()) * 100 / i64::from(last + 1 - first).max(1);
        let room = LABEL.width("2000") + 10;
        let years = scale::years((first + 11).div_euclid(12), last.div_euclid(12), per_month * 12, room);
        for year in years {
            let x = x((year * 12).clamp(first, last + 1));
            pen.path(&[(x, rect.top), (x, rect.bottom)], pen.palette.grid, 1);
            let label = year.to_string();
            let half = LABEL.width(&label) / 2;
            let x = x.clamp(rect.left + half - 10, body.right - half);
            pen.text(&label, (x, rect.bottom + 4), HPos::Center, LABEL, pen.palette.quiet);
        }
        let y = |lane: f64| plot.map_coordinate(&(0.0, lane)).1;
        let mut number = 0;
        for (series, (name, style, lanes)) in self.groups.iter().enumerate() {
            let first = f64::from(number);
            let (top, bottom) = (y(first - 0.5), y(first - 0.5 + lanes.len() as f64));
            if number > 0 {
                pen.path(&[(body.left, top), (rect.right, top)], pen.palette.grid, 1);
            }
            let lines = ((bottom - top) / LABEL.height()).clamp(1, LINES as i32).unsigned_abs() as usize;
            let lines = words::wrap_to(name, LABEL, named, lines);
            let mut line_top = (top + bottom - lines.len() as i32 * LABEL.height()) / 2;
            for line in &lines {
                pen.text(line, (rect.left - 10, line_top), HPos::Right, LABEL, pen.palette.text);
                line_top += LABEL.height();
            }
            for lane in lanes {
                let middle = y(f64::from(number));
                let half = ((y(f64::from(number) + 0.5) - middle) * 2 / 3).min(THICKEST / 2);
                let across = Across { x: &x, middle, half };
                let end = across.draw(pen, lane, *style, (number, series), map);
                if let Some(last) = lane.spans.last() {
                    let at = (end + 5, middle - FIGURE.height() / 2);
                    pen.text(&text(last), at, HPos::Left, FIGURE, pen.palette.strong);
                }
                number += 1;
            }
        }
        pen.path(&[(rect.left - 1, rect.top), (rect.left - 1, rect.bottom)], pen.palette.axis, 1);
    }
}

/// The place of a lane: where a month begins, the middle of the lane, and half of its thickness, in pixels.
struct Across<'a> {
    x: &'a dyn Fn(i32) -> i32,
    middle: i32,
    half: i32,
}

impl Across<'_> {
    /// Draws the figures of a lane, and returns the right end of the last.
    fn draw(
        &self,
        pen: &Pen<'_>,
        lane: &Lane,
        style: Style,
        (number, series): (i32, usize),
        map: &mut Map,
    ) -> i32 {
        let Self { x, middle, half } = *self;
        let mut end = 0;
        let mut before = None;
        for span in &lane.spans {
            let left = x(span.from);
            let right = x(span.to + 1).max(left + 3);
            let bar = Rect { left, top: middle - half, right, bottom: middle + half };
            let place = match span.counts {
                Counts::Flow => {
                    pen.fill(bar, style.color);
                    bar
                }
                Counts::Running => {
                    pen.fill_pale(Rect { left: before.unwrap_or(left), ..bar }, style.color);
                    let reading = Rect { left: right - 3, ..bar };
                    pen.fill(reading, style.color);
                    reading
                }
                Counts::Stock => {
                    pen.path(&[(right, middle + 4), (right, bar.bottom + 2)], style.color, 1);
                    pen.ring((right, middle), 4, style.color, 2);
                    Rect { left: right - 5, top: middle - 5, right: right + 6, bottom: middle + 6 }
                }
            };
            before = Some(right);
            end = place.right;
            map.mark(&Point { at: number, ..span.point }, series, (place.right - 1, middle), place);
        }
        end
    }
}

/// Adds a figure to the lanes of its group, in order of its first month, then its last.
fn add(lanes: &mut Vec<Lane>, span: Span) {
    let same = |lane: &&mut Lane| {
        let first = &lane.spans[0];
        span.counts == Counts::Running && first.counts == Counts::Running && first.from == span.from
    };
    if let Some(lane) = lanes.iter_mut().find(same) {
        let place = lane.spans.partition_point(|other| other.to <= span.to);
        lane.spans.insert(place, span);
        return;
    }
    let key = |span: &Span| (span.from, span.to, span.counts);
    let place = lanes.partition_point(|lane| key(&lane.spans[0]) <= key(&span));
    lanes.insert(place, Lane { spans: vec![span] });
}

/// Reads a period such as `2020-03/2021-06-11:running`: its first and last month, and what is counted.
fn months(code: &str) -> Option<(i32, i32, Counts)> {
    let (dates, counts) = match code.split_once(':') {
        Some((dates, "running")) => (dates, Counts::Running),
        Some((dates, "stock")) => (dates, Counts::Stock),
        Some((dates, "flow")) => (dates, Counts::Flow),
        Some(_) => return None,
        None => (code, Counts::Flow),
    };
    let (from, to) = dates.split_once('/').unwrap_or((dates, dates));
    let to = parse_month(to, true)?;
    let from = if counts == Counts::Stock { to } else { parse_month(from, false)? };
    Some((from, to.max(from), counts))
}
