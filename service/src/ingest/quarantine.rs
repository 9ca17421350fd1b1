//! A folder for the quarantine files of a package, which [`Quarantine`] writes.

use std::fs::File;
use std::path::{Path, PathBuf};

pub use chargesheet_check::ingest::quarantine::Quarantine;

use super::parquet_file::{self, SharedInput};
use crate::domain::tables::{CHARGES, COUNTS, HISTORY, POPULATION, SOURCES, STATUTES, Table};
use crate::package::{Package, PackageError, Resource, Source, is_own_file};
use chargesheet_check::ingest::Report;

/// The reason why refused rows could not be written.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// The package cannot be opened again.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A file of the package cannot be read again, or its quarantine file cannot be written.
    #[error("cannot keep the refused rows in {path}: {source}")]
    Write {
        /// The quarantine file.
        path: String,
        /// The error of the system.
        source: std::io::Error,
    },
}

/// Writes the refused rows of a package into a folder: one quarantine file for each file with refused rows, which is named
/// after the table, or after the file where the table is in several. A missing
/// folder is created. Returns the path and the number of rows of each quarantine file.
///
/// # Errors
/// When a file of the package cannot be read again, or the folder cannot be written.
pub fn keep(
    package: &Package,
    report: &Report,
    folder: &Path,
) -> Result<Vec<(PathBuf, u64)>, QuarantineError> {
    let mut written = Vec::new();
    for table in [&STATUTES, &CHARGES, &SOURCES, &COUNTS, &HISTORY, &POPULATION] {
        let name = table.name;
        let is_one = package.descriptor.files_of(name).nth(1).is_none();
        for file in package.descriptor.files_of(name) {
            if !report.rejected.contains_key(&file.path) {
                continue;
            }
            let path = folder.join(if is_one { format!("{name}.csv") } else { format!("{}.csv", file.path) });
            let rows = keep_file(package, table, file, report, &path);
            written.push((path, rows?));
        }
    }
    Ok(written)
}

/// Writes a quarantine file under a temporary name and then renames it, so that an older file stays until the new one
/// is complete.
fn keep_file(
    package: &Package,
    table: &'static Table,
    resource: &Resource,
    report: &Report,
    path: &Path,
) -> Result<u64, QuarantineError> {
    let failed = |source| QuarantineError::Write { path: path.display().to_string(), source };
    if is_own_file(package, path) {
        let message = "that is the package's own file; name another folder";
        return Err(failed(std::io::Error::other(message)));
    }
    let beside = path.with_extension("csv.new");
    let begin = || {
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        Quarantine::begin(report, &resource.path, File::create(&beside)?)
    };
    let mut quarantine = begin().map_err(failed)?;
    let kept = if resource.is_parquet {
        let input = SharedInput::new(package.open_file(resource)?).map_err(failed)?;
        let numbers = quarantine.numbers().into_iter();
        parquet_file::each_row(input, &resource.path, numbers, |number, cells| match number {
            Some(number) => quarantine.keep(number, &format!("row {number}"), cells),
            None => quarantine.keep_names(cells),
        })
    } else {
        let source = Source::new(Box::new(package.open_file(resource)?), resource);
        quarantine.keep_lines(source, table.columns)
    };
    let kept = kept.and_then(|()| quarantine.end()).and_then(|rows| {
        std::fs::rename(&beside, path)?;
        Ok(rows)
    });
    kept.map_err(failed)
}
