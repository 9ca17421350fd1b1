//! What the worker of the page `/check` calls besides the check: the preview of what was checked or made. The check's own functions
//! are handed on.

pub use chargesheet_check::browser::*;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::domain::Language;
use crate::preview::preview as of_package;

/// Returns the charts of the package that was checked or made of sheets, drawn at a width in pixels, as JSON: a
/// [`Preview`](crate::preview::Preview). Nothing, when no record of it may be published, or its files cannot be read again.
#[wasm_bindgen]
pub fn preview(language: &str, width: u32) -> Option<String> {
    let language = Language::from_code(language).unwrap_or_default();
    serde_json::to_string(&of_package(accepted()?, language, width).ok()?).ok()
}
