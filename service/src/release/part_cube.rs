//! The counts of a release in parts: made while its charges are read in order, and written as Parquet.

use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder as _, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array as _, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use foldhash::{HashMap, HashMapExt as _};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::canonical::Lines;
use super::store::{NewFile, StoreError, open};

/// The columns of a charge that the counts may tell apart. The others of a charge are no dimensions.
const COLUMNS: [&str; 6] = ["statute", "country", "date_charged", "outcome", "role", "region"];
/// The first so many columns come in order: charges are sorted by them.
const SORTED: usize = 3;
/// Place of the date.
const DATE: usize = 2;
/// Letters of a date that are kept: `2020-05` of `2020-05-17`, and all of `unknown`.
const MONTH: usize = 7;
/// Most rows of the counts. A server holds them in some hundred megabytes.
pub const MOST: u64 = 1 << 24;
/// Rows that are written at once.
const PIECE: usize = 1 << 16;
/// Stands between the codes of a key. No text of a charge has it.
const BETWEEN: u8 = 0x1f;

/// Counts that are being made.
pub struct Cube {
    /// Places of the columns in the rows that come.
    places: Vec<usize>,
    names: Vec<&'static str>,
    /// Statute, country and month of the rows of the group.
    group: Vec<String>,
    /// How many charges the group has of each combination of the other columns.
    counts: HashMap<Vec<u8>, i64>,
    key: Vec<u8>,
    /// The key of the last row, and its count since then: neighbours are often alike.
    last: (Vec<u8>, i64),
    lines: Lines,
    rows: u64,
    out: Option<Out>,
}

/// The file that counts are written to.
struct Out {
    writer: ArrowWriter<NewFile>,
    schema: Arc<Schema>,
    columns: Vec<StringBuilder>,
    counts: Int64Builder,
}

impl Cube {
    /// Begins the counts of charges with these columns. Without a path, no file is written.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn of(columns: &[String], path: Option<&Path>) -> Result<Self, StoreError> {
        let place = |name: &&str| columns.iter().position(|own| own == name);
        let there = COLUMNS.iter().filter_map(|name| Some((*name, place(name)?)));
        let (names, places): (Vec<&'static str>, Vec<usize>) = there.unzip();
        Ok(Self {
            lines: Lines::of(names.iter().copied().chain(["charges"])),
            out: path.map(|path| Out::create(&names, path)).transpose()?,
            places,
            names,
            group: Vec::new(),
            counts: HashMap::new(),
            key: Vec::new(),
            last: (Vec::new(), 0),
            rows: 0,
        })
    }

    /// Counts the next charge. An empty text is a missing value.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn take<'t>(&mut self, path: &Path, cell: impl Fn(usize) -> &'t str) -> Result<(), StoreError> {
        let sorted = |place: usize| {
            let text = cell(self.places[place]);
            if place == DATE { text.get(..MONTH).unwrap_or(text) } else { text }
        };
        if self.group.is_empty() || (0..SORTED).any(|place| self.group[place] != sorted(place)) {
            let group = (0..SORTED).map(|place| sorted(place).to_owned()).collect();
            self.end_group(path)?;
            self.group = group;
        }
        self.key.clear();
        for &place in &self.places[SORTED..] {
            self.key.extend_from_slice(cell(place).as_bytes());
            self.key.push(BETWEEN);
        }
        if self.key != self.last.0 {
            self.settle_last();
            self.last.0.clone_from(&self.key);
        }
        self.last.1 += 1;
        Ok(())
    }

    fn settle_last(&mut self) {
        let (key, count) = &mut self.last;
        if *count > 0 {
            match self.counts.get_mut(&*key) {
                Some(so_far) => *so_far += *count,
                None => _ = self.counts.insert(key.clone(), *count),
            }
            *count = 0;
        }
    }

    fn end_group(&mut self, path: &Path) -> Result<(), StoreError> {
        self.settle_last();
        let mut counts: Vec<(Vec<u8>, i64)> = self.counts.drain().collect();
        counts.sort_unstable();
        for (key, count) in counts {
            self.rows += 1;
            let others =
                key.split(|&byte| byte == BETWEEN).map(|text| str::from_utf8(text).unwrap_or_default());
            let texts = self.group.iter().map(String::as_str).chain(others).take(self.names.len());
            let texts: Vec<&str> = texts.collect();
            texts.iter().for_each(|text| self.lines.field(text));
            self.lines.field(&count.to_string());
            self.lines.end_record();
            if let Some(out) = self.out.as_mut().filter(|_| self.rows <= MOST) {
                out.push(&texts, count).map_err(|error| StoreError::parquet("write", path, error))?;
            }
        }
        Ok(())
    }

    /// Ends the counts. Returns their number, the digest of their lines, and the digest of the file's bytes.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn end(mut self, path: &Path) -> Result<(u64, String, Option<String>), StoreError> {
        self.end_group(path)?;
        let (rows, lines) = self.lines.digest();
        Ok((rows, lines, self.out.map(|out| out.end(path)).transpose()?))
    }
}

