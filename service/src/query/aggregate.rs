//! The counts that answer a query, whichever kind its dataset is of.

use super::rate::rates;
use super::share::shares;
use super::{AnswerError, Cells, Counts, Index, Query, charges, sums};
use crate::ingest::Records;
use crate::release::Release;

/// Answers a query that has passed [`check`](super::check).
///
/// Rows are sorted by the dimensions in the order of the query, unknown values first: years and months
/// in time order, codes in byte order. Only groups with records appear.
///
/// # Errors
/// When the answer would be too long; when polars fails, which with the frames and plans made here is a bug.
pub fn aggregate(query: &Query, release: &Release, index: &Index) -> Result<Counts, AnswerError> {
    let counts = match (index, release.records()) {
        (Index::Charges(columns), _) => charges::counts(query, release, columns)?,
        (Index::Figures(frame), Records::Figures { figures, .. }) => {
            sums::sums(query, release, figures, frame)?
        }
        (Index::Figures(_), Records::Charges(_)) => Counts::default(),
    };
    let nothing = Cells::default();
    let first = counts.values.first().unwrap_or(&nothing);
    let shares = shares(query, &counts.keys, first);
    let rates = rates(query, release, &counts.keys, first);
    Ok(Counts { shares, rates, ..counts })
}
