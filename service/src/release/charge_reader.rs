//! Charges out of Parquet.

use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, UInt32Type, UInt64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::store::{StoreError, open};
use crate::domain::{CodeList, Lists, Period, Register};
use crate::ingest::{Charges, Ids};

/// Rows that are read at once.
const PIECE: usize = 1 << 16;

/// Which columns of the file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those that questions are answered from.
    Numbers,
    /// All but the publisher's ids.
    Said,
    /// All, to be digested again.
    Everything,
}

/// Reads charges.
///
/// # Errors
/// When the file cannot be read, has other columns, or codes that the lists and the register do not have.
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
    let mut reading = Reading {
        lists,
        register,
        charges: Charges::default(),
        ids: (wanted == Wanted::Everything).then(Box::default),
    };
    let (charges, names) = (&mut reading.charges, arrow_array::RecordBatchReader::schema(&reader));
    charges.has_roles = names.column_with_name("role").is_some();
    charges.has_regions = names.column_with_name("region").is_some();
    charges.reserve(rows);
    for batch in reader {
        let batch = batch.map_err(|error| failed(error.into()))?;
        reading.take(&batch).ok_or_else(|| StoreError::damaged(path, "it has values that nobody wrote"))?;
    }
    let Reading { mut charges, ids, .. } = reading;
    charges.ids = ids;
    if charges.len() != rows || charges.case.len() != rows || charges.defendant.len() != rows {
        return Err(StoreError::damaged(path, "its columns have different lengths"));
    }
    Ok(charges)
}

struct Reading<'a> {
    lists: &'a Lists,
    register: &'a Register,
    charges: Charges,
    ids: Option<Box<Ids>>,
}

impl Reading<'_> {
    /// Takes a batch; `None` when it is damaged.
    fn take(&mut self, batch: &RecordBatch) -> Option<()> {
        let Self { lists, register, charges, ids } = self;
        let in_list =
            |list: &CodeList, text: &str| list.number(text).and_then(|number| u8::try_from(number).ok());
        let packed = |text: &str| match text {
            "" | "unknown" => Some(0),
            text => Period::parse(text).ok().map(Period::packed),
        };
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            match field.name().as_str() {
                "statute" => charges.statute.extend(decoded(array, |text| register.code(text))?),
                "country" => charges.country.extend(decoded(array, |text| in_list(&lists.countries, text))?),
                "outcome" => charges.outcome.extend(decoded(array, |text| in_list(&lists.outcomes, text))?),
                "role" => charges.role.extend(decoded(array, |text| in_list(&lists.roles, text))?),
                "date_charged" => charges.charged.extend(decoded(array, packed)?),
                "date_outcome" => charges.decided.extend(decoded(array, packed)?),
                "region" => {
                    let regions = &mut charges.regions;
                    let number = |text: &str| match text {
                        "" => Some(0),
                        text => u16::try_from(regions.code(text) + 1).ok(),
                    };
                    charges.region.extend(decoded(array, number)?);
                }
                "case" => charges.case.extend(array.as_primitive_opt::<UInt32Type>()?.values()),
                "defendant" => charges.defendant.extend(array.as_primitive_opt::<UInt32Type>()?.values()),
                "sentence_months" => {
                    let months = array.as_primitive_opt::<UInt32Type>()?.iter();
                    charges
                        .sentence_months
                        .extend(months.map(|months| months.map_or(0, |months| months + 1)));
                }
                "sentence" | "source" => {
                    let texts = array.as_string_opt::<i32>()?.iter();
                    let dictionary = &mut charges.texts;
                    let codes = texts.map(|text| text.map_or(0, |text| dictionary.code(text) + 1));
                    let column =
                        if field.name() == "source" { &mut charges.source } else { &mut charges.sentence };
                    column.extend(codes);
                }
                "case_id" | "defendant_id" | "charge_id" => {
                    let ids = ids.as_deref_mut()?;
                    let column = match field.name().as_str() {
                        "case_id" => &mut ids.cases,
                        "defendant_id" => &mut ids.defendants,
                        _ => &mut ids.charges,
                    };
                    let numbers: Vec<u32> = match array.as_primitive_opt::<UInt64Type>() {
                        // No id is missing.
                        Some(whole) if whole.null_count() > 0 => return None,
                        Some(whole) => whole.values().iter().map(|&id| column.code_whole(id)).collect(),
                        None => {
                            let texts = array.as_string_opt::<i32>()?;
                            texts.iter().map(|id| Some(column.code(id?))).collect::<Option<_>>()?
                        }
                    };
                    if field.name() == "charge_id" {
                        ids.charge.extend(numbers);
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }
}

/// Turns a column of texts into codes, each text once; `None` when a text has no code.
fn decoded<T: Copy>(array: &ArrayRef, mut code: impl FnMut(&str) -> Option<T>) -> Option<Vec<T>> {
    let dictionary = array.as_dictionary_opt::<Int32Type>()?;
    let texts = dictionary.values().as_string_opt::<i32>()?;
    let absent = if dictionary.null_count() > 0 { Some(code("")?) } else { None };
    let keys = dictionary.keys();
    // A dictionary may have texts that this batch does not use, and that have no code.
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
