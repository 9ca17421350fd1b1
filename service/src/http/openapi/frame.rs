//! The part of the API's description that depends neither on data nor on routes nor on our types.

use serde_json::Value;

/// Returns it as a document without addresses: what the API says of itself, headers, responses that many addresses have, and the
/// schemas of JSON that no type of ours is.
pub fn frame() -> Value {
    serde_json::from_str(include_str!("../../../assets/openapi.json")).expect("the tests read it too")
}
