//! What the service promises of whatever comes from outside, as functions of bytes: one module for each target.
//!
//! libFuzzer makes the bytes up (`targets/`); `replay.rs` runs those that are kept in `corpus/` in the ordinary tests.
//! Inputs are texts as far as can be, so that a kept one says what it is about. A promise that is broken panics.

mod addresses;
mod conditions;
mod csv_ingest;
mod ledger;
mod package;
mod parquet_ingest;
mod picture;
mod promises;
mod query;
mod sealed;
mod service;
mod sheets;
mod store;
mod text;

/// A target: its name, and what holds for any bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, and that of the folder of its corpus.
    pub name: &'static str,
    /// Panics where a promise is broken.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: [Target; 10] = [
    Target { name: "addresses", run: addresses::run },
    Target { name: "conditions", run: conditions::run },
    Target { name: "csv_ingest", run: csv_ingest::run },
    Target { name: "mapping", run: sheets::mapping },
    Target { name: "ods", run: sheets::ods },
    Target { name: "package", run: package::run },
    Target { name: "parquet_ingest", run: parquet_ingest::run },
    Target { name: "picture", run: picture::run },
    Target { name: "query", run: query::run },
    Target { name: "xlsx", run: sheets::xlsx },
];

/// Runs a target by its name.
///
/// # Panics
/// When a promise is broken; when there is no such target.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.unwrap_or_else(|| panic!("there is no target {name}")).run)(bytes);
}
