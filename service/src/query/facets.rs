//! How many records there are of each value, and where they come from.

use polars::prelude::PolarsResult;

use super::aggregate::{filtered, records};
use super::frame::Frame;
use super::{Counts, Query};
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
pub fn facets(query: &Query, of: Dimension, release: &Release, frame: &Frame) -> PolarsResult<Counts> {
    records(query, of, release, frame)
}

/// Returns where the charges that a query keeps come from, as their records say it; in byte order.
///
/// Nothing for a reported dataset: there, each figure names its sources.
///
/// # Errors
/// When polars fails; with the frames and plans made here that is a bug.
pub fn origins<'r>(query: &Query, release: &'r Release, frame: &Frame) -> PolarsResult<Vec<&'r str>> {
    let Records::Charges(charges) = release.records() else {
        return Ok(Vec::new());
    };
    let numbers = super::aggregate::origins(filtered(query, release, frame))?;
    let mut origins: Vec<&str> = numbers.into_iter().map(|number| charges.texts.text(number)).collect();
    origins.sort_unstable();
    Ok(origins)
}
