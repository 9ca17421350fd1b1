//! The small tables of a release: statutes, sources, reported figures. As rows of text, to be digested, and as Parquet.

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array as _, ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::canonical::Lines;
use super::store::{NewFile, StoreError, open};

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text; none where it is empty.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A column: its name and what stands in it.
pub type Columns = &'static [(&'static str, Type)];

/// A table as rows of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTable {
    /// Its columns.
    pub columns: Columns,
    /// Its rows, in the byte order of their fields.
    pub rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Makes a table of rows in any order.
    pub fn of(columns: Columns, mut rows: Vec<Vec<String>>) -> Self {
        rows.sort_unstable();
        Self { columns, rows }
    }

    /// Returns how many rows there are, and the digest of all they say.
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
        let columns: Vec<(Field, ArrayRef)> =
            (0..self.columns.len()).map(|place| self.column(place)).collect();
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
        let failed = |source| StoreError::parquet("write", path, source);
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .map_err(|error| failed(error.into()))?;
        let properties =
            WriterProperties::builder().set_compression(parquet::basic::Compression::SNAPPY).build();
        let file = NewFile::create(path)?;
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(failed)?;
        writer.write(&batch).map_err(failed)?;
        writer.into_inner().map_err(failed)?.finish()
    }

    fn column(&self, place: usize) -> (Field, ArrayRef) {
        let (name, kind) = self.columns[place];
        let texts = self.rows.iter().map(|row| row[place].as_str());
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        match kind {
            Type::Text => {
                (Field::new(name, DataType::Utf8, true), Arc::new(texts.map(some).collect::<StringArray>()))
            }
            Type::Number => (
                Field::new(name, DataType::Int64, true),
                Arc::new(texts.map(|text| text.parse().ok()).collect::<Int64Array>()),
            ),
            Type::Flag => (
                Field::new(name, DataType::Boolean, true),
                Arc::new(texts.map(|text| text.parse().ok()).collect::<BooleanArray>()),
            ),
        }
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the file cannot be read, or has other columns.
    pub fn read(path: &Path, columns: Columns) -> Result<Self, StoreError> {
        let failed = |source| StoreError::parquet("read", path, source);
        let file = open(path)?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(failed)?;
        let mut rows = Vec::new();
        for batch in reader {
            let batch = batch.map_err(|error| failed(error.into()))?;
            let arrays: Vec<&ArrayRef> = columns
                .iter()
                .map(|(name, _)| batch.column_by_name(name))
                .collect::<Option<_>>()
                .ok_or_else(|| StoreError::damaged(path, "a column is missing"))?;
            for row in 0..batch.num_rows() {
                let fields: Option<Vec<String>> =
                    columns.iter().zip(&arrays).map(|((_, kind), array)| text(array, *kind, row)).collect();
                rows.push(fields.ok_or_else(|| StoreError::damaged(path, "a column has another type"))?);
            }
        }
        Ok(Self { columns, rows })
    }
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
