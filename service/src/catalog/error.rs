//! Why a dataset cannot be served, and why a release of it cannot be asked.

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
    /// Some of its rows are not valid.
    #[error(
        "{place}: {refused} faults; the first is in {file}: {first}. Run `chargesheet check {place}` for all of them"
    )]
    Refused {
        /// The package.
        place: String,
        /// How many faults there are.
        refused: u64,
        /// File of the first.
        file: String,
        /// The first.
        first: String,
    },
    /// Two folders bring a dataset of one name.
    #[error("{place}: there is a dataset named `{dataset}` in an earlier --data folder already")]
    Twice {
        /// The second folder.
        place: String,
        /// The name.
        dataset: String,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The columns cannot be laid out or asked: a bug.
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

/// Why a release cannot be asked.
#[derive(Debug)]
pub enum Absent {
    /// There is no such dataset; perhaps this one was meant.
    NoDataset(Option<String>),
    /// There is no such release; perhaps this one was meant.
    NoRelease(Option<String>),
    /// It was withdrawn.
    Withdrawn {
        /// The release.
        release: String,
        /// Since when and why.
        tombstone: Withdrawn,
    },
    /// It cannot be loaded: the store is damaged or out of reach.
    Failed(Arc<LoadError>),
}

impl Absent {
    /// Says what is not there, or not any more.
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
