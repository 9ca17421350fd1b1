//! A picture of one single figure: the figure in large digits, with its unit and what it is of.

use super::figures::Figures;
use super::map::{Map, Panel, Rect};
use super::need::Need;
use super::numbers;
use super::pen::Pen;
use super::periods;
use super::series::{Along, Point};
use super::spec::Kind;
use super::words;
use crate::svg::Font;
use crate::wire::Answer;
use plotters::style::text_anchor::HPos;

/// Fonts of the figure, in wide and in narrow pictures, and of the lines under it.
const DIGITS: (Font, Font) = (Font::bold(48), Font::bold(40));
const LINE: Font = Font::regular(14);
/// From this width on, in pixels, a picture is wide.
const WIDE: i32 = 400;
/// Most lines under the figure.
const LINES: usize = 3;

/// Returns the only figure of a chart, if there is one and no other was left out.
pub fn only(figures: &Figures, kind: Kind) -> Option<&Point> {
    let is_whole = figures.periods.is_none_or(|periods| periods.shown == periods.whole);
    let [series] = figures.series.as_slice() else {
        return None;
    };
    let [point] = series.points.as_slice() else {
        return None;
    };
    (is_whole && !kind.is_stacked() && figures.panels.len() < 2).then_some(point)
}

/// Returns the height that the figure and the lines under it need.
pub fn need() -> Need {
    Need { around: 0, plot: DIGITS.0.height() + LINE.height() * LINES as i32 }
}

/// Draws the figure in the middle of the body.
pub fn draw(
    pen: &Pen<'_>,
    answer: &Answer,
    figures: &Figures,
    point: &Point,
    unit: &str,
    body: Rect,
    map: &mut Map,
) {
    let of = match &figures.along {
        Along::Periods(periods) => periods::name(point.at, periods.unit),
        Along::Groups(names) => names.first().cloned().unwrap_or_default(),
    };
    // A single measure without groups is named by its unit.
    let of = if of == unit { String::new() } else { of };
    let told = words::join(&[unit, &of], if of.is_empty() { "" } else { " · " });
    let lines = words::wrap_to(&told, LINE, body.width() - 32, LINES);
    let digits = if body.width() < WIDE { DIGITS.1 } else { DIGITS.0 };
    let text = numbers::figure(point.value, figures, answer);
    let center = (body.left + body.right) / 2;
    let top = (body.top + body.bottom - digits.height() - LINE.height() * lines.len() as i32) / 2;
    let half = digits.width(&text) / 2 + 1;
    let place = Rect { left: center - half, top, right: center + half, bottom: top + digits.height() };
    let at = f64::from(point.at);
    let lying = matches!(figures.along, Along::Groups(_));
    map.panels.push(Panel { plot: body, ends: (at - 0.5, at + 0.5), lying });
    map.mark(point, 0, (center, (place.top + place.bottom) / 2), place);
    pen.text(&text, (center, top), HPos::Center, digits, pen.palette.strong);
    let mut y = place.bottom;
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            let left = center - LINE.width(line) / 2;
            pen.marker((left - 12, y + LINE.height() / 2), point.style, 5, point.provisional);
        }
        pen.text(line, (center, y), HPos::Center, LINE, pen.palette.text);
        y += LINE.height();
    }
}
