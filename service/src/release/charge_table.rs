//! Charges as Parquet.

use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, StringArray, UInt32Array, UInt64Array};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::compute_leaves;
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::store::{NewFile, StoreError};
use crate::domain::{CodeList, Lists, Period, Register};
use crate::ingest::{Charges, IdList, Ids};

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Statute,
    Country,
    Charged,
    Outcome,
    Role,
    Region,
    CaseId,
    DefendantId,
    ChargeId,
    Decided,
    SentenceMonths,
    Sentence,
    Source,
    /// Number of the case: counting cases needs no ids.
    Case,
    /// Number of the defendant.
    Defendant,
}

/// The columns that say something, in the order of a line. The numbers of cases and defendants follow from them.
const SAID: [(Column, &str); 13] = [
    (Column::Statute, "statute"),
    (Column::Country, "country"),
    (Column::Charged, "date_charged"),
    (Column::Outcome, "outcome"),
    (Column::Role, "role"),
    (Column::Region, "region"),
    (Column::CaseId, "case_id"),
    (Column::DefendantId, "defendant_id"),
    (Column::ChargeId, "charge_id"),
    (Column::Decided, "date_outcome"),
    (Column::SentenceMonths, "sentence_months"),
    (Column::Sentence, "sentence"),
    (Column::Source, "source"),
];
const NUMBERS: [(Column, &str); 2] = [(Column::Case, "case"), (Column::Defendant, "defendant")];

/// Rows of a group in the file, and of a piece of it while it is written.
const GROUP: usize = 1 << 20;
const PIECE: usize = 1 << 16;

/// Charges, and what their numbers stand for.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    /// The code lists.
    pub lists: &'a Lists,
    /// The statutes.
    pub register: &'a Register,
    /// The charges, in their order.
    pub charges: &'a Charges,
}

