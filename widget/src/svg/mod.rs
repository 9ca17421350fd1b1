//! SVG as text: a plotters backend that writes it, and the widths of letters.

mod advances;
pub mod backend;
mod document;
pub mod metrics;

pub use backend::Svg;
pub use document::Document;
pub(crate) use document::put;
pub use metrics::Font;
