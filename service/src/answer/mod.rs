//! The path from a query to its answer, with the engines of a machine. What an answer is, the crate `chargesheet-count` says.

mod records;

#[cfg(feature = "cluster")]
use std::path::Path;
use std::sync::Arc;

pub use chargesheet_count::answer::*;

pub use records::{RecordsError, records};

#[cfg(feature = "cluster")]
use crate::engine::cluster::{Cluster, Place, chosen};
use crate::engine::{Choice, open};
#[cfg(feature = "cluster")]
use crate::release::{Parts, StoreError, cubes};
use crate::release::{Release, TABLES};

/// Makes a release ready for queries.
///
/// # Errors
/// When the columns cannot be built, which is a bug.
pub fn opened(release: Release) -> Result<Dataset, AnswerError> {
    Dataset::opened(release, TABLES, |release, columns| open(Choice::default(), release, columns))
}

/// Makes a release in parts ready for queries: its counts are read, and all else is asked of the cluster that was chosen.
///
/// # Errors
/// When its counts cannot be read, or are not those that were written.
#[cfg(feature = "cluster")]
pub fn in_parts(release: Release, parts: &Parts) -> Result<Dataset, StoreError> {
    let release = Arc::new(release);
    let folder = release.folder().unwrap_or(Path::new("")).to_owned();
    let cubes = cubes(&folder, &release, parts)?;
    let engine = Cluster::of(&release, cubes, Place::of(&folder, parts), chosen().cloned());
    Ok(Dataset::with(release, None, Box::new(engine)))
}

/// Returns the same dataset with another engine.
///
/// # Errors
/// When the columns cannot be built, which is a bug.
pub fn counted_by(dataset: &Dataset, choice: Choice) -> Result<Dataset, AnswerError> {
    let engine = open(choice, &dataset.release, dataset.columns())?;
    Ok(Dataset::with(Arc::clone(&dataset.release), dataset.columns().cloned(), engine))
}
