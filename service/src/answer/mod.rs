//! The path from a query to its answer, with the engines of a machine. What an answer is, the crate `chargesheet-count` says.

mod records;

use std::sync::Arc;

pub use chargesheet_count::answer::*;

pub use records::{RecordsError, records};

use crate::engine::{Choice, open};
use crate::release::{Release, TABLES};

/// Makes a release ready for queries.
///
/// # Errors
/// When the columns cannot be built, which is a bug.
pub fn opened(release: Release) -> Result<Dataset, AnswerError> {
    Dataset::opened(release, TABLES, |release, columns| open(Choice::default(), release, columns))
}

/// Returns the same dataset with another engine.
///
/// # Errors
/// When the columns cannot be built, which is a bug.
pub fn counted_by(dataset: &Dataset, choice: Choice) -> Result<Dataset, AnswerError> {
    let engine = open(choice, &dataset.release, dataset.columns())?;
    Ok(Dataset::with(Arc::clone(&dataset.release), dataset.columns().cloned(), engine))
}
