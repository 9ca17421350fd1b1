//! Errors that end the reading of a package.

use std::path::PathBuf;

/// The reason why a package cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The folder does not exist.
    #[error("there is no folder {folder:?}; name the folder that holds datapackage.json")]
    NoFolder {
        /// The requested folder.
        folder: PathBuf,
    },
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// `datapackage.json` is not valid JSON.
    #[error("datapackage.json of {place}: {source}")]
    Json {
        /// The package.
        place: String,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// A property of `datapackage.json` has a value that cannot be used.
    #[error("datapackage.json of {place}: {property} is {value}; {expected}")]
    Property {
        /// The package.
        place: String,
        /// The property.
        property: String,
        /// The value as it is shown, or a note that the property is missing.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// `datapackage.json` does not declare a resource that this kind of dataset needs.
    #[error("datapackage.json of {place} declares no resource {name:?}; a dataset of kind {kind} needs it")]
    NoResource {
        /// The package.
        place: String,
        /// The resource's name.
        name: &'static str,
        /// The dataset's kind.
        kind: &'static str,
    },
    /// Several errors. Each is printed on a line of its own.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several(Vec<PackageError>),
}

impl From<Vec<PackageError>> for PackageError {
    fn from(mut faults: Vec<PackageError>) -> Self {
        if faults.len() == 1 { faults.swap_remove(0) } else { Self::Several(faults) }
    }
}
