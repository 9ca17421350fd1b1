//! Queries, and their short addresses. What a query means, the crate `chargesheet-count` says.

#[cfg(test)]
pub(crate) mod recount;
mod short;

pub use chargesheet_count::query::*;

pub use short::{Short, ShortError, short};
