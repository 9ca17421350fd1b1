//! Releases, the immutable versions of a dataset, and the store that keeps them.

mod background;
mod canonical;
mod charge_lines;
mod charge_reader;
mod charge_table;
mod charge_writer;
mod columns;
mod figure_codes;
mod format;
mod journal;
mod manifest;
mod order;
mod release_id;
mod sealed;
pub mod small_tables;
mod store;
#[cfg(test)]
mod tests;
pub mod text_table;

pub use columns::{COLUMNS, Codes, Columns, Cuboid, Level, Periods, Table, memory, number};
pub use journal::{Entry, Reason, Withdrawn};
pub use manifest::Manifest;
pub use release_id::ReleaseId;
pub use sealed::{Content, Release};
pub use store::{Found, Published, Stamp, Store, StoreError, Verified};
