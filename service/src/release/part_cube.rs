//! The counts of a release in parts: made while its charges are read in order, and written as Parquet.

use std::path::{Path, PathBuf};
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
use super::cube_kind::{Kind, SORTED};
use super::store::{NewFile, StoreError, open};

/// Name of the column of counts.
const COUNT: &str = "charges";
/// Place of the date among the columns that charges are sorted by.
const DATE: usize = 2;
/// Most rows of a table of counts. A server holds one in some hundred megabytes.
pub const MOST: u64 = 1 << 23;
/// Rows that are written at once.
const PIECE: usize = 1 << 16;
/// Ends each code of a key. No text of a charge has it.
const END: u8 = 0x1f;

/// A table of counts that was made.
#[derive(Debug, PartialEq, Eq)]
pub struct Made {
    /// What it tells apart.
    pub kind: Kind,
    /// How many rows it has.
    pub rows: u64,
    /// The most charges of a row.
    pub largest: i64,
    /// The digest of its lines.
    pub lines: String,
    /// The digest of the bytes of its file, if one was written.
    pub sha256: Option<String>,
}

/// Tables of counts that are being made. What tells less is added up from the groups of what tells more.
pub struct Cubes {
    cubes: Vec<Cube>,
    /// The tables that rows are counted in one by one, and the places of their columns in these.
    roots: Vec<(usize, Vec<usize>)>,
}

/// A table of counts.
struct Cube {
    kind: Kind,
    /// Statute, country and date of the rows of the group.
    group: [String; SORTED.len()],
    has_group: bool,
    /// How many charges the group has of each combination of the other columns.
    counts: HashMap<Vec<u8>, i64>,
    key: Vec<u8>,
    /// The key of the last row, and its count since then: neighbours are often alike.
    last: (Vec<u8>, i64),
    lines: Lines,
    rows: u64,
    largest: i64,
    out: Option<Out>,
    /// Tables that are added up from this one: how many places behind it, and the places of their codes in a key of this one.
    fed: Vec<(usize, Vec<usize>)>,
}

/// The file that counts are written to.
struct Out {
    path: PathBuf,
    writer: ArrowWriter<NewFile>,
    schema: Arc<Schema>,
    columns: Vec<StringBuilder>,
    counts: Int64Builder,
}

impl Cubes {
    /// Begins tables of these kinds, for rows with these columns. Without a folder, no file is written.
    ///
    /// # Errors
    /// When a file cannot be made.
    pub fn of(columns: &[String], kinds: &[Kind], folder: Option<&Path>) -> Result<Self, StoreError> {
        let mut own = Self { cubes: Vec::with_capacity(kinds.len()), roots: Vec::new() };
        for (number, kind) in kinds.iter().enumerate() {
            // The one that tells least of those that tell more.
            match kinds[..number].iter().rposition(|before| before.tells(kind)) {
                None => {
                    let place = |name| columns.iter().position(|own| own == name).unwrap_or_default();
                    own.roots.push((number, kind.columns().map(place).collect()));
                }
                Some(from) => {
                    let place =
                        |name| kinds[from].others().iter().position(|own| own == name).unwrap_or_default();
                    let places = kind.others().iter().map(place).collect();
                    own.cubes[from].fed.push((number - from - 1, places));
                }
            }
            own.cubes.push(Cube {
                group: Default::default(),
                has_group: false,
                counts: HashMap::new(),
                key: Vec::new(),
                last: (Vec::new(), 0),
                lines: Lines::of(kind.columns().chain([COUNT])),
                rows: 0,
                largest: 0,
                out: folder.map(|folder| Out::create(kind, folder.join(kind.file()))).transpose()?,
                fed: Vec::new(),
                kind: kind.clone(),
            });
        }
        Ok(own)
    }

    /// Counts the next row, which stands for so many charges. Rows come in order. An empty text is a missing value.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn take<'t>(&mut self, cell: impl Fn(usize) -> &'t str, count: i64) -> Result<(), StoreError> {
        for (number, places) in &self.roots {
            let group = [0, 1, 2].map(|place| cell(places[place]));
            let others = places[SORTED.len()..].iter().map(|&place| cell(place));
            Cube::take(&mut self.cubes[*number..], group, others, count)?;
        }
        Ok(())
    }

    /// Ends the tables.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn end(mut self) -> Result<Vec<Made>, StoreError> {
        for number in 0..self.cubes.len() {
            Cube::end_group(&mut self.cubes[number..])?;
        }
        let made = |cube: Cube| {
            let (rows, lines) = cube.lines.digest();
            let sha256 = cube.out.map(Out::end).transpose()?;
            Ok(Made { kind: cube.kind, rows, largest: cube.largest, lines, sha256 })
        };
        self.cubes.into_iter().map(made).collect()
    }
}