impl Table<'_> {
    /// Returns the columns that the publisher's file had: one that it had not is not one that is always empty.
    pub(super) fn columns(&self) -> Vec<(Column, &'static str)> {
        let charges = self.charges;
        let there = |column: &Column| match column {
            Column::Role => charges.has_roles,
            Column::Region => charges.has_regions,
            Column::ChargeId => charges.ids.as_deref().is_some_and(|ids| !ids.charge.is_empty()),
            Column::Decided => !charges.decided.is_empty(),
            Column::SentenceMonths => !charges.sentence_months.is_empty(),
            Column::Sentence => !charges.sentence.is_empty(),
            Column::Source => !charges.source.is_empty(),
            _ => true,
        };
        SAID.into_iter().filter(|(column, _)| there(column)).collect()
    }

    /// Writes the table as Parquet: columns at once, as many as there are processors. Returns the digest of the
    /// file's bytes.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_parquet(&self, path: &Path) -> Result<String, StoreError> {
        let failed = |source| StoreError::parquet("write", path, source);
        let columns: Vec<(Column, &str)> = self.columns().into_iter().chain(NUMBERS).collect();
        let fields: Vec<Field> = columns.iter().map(|(column, name)| self.field(*column, name)).collect();
        let schema = Arc::new(Schema::new(fields));
        let file = NewFile::create(path)?;
        let (mut writer, factory) = ArrowWriter::try_new(file, Arc::clone(&schema), Some(self.properties()))
            .and_then(ArrowWriter::into_serialized_writer)
            .map_err(failed)?;
        for (number, start) in (0..self.charges.len()).step_by(GROUP).enumerate() {
            let end = (start + GROUP).min(self.charges.len());
            let writers = factory.create_column_writers(number).map_err(failed)?;
            let jobs: Vec<_> = writers.into_iter().zip(&columns).zip(schema.fields()).collect();
            let chunks = jobs
                .into_par_iter()
                .map(|((mut writer, (column, _)), field)| {
                    for start in (start..end).step_by(PIECE) {
                        let array = self.array(*column, start..(start + PIECE).min(end));
                        for leaf in compute_leaves(field, &array)? {
                            writer.write(&leaf)?;
                        }
                    }
                    writer.close()
                })
                .collect::<Result<Vec<_>, ParquetError>>()
                .map_err(failed)?;
            let mut group = writer.next_row_group().map_err(failed)?;
            for chunk in chunks {
                chunk.append_to_row_group(&mut group).map_err(failed)?;
            }
            group.close().map_err(failed)?;
        }
        writer.into_inner().map_err(failed)?.finish()
    }

    fn array(&self, column: Column, rows: std::ops::Range<usize>) -> ArrayRef {
        let charges = self.charges;
        match column {
            Column::Case => Arc::new(UInt32Array::from(charges.case[rows].to_vec())),
            Column::Defendant => Arc::new(UInt32Array::from(charges.defendant[rows].to_vec())),
            Column::SentenceMonths => {
                let months = charges.sentence_months[rows].iter().map(|months| months.checked_sub(1));
                Arc::new(months.collect::<UInt32Array>())
            }
            Column::Statute => {
                let codes = charges.statute[rows].iter().map(|&code| Some(i32::from(code)));
                coded(codes, self.register.all().iter().map(|statute| statute.id.as_str()))
            }
            Column::Country => listed(&charges.country[rows], &self.lists.countries),
            Column::Outcome => listed(&charges.outcome[rows], &self.lists.outcomes),
            Column::Role => listed(&charges.role[rows], &self.lists.roles),
            Column::Region => {
                let codes = charges.region[rows].iter().map(|&region| region.checked_sub(1).map(i32::from));
                coded(codes, charges.regions.texts())
            }
            Column::Charged => dates(&charges.charged[rows], Some("unknown")),
            Column::Decided => dates(&charges.decided[rows], None),
            Column::CaseId => self.ids(column, &charges.case[rows]),
            Column::DefendantId => self.ids(column, &charges.defendant[rows]),
            Column::ChargeId => {
                let own = charges.ids.as_deref().map_or(&[][..], |ids| &ids.charge);
                self.ids(column, &own[rows])
            }
            Column::Sentence => self.texts(&charges.sentence[rows]),
            Column::Source => self.texts(&charges.source[rows]),
        }
    }

    /// Returns the ids of a column; `None` where it is not one of ids, or they are not known.
    fn id_list(&self, column: Column) -> Option<&IdList> {
        let Ids { cases, defendants, charges, .. } = self.charges.ids.as_deref()?;
        match column {
            Column::CaseId => Some(cases),
            Column::DefendantId => Some(defendants),
            Column::ChargeId => Some(charges),
            _ => None,
        }
    }

    fn ids(&self, column: Column, numbers: &[u32]) -> ArrayRef {
        let list = self.id_list(column);
        if let Some(whole) = list.and_then(IdList::whole) {
            let ids = numbers.iter().map(|&number| whole[number as usize]);
            return Arc::new(UInt64Array::from_iter_values(ids));
        }
        let mut texts = StringBuilder::with_capacity(numbers.len(), 16 * numbers.len());
        if let Some(ids) = list {
            numbers.iter().for_each(|&number| texts.append_value(ids.text(number)));
        }
        Arc::new(texts.finish())
    }

    fn texts(&self, numbers: &[u32]) -> ArrayRef {
        let texts = &self.charges.texts;
        let texts = numbers.iter().map(|number| number.checked_sub(1).map(|number| texts.text(number)));
        Arc::new(texts.collect::<StringArray>())
    }

    fn field(&self, column: Column, name: &str) -> Field {
        let texts = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        match column {
            Column::Statute | Column::Country | Column::Charged | Column::Outcome | Column::Role => {
                Field::new(name, texts(), false)
            }
            Column::Region | Column::Decided => Field::new(name, texts(), true),
            Column::CaseId | Column::DefendantId | Column::ChargeId => {
                let is_whole = self.id_list(column).is_some_and(|ids| ids.whole().is_some());
                Field::new(name, if is_whole { DataType::UInt64 } else { DataType::Utf8 }, false)
            }
            Column::Sentence | Column::Source => Field::new(name, DataType::Utf8, true),
            Column::SentenceMonths => Field::new(name, DataType::UInt32, true),
            Column::Case | Column::Defendant => Field::new(name, DataType::UInt32, false),
        }
    }

    fn properties(&self) -> WriterProperties {
        let mut builder = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk);
        for (column, name) in self.columns().into_iter().chain(NUMBERS) {
            let path = ColumnPath::from(name);
            let is_number = match column {
                Column::Case | Column::Defendant => true,
                // Ids hardly repeat: a dictionary would be the column again. And nobody looks one up by the least and the
                // greatest of its group, while comparing them takes as long as the rest.
                Column::CaseId | Column::DefendantId | Column::ChargeId => {
                    builder = builder
                        .set_column_dictionary_enabled(path.clone(), false)
                        .set_column_statistics_enabled(path.clone(), EnabledStatistics::None);
                    self.id_list(column).is_some_and(|ids| ids.whole().is_some())
                }
                _ => false,
            };
            if is_number {
                // No number has more bits than its block needs, which leaves nothing to compress.
                builder = builder
                    .set_column_dictionary_enabled(path.clone(), false)
                    .set_column_encoding(path.clone(), Encoding::DELTA_BINARY_PACKED)
                    .set_column_compression(path, Compression::UNCOMPRESSED);
            }
        }
        builder.build()
    }
}

/// Dates as their texts, each written once; `absent` stands for 0.
fn dates(packed: &[u32], absent: Option<&str>) -> ArrayRef {
    let mut known: foldhash::HashMap<u32, i32> = foldhash::HashMap::default();
    let mut texts: Vec<String> = Vec::new();
    let mut last = (0, None);
    let keys = packed.iter().map(|&date| {
        // Records are in the order of their dates, among others.
        if date > 0 && date == last.0 {
            return last.1;
        }
        if date == 0 && absent.is_none() {
            return None;
        }
        let key = *known.entry(date).or_insert_with(|| {
            let mut text = String::new();
            Period::write_packed(date, &mut text);
            texts.push(absent.filter(|_| date == 0).map_or(text, str::to_owned));
            i32::try_from(texts.len() - 1).expect("a piece has fewer rows")
        });
        last = (date, Some(key));
        last.1
    });
    let keys: Int32Array = keys.collect();
    Arc::new(DictionaryArray::new(keys, Arc::new(texts.into_iter().map(Some).collect::<StringArray>())))
}

/// Codes with the texts that they stand for.
fn coded<'t>(codes: impl Iterator<Item = Option<i32>>, texts: impl Iterator<Item = &'t str>) -> ArrayRef {
    let texts = Arc::new(texts.map(Some).collect::<StringArray>());
    Arc::new(DictionaryArray::new(codes.collect::<Int32Array>(), texts))
}

fn listed(numbers: &[u8], list: &CodeList) -> ArrayRef {
    let codes = (0..list.entries().len()).filter_map(|number| u16::try_from(number).ok());
    coded(
        numbers.iter().map(|&number| Some(number.into())),
        codes.map(|number| list.at(number).code.as_str()),
    )
}
