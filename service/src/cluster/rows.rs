//! The rows of an answer, column by column.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::DataType;

use super::error::ClusterError;

/// The rows of an answer.
#[derive(Debug)]
pub struct Rows(Vec<RecordBatch>);

impl From<Vec<RecordBatch>> for Rows {
    fn from(batches: Vec<RecordBatch>) -> Self {
        Self(batches)
    }
}

impl Rows {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.0.iter().map(RecordBatch::num_rows).sum()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a column of texts; `None` is NULL.
    ///
    /// # Errors
    /// When there is no such column, or it has another type.
    pub fn texts(&self, column: usize) -> Result<impl Iterator<Item = Option<&str>>, ClusterError> {
        let arrays: Option<Vec<_>> =
            self.0.iter().map(|batch| batch.columns().get(column)?.as_string_opt::<i32>()).collect();
        let arrays = arrays.ok_or_else(|| wrong(column, "texts"))?;
        Ok(arrays.into_iter().flatten())
    }

    /// Returns a column of whole numbers; `None` is NULL.
    ///
    /// # Errors
    /// When there is no such column, or it has another type.
    pub fn numbers(&self, column: usize) -> Result<Vec<Option<i64>>, ClusterError> {
        let mut numbers = Vec::with_capacity(self.len());
        for batch in &self.0 {
            let array = batch.columns().get(column).ok_or_else(|| wrong(column, "whole numbers"))?;
            match array.data_type() {
                DataType::Int32 => {
                    numbers.extend(array.as_primitive::<Int32Type>().iter().map(|own| own.map(i64::from)));
                }
                DataType::Int64 => numbers.extend(array.as_primitive::<Int64Type>()),
                _ => return Err(wrong(column, "whole numbers")),
            }
        }
        Ok(numbers)
    }
}

fn wrong(column: usize, expected: &str) -> ClusterError {
    ClusterError::NotWhole { what: format!("column {} has no {expected}", column + 1) }
}
