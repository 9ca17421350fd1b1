//! What the service and the browser share: the shape of an answer ([`wire`]) and the drawing of a chart
//! ([`chart`], through our own SVG backend in [`svg`]).
//!
//! The same answer and the same [`chart::Spec`] give the same bytes on every platform: text is measured
//! with a fixed table, all layout is in whole pixels, and floating point is used only with operations
//! that IEEE 754 fixes. So the server's picture and the browser's are one and the same.
//!
//! Only [`flat`] and `browser` know that there is a browser: the first reads the form in which the
//! custom element hands over an answer, the second is the surface that wasm-bindgen exports.

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod chart;
pub mod flat;
pub mod svg;
pub mod wire;