impl Out {
    fn create(names: &[&'static str], path: &Path) -> Result<Self, StoreError> {
        let mut fields: Vec<Field> =
            names.iter().map(|name| Field::new(*name, DataType::Utf8, *name == "region")).collect();
        fields.push(Field::new("charges", DataType::Int64, false));
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = ArrowWriter::try_new(NewFile::create(path)?, Arc::clone(&schema), Some(properties));
        let writer = writer.map_err(|error| StoreError::parquet("write", path, error))?;
        let columns = names.iter().map(|_| StringBuilder::new()).collect();
        Ok(Self { writer, schema, columns, counts: Int64Builder::new() })
    }

    fn push(&mut self, texts: &[&str], count: i64) -> Result<(), parquet::errors::ParquetError> {
        for (column, text) in self.columns.iter_mut().zip(texts) {
            column.append_option(Some(*text).filter(|text| !text.is_empty()));
        }
        self.counts.append_value(count);
        if self.columns.first().is_some_and(|column| column.len() >= PIECE) {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), parquet::errors::ParquetError> {
        let mut arrays: Vec<ArrayRef> =
            self.columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        arrays.push(Arc::new(self.counts.finish()));
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), arrays)?)
    }

    fn end(mut self, path: &Path) -> Result<String, StoreError> {
        let failed = |error| StoreError::parquet("write", path, error);
        self.write().map_err(failed)?;
        self.writer.into_inner().map_err(failed)?.finish()
    }
}

/// Returns a column of a batch as texts: one of texts or of whole numbers. `None` where it is missing or has another type.
pub fn texts(batch: &RecordBatch, name: &str) -> Option<StringArray> {
    let array = batch.column_by_name(name)?;
    let is_number = ["sentence_months", "charges"].contains(&name);
    if let Some(numbers) = array.as_primitive_opt::<Int64Type>().filter(|_| is_number) {
        return Some(numbers.iter().map(|number| Some(number?.to_string())).collect());
    }
    array.as_string_opt::<i32>().filter(|_| !is_number).cloned()
}

/// Reads the counts of a file. Returns their number and the digest of their lines.
///
/// # Errors
/// When it cannot be read, or has other columns.
pub fn digest(path: &Path) -> Result<(u64, String), StoreError> {
    let failed = |source| StoreError::parquet("read", path, source);
    let builder = ParquetRecordBatchReaderBuilder::try_new(open(path)?).map_err(failed)?;
    let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut lines = Lines::of(names.iter().map(String::as_str));
    for batch in builder.build().map_err(failed)? {
        let batch = batch.map_err(|error| failed(error.into()))?;
        let columns: Option<Vec<StringArray>> = names.iter().map(|name| texts(&batch, name)).collect();
        let columns = columns.ok_or_else(|| StoreError::damaged(path, "a column has another type"))?;
        for row in 0..batch.num_rows() {
            for column in &columns {
                lines.field(if column.is_null(row) { "" } else { column.value(row) });
            }
            lines.end_record();
        }
    }
    Ok(lines.digest())
}
