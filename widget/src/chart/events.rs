//! The history of the law on an axis of periods: a thin line for each event, with its name above the plot.

use super::figures::Figures;
use super::fonts::FIGURE;
use super::map::{Map, Rect};
use super::pen::{Pen, Plot};
use super::periods::{self, Periods, Unit};
use super::series::Along;
use crate::wire::{Answer, LawEvent};
use plotters::style::text_anchor::HPos;

/// Height of the names above a plot, in pixels.
pub const LANE: i32 = 16;
/// Distance from a line to its name, in pixels.
const GAP: i32 = 4;

/// An event on the axis.
#[derive(Debug, Clone)]
pub struct Event {
    /// The number of the event in the answer.
    number: usize,
    /// Its position along the axis of periods.
    at: f64,
}

/// Returns the events within the periods drawn, in order of time; with a statute, only its own.
pub fn shown(answer: &Answer, figures: &Figures, statute: Option<&str>) -> Vec<Event> {
    let Along::Periods(Periods { unit, shown: (first, last), .. }) = figures.along else {
        return Vec::new();
    };
    let mut shown = Vec::new();
    for (number, event) in answer.beside.events.iter().enumerate() {
        let own = statute.is_none_or(|statute| statute == event.statute);
        if let Some(at) = position(event, unit).filter(|_| own)
            && at >= f64::from(first) - 0.5
            && at <= f64::from(last) + 0.5
        {
            shown.push(Event { number, at });
        }
    }
    shown
}

/// Returns the position of an event: in the middle of what is known of its date.
fn position(event: &LawEvent, unit: Unit) -> Option<f64> {
    let month = periods::parse_month(&event.at, false)?;
    let last = periods::parse_month(&event.at, true)?;
    let middle = f64::from(month + last) / 2.0;
    // A year stands at its number, and reaches half a year to both sides.
    Some(if unit == Unit::Year { (middle - 5.5) / 12.0 } else { middle })
}

/// Draws the lines of events from the bottom of a plot up to `top`, and beside them the names that have room between the lines.
/// Where `top` is the top of the plot, there are no names.
pub fn draw(
    pen: &Pen<'_>,
    plot: &Plot<'_>,
    answer: &Answer,
    events: &[Event],
    (rect, top): (Rect, i32),
    map: &mut Map,
) {
    let at = |event: &Event| plot.map_coordinate(&(event.at, 0.0)).0.clamp(rect.left, rect.right - 1);
    let mut free = rect.left;
    for (index, event) in events.iter().enumerate() {
        let told = &answer.beside.events[event.number];
        let (x, next) = (at(event), events.get(index + 1).map_or(rect.right, at));
        pen.path(&[(x, top + 2), (x, rect.bottom)], pen.palette.axis, 1);
        if told.breaks {
            // Figures on the two sides of a double line are not comparable.
            pen.path(&[(x + 3, top + 2), (x + 3, rect.bottom)], pen.palette.axis, 1);
        }
        let mut place = Rect { left: x - GAP, top, right: x + GAP + 4, bottom: top + LANE };
        let width = FIGURE.width(&told.label);
        let left = match place.right {
            _ if top == rect.top => None,
            right if right + width <= next => Some(right),
            _ if place.left - width >= free => Some(place.left - width),
            _ => None,
        };
        if let Some(left) = left {
            pen.text(&told.label, (left, top), HPos::Left, FIGURE, pen.palette.quiet);
            place.left = place.left.min(left);
            place.right = place.right.max(left + width);
        }
        free = place.right + GAP;
        map.events.push((event.number, place));
    }
}
