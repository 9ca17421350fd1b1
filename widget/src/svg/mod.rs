//! SVG output: a plotters backend that writes SVG text, and the widths of letters.

mod advances;
pub mod backend;
mod document;
pub mod metrics;
mod xml;

pub use backend::Svg;
pub use document::Document;
pub use metrics::Font;
pub(crate) use xml::{digits, push_hex, push_whole, put};
