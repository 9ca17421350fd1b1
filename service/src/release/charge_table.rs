//! Charges as lines to be digested, and as Parquet.

use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, StringArray, UInt32Array};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::compute_leaves;
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::canonical::{Lines, is_plain};
use super::store::{NewFile, StoreError};
use crate::domain::{CodeList, Lists, Period, Register};
use crate::ingest::{Charges, Dictionary, Ids};

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
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
    fn columns(&self) -> Vec<(Column, &'static str)> {
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

    /// Returns how many charges there are, and the digest of all they say.
    pub fn digest(&self) -> (u64, String) {
        let columns = self.columns();
        let mut lines = Lines::of(columns.iter().map(|(_, name)| *name));
        let plain: Vec<bool> = columns.iter().map(|(column, _)| self.is_plain(*column)).collect();
        let mut written = String::new();
        for row in 0..self.charges.len() {
            for ((column, _), plain) in columns.iter().zip(&plain) {
                match self.text(*column, row) {
                    Some(text) if *plain => lines.plain_field(text),
                    Some(text) => lines.field(text),
                    None => {
                        written.clear();
                        self.write(*column, row, &mut written);
                        lines.plain_field(&written);
                    }
                }
            }
            lines.end_record();
        }
        lines.digest()
    }

    /// Whether nothing in a column needs to be escaped: looked up once, not in every row.
    fn is_plain(&self, column: Column) -> bool {
        let charges = self.charges;
        let of_list = |list: &CodeList| list.entries().iter().all(|entry| is_plain(&entry.code));
        let of_ids =
            |ids: fn(&Ids) -> &Dictionary| charges.ids.as_deref().is_some_and(|all| is_plain(ids(all).run()));
        match column {
            Column::Statute => self.register.all().iter().all(|statute| is_plain(&statute.id)),
            Column::Country => of_list(&self.lists.countries),
            Column::Outcome => of_list(&self.lists.outcomes),
            Column::Role => of_list(&self.lists.roles),
            Column::Region => is_plain(charges.regions.run()),
            Column::CaseId => of_ids(|ids| &ids.cases),
            Column::DefendantId => of_ids(|ids| &ids.defendants),
            Column::ChargeId => of_ids(|ids| &ids.charges),
            Column::Sentence | Column::Source => is_plain(charges.texts.run()),
            _ => true,
        }
    }

    /// Returns what stands in a column of texts; `None` where it must be written first.
    #[inline]
    fn text(&self, column: Column, row: usize) -> Option<&str> {
        let charges = self.charges;
        let ids = charges.ids.as_deref();
        let of_texts = |number: u32| number.checked_sub(1).map_or("", |number| charges.texts.text(number));
        match column {
            Column::Statute => Some(&self.register.at(charges.statute[row]).id),
            Column::Country => Some(&self.lists.countries.at(charges.country[row].into()).code),
            Column::Outcome => Some(&self.lists.outcomes.at(charges.outcome[row].into()).code),
            Column::Role => Some(&self.lists.roles.at(charges.role[row].into()).code),
            Column::Region => {
                let region = charges.region[row].checked_sub(1);
                Some(region.map_or("", |region| charges.regions.text(region.into())))
            }
            Column::CaseId => ids.map(|ids| ids.cases.text(charges.case[row])),
            Column::DefendantId => ids.map(|ids| ids.defendants.text(charges.defendant[row])),
            Column::ChargeId => ids.map(|ids| ids.charges.text(ids.charge[row])),
            Column::Sentence => Some(of_texts(charges.sentence[row])),
            Column::Source => Some(of_texts(charges.source[row])),
            Column::Charged | Column::Decided | Column::SentenceMonths => None,
            Column::Case | Column::Defendant => None,
        }
    }

    fn write(&self, column: Column, row: usize, out: &mut String) {
        let charges = self.charges;
        match column {
            Column::Charged if charges.charged[row] == 0 => out.push_str("unknown"),
            Column::Charged => Period::write_packed(charges.charged[row], out),
            Column::Decided => Period::write_packed(charges.decided[row], out),
            Column::SentenceMonths => {
                let months = charges.sentence_months[row].checked_sub(1);
                out.push_str(&months.map_or(String::new(), |months| months.to_string()));
            }
            _ => {}
        }
    }

    /// Writes the table as Parquet: columns at once, as many as there are processors. Returns the digest of the
    /// file's bytes.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_parquet(&self, path: &Path) -> Result<String, StoreError> {
        let failed = |source| StoreError::parquet("write", path, source);
        let columns: Vec<(Column, &str)> = self.columns().into_iter().chain(NUMBERS).collect();
        let fields: Vec<Field> = columns.iter().map(|(column, name)| field(*column, name)).collect();
        let schema = Arc::new(Schema::new(fields));
        let file = NewFile::create(path)?;
        let (mut writer, factory) = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties()))
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
            Column::Charged | Column::Decided => {
                let mut texts = StringDictionaryBuilder::<Int32Type>::new();
                let mut written = String::new();
                for row in rows {
                    written.clear();
                    self.write(column, row, &mut written);
                    if written.is_empty() { texts.append_null() } else { texts.append_value(&written) }
                }
                Arc::new(texts.finish())
            }
            Column::CaseId | Column::DefendantId | Column::ChargeId | Column::Sentence | Column::Source => {
                let mut texts = StringBuilder::new();
                for row in rows {
                    match self.text(column, row).unwrap_or_default() {
                        "" => texts.append_null(),
                        text => texts.append_value(text),
                    }
                }
                Arc::new(texts.finish())
            }
        }
    }
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

fn field(column: Column, name: &str) -> Field {
    let texts = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    match column {
        Column::Statute | Column::Country | Column::Charged | Column::Outcome | Column::Role => {
            Field::new(name, texts(), false)
        }
        Column::Region | Column::Decided => Field::new(name, texts(), true),
        Column::CaseId | Column::DefendantId | Column::ChargeId => Field::new(name, DataType::Utf8, false),
        Column::Sentence | Column::Source => Field::new(name, DataType::Utf8, true),
        Column::SentenceMonths => Field::new(name, DataType::UInt32, true),
        Column::Case | Column::Defendant => Field::new(name, DataType::UInt32, false),
    }
}

fn properties() -> WriterProperties {
    // Ids hardly repeat, and numbers hardly jump: a dictionary of either would be the column again.
    let plain = ["case_id", "defendant_id", "charge_id"].map(ColumnPath::from);
    let steps = ["case", "defendant"].map(ColumnPath::from);
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for path in plain {
        builder = builder.set_column_dictionary_enabled(path, false);
    }
    for path in steps {
        builder = builder
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    builder.build()
}
