//! Errors of the catalog: a dataset cannot be served, or a release cannot be queried.

use std::sync::Arc;

use crate::answer::AnswerError;
use crate::package::PackageError;
use crate::release::{StoreError, Withdrawn};

/// Why a dataset cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The package cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// Rows of the package are not valid.
    #[error(
        "{place}: {refused} faults; the first is in {file}: {first}. Run `chargesheet check {place}` for all of them"
    )]
    Refused {
        /// Where the package is.
        place: String,
        /// Number of faults.
        refused: u64,
        /// The file with the first fault.
        file: String,
        /// The first fault, in words.
        first: String,
    },
    /// Two folders contain a dataset with the same name.
    #[error("{place}: there is a dataset named `{dataset}` in an earlier --data folder already")]
    Twice {
        /// The second folder.
        place: String,
        /// The name of the dataset.
        dataset: String,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The columns cannot be laid out or queried. This is a bug.
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

impl LoadError {
    /// Whether another program reads it: a later one, or one that is built with more features.
    pub fn is_newer(&self) -> bool {
        matches!(self, Self::Store(StoreError::Newer { .. }))
    }
}

/// Why a release cannot be queried.
#[derive(Debug)]
pub enum Absent {
    /// There is no such dataset. The value is the nearest id, if any is near.
    NoDataset(Option<String>),
    /// There is no such release. The value is the nearest id, if any is near.
    NoRelease(Option<String>),
    /// The release was withdrawn.
    Withdrawn {
        /// The id of the release.
        release: String,
        /// When and why it was withdrawn.
        tombstone: Withdrawn,
    },
    /// The release cannot be loaded, because the store is damaged or out of reach.
    Failed(Arc<LoadError>),
}

impl Absent {
    /// Says in words what is missing or withdrawn.
    pub fn to_text(&self, dataset: &str, release: Option<&str>) -> String {
        let hint = |nearest: &Option<String>| {
            nearest.as_ref().map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"))
        };
        match self {
            Self::NoDataset(nearest) => format!("no dataset `{dataset}`{}", hint(nearest)),
            Self::NoRelease(nearest) => {
                format!("no release `{}`{}", release.unwrap_or_default(), hint(nearest))
            }
            Self::Withdrawn { release, tombstone } => format!(
                "release `{release}` of `{dataset}` was withdrawn on {}: {}",
                tombstone.since,
                tombstone.reason.meaning(),
            ),
            Self::Failed(error) => error.to_string(),
        }
    }
}
