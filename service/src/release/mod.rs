//! Releases, the immutable versions of a dataset, and the store that keeps them. What a release is, the crate `chargesheet-count`
//! says.

mod charge_reader;
mod charge_writer;
pub mod columns;
mod cube_kind;
#[cfg(feature = "cluster")]
mod cube_reader;
mod journal;
mod part_cube;
mod part_stream;
mod parts;
mod store;
#[cfg(test)]
mod tests;
mod text_file;

pub use chargesheet_count::release::*;

pub use columns::TABLES;
#[cfg(feature = "cluster")]
pub use cube_reader::cubes;
pub use journal::{Entry, Reason, Withdrawn};
#[cfg(feature = "cluster")]
pub use parts::FOLDER;
pub use parts::{Part, Parts};
pub use store::{Found, Published, Stamp, Store, StoreError, Verified, Writing, entry_of, read_charges};
