//! Reading charges from Parquet.

use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, UInt32Type, UInt64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::store::{StoreError, open};
use crate::domain::tables::CODED;
use crate::domain::{CodeList, Lists, Period, Register};
use crate::ingest::{Charges, IdList};

/// Number of rows read at once.
const PIECE: usize = 1 << 16;

/// Which columns of the file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The columns that queries read.
    Numbers,
    /// All columns except the publisher's ids.
    Said,
    /// All columns, for computing the digest again.
    Everything,
}

/// Reads charges. Regions and texts are numbered in byte order.
///
/// # Errors
/// When the file cannot be read, has other columns, or has codes that the lists and the register lack.
pub fn read(path: &Path, lists: &Lists, register: &Register, wanted: Wanted) -> Result<Charges, StoreError> {
    let failed = |source| StoreError::parquet("read", path, source);
    let file = open(path)?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?;
    let rows = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default();
    let is_id = |name: &str| ["case_id", "defendant_id", "charge_id"].contains(&name);
    let is_asked = |name: &str| !["date_outcome", "sentence_months", "sentence"].contains(&name);
    let is_wanted = |name: &str| match wanted {
        Wanted::Numbers => !is_id(name) && is_asked(name),
        Wanted::Said => !is_id(name),
        Wanted::Everything => true,
    };
    let kept = builder.schema().fields().iter().enumerate().filter(|(_, field)| is_wanted(field.name()));
    let mask =
        ProjectionMask::leaves(builder.parquet_schema(), kept.map(|(place, _)| place).collect::<Vec<_>>());
    let reader = builder.with_projection(mask).with_batch_size(PIECE).build().map_err(failed)?;
    let names = arrow_array::RecordBatchReader::schema(&reader);
    let mut charges = Charges {
        has_roles: names.column_with_name("role").is_some(),
        ids: (wanted == Wanted::Everything).then(Box::default),
        ..Charges::default()
    };
    for (column, dimension) in charges.coded.iter_mut().zip(CODED) {
        column.is_there = names.column_with_name(dimension.name()).is_some();
    }
    charges.reserve(rows);
    for batch in reader {
        let batch = batch.map_err(|error| failed(error.into()))?;
        take(&batch, lists, register, &mut charges)
            .ok_or_else(|| StoreError::damaged(path, "it has values that nobody wrote"))?;
    }
    if charges.len() != rows || charges.case.len() != rows || charges.defendant.len() != rows {
        return Err(StoreError::damaged(path, "its columns have different lengths"));
    }
    charges.sort_dictionaries();
    Ok(charges)
}

/// Appends a batch of rows; `None` when the batch is damaged.
fn take(batch: &RecordBatch, lists: &Lists, register: &Register, charges: &mut Charges) -> Option<()> {
    let listed = |array: &ArrayRef, list: &CodeList| {
        decoded(array, |text| list.number(text).and_then(|number| u8::try_from(number).ok()))
    };
    let dates = |array: &ArrayRef| {
        decoded(array, |text| match text {
            "" | "unknown" => Some(0),
            text => Period::parse(text).ok().map(Period::packed),
        })
    };
    let numbers = |array: &ArrayRef| Some(array.as_primitive_opt::<UInt32Type>()?.values().to_vec());
    for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
        match field.name().as_str() {
            "statute" => charges.statute.extend(decoded(array, |text| register.code(text))?),
            "country" => charges.country.extend(listed(array, &lists.countries)?),
            "outcome" => charges.outcome.extend(listed(array, &lists.outcomes)?),
            "role" => charges.role.extend(listed(array, &lists.roles)?),
            "date_charged" => charges.charged.extend(dates(array)?),
            "date_outcome" => charges.decided.extend(dates(array)?),
            "case" => charges.case.extend(numbers(array)?),
            "defendant" => charges.defendant.extend(numbers(array)?),
            "sentence_months" => {
                let months = array.as_primitive_opt::<UInt32Type>()?.iter();
                charges.sentence_months.extend(months.map(|months| months.map_or(0, |months| months + 1)));
            }
            name @ ("sentence" | "source") => {
                let texts = array.as_string_opt::<i32>()?.iter();
                let codes = texts.map(|text| text.map_or(0, |text| charges.texts.code(text) + 1));
                if name == "source" { &mut charges.source } else { &mut charges.sentence }.extend(codes);
            }
            "case_id" => _ = id_numbers(array, &mut charges.ids.as_deref_mut()?.cases)?,
            "defendant_id" => _ = id_numbers(array, &mut charges.ids.as_deref_mut()?.defendants)?,
            "charge_id" => {
                charges.own.extend(id_numbers(array, &mut charges.ids.as_deref_mut()?.charges)?);
            }
            name => {
                let (column, _) = charges.coded.iter_mut().zip(CODED).find(|(_, of)| of.name() == name)?;
                column.codes.extend(decoded(array, |text| match text {
                    "" => Some(0),
                    text => u16::try_from(column.texts.code(text) + 1).ok(),
                })?);
            }
        }
    }
    Some(())
}

/// Returns the numbers of a column of ids; `None` when an id is missing.
fn id_numbers(array: &ArrayRef, ids: &mut IdList) -> Option<Vec<u32>> {
    if let Some(whole) = array.as_primitive_opt::<UInt64Type>() {
        let numbers = || whole.values().iter().map(|&id| ids.code_whole(id)).collect();
        return (whole.null_count() == 0).then(numbers);
    }
    array.as_string_opt::<i32>()?.iter().map(|id| Some(ids.code(id?))).collect()
}

/// Converts a column of texts into codes, looking up each text once; `None` when a text has no code.
fn decoded<T: Copy>(array: &ArrayRef, mut code: impl FnMut(&str) -> Option<T>) -> Option<Vec<T>> {
    let dictionary = array.as_dictionary_opt::<Int32Type>()?;
    let texts = dictionary.values().as_string_opt::<i32>()?;
    let absent = if dictionary.null_count() > 0 { Some(code("")?) } else { None };
    let keys = dictionary.keys();
    // A dictionary may have texts that this batch does not use. These may have no code.
    let mut codes: Vec<Option<T>> = vec![None; texts.len()];
    (0..keys.len())
        .map(|row| {
            if keys.is_null(row) {
                return absent;
            }
            let key = usize::try_from(keys.value(row)).ok()?;
            if codes.get(key)?.is_none() {
                codes[key] = Some(code(texts.value(key))?);
            }
            codes[key]
        })
        .collect()
}
