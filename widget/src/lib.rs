//! The code that the service and the browser share: the shape of an answer ([`wire`]) and the drawing of a chart
//! ([`chart`], through the SVG backend in [`svg`]).
//!
//! The same answer and the same [`chart::Spec`] give the same bytes on every platform: text is measured with a
//! fixed table, all layout is in whole pixels, and only those floating-point operations are used whose results
//! IEEE 754 fixes. The server's picture and the browser's picture are therefore identical.
//!
//! Only [`flat`] and `browser` depend on the browser. `flat` reads the form in which the custom element passes an
//! answer, and `browser` is the interface that wasm-bindgen exports.

#[cfg(all(target_arch = "wasm32", not(feature = "whole")))]
pub mod browser;
pub mod chart;
pub mod flat;
pub mod svg;
pub mod wire;
