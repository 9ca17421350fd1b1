//! The constant part of the API's description, which depends on no data, no routes and no types of the program.

use serde_json::Value;

/// Returns the constant part as a document without paths. It has the general information, headers, shared responses, and the
/// schemas of JSON that no type of the program describes.
pub fn frame() -> Value {
    serde_json::from_str(include_str!("../../../assets/openapi.json")).expect("the tests read it too")
}
