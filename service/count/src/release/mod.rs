//! Releases, the immutable versions of a dataset: their content, their order, and the digests that name them.

mod background;
pub mod canonical;
mod charge_lines;
pub mod charge_table;
pub mod columns;
mod figure_codes;
pub mod format;
mod manifest;
mod order;
mod release_id;
mod sealed;
pub mod small_tables;
pub mod text_table;

#[cfg(not(target_arch = "wasm32"))]
pub use columns::memory;
pub use columns::{COLUMNS, Codes, Columns, Cuboid, Level, Periods, Table, Tables, number};
pub use manifest::Manifest;
pub use release_id::ReleaseId;
pub use sealed::{Content, Release};
