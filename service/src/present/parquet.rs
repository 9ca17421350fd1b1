//! An answer as Parquet, for data frames: the columns of the CSV, with types.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use chargesheet_widget::wire::Answer;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::licence;
use super::table::{Cell, Column, Holds, cell, columns};
use crate::disclosure::Published;
use crate::domain::Dimension;
use crate::query::{Deadline, Query};
use crate::release::Release;

/// Rows that are laid out at once. Rows that are not yet encoded take memory.
const PIECE: usize = 1 << 16;

/// Writes an answer as Parquet, compressed with Snappy, with the same bytes each time.
///
/// Years are `Int32`, counts `Int64`, shares `Float64`; everything else is text, encoded with a dictionary in the file. Text
/// is exactly the text of the data: a data frame runs no formulas, so nothing is put in front of it. Null means not known or
/// not reported, never zero. The file's key-value metadata say what the file is and how to cite it. `about` is the result of
/// [`super::about`] for this answer; `base` is the public address of the service.
///
/// # Errors
/// When a count does not fit into `Int64`, which no register's count does; or on a bug.
pub fn parquet(
    query: &Query,
    release: &Release,
    answer: &Published,
    about: &Answer,
    base: &str,
) -> Result<Vec<u8>, ParquetError> {
    let columns = columns(query, release);
    let fields: Vec<Field> =
        columns.iter().map(|column| Field::new(&column.name, kind(column.holds), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let pinned = about.release.url.replacen("aggregate.json", "aggregate.parquet", 1);
    let said = [
        ("dataset", about.dataset.id.clone()),
        ("release", about.release.id.clone()),
        ("query", about.query.clone()),
        ("url", format!("{base}{pinned}")),
        ("licence", licence(release)),
        ("citation", about.citation.clone()),
    ];
    let said = said.map(|(key, value)| KeyValue::new(format!("chargesheet.{key}"), value)).to_vec();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(said))
        // The version of a library is left out: a new version would change the bytes of an unchanged answer.
        .set_created_by("chargesheet".to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties))?;
    for start in (0..answer.rows()).step_by(PIECE) {
        Deadline::current().keep();
        let rows = start..(start + PIECE).min(answer.rows());
        let arrays = columns
            .iter()
            .map(|column| array(column, release, answer, rows.clone()))
            .collect::<Result<Vec<_>, _>>()?;
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), arrays)?)?;
    }
    writer.into_inner()
}

fn kind(holds: Holds) -> DataType {
    match holds {
        Holds::Key(_, Dimension::Year) => DataType::Int32,
        Holds::Count(_) => DataType::Int64,
        Holds::Share(_) | Holds::Rate(_) => DataType::Float64,
        Holds::Key(..) | Holds::Label(..) | Holds::Span(..) | Holds::Status | Holds::Sources => {
            DataType::Utf8
        }
    }
}

fn array(
    column: &Column,
    release: &Release,
    answer: &Published,
    rows: std::ops::Range<usize>,
) -> Result<ArrayRef, ParquetError> {
    let cells = rows.map(|row| cell(column.holds, release, answer, row));
    Ok(match kind(column.holds) {
        DataType::Int32 => {
            let year = |cell| if let Cell::Year(year) = cell { Some(year) } else { None };
            Arc::new(cells.map(year).collect::<Int32Array>())
        }
        DataType::Int64 => {
            let count = |cell| match cell {
                Cell::Count(count) => i64::try_from(count).map(Some),
                _ => Ok(None),
            };
            let counts: Result<Int64Array, _> = cells.map(count).collect();
            Arc::new(counts.map_err(|error| ParquetError::External(Box::new(error)))?)
        }
        DataType::Float64 => {
            let real = |cell| match cell {
                Cell::Share(real) | Cell::Rate(real) => Some(real),
                _ => None,
            };
            Arc::new(cells.map(real).collect::<Float64Array>())
        }
        _ => Arc::new(cells.map(|cell| cell.text().map(Cow::into_owned)).collect::<StringArray>()),
    })
}
