//! Writing charges as Parquet.

use std::ops::Range;
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

use super::charge_table::{Cells, Table};
use super::store::{NewFile, StoreError};
use crate::domain::Period;
use crate::ingest::IdList;

/// Number of rows of a row group. `PIECE` is the number of rows encoded at once.
const GROUP: usize = 1 << 20;
const PIECE: usize = 1 << 16;

/// Writes charges as Parquet, encoding as many columns at once as there are processors. Returns the digest of the file's
/// bytes.
///
/// # Errors
/// When the file cannot be written.
pub fn write(table: &Table<'_>, path: &Path) -> Result<String, StoreError> {
    let failed = |source| StoreError::parquet("write", path, source);
    let columns = table.columns_of_file();
    let fields: Vec<Field> = columns.iter().map(|(name, cells)| cells.field(name)).collect();
    let schema = Arc::new(Schema::new(fields));
    let file = NewFile::create(path)?;
    let (mut writer, factory) = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties(&columns)))
        .and_then(ArrowWriter::into_serialized_writer)
        .map_err(failed)?;
    for (number, start) in (0..table.charges.len()).step_by(GROUP).enumerate() {
        let end = (start + GROUP).min(table.charges.len());
        let writers = factory.create_column_writers(number).map_err(failed)?;
        let jobs: Vec<_> = writers.into_iter().zip(&columns).zip(schema.fields()).collect();
        let chunks = jobs
            .into_par_iter()
            .map(|((mut writer, (_, cells)), field)| {
                for start in (start..end).step_by(PIECE) {
                    let array = cells.array(start..(start + PIECE).min(end));
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

fn properties(columns: &[(&str, Cells<'_>)]) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for (name, cells) in columns {
        let path = || ColumnPath::from(*name);
        if let Cells::Ids(..) = cells {
            // Ids hardly repeat, so a dictionary would be as large as the column. No reader searches for an id by the minimum
            // and maximum of a row group, and computing these takes as long as everything else.
            builder = builder
                .set_column_dictionary_enabled(path(), false)
                .set_column_statistics_enabled(path(), EnabledStatistics::None);
        }
        if matches!(cells, Cells::Numbers(_)) || cells.whole().is_some() {
            // Delta encoding uses no more bits than each block needs, so compression would gain nothing.
            builder = builder
                .set_column_dictionary_enabled(path(), false)
                .set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED)
                .set_column_compression(path(), Compression::UNCOMPRESSED);
        }
    }
    builder.build()
}

/// A column as Parquet takes it.
trait Written {
    /// Returns all ids of a column, by number, if they are whole numbers; otherwise `None`.
    fn whole(&self) -> Option<&[u64]>;
    /// Describes the column.
    fn field(&self, name: &str) -> Field;
    /// Returns the cells of some rows.
    fn array(&self, rows: Range<usize>) -> ArrayRef;
}

impl Written for Cells<'_> {
    fn whole(&self) -> Option<&[u64]> {
        match self {
            Self::Ids(_, Some(list)) => IdList::whole(list),
            _ => None,
        }
    }

    fn field(&self, name: &str) -> Field {
        let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let (kind, may_be_absent) = match self {
            Self::Coded { may_be_absent, .. } => (coded, *may_be_absent),
            Self::Dates(_, absent) => (coded, absent.is_none()),
            Self::Texts(..) => (DataType::Utf8, true),
            Self::Months(_) => (DataType::UInt32, true),
            Self::Ids(..) if self.whole().is_some() => (DataType::UInt64, false),
            Self::Ids(..) => (DataType::Utf8, false),
            Self::Numbers(_) => (DataType::UInt32, false),
        };
        Field::new(name, kind, may_be_absent)
    }

    fn array(&self, rows: Range<usize>) -> ArrayRef {
        match self {
            Self::Coded { codes, texts, may_be_absent } => {
                let first = u32::from(*may_be_absent);
                let keys =
                    rows.map(|row| codes.at(row).checked_sub(first).and_then(|key| key.try_into().ok()));
                let texts = Arc::new(texts.iter().map(|text| Some(*text)).collect::<StringArray>());
                Arc::new(DictionaryArray::new(keys.collect::<Int32Array>(), texts))
            }
            Self::Texts(numbers, texts) => {
                let texts = numbers[rows].iter().map(|number| Some(texts.text(number.checked_sub(1)?)));
                Arc::new(texts.collect::<StringArray>())
            }
            Self::Dates(packed, absent) => dates(&packed[rows], *absent),
            Self::Months(months) => {
                Arc::new(months[rows].iter().map(|months| months.checked_sub(1)).collect::<UInt32Array>())
            }
            Self::Ids(numbers, list) => {
                let numbers = &numbers[rows];
                if let Some(whole) = self.whole() {
                    let ids = numbers.iter().map(|&number| whole[number as usize]);
                    return Arc::new(UInt64Array::from_iter_values(ids));
                }
                let mut texts = StringBuilder::with_capacity(numbers.len(), 16 * numbers.len());
                if let Some(ids) = list {
                    numbers.iter().for_each(|&number| texts.append_value(ids.text(number)));
                }
                Arc::new(texts.finish())
            }
            Self::Numbers(numbers) => Arc::new(UInt32Array::from(numbers[rows].to_vec())),
        }
    }
}

/// Returns the text of each date, formatting each distinct date once. `absent` is the text of 0.
fn dates(packed: &[u32], absent: Option<&str>) -> ArrayRef {
    let mut known: foldhash::HashMap<u32, i32> = foldhash::HashMap::default();
    let mut texts: Vec<String> = Vec::new();
    let mut last = (0, None);
    let keys = packed.iter().map(|&date| {
        // Records of one statute are sorted by date, so equal dates are often neighbours.
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
