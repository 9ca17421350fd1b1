//! The output formats: [`crate::disclosure::Published`] becomes JSON, CSV, SVG and other bytes, with the words beside them.

pub mod archive;
pub mod changes;
pub mod citation;
pub mod codebook;
pub mod coded;
pub mod croissant;
pub mod csv;
pub mod csvw;
mod cube;
pub mod evidence;
mod facets;
mod fields;
pub mod fonts;
mod json;
pub mod jsonstat;
pub mod laid_out;
pub mod mark;
pub mod movers;
pub mod newer;
pub mod package;
pub mod parquet;
pub mod plain;
pub mod png;
pub mod refusal;
pub mod sdmx;
mod spread;
pub mod statute_history;
pub mod template;
pub mod trend;
mod written;
pub mod xlsx;

pub use chargesheet_count::present::*;

pub use facets::{Facet, FacetValue, facets};
pub use json::{Json, json, json_beside};
pub use written::{Written, licence};
