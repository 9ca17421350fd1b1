//! A whole dataset as a data package in the form of `data/FORMAT.md`. `chargesheet publish` and every reader of Frictionless
//! Data Package v2 accept the package.
//!
//! The tables of a reported dataset hold everything that the release holds, so publishing them again gives the same release, as long
//! as the program has the code lists that the release was made with.
//! A case-level dataset forgets the publisher's ids when it is served. Numbers replace them, and every count stays the same.

mod charges;
mod descriptor;
mod schema;

use std::collections::BTreeSet;
use std::io::Write;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::csv::line;
use crate::disclosure::PublishedRecords;
use crate::domain::tables::{CHARGES, TABLES};
use crate::ingest::Records;
use crate::package::{Archive, ZipError, hex};
use crate::query::{Deadline, keep_deadline};
use crate::release::Release;
use crate::release::small_tables::{counts, sources, statutes};
use crate::release::text_table::TextTable;

/// Most records of a dataset that can be packed: the whole package is held in memory until it is complete.
pub const LIMIT: u64 = 1_000_000;

/// Size of the pieces that are handed to the archive, in bytes.
const CHUNK: usize = 1 << 16;

/// Packs a release. The bytes depend on the release alone.
///
/// # Errors
/// When the archive would become larger than ZIP allows.
pub fn package(release: &Release, records: &PublishedRecords<'_>) -> Result<Vec<u8>, ZipError> {
    let mut archive = Archive::created(&release.descriptor().created, || Deadline::current().keep());
    let mut packed = vec![pack_texts(&mut archive, release, "statutes", &statutes(release.register()))?];
    match (release.records(), records.charges()) {
        (_, Some(charges)) => {
            let table = charges::Table::of(release, charges);
            let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
            let schema = schema::schema(release, &CHARGES, &names, &|column| table.used(column));
            let mut cells: Vec<String> = vec![String::new(); names.len()];
            packed.push(pack(&mut archive, CHARGES.name, schema, &names, charges.len(), |row, lines| {
                for (cell, (_, put)) in cells.iter_mut().zip(&table.columns) {
                    cell.clear();
                    put(row, cell);
                }
                line(lines, cells.iter().map(String::as_str));
            })?);
        }
        (Records::Figures { sources: own, .. }, None) => {
            let figures = counts(release.lists(), release.register(), records.figures(), own);
            packed.push(pack_texts(&mut archive, release, "counts", &figures)?);
            packed.push(pack_texts(&mut archive, release, "sources", &sources(own))?);
        }
        // Without disclosed charges, a case-level dataset has no table to pack.
        (Records::Charges(_), None) => {}
    }
    for (name, table) in release.background_tables() {
        packed.push(pack_texts(&mut archive, release, name, &table)?);
    }
    let mut descriptor =
        serde_json::to_vec_pretty(&descriptor::descriptor(release, packed)).map_err(std::io::Error::from)?;
    descriptor.push(b'\n');
    archive.add("datapackage.json", &descriptor)?;
    archive.finish()
}

/// Adds a table of texts exactly as they are, including those that a spreadsheet would run as formulas: programs read a package,
/// and must get the same texts. Returns the descriptor's entry for the table.
fn pack_texts(
    archive: &mut Archive,
    release: &Release,
    name: &str,
    table: &TextTable,
) -> Result<Value, ZipError> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let used = |column: &str| -> BTreeSet<String> {
        let place = names.iter().position(|name| *name == column);
        let cells = place.into_iter().flat_map(|place| table.rows.iter().map(move |row| &row[place]));
        cells.filter(|cell| !cell.is_empty()).cloned().collect()
    };
    let described = TABLES.iter().find(|table| table.name == name);
    let schema = described.map_or(Value::Null, |described| schema::schema(release, described, &names, &used));
    pack(archive, name, schema, &names, table.rows.len(), |row, lines| {
        line(lines, table.rows[row].iter().map(String::as_str));
    })
}

/// Adds a table of rows, and returns the descriptor's entry for the table.
fn pack(
    archive: &mut Archive,
    name: &str,
    schema: Value,
    columns: &[&str],
    rows: usize,
    mut write: impl FnMut(usize, &mut Vec<u8>),
) -> Result<Value, ZipError> {
    let path = format!("{name}.csv");
    let mut out = Measured { out: archive.begin(&path)?, bytes: 0, sha256: Sha256::new() };
    let mut lines = Vec::with_capacity(2 * CHUNK);
    line(&mut lines, columns.iter().copied());
    for row in 0..rows {
        write(row, &mut lines);
        if lines.len() > CHUNK {
            out.write_all(&lines)?;
            lines.clear();
        }
    }
    out.write_all(&lines)?;
    Ok(json!({
        "name": name,
        "path": path,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": out.bytes,
        "hash": format!("sha256:{}", hex(&out.sha256.finalize())),
        "schema": schema,
    }))
}

/// A writer that counts and digests the bytes written.
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
