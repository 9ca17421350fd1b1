//! The surface that wasm-bindgen exports: text in, SVG text out.

use crate::chart::{self, DrawError, Kind, Spec, Theme};
use crate::flat;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Draws an answer in its flat form (see [`flat`]). `kind` and `title` may be empty: then the answer
/// decides.
///
/// # Errors
/// A sentence for the reader; or, when the picture is too low for its texts and groups, the height in
/// pixels (a number) at which they fit.
#[wasm_bindgen]
pub fn draw(
    flat: &str,
    kind: &str,
    width: u32,
    height: u32,
    theme: &str,
    title: &str,
) -> Result<String, JsValue> {
    let answer = flat::read(flat).map_err(sentence)?;
    let mut spec = Spec::new(width, height).and_then(|spec| spec.with_title(title)).map_err(sentence)?;
    spec.theme = Theme::parse(theme).map_err(sentence)?;
    if !kind.is_empty() {
        spec.kind = Some(Kind::parse(kind).map_err(sentence)?);
    }
    chart::draw(&answer, &spec).map_err(|error| match error {
        DrawError::TooLow { height } => JsValue::from(height),
        error => sentence(error),
    })
}

fn sentence(error: impl std::error::Error) -> JsValue {
    JsValue::from(error.to_string())
}
