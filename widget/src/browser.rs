//! What JavaScript calls: text in, text out. Any further function or type would need code on both sides.

use crate::chart::{self, DrawError, Drawing, Kind, Spec, Theme};
use crate::flat::{self, FIELD, RECORD};
use crate::svg::{digits, put};
use wasm_bindgen::prelude::wasm_bindgen;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Draws what a text asks for, and returns the text of an SVG, then after [`RECORD`] the positions of its parts as JSON (see
/// [`Map::to_json`](chart::Map::to_json)).
///
/// Asked are, in the first record and separated by [`FIELD`]: kind, theme, title, from, to, width, height, the numbers of hidden series
/// as bits, and then, as 0 or 1: whether the picture is plain, whether it is refused when it is too low, whether it has no events of
/// the law, and whether every panel has a scale of its own. An empty kind or title lets the answer decide. `from` and `to` are
/// `YYYY`, `YYYY-MM` or empty. The other records are the answer in its flat form (see [`flat`]).
///
/// Where the picture is too low for its texts and groups, the height at which they fit is returned, in pixels. Where the answer cannot
/// be drawn as asked, nothing is: the service, which refuses the same, says why in the reader's language.
#[wasm_bindgen]
pub fn draw(text: &str) -> String {
    match compose(text) {
        Some(Ok(mut drawing)) => {
            drawing.svg.push(RECORD);
            put(&mut drawing.svg, &drawing.map.to_json());
            drawing.svg
        }
        Some(Err(DrawError::TooLow { height })) => digits(height.into()),
        _ => String::new(),
    }
}

fn compose(text: &str) -> Option<Result<Drawing, DrawError>> {
    let (asked, flat) = text.split_once(RECORD)?;
    let mut asked = asked.split(FIELD);
    let mut text = || asked.next().unwrap_or_default();
    let [kind, theme, title, from, to] = [(); 5].map(|()| text());
    let [width, height, hidden, plain, whole, without_events, free] =
        [(); 7].map(|()| flat::whole(text()).unwrap_or_default() as u32);
    let answer = flat::read(flat).ok()?;
    let mut spec = Spec::new(width, height).and_then(|spec| spec.with_title(title)).ok()?;
    spec.theme = Theme::parse(theme).ok()?;
    if !kind.is_empty() {
        spec.kind = Some(Kind::parse(kind).ok()?);
    }
    (spec.hidden, spec.plain, spec.whole) = (hidden, plain > 0, whole > 0);
    (spec.without_events, spec.free) = (without_events > 0, free > 0);
    let bound = |text: &str, end, open| chart::period(&answer, text, end).unwrap_or(open);
    if !(from.is_empty() && to.is_empty()) {
        spec.range = Some((bound(from, false, i32::MIN), bound(to, true, i32::MAX)));
    }
    Some(chart::compose(&answer, &spec))
}
