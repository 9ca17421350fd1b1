//! The small tables of a release (statutes, sources, reported figures, …) as rows of text for digests, and as Parquet.

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

use super::canonical::Lines;
use super::store::{NewFile, StoreError, open};
use crate::domain::tables::{Content, Need, Table};

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
    /// Makes a table from rows in any order. The rows have all columns that a release can have. [Later](Need::Later)
    /// columns that no row fills are dropped, so a release from before there were such columns keeps its id.
    pub fn of(table: &Table, mut rows: Vec<Vec<String>>) -> Self {
        rows.sort_unstable();
        let in_release = table.in_release().into_iter().enumerate();
        let is_there: Vec<bool> = in_release
            .map(|(place, column)| {
                column.need != Need::Later || rows.iter().any(|row| !row[place].is_empty())
            })
            .collect();
        for row in &mut rows {
            let mut is_there = is_there.iter();
            row.retain(|_| *is_there.next().unwrap_or(&true));
        }
        let columns = columns(table).into_iter().zip(&is_there);
        Self { columns: columns.filter(|(_, is_there)| **is_there).map(|(column, _)| column).collect(), rows }
    }

    /// Whether it has a [later](Need::Later) column of the table that it was made for.
    pub fn has_later(&self, table: &Table) -> bool {
        let is_later = |name| table.column(name).is_some_and(|column| column.need == Need::Later);
        self.columns.iter().any(|(name, _)| is_later(name))
    }

    /// Returns its rows with all columns that a release can have; those it lacks are empty.
    pub fn full_rows(&self, table: &Table) -> Vec<Vec<String>> {
        let place = |name: &str| self.columns.iter().position(|(own, _)| *own == name);
        let places: Vec<Option<usize>> =
            table.in_release().into_iter().map(|column| place(column.name)).collect();
        let full = |row: &Vec<String>| {
            places.iter().map(|place| place.map_or(String::new(), |place| row[place].clone())).collect()
        };
        self.rows.iter().map(full).collect()
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
