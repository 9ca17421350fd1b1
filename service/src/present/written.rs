//! What all forms of an answer share: how it is written piece by piece, how long it may be, and its licence.

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
