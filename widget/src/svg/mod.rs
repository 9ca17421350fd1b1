//! SVG output: a plotters backend that writes SVG text, and the widths of letters.

mod advances;
pub mod backend;
mod document;
pub mod metrics;
mod xml;

pub use backend::Svg;
pub use document::Document;
pub use metrics::Font;
#[cfg(target_arch = "wasm32")]
pub(crate) use xml::push_hex;
pub(crate) use xml::put;
