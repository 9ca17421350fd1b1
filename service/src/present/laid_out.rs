//! `chart.json`: what a picture shows besides its answer, and where everything in it is.

use chargesheet_widget::chart::Map;
use chargesheet_widget::wire::{Answer, Beside};
use serde::Serialize;

/// The members of `chart.json` before the last, in their order.
#[derive(Serialize)]
struct Picture<'a> {
    /// The id of the release behind the picture.
    release: &'a str,
    /// Width and height in pixels.
    size: (u32, u32),
    beside: &'a Beside,
}

/// Returns the JSON of a picture of an answer. `map` has the positions of its parts, and `size` is its width and height in pixels.
pub fn json(answer: &Answer, map: &Map, size: (u32, u32)) -> Vec<u8> {
    let picture = Picture { release: &answer.release.id, size, beside: &answer.beside };
    let mut json = serde_json::to_vec(&picture).expect("a picture has only strings, numbers and lists");
    json.pop();
    // The browser writes the positions of its own picture with the same function, so both are the same text.
    json.extend_from_slice(b",\"laid\":");
    json.extend_from_slice(map.to_json().as_bytes());
    json.push(b'}');
    json
}
