//! Reading the counts of a release in parts: how many charges there are of each statute, month and outcome, for example. A table of
//! counts is a table of charges whose rows stand for many.

use std::path::Path;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::cube_kind::Kind;
use super::store::{StoreError, open, sha256};
use super::{Columns, Level, Part, Parts, Release, Tables, columns};
use crate::domain::tables::CODED;
use crate::domain::{Dimension, Period};
use crate::ingest::Charges;

/// The name of the column of counts.
const CHARGES: &str = "charges";
/// A table made in advance stands for so many rows of the cube on average, or it is not worth its space.
const WORTH: usize = 8;
/// A cube of fewer rows is added up at once.
const FEW: usize = 1 << 16;

/// Reads the tables of counts of a release in parts, the smallest first, each with how precisely it distinguishes dates.
///
/// # Errors
/// When the file cannot be read, has other bytes than were written, or counts other charges.
pub fn cubes(folder: &Path, release: &Release, parts: &Parts) -> Result<Vec<(Columns, Level)>, StoreError> {
    let mut listed: Vec<(Kind, &Part)> = parts.kinds().zip(&parts.cubes).collect();
    listed.sort_by_key(|(_, cube)| cube.rows);
    let read = |(kind, cube): (Kind, &Part)| {
        let path = folder.join(&cube.name);
        if sha256(&path)? != cube.sha256 {
            return Err(StoreError::damaged(&path, "its bytes are not those that were written"));
        }
        Ok((read(&path, release, parts.rows())?, kind.level()))
    };
    listed.into_iter().map(read).collect()
}

/// Reads a file of counts of so many charges.
///
/// # Errors
/// When the file cannot be read, has other columns, has codes that the release lacks, or counts other charges.
fn read(path: &Path, release: &Release, all: u64) -> Result<Columns, StoreError> {
    let failed = |source| StoreError::parquet("read", path, source);
    let wrong = |what: &str| StoreError::damaged(path, what);
    let builder = ParquetRecordBatchReaderBuilder::try_new(open(path)?).map_err(failed)?;
    let has = |name: &str| builder.schema().column_with_name(name).is_some();
    let needed = ["statute", "date_charged", "outcome", CHARGES];
    if let Some(missing) = needed.into_iter().find(|name| !has(name)) {
        return Err(wrong(&format!("it has no column `{missing}`")));
    }
    let mut charges = Charges { has_roles: has("role"), ..Charges::default() };
    for (column, dimension) in charges.coded.iter_mut().zip(CODED) {
        column.is_there = has(dimension.name());
    }
    let mut counts = Vec::new();
    for batch in builder.build().map_err(failed)? {
        let batch = batch.map_err(|error| failed(error.into()))?;
        take(&batch, release, &mut charges, &mut counts)
            .ok_or_else(|| wrong("it has values that nobody wrote"))?;
    }
    let counted: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    if counted != all {
        return Err(wrong(&format!("it counts {counted} charges of {all}")));
    }
    Ok(table(charges, &counts, release.register().all().len()))
}

/// Appends a batch of rows; `None` when the batch is damaged.
fn take(batch: &RecordBatch, release: &Release, charges: &mut Charges, counts: &mut Vec<u32>) -> Option<()> {
    for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
        if field.name() == CHARGES {
            for count in array.as_primitive_opt::<Int64Type>()? {
                // A table with a count beyond 32 bits is not kept; there it is damage.
                counts.push(u32::try_from(count?).ok().filter(|count| *count > 0)?);
            }
            continue;
        }
        for text in array.as_string_opt::<i32>()?.iter().map(Option::unwrap_or_default) {
            let code = |dimension| release.number(dimension, text);
            match field.name().as_str() {
                "statute" => charges.statute.push(u16::try_from(code(Dimension::Statute)?).ok()?),
                "outcome" => charges.outcome.push(u8::try_from(code(Dimension::Outcome)?).ok()?),
                "role" => charges.role.push(u8::try_from(code(Dimension::Role)?).ok()?),
                "date_charged" => charges.charged.push(match text {
                    // A table that tells no dates has none.
                    "unknown" | "" => 0,
                    text => Period::parse(text).ok()?.packed(),
                }),
                // It follows from the statute.
                "country" => {}
                name => {
                    let (column, of) =
                        charges.coded.iter_mut().zip(CODED).find(|(_, of)| of.name() == name)?;
                    let code = if text.is_empty() { 0 } else { code(of)? + 1 };
                    column.codes.push(u16::try_from(code).ok()?);
                }
            }
        }
    }
    Some(())
}

/// Makes the table, and smaller ones of it in advance.
fn table(mut charges: Charges, counts: &[u32], statutes: usize) -> Columns {
    // A missing date is 0, and comes after all others.
    let place = |row: u32| {
        let row = row as usize;
        (charges.statute[row], charges.charged[row].wrapping_sub(1))
    };
    let mut order: Vec<u32> = (0..).take(counts.len()).collect();
    order.sort_by_key(|&row| place(row));
    charges.reordering(&order).into_iter().for_each(|column| column());
    let mut cube = Columns::of(&charges, statutes, Tables::None);
    cube.records.counts = order.iter().map(|&row| counts[row as usize]).collect();
    let all: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    // Tables are added up in 32 bits.
    if u32::try_from(all).is_ok() && counts.len() >= FEW {
        cube.cuboids = columns::made(&cube.records, counts.len() / WORTH);
    }
    cube
}
