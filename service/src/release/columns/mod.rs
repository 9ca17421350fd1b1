//! The columns of a release as a file, which queries read without conversion.

mod file;
mod read;
#[cfg(test)]
mod tests;

pub use chargesheet_count::release::columns::*;

pub use file::{Filed, NAME as FILE};

/// The tables of counts that are made in advance.
pub const TABLES: Tables = if cfg!(test) { Tables::Small } else { Tables::Worth };