impl Cube {
    /// Counts a row in the first of the tables.
    fn take<'t>(
        cubes: &mut [Self],
        [statute, country, date]: [&str; SORTED.len()],
        others: impl Iterator<Item = &'t str>,
        count: i64,
    ) -> Result<(), StoreError> {
        let group = [statute, country, cubes[0].kind.cut(date)];
        if !cubes[0].has_group || cubes[0].group.iter().zip(group).any(|(own, text)| own != text) {
            Self::end_group(cubes)?;
            (cubes[0].group, cubes[0].has_group) = (group.map(str::to_owned), true);
        }
        let own = &mut cubes[0];
        own.key.clear();
        for text in others {
            own.key.extend_from_slice(text.as_bytes());
            own.key.push(END);
        }
        if own.key != own.last.0 {
            own.settle_last();
            own.last.0.clone_from(&own.key);
        }
        own.last.1 += count;
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

    /// Writes the group of the first of the tables, and hands it on to those that are fed by it.
    fn end_group(cubes: &mut [Self]) -> Result<(), StoreError> {
        let Some((own, later)) = cubes.split_first_mut() else { return Ok(()) };
        own.settle_last();
        let mut counts: Vec<(Vec<u8>, i64)> = own.counts.drain().collect();
        counts.sort_unstable();
        let group = own.group.each_ref().map(String::as_str);
        for (key, count) in counts {
            own.rows += 1;
            own.largest = own.largest.max(count);
            let others = key.split(|&byte| byte == END).map(|text| str::from_utf8(text).unwrap_or_default());
            let others: Vec<&str> = others.take(own.kind.others().len()).collect();
            let texts: Vec<&str> = group.iter().chain(&others).copied().collect();
            texts.iter().for_each(|text| own.lines.field(text));
            own.lines.field(&count.to_string());
            own.lines.end_record();
            if let Some(out) = &mut own.out {
                out.push(&texts, count)?;
            }
            for (behind, places) in &own.fed {
                Self::take(&mut later[*behind..], group, places.iter().map(|&place| others[place]), count)?;
            }
        }
        Ok(())
    }
}

impl Out {
    fn create(kind: &Kind, path: PathBuf) -> Result<Self, StoreError> {
        // A date is missing where none is told.
        let may_be_missing = |name: &str| ["region", SORTED[DATE]].contains(&name);
        let mut fields: Vec<Field> =
            kind.columns().map(|name| Field::new(name, DataType::Utf8, may_be_missing(name))).collect();
        let columns = fields.iter().map(|_| StringBuilder::new()).collect();
        fields.push(Field::new(COUNT, DataType::Int64, false));
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = ArrowWriter::try_new(NewFile::create(&path)?, Arc::clone(&schema), Some(properties));
        let writer = writer.map_err(|error| StoreError::parquet("write", &path, error))?;
        Ok(Self { path, writer, schema, columns, counts: Int64Builder::new() })
    }

    fn push(&mut self, texts: &[&str], count: i64) -> Result<(), StoreError> {
        for (column, text) in self.columns.iter_mut().zip(texts) {
            column.append_option(Some(*text).filter(|text| !text.is_empty()));
        }
        self.counts.append_value(count);
        if self.columns.first().is_some_and(|column| column.len() >= PIECE) {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), StoreError> {
        let mut arrays: Vec<ArrayRef> =
            self.columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        arrays.push(Arc::new(self.counts.finish()));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(Into::into);
        let written = batch.and_then(|batch| self.writer.write(&batch));
        written.map_err(|error| StoreError::parquet("write", &self.path, error))
    }

    fn end(mut self) -> Result<String, StoreError> {
        self.write()?;
        let file = self.writer.into_inner();
        file.map_err(|error| StoreError::parquet("write", &self.path, error))?.finish()
    }
}

/// Makes of the table that tells most, in a folder, those of all other kinds. Charges have these columns.
///
/// # Errors
/// When a file cannot be read or written.
pub fn coarser(folder: &Path, columns: &[String]) -> Result<Vec<Made>, StoreError> {
    let kinds = Kind::all(columns);
    let path = folder.join(kinds[0].file());
    let names: Vec<String> = kinds[0].columns().map(str::to_owned).collect();
    let mut cubes = Cubes::of(&names, &kinds[1..], Some(folder))?;
    for batch in opened(&path)?.1 {
        let batch = &batch?;
        let counts = batch.column_by_name(COUNT).and_then(|array| array.as_primitive_opt::<Int64Type>());
        let texts: Option<Vec<StringArray>> = names.iter().map(|name| texts(batch, name)).collect();
        let (counts, texts) =
            counts.zip(texts).ok_or_else(|| StoreError::damaged(&path, "a column has another type"))?;
        for (row, &count) in counts.values().iter().enumerate() {
            let cell = |place: usize| {
                if texts[place].is_null(row) { "" } else { texts[place].value(row) }
            };
            cubes.take(cell, count)?;
        }
    }
    cubes.end()
}

/// Returns a column of a batch as texts: one of texts or of whole numbers. `None` where it is missing or has another type.
pub fn texts(batch: &RecordBatch, name: &str) -> Option<StringArray> {
    let array = batch.column_by_name(name)?;
    let is_number = ["sentence_months", COUNT].contains(&name);
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
    let (names, batches) = opened(path)?;
    let mut lines = Lines::of(names.iter().map(String::as_str));
    for batch in batches {
        let batch = batch?;
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

/// Opens a file: the names of its columns, and its rows piece by piece.
fn opened(
    path: &Path,
) -> Result<(Vec<String>, impl Iterator<Item = Result<RecordBatch, StoreError>>), StoreError> {
    let failed = |source| StoreError::parquet("read", path, source);
    let builder = ParquetRecordBatchReaderBuilder::try_new(open(path)?).map_err(failed)?;
    let names = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let batches = builder.with_batch_size(PIECE).build().map_err(failed)?;
    Ok((names, batches.map(move |batch| batch.map_err(|error| failed(error.into())))))
}
