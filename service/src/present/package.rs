//! A whole dataset as a data package, as `data/FORMAT.md` has it: what `chargesheet publish` takes, and what every
//! reader of Frictionless Data Package v2 takes.
//!
//! The tables of a reported dataset say all that the release says, so that publishing them again gives the very same
//! release. Of a case-level dataset the publisher's ids are forgotten when it is served; numbers stand for them, and
//! every count is the same.

mod charges;
mod descriptor;
mod schema;
mod tables;

use std::io::Write;

use sha2::{Digest as _, Sha256};

use super::archive::{Archive, ZipError};
use crate::disclosure::PublishedRecords;
use crate::ingest::Records;
use crate::package::hex;
use crate::query::keep_deadline;
use crate::release::{Release, small_tables};

/// Most records of a dataset that are packed: a package is held in memory until it is whole.
pub const LIMIT: u64 = 1_000_000;

/// What a descriptor says of a file.
#[derive(Debug)]
struct Packed {
    name: &'static str,
    bytes: u64,
    sha256: String,
    schema: serde_json::Value,
}

/// Packs a release. The bytes depend on nothing but the release.
///
/// # Errors
/// When the archive would become larger than ZIP allows.
pub fn package(release: &Release, records: &PublishedRecords<'_>) -> Result<Vec<u8>, ZipError> {
    let mut archive = Archive::created(&release.descriptor().created);
    let statutes = small_tables::statutes(release.register());
    let mut packed = vec![pack(&mut archive, "statutes", schema::statutes(release, &statutes), |out| {
        tables::write(&statutes, out)
    })?];
    match (release.records(), records.charges()) {
        (_, Some(charges)) => {
            let table = charges::Table::of(release, charges);
            packed.push(pack(&mut archive, "charges", table.schema(), |out| table.write(out))?);
        }
        (Records::Figures { sources, .. }, None) => {
            let counts =
                small_tables::counts(release.lists(), release.register(), records.figures(), sources);
            let of = small_tables::sources(sources);
            packed.push(pack(&mut archive, "counts", schema::counts(release, &counts), |out| {
                tables::write(&counts, out)
            })?);
            packed.push(pack(&mut archive, "sources", schema::sources(&of), |out| tables::write(&of, out))?);
        }
        // Charges were given as such above.
        (Records::Charges(_), None) => {}
    }
    for (name, table) in release.background_tables() {
        let schema = schema::background(release, name, &table);
        packed.push(pack(&mut archive, name, schema, |out| tables::write(&table, out))?);
    }
    let mut descriptor =
        serde_json::to_vec_pretty(&descriptor::descriptor(release, &packed)).map_err(std::io::Error::from)?;
    descriptor.push(b'\n');
    archive.add("datapackage.json", &descriptor)?;
    archive.finish()
}

/// Adds a table, and says what a descriptor must say of it.
fn pack(
    archive: &mut Archive,
    name: &'static str,
    schema: serde_json::Value,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<Packed, ZipError> {
    let path = format!("{name}.csv");
    let mut out = Measured { out: archive.begin(&path)?, bytes: 0, sha256: Sha256::new() };
    write(&mut out)?;
    let Measured { bytes, sha256, .. } = out;
    Ok(Packed { name, bytes, sha256: hex(&sha256.finalize()), schema })
}

/// Counts and digests what is written.
struct Measured<W> {
    out: W,
    bytes: u64,
    sha256: Sha256,
}

impl<W: Write> Write for Measured<W> {
    fn write(&mut self, content: &[u8]) -> std::io::Result<usize> {
        keep_deadline();
        let size = self.out.write(content)?;
        self.bytes += size as u64;
        self.sha256.update(&content[..size]);
        Ok(size)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
