//! What can go wrong with a store.

use std::path::Path;

/// Why a store cannot do what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file could not be read or written.
    #[error("cannot {what} {path}: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// A table could not be read or written.
    #[error("cannot {what} {path}: {source}")]
    Parquet {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: String,
        /// Why not.
        source: Box<parquet::errors::ParquetError>,
    },
    /// A file is not what was written.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// The folder is something else.
    #[error("{path} is no store of releases; {instead}")]
    NoStore {
        /// The folder.
        path: String,
        /// What to do.
        instead: &'static str,
    },
    /// Somebody else is changing the dataset.
    #[error(
        "somebody else is publishing or withdrawing in dataset `{dataset}` at this moment; try again when that is done"
    )]
    Busy {
        /// The dataset.
        dataset: String,
    },
    /// The very content was published and withdrawn.
    #[error(
        "release {release} of `{dataset}` was withdrawn on {since}; the same content cannot be published again"
    )]
    WasWithdrawn {
        /// The dataset.
        dataset: String,
        /// The release.
        release: String,
        /// Since when.
        since: String,
    },
    /// The very content was published, and is damaged now.
    #[error(
        "release {release} of `{dataset}` is published already, but it is not whole in the store: {why}; restore its \
         folder from a backup, or from an empty store into which the same package is published"
    )]
    NotWhole {
        /// The dataset.
        dataset: String,
        /// The release.
        release: String,
        /// What is wrong with it.
        why: Box<StoreError>,
    },
    /// There is no such dataset or release.
    #[error("the store has no {what} `{name}`{hint}")]
    Missing {
        /// A dataset or a release.
        what: &'static str,
        /// Its name.
        name: String,
        /// What may have been meant.
        hint: String,
    },
}

impl StoreError {
    pub(in super::super) fn io(what: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { what, path: path.display().to_string(), source }
    }

    pub(in super::super) fn parquet(
        what: &'static str,
        path: &Path,
        source: parquet::errors::ParquetError,
    ) -> Self {
        Self::Parquet { what, path: path.display().to_string(), source: Box::new(source) }
    }

    pub(in super::super) fn damaged(path: &Path, why: impl Into<String>) -> Self {
        Self::Damaged { path: path.display().to_string(), why: why.into() }
    }

    /// Whether it is that there is no such file.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }

    pub(super) fn missing(what: &'static str, name: &str, nearest: Option<&str>) -> Self {
        let hint = nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
        Self::Missing { what, name: name.to_owned(), hint }
    }
}
