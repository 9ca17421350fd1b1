//! The surface that wasm-bindgen exports: text in, a picture out.

use crate::chart::{self, DrawError, Drawing, Kind, Rect, Spec, Theme, Unit};
use crate::flat;
use crate::svg::{push_hex, put};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A drawn picture, and where things are in it. All places are whole pixels of the picture.
#[wasm_bindgen]
pub struct Picture(Drawing);

/// Draws an answer in its flat form (see [`flat`]). `kind` and `title` may be empty: then the answer
/// decides. `hidden` has a bit per number of a series that is not drawn. `from` and `to` are `YYYY`,
/// `YYYY-MM` or empty. With `whole`, no text is cut short for want of height.
///
/// # Errors
/// A sentence for the reader; or, when the picture is too low for its texts and groups, the height in
/// pixels (a number) at which they fit.
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
) -> Result<Picture, JsValue> {
    let answer = flat::read(flat).map_err(sentence)?;
    let mut spec = Spec::new(width, height).and_then(|spec| spec.with_title(title)).map_err(sentence)?;
    spec.theme = Theme::parse(theme).map_err(sentence)?;
    if !kind.is_empty() {
        spec.kind = Some(Kind::parse(kind).map_err(sentence)?);
    }
    (spec.plain, spec.hidden, spec.whole) = (plain, hidden, whole);
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

    /// Returns every figure drawn, as eleven numbers: row and column in the answer, series, panel, period
    /// or group, x and y of its value, then left, top, right and bottom of its mark.
    pub fn marks(&self) -> Vec<i32> {
        let mut numbers = Vec::new();
        for mark in &self.0.map.marks {
            numbers.extend([mark.row, mark.column, mark.series, mark.panel].map(|index| index as i32));
            numbers.extend([mark.at, mark.anchor.0, mark.anchor.1]);
            numbers.extend(sides(mark.place));
        }
        numbers
    }

    /// Returns every name of a series, as five numbers: the series, then left, top, right and bottom.
    pub fn keys(&self) -> Vec<i32> {
        let mut numbers = Vec::new();
        for key in &self.0.map.keys {
            numbers.push(key.series as i32);
            numbers.extend(sides(key.place));
        }
        numbers
    }

    /// Returns left, top, right and bottom of every plot.
    pub fn panels(&self) -> Vec<i32> {
        self.0.map.panels.iter().flat_map(|panel| sides(panel.plot)).collect()
    }

    /// Returns the names of all series, with U+001F between them.
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

    /// Returns the unit of periods (0: there are none, 1: years, 2: months since year 0), the first and
    /// last of the answer, and the first and last that are drawn.
    pub fn periods(&self) -> Vec<i32> {
        let Some(periods) = self.0.map.periods else {
            return vec![0; 5];
        };
        let unit = if periods.unit == Unit::Year { 1 } else { 2 };
        vec![unit, periods.whole.0, periods.whole.1, periods.shown.0, periods.shown.1]
    }

    /// Returns left, top, right and bottom of the room for controls; nothing in a plain picture.
    pub fn controls(&self) -> Vec<i32> {
        self.0.map.controls.iter().flat_map(|room| sides(*room)).collect()
    }

    /// Returns the index of the mark that a place in the picture means, or -1.
    pub fn nearest(&self, x: f64, y: f64) -> i32 {
        self.0.map.nearest(x, y).map_or(-1, |index| index as i32)
    }

    /// Returns the period that lies at a distance from the left of the picture; -1 where none does.
    pub fn period_at(&self, x: f64) -> i32 {
        self.0.map.period_at(x).unwrap_or(-1)
    }
}

/// Returns the colours of a theme as `#rrggbb`, with spaces between them: background, titles, text, quiet
/// text, axis, grid, shade, then those of the series by number. Of a theme that there is not: the light ones.
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

fn sides(place: Rect) -> [i32; 4] {
    [place.left, place.top, place.right, place.bottom]
}

fn sentence(error: impl std::error::Error) -> JsValue {
    JsValue::from(error.to_string())
}
