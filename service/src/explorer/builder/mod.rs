//! `/charts/new`: the builder, on which an editor chooses a chart by hand and copies it.

mod colours;
mod datasets;
mod flat;
pub mod groups;
mod page;
pub mod state;
mod statutes;

pub use page::builder;
