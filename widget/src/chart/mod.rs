//! The drawing of charts: a pure function with the same bytes on every platform.
//!
//! An answer's rows become figures (`columns`, `keys`, `figures`). The `page` makes room for its texts and leaves a
//! body. The body has either axes over time (`upright`) with `lines` or `bars`, or named groups with horizontal bars
//! (`rows`). A missing figure is a gap, never a zero.

mod bars;
mod bignumber;
mod body;
mod cells;
mod columns;
mod error;
mod events;
mod figures;
mod fonts;
mod foot;
mod hatch;
mod keys;
mod legend;
mod lines;
pub mod map;
mod multiples;
mod need;
mod notes;
mod numbers;
mod page;
mod palette;
mod pen;
mod periods;
mod rows;
mod scale;
mod series;
#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
mod spans;
mod spec;
mod styles;
#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
mod tiles;
mod upright;
#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
pub mod vision;
mod words;

pub use error::DrawError;
pub use foot::{CONTROLS_NARROW, CONTROLS_WIDE};
pub use map::{Map, Rect};
pub use periods::{Periods, Unit};
#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
pub use series::LANE_LIMIT;
pub use series::{FIGURE_LIMIT, PANEL_LIMIT, SERIES_LIMIT};
pub use spec::{HEIGHTS, Kind, Spec, SpecError, TITLE_LIMIT, Theme, WIDTHS};

use crate::svg::{Document, put};
use crate::wire::Answer;
use figures::Figures;
use page::Texts;
use pen::Pen;
use plotters::drawing::IntoDrawingArea as _;
use series::Series;
#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
use series::Style;

/// A picture, with the positions of its parts.
pub struct Drawing {
    /// The text of an SVG.
    pub svg: String,
    /// The positions of figures, names and controls.
    pub map: Map,
}

/// Draws an answer and returns the text of an SVG.
///
/// # Errors
/// When the answer cannot be drawn as asked.
pub fn draw(answer: &Answer, spec: &Spec) -> Result<String, DrawError> {
    compose(answer, spec).map(|drawing| drawing.svg)
}

/// Draws an answer, and returns the picture with the positions of its parts.
///
/// # Errors
/// When the answer cannot be drawn as asked.
pub fn compose(answer: &Answer, spec: &Spec) -> Result<Drawing, DrawError> {
    #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
    for compose in [compose_spans, compose_map] {
        if let Some(drawing) = compose(answer, spec)? {
            return Ok(drawing);
        }
    }
    let (figures, kind) = Figures::of(answer, spec)?;
    let kind = body::kind(&figures, kind, spec)?;
    let left_out = notes::left_out(answer, &figures);
    let mut notes = Vec::new();
    if !spec.plain {
        notes.extend(answer.notes().iter().cloned());
        notes.extend(notes::unknown(answer, &figures));
        notes.extend(notes::wholes(answer, &figures, kind, spec.width() as i32));
    }
    let mut said = left_out.clone();
    if kind == Kind::Multiples && spec.free && !answer.beside.free.is_empty() {
        said.push(answer.beside.free.clone());
    }
    let unit = body::unit(answer, &figures, kind);
    let texts = Texts {
        answer,
        title: spec.title(),
        unit: &unit,
        left_out: &said,
        notes: &notes,
        plain: spec.plain,
        whole: spec.whole,
    };
    let body = body::lay_out(answer, &figures, kind, spec, &texts, &left_out)?;

    // The description of the whole answer would mention figures that are not drawn.
    let text = &answer.text;
    let mut told = if left_out.is_empty() {
        text.alt.clone()
    } else {
        words::join(&[&text.title, &text.subtitle], ". ")
    };
    for sentence in &left_out {
        put(&mut told, ". ");
        put(&mut told, sentence);
    }
    let mut map = Map { periods: figures.periods, ..Map::default() };
    for Series { name, style, .. } in &figures.series {
        map.name(name, *style);
    }
    Ok(paint(answer, spec, &told, map, &mut |pen, map| {
        body.draw(pen, answer, &figures, (kind, spec), map);
    }))
}

