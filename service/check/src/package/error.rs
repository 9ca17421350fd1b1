//! Why a package cannot be read.

use std::path::PathBuf;

/// Why a package cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// There is no such folder.
    #[error("there is no folder {folder:?}; name the folder that holds datapackage.json")]
    NoFolder {
        /// The folder asked for.
        folder: PathBuf,
    },
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// `datapackage.json` is not what it should be.
    #[error("datapackage.json of {place}: {source}")]
    Json {
        /// The package.
        place: String,
        /// Why, with line and column.
        source: serde_json::Error,
    },
    /// A property of `datapackage.json` has a value that cannot be used.
    #[error("datapackage.json of {place}: {property} is {value}; {expected}")]
    Property {
        /// The package.
        place: String,
        /// The property.
        property: String,
        /// Its value as it is shown, or that it is missing.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// A resource that this kind of dataset needs is not declared.
    #[error("datapackage.json of {place} declares no resource {name:?}; a dataset of kind {kind} needs it")]
    NoResource {
        /// The package.
        place: String,
        /// The resource's name.
        name: &'static str,
        /// The dataset's kind.
        kind: &'static str,
    },
    /// Several things are wrong, each told on a line of its own.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several(Vec<PackageError>),
}

impl From<Vec<PackageError>> for PackageError {
    fn from(mut faults: Vec<PackageError>) -> Self {
        if faults.len() == 1 { faults.swap_remove(0) } else { Self::Several(faults) }
    }
}
