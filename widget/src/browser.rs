//! The JavaScript interface that wasm-bindgen exports: text in, a picture out.

use crate::chart::{self, DrawError, Drawing, Kind, Periods, Spec, Theme};
use crate::flat;
use crate::svg::{push_hex, put};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A drawn picture, with the positions of its parts. All positions are in whole pixels of the picture.
#[wasm_bindgen]
pub struct Picture(Drawing);

/// Draws an answer in its flat form (see [`flat`]). An empty `kind` or `title` lets the answer decide. `hidden`
/// has a bit for each number of a series that is not drawn. `from` and `to` are `YYYY`, `YYYY-MM` or empty.
/// With `whole`, a picture that is too low is refused; with `without_events`, the history of the law is left out; with `free`,
/// every panel has its own scale.
///
/// # Errors
/// A sentence for the reader. If the picture is too low for its texts and groups, the error is instead the
/// height at which they fit: a number, in pixels.
#[wasm_bindgen]
#[expect(clippy::too_many_arguments, reason = "an object of options would need serde or ten more imports")]
pub fn draw(
    flat: &str,
    kind: &str,
    width: u32,
    height: u32,
    theme: &str,
    title: &str,
    plain: bool,
    hidden: u32,
    from: &str,
    to: &str,
    whole: bool,
    without_events: bool,
    free: bool,
) -> Result<Picture, JsValue> {
    let answer = flat::read(flat).map_err(sentence)?;
    let mut spec = Spec::new(width, height).and_then(|spec| spec.with_title(title)).map_err(sentence)?;
    spec.theme = Theme::parse(theme).map_err(sentence)?;
    if !kind.is_empty() {
        spec.kind = Some(Kind::parse(kind).map_err(sentence)?);
    }
    (spec.plain, spec.hidden, spec.whole) = (plain, hidden, whole);
    (spec.without_events, spec.free) = (without_events, free);
    let bound = |text: &str, end, open| chart::period(&answer, text, end).unwrap_or(open);
    if !(from.is_empty() && to.is_empty()) {
        spec.range = Some((bound(from, false, i32::MIN), bound(to, true, i32::MAX)));
    }
    chart::compose(&answer, &spec).map(Picture).map_err(|error| match error {
        DrawError::TooLow { height } => JsValue::from(height),
        error => sentence(error),
    })
}

#[wasm_bindgen]
impl Picture {
    /// Returns the text of the SVG.
    pub fn svg(&self) -> String {
        self.0.svg.clone()
    }

    /// Returns the positions of all parts as JSON (see [`Map::to_json`](chart::Map::to_json)).
    pub fn laid(&self) -> String {
        self.0.map.to_json()
    }

    /// Returns every figure drawn, as eleven numbers: row and column in the answer, series, panel, period or
    /// group, x and y of the value, then left, top, right and bottom of the mark.
    pub fn marks(&self) -> Vec<i32> {
        let mut numbers = Vec::new();
        for mark in &self.0.map.marks {
            numbers.extend(mark.numbers());
        }
        numbers
    }

    /// Returns the name of every series as five numbers: the series, then left, top, right and bottom.
    pub fn keys(&self) -> Vec<i32> {
        let mut numbers = Vec::new();
        for key in &self.0.map.keys {
            numbers.push(key.series as i32);
            numbers.extend(key.place.sides());
        }
        numbers
    }

    /// Returns left, top, right and bottom of every plot.
    pub fn panels(&self) -> Vec<i32> {
        self.0.map.panels.iter().flat_map(|panel| panel.plot.sides()).collect()
    }

    /// Returns the names of all series, separated by U+001F.
    pub fn names(&self) -> String {
        let mut names = String::new();
        for (index, name) in self.0.map.names.iter().enumerate() {
            if index > 0 {
                names.push('\u{1F}');
            }
            put(&mut names, name);
        }
        names
    }

    /// Returns the unit of periods (0: no periods, 1: years, 2: months since year 0), then the first and last
    /// period of the answer, then the first and last period drawn.
    pub fn periods(&self) -> Vec<i32> {
        Vec::from(self.0.map.periods.map_or([0; 5], Periods::numbers))
    }

    /// Returns left, top, right and bottom of the room for controls; empty in a plain picture.
    pub fn controls(&self) -> Vec<i32> {
        self.0.map.controls.iter().flat_map(|room| room.sides()).collect()
    }

    /// Returns the index of the mark that a pointer at this position means, or -1.
    pub fn nearest(&self, x: f64, y: f64) -> i32 {
        self.0.map.nearest(x, y).map_or(-1, |index| index as i32)
    }

    /// Returns the period at a distance from the left of the picture, in pixels; -1 where there is none.
    pub fn period_at(&self, x: f64) -> i32 {
        self.0.map.period_at(x).unwrap_or(-1)
    }
}

/// Returns the colours of a theme as `#rrggbb`, separated by spaces: background, titles, text, quiet text,
/// axis, grid, shade, then those of the series by number. An unknown theme has the light colours.
#[wasm_bindgen]
pub fn palette(theme: &str) -> String {
    let mut text = String::new();
    for (red, green, blue) in chart::palette(Theme::parse(theme).unwrap_or_default()) {
        let between = if text.is_empty() { "#" } else { " #" };
        put(&mut text, between);
        for part in [red, green, blue] {
            push_hex(&mut text, part);
        }
    }
    text
}

fn sentence(error: impl std::error::Error) -> JsValue {
    JsValue::from(error.to_string())
}
