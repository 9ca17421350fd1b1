//! [`crate::disclosure::Published`] into bytes: JSON, CSV, SVG, and the words beside them.

mod alt;
pub mod archive;
pub mod changes;
pub mod citation;
pub mod codebook;
pub mod coded;
pub mod csv;
pub mod csvw;
mod describe;
pub mod evidence;
mod facets;
mod fields;
pub mod fonts;
mod json;
pub mod labels;
pub mod life;
mod lineage;
pub mod movers;
pub mod newer;
pub mod package;
pub mod parquet;
pub mod png;
mod rate;
pub mod sources;
mod spread;
mod statute;
pub mod svg;
pub mod table;
pub mod texts;
pub mod trend;
mod wire;
pub mod xlsx;
mod zip_file;

pub use describe::{number, titles};
pub use facets::{Facet, FacetValue, facets};
pub use json::{Json, json};
pub use statute::{legend_label, name_of, short_name_of};
pub use wire::{about, wire};

use std::fmt;

use crate::query::{Query, QueryError, value};
use crate::release::Release;

/// A text that is written piece by piece, the same bytes each time: it is never whole in memory.
pub trait Written: fmt::Debug + Send + Sync + 'static {
    /// Appends lines or rows from a place on until there are at least `enough` bytes or none are left. Returns the place to
    /// go on from; `None` at the end. The first place is 0.
    fn write(&self, place: usize, enough: usize, out: &mut Vec<u8>) -> Option<usize>;

    /// Returns how many bytes of memory it holds, about.
    fn weight(&self) -> u64;
}

/// Whether an answer has no more than somebody can read of it in some form. `what` stands before the number that it has,
/// `most` behind: "a workbook has at most".
///
/// # Errors
/// When it has more; with the files that hold them all.
pub fn within(
    query: &Query,
    (number, things): (usize, &str),
    what: &str,
    most: usize,
) -> Result<(), QueryError> {
    if number <= most {
        return Ok(());
    }
    let by: Vec<&str> = query.by.iter().map(|dimension| dimension.name()).collect();
    let problem = format!(
        "makes {number} {things}, and {what} {most}; take aggregate.csv or aggregate.parquet, which hold any number, or \
         keep less"
    );
    Err(value("by", &by.join(","), problem, &[]))
}

/// A month as it stands in answers, made from months since January of year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(pub i32);

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// Returns the licences of a release in one line: id or title, and the address of the text.
pub fn licence(release: &Release) -> String {
    let licences = release.descriptor().licenses.iter().map(|licence| {
        let name = if licence.title.is_empty() { &licence.name } else { &licence.title };
        let parts: Vec<&str> =
            [name.as_str(), &licence.path].into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    });
    licences.collect::<Vec<_>>().join("; ")
}

/// Returns a share or a bound of it as it stands in answers: six decimals, which is finer than any
/// register's counts can tell apart.
pub fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}
