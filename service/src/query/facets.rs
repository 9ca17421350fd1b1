//! How many records there are of each value, and where they come from.

use super::{AnswerError, Counts, Index, Query, charges, keep_deadline, sums};
use crate::domain::Dimension;
use crate::ingest::Records;
use crate::release::Release;

/// Counts the records per value of one dimension, under the filters of a query.
///
/// Records are charges in a case-level dataset and published figures in a reported one: a menu must not
/// add what may not be added, but it can say how much there is to see.
///
/// # Errors
/// When polars fails; with the frames and plans made here that is a bug.
pub fn facets(query: &Query, of: Dimension, release: &Release, index: &Index) -> Result<Counts, AnswerError> {
    match index {
        Index::Charges(columns) => Ok(charges::of_values(query, of, release, columns)?),
        Index::Figures(frame) => Ok(sums::records(query, of, release, frame)?),
    }
}

/// Returns where the charges that a query keeps come from, as their records say it; in byte order.
///
/// Nothing for a reported dataset: there, each figure names its sources.
///
/// # Errors
/// When there are more texts than an answer has rows.
pub fn origins<'r>(query: &Query, release: &'r Release, index: &Index) -> Result<Vec<&'r str>, AnswerError> {
    let (Index::Charges(columns), Records::Charges(charges)) = (index, release.records()) else {
        return Ok(Vec::new());
    };
    let everything = Query { by: Vec::new(), ..query.clone() };
    let (_, numbers) = charges::by_origin(&everything, release, columns)?;
    let mut origins: Vec<&str> =
        numbers.into_iter().flatten().map(|number| charges.texts.text(number)).collect();
    origins.sort_unstable_by(|one, other| {
        keep_deadline();
        one.cmp(other)
    });
    Ok(origins)
}
