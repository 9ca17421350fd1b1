//! What the formats of an answer share: writing piece by piece, the limit on their length, and the licence.

use std::fmt;

use crate::release::Release;

/// A text that is written piece by piece, with the same bytes each time. The whole text is never held in memory.
pub trait Written: fmt::Debug + Send + Sync + 'static {
    /// Appends lines or rows from `place` on, until `out` has at least `enough` bytes or none are left. Returns the place to
    /// continue from; `None` at the end. The first place is 0.
    fn write(&self, place: usize, enough: usize, out: &mut Vec<u8>) -> Option<usize>;

    /// Returns about how many bytes of memory the text's source holds.
    fn weight(&self) -> u64;
}

/// Returns the licences of a release in one line: id or title, and the address of the licence's text.
pub fn licence(release: &Release) -> String {
    let licences = release.descriptor().licenses.iter().map(|licence| {
        let name = if licence.title.is_empty() { &licence.name } else { &licence.title };
        let parts: Vec<&str> =
            [name.as_str(), &licence.path].into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    });
    licences.collect::<Vec<_>>().join("; ")
}
