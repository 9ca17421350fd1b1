//! The small tables of a release as Parquet files.

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchReader as _, StringArray,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::store::{NewFile, StoreError, open};
use super::text_table::{TextTable, Type, columns};
use crate::domain::tables::{Need, Table};

/// Writes the table as Parquet. Returns the digest of the file's bytes.
///
/// # Errors
/// When the file cannot be written.
pub fn write(table: &TextTable, path: &Path) -> Result<String, StoreError> {
    let failed = |source| StoreError::parquet("write", path, source);
    let columns = (0..table.columns.len()).map(|place| (table.columns[place].0, array(table, place), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| failed(error.into()))?;
    let properties = WriterProperties::builder().set_compression(parquet::basic::Compression::SNAPPY).build();
    let file = NewFile::create(path)?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.into_inner().map_err(failed)?.finish()
}

fn array(table: &TextTable, place: usize) -> ArrayRef {
    let texts = table.rows.iter().map(|row| row[place].as_str());
    match table.columns[place].1 {
        Type::Text => {
            Arc::new(texts.map(|text| Some(text).filter(|text| !text.is_empty())).collect::<StringArray>())
        }
        Type::Number => Arc::new(texts.map(|text| text.parse().ok()).collect::<Int64Array>()),
        Type::Flag => Arc::new(texts.map(|text| text.parse().ok()).collect::<BooleanArray>()),
    }
}

/// Reads a table.
///
/// # Errors
/// When the file cannot be read, or has other columns.
pub fn read(path: &Path, table: &Table) -> Result<TextTable, StoreError> {
    let failed = |source| StoreError::parquet("read", path, source);
    let reader = ParquetRecordBatchReaderBuilder::try_new(open(path)?)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(failed)?;
    let (mut columns, schema) = (columns(table), reader.schema());
    let is_later = |name| table.column(name).is_some_and(|column| column.need == Need::Later);
    columns.retain(|(name, _)| !is_later(name) || schema.column_with_name(name).is_some());
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|error| failed(error.into()))?;
        let arrays = columns.iter().map(|(name, kind)| Some((batch.column_by_name(name)?, *kind)));
        let arrays = arrays
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| StoreError::damaged(path, "a column is missing"))?;
        for row in 0..batch.num_rows() {
            let fields = arrays.iter().map(|(array, kind)| text(array, *kind, row)).collect();
            rows.push(Option::ok_or_else(fields, || StoreError::damaged(path, "a column has another type"))?);
        }
    }
    Ok(TextTable { columns, rows })
}

fn text(array: &ArrayRef, kind: Type, row: usize) -> Option<String> {
    if array.is_null(row) {
        return Some(String::new());
    }
    match kind {
        Type::Text => Some(array.as_string_opt::<i32>()?.value(row).to_owned()),
        Type::Number => Some(array.as_primitive_opt::<Int64Type>()?.value(row).to_string()),
        Type::Flag => Some(array.as_boolean_opt()?.value(row).to_string()),
    }
}