/// Returns a picture with its title and description, of which `draw` draws everything but the ground.
fn paint(
    answer: &Answer,
    spec: &Spec,
    told: &str,
    mut map: Map,
    draw: &mut dyn FnMut(&Pen<'_>, &mut Map),
) -> Drawing {
    let (width, height) = (spec.width(), spec.height());
    let title = spec.title().unwrap_or(&answer.text.title);
    let mut document = Document::new(width, height, &answer.language, title, told);
    {
        let pen = Pen { area: document.backend().into_drawing_area(), palette: palette::of(spec.theme) };
        let ground = Rect { left: 0, top: 0, right: width as i32, bottom: height as i32 };
        pen.fill(ground, pen.palette.background);
        map.ground = pen.palette.grounds();
        draw(&pen, &mut map);
    }
    Drawing { svg: document.finish(), map }
}

/// Draws the figures of stretches of time, if the answer has them and no other kind is asked for.
#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
fn compose_spans(answer: &Answer, spec: &Spec) -> Result<Option<Drawing>, DrawError> {
    let is_asked = spec.kind == Some(Kind::Spans);
    let Some(period) = spans::column(answer).filter(|_| is_asked || spec.kind.is_none()) else {
        return if is_asked { Err(DrawError::NoPeriods) } else { Ok(None) };
    };
    let spans = match spans::Spans::of(answer, period, spec.theme) {
        Ok(spans) if !spans.is_empty() => spans,
        Err(error) if is_asked => return Err(error),
        _ => return Ok(None),
    };
    let texts = plain_texts(answer, spec);
    let size = (spec.width() as i32, spec.height() as i32);
    let page = page::Page::fit(size, &texts, &spans.entries(answer), &|_, _, _| spans.need())?;
    let mut map = Map::default();
    for (name, style) in spans.names() {
        map.name(name, style);
    }
    Ok(Some(paint(answer, spec, &answer.text.alt, map, &mut |pen, map| {
        page.draw(pen, map);
        spans.draw(pen, answer, page.body, map);
    })))
}

/// Draws a map of countries.
#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
fn compose_map(answer: &Answer, spec: &Spec) -> Result<Option<Drawing>, DrawError> {
    if spec.kind != Some(Kind::Map) {
        return Ok(None);
    }
    let tiles = tiles::Tiles::of(answer)?;
    if tiles.is_empty() {
        return Ok(None);
    }
    let size = (spec.width() as i32, spec.height() as i32);
    let page =
        page::Page::fit(size, &plain_texts(answer, spec), &[], &|width, _, whole| tiles.need(width, whole))?;
    let mut map = Map::default();
    map.name(&answer.text.y_title, Style::default());
    Ok(Some(paint(answer, spec, &answer.text.alt, map, &mut |pen, map| {
        page.draw(pen, map);
        tiles.draw(pen, answer, spec.theme, page.body, map);
    })))
}

/// Returns the texts of a picture that shows all of its answer.
#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
fn plain_texts<'a>(answer: &'a Answer, spec: &'a Spec) -> Texts<'a> {
    Texts {
        answer,
        title: spec.title(),
        unit: &answer.text.y_title,
        left_out: &[],
        notes: if spec.plain { &[] } else { answer.notes() },
        plain: spec.plain,
        whole: spec.whole,
    }
}

/// Returns the colours of a theme as red, green and blue: background, titles, text, quiet text, axis, grid, shade,
/// then those of the series by number.
pub fn palette(theme: Theme) -> Vec<(u8, u8, u8)> {
    let palette = palette::of(theme);
    let mut colors = palette.grounds();
    colors.extend(palette.series.iter().map(|color| (color.0, color.1, color.2)));
    colors
}

/// Reads `YYYY` or `YYYY-MM` in the unit of an answer's periods, for [`Spec::range`]. With `end`, a year means its
/// last month where the unit is months. `None` when the text is not a period.
pub fn period(answer: &Answer, text: &str, end: bool) -> Option<i32> {
    let month = periods::parse_month(text, end)?;
    let monthly = answer.columns.iter().any(|column| column.name == "month");
    Some(if monthly { month } else { month.div_euclid(12) })
}
