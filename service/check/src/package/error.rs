//! Errors that end the reading of a package.

use std::fmt;
use std::path::PathBuf;

use crate::domain::{Say, Told};

/// The reason why a package cannot be read at all.
#[derive(Debug)]
pub enum PackageError {
    /// The folder does not exist.
    NoFolder {
        /// The requested folder.
        folder: PathBuf,
    },
    /// A file cannot be read.
    Read {
        /// The file.
        path: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A ZIP file, or another file in the place of a package, cannot be used.
    File {
        /// The file.
        path: String,
        /// What is wrong with it.
        fault: Say,
    },
    /// `datapackage.json` is not valid JSON.
    Json {
        /// The package.
        place: String,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// A property of `datapackage.json` has a value that cannot be used.
    Property {
        /// The package.
        place: String,
        /// The line of the property, or of the object that it is missing from.
        line: Option<u32>,
        /// The property.
        property: String,
        /// The value as it is shown, or a note that the property is missing.
        given: Told,
        /// What was expected.
        expected: Say,
    },
    /// `datapackage.json` does not declare a resource that this kind of dataset needs.
    NoResource {
        /// The package.
        place: String,
        /// The line of the list of resources.
        line: Option<u32>,
        /// The resource's name.
        name: &'static str,
        /// The dataset's kind.
        kind: &'static str,
    },
    /// Several errors. Each is printed on a line of its own.
    Several(Vec<PackageError>),
}

impl PackageError {
    /// Returns all errors, one by one.
    pub fn faults(&self) -> &[Self] {
        match self {
            Self::Several(faults) => faults,
            one => std::slice::from_ref(one),
        }
    }

    /// Returns the error as a sentence by key. Of several errors, that of the first.
    pub fn says(&self) -> Say {
        match self {
            Self::NoFolder { folder } => Say::new("package.no_folder").with("folder", format!("{folder:?}")),
            // Each system has its own words for this one, and none of them in the reader's language.
            Self::Read { path, source } if source.kind() == std::io::ErrorKind::NotFound => {
                Say::new("package.read").with("path", path).with_said("error", "package.absent".into())
            }
            Self::Read { path, source } => Say::new("package.read").with("path", path).with("error", source),
            Self::File { path, fault } => {
                Say::new("package.read").with("path", path).with_said("error", fault.clone())
            }
            Self::Json { place, source } => {
                Say::new("package.json").with("place", place).with("error", source)
            }
            Self::Property { place, line, property, given, expected } => {
                let say = match line {
                    Some(line) => Say::new("package.property_line").with("line", line),
                    None => Say::new("package.property"),
                };
                let say = say.with("place", place).with("property", property);
                let mut say = say.with_said("expected", expected.clone());
                say.values.push(("given", given.clone()));
                say
            }
            Self::NoResource { place, line, name, kind } => {
                let say = match line {
                    Some(line) => Say::new("package.no_resource_line").with("line", line),
                    None => Say::new("package.no_resource"),
                };
                say.with("place", place).with("name", format!("{name:?}")).with("kind", kind)
            }
            Self::Several(faults) => faults.first().map_or(Say::new("package.read"), Self::says),
        }
    }

    /// Returns the line of `datapackage.json` that the error is about, if it is about one.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Property { line, .. } | Self::NoResource { line, .. } => line.map(u64::from),
            Self::Json { source, .. } => Some(source.line() as u64),
            _ => None,
        }
    }

    /// Returns the errors as one JSON object, as `check --json` prints it.
    pub fn to_json(&self) -> serde_json::Value {
        let fault = |fault: &Self| {
            let says = fault.says();
            serde_json::json!({
                "line": fault.line(),
                "message": says.english(),
                "key": says.key,
                "values": serde_json::to_value(&says).map(|says| says["values"].clone()).unwrap_or_default(),
            })
        };
        let faults: Vec<_> = self.faults().iter().map(fault).collect();
        serde_json::json!({ "verdict": "unreadable", "faults": faults })
    }
}

impl fmt::Display for PackageError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<String> = self.faults().iter().map(|fault| fault.says().english()).collect();
        out.write_str(&faults.join("\n"))
    }
}

impl std::error::Error for PackageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } => Some(source),
            Self::Json { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<Vec<PackageError>> for PackageError {
    fn from(mut faults: Vec<PackageError>) -> Self {
        if faults.len() == 1 { faults.swap_remove(0) } else { Self::Several(faults) }
    }
}
