//! [`crate::disclosure::Published`] into bytes: JSON, CSV, SVG, and the words beside them.

mod alt;
pub mod changes;
pub mod codebook;
pub mod csv;
mod describe;
mod facets;
pub mod newer;
pub mod png;
mod statute;
pub mod svg;
pub mod texts;
mod wire;

pub use describe::number;
pub use facets::{Facet, FacetValue, facets};
pub use statute::{legend_label, name_of, short_name_of};
pub use wire::{json, wire};

use std::fmt;

/// A month as it stands in answers, made from months since January of year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(pub i32);

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// Returns a share or a bound of it as it stands in answers: six decimals, which is finer than any
/// register's counts can tell apart.
pub fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}
