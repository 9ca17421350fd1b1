//! The check of packages on a machine with threads, a disk and a Parquet reader. The rules are in the crate
//! `chargesheet-check`.

pub mod parquet_file;
pub mod quarantine;
mod threads;

pub use chargesheet_check::ingest::*;

pub use self::threads::Threads;
use crate::package::{Package, PackageError};

/// Reads a package. It does what [`chargesheet_check::ingest::ingest`] does.
///
/// # Errors
/// When a file that the package must have is not declared or cannot be opened.
pub fn ingest(package: &Package, rules: &Rules) -> Result<(Ingested, Report), PackageError> {
    ingest_on(package, rules, &Threads)
}

/// Reads a package on another platform.
///
/// # Errors
/// As [`ingest`].
pub fn ingest_on(
    package: &Package,
    rules: &Rules,
    platform: &dyn Platform,
) -> Result<(Ingested, Report), PackageError> {
    chargesheet_check::ingest::ingest(package, rules, platform)
}
