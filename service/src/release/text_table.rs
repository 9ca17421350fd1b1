//! The small tables of a release (statutes, sources, reported figures, …) as rows of text for digests, and as Parquet.

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array as _, ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::canonical::Lines;
use super::store::{NewFile, StoreError, open};
use crate::domain::tables::{Content, Table};

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text. An empty text is a missing value.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A table as rows of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTable {
    /// The name and type of each column.
    pub columns: Vec<(&'static str, Type)>,
    /// Its rows, in the byte order of their fields.
    pub rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Makes a table from rows in any order. The rows have the columns that a release keeps.
    pub fn of(table: &Table, mut rows: Vec<Vec<String>>) -> Self {
        rows.sort_unstable();
        Self { columns: columns(table), rows }
    }

    /// Returns the number of rows, and the digest of the table's canonical lines.
    pub fn digest(&self) -> (u64, String) {
        let mut lines = Lines::of(self.columns.iter().map(|(name, _)| *name));
        for row in &self.rows {
            for field in row {
                lines.field(field);
            }
            lines.end_record();
        }
        lines.digest()
    }

    /// Writes the table as Parquet. Returns the digest of the file's bytes.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<String, StoreError> {
        let failed = |source| StoreError::parquet("write", path, source);
        let columns = (0..self.columns.len()).map(|place| (self.columns[place].0, self.array(place), true));
        let batch =
            RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| failed(error.into()))?;
        let properties =
            WriterProperties::builder().set_compression(parquet::basic::Compression::SNAPPY).build();
        let file = NewFile::create(path)?;
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(failed)?;
        writer.write(&batch).map_err(failed)?;
        writer.into_inner().map_err(failed)?.finish()
    }

    fn array(&self, place: usize) -> ArrayRef {
        let texts = self.rows.iter().map(|row| row[place].as_str());
        match self.columns[place].1 {
            Type::Text => Arc::new(
                texts.map(|text| Some(text).filter(|text| !text.is_empty())).collect::<StringArray>(),
            ),
            Type::Number => Arc::new(texts.map(|text| text.parse().ok()).collect::<Int64Array>()),
            Type::Flag => Arc::new(texts.map(|text| text.parse().ok()).collect::<BooleanArray>()),
        }
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the file cannot be read, or has other columns.
    pub fn read(path: &Path, table: &Table) -> Result<Self, StoreError> {
        let failed = |source| StoreError::parquet("read", path, source);
        let reader = ParquetRecordBatchReaderBuilder::try_new(open(path)?)
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(failed)?;
        let columns = columns(table);
        let mut rows = Vec::new();
        for batch in reader {
            let batch = batch.map_err(|error| failed(error.into()))?;
            let arrays = columns.iter().map(|(name, kind)| Some((batch.column_by_name(name)?, *kind)));
            let arrays = arrays
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| StoreError::damaged(path, "a column is missing"))?;
            for row in 0..batch.num_rows() {
                let fields = arrays.iter().map(|(array, kind)| text(array, *kind, row)).collect();
                rows.push(Option::ok_or_else(fields, || {
                    StoreError::damaged(path, "a column has another type")
                })?);
            }
        }
        Ok(Self { columns, rows })
    }
}

fn columns(table: &Table) -> Vec<(&'static str, Type)> {
    let kind = |content| match content {
        Content::Year | Content::Whole(_) => Type::Number,
        Content::Flag => Type::Flag,
        _ => Type::Text,
    };
    table.in_release().into_iter().map(|column| (column.name, kind(column.content))).collect()
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
