//! Errors of the store.

use std::path::Path;

/// Why an operation on a store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file could not be read or written.
    #[error("cannot {what} {path}: {source}")]
    Io {
        /// The operation.
        what: &'static str,
        /// The file or folder.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// A table could not be read or written.
    #[error("cannot {what} {path}: {source}")]
    Parquet {
        /// The operation.
        what: &'static str,
        /// The file.
        path: String,
        /// The cause.
        source: Box<parquet::errors::ParquetError>,
    },
    /// A file differs from what was written.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// A file has a format that only a later version of the program reads.
    #[error("{what} needs {needs}; this is {}", env!("CARGO_PKG_VERSION"))]
    Newer {
        /// What cannot be read, such as a release of a dataset.
        what: String,
        /// The program that reads it, in words.
        needs: String,
    },
    /// The folder is not a store.
    #[error("{path} is no store of releases; {instead}")]
    NoStore {
        /// The folder.
        path: String,
        /// What to do.
        instead: &'static str,
    },
    /// Another process is changing the dataset.
    #[error(
        "somebody else is publishing or withdrawing in dataset `{dataset}` at this moment; try again when that is done"
    )]
    Busy {
        /// The dataset.
        dataset: String,
    },
    /// The same content was published before, and withdrawn.
    #[error(
        "release {release} of `{dataset}` was withdrawn on {since}; the same content cannot be published again"
    )]
    WasWithdrawn {
        /// The dataset.
        dataset: String,
        /// The release.
        release: String,
        /// When the release was withdrawn.
        since: String,
    },
    /// The same content was published before, and is damaged now.
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
        /// The word "dataset" or "release".
        what: &'static str,
        /// The unknown name.
        name: String,
        /// The existing name that was probably meant.
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

    /// Whether the cause is a missing file.
    pub(in super::super) fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }

    pub(super) fn missing(what: &'static str, name: &str, nearest: Option<&str>) -> Self {
        let hint = nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
        Self::Missing { what, name: name.to_owned(), hint }
    }
}
