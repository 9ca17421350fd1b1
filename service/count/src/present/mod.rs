//! An answer with its words: what stands in each cell, the texts beside a chart, and the picture.

pub mod alt;
mod beside;
mod colours;
pub mod describe;
pub mod keys;
pub mod labels;
pub mod lineage;
mod most;
pub mod numbers;
pub mod rate;
pub mod sources;
mod statute;
pub mod svg;
pub mod table;
pub mod texts;
mod wire;
pub mod words;

pub use describe::titles;
pub use most::within;
pub use numbers::number;
pub use statute::{country_name, legend_label, name_of, offence_name, short_name_of, span_text};
pub use wire::{about, disagreements, wire, without_rows};
