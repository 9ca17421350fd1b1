//! The opening of a Parquet file: whether the file is Parquet, and which columns of which types it has.

use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_schema::{DataType, Field};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::errors::ParquetError;

use super::file_bytes::FileBytes;
use super::pages::Batches;
use super::shared_input::SharedInput;
use crate::domain::Say;
use crate::domain::tables::CHARGES;
use chargesheet_check::ingest::charges::{
    CASE_ID, CHARGE_ID, DATE_CHARGED, DATE_OUTCOME, DEFENDANT_ID, PUBLISH, SENTENCE_MONTHS,
};
use chargesheet_check::ingest::column_names;
use chargesheet_check::ingest::excerpt::printable;
use chargesheet_check::ingest::report::{Problem, Problems, Reason};

/// Rows above which the size of a file is checked: a larger file may have at most 100 rows for each of its bytes.
/// Records of people are not all alike, and some kilobytes that state a billion rows are made to fill a machine's
/// memory.
const FEW_ROWS: u64 = 1 << 24;
const ROWS_OF_A_BYTE: u64 = 100;

/// A Parquet file whose columns are known.
pub struct Opened {
    /// Names of the columns that are read, in the order of the description of charges.
    pub names: Vec<String>,
    /// For each column of charges: the place of its name in `names`.
    pub places_of_names: Vec<Option<usize>>,
    /// For each column of charges: its place in a batch.
    pub places: [Option<usize>; CHARGES.columns.len()],
    /// Number of rows that the file states.
    pub rows: u64,
    /// The reader that decodes the rows.
    pub reader: Batches,
}

/// Opens a file. Returns `None` when the file is refused; the problems say why.
pub fn open(input: SharedInput, path: &str, problems: &mut Problems) -> Option<Opened> {
    let opened = opened(input, path, problems);
    opened.map_err(|refused| refused.into_iter().for_each(|problem| problems.note(*problem))).ok()
}

fn opened(input: SharedInput, path: &str, problems: &mut Problems) -> Result<Opened, Option<Box<Problem>>> {
    let refused = |reason, says: Say| Some(Box::new(Problem::of_file(path, reason, says)));
    check_ends(&input, path)?;
    // The Arrow schema that a writer may have left is ignored: the types of Parquet are enough.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let size = input.size();
    let metadata =
        caught(|| ArrowReaderMetadata::load(&FileBytes(input.clone()), options)).map_err(|error| {
            let says = Say::new("not_parquet.description").with("error", error);
            let problem = Problem::of_file(path, Reason::NotParquet, says);
            Some(Box::new(problem.hinting("not_parquet.again.hint")))
        })?;
    let rows = stated_rows(&metadata, size).map_err(|(reason, says)| refused(reason, says))?;
    let fields = metadata.schema().fields();
    let all_names: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
    if let Some(problem) = column_names::too_many(&all_names, path) {
        return Err(Some(Box::new(problem)));
    }
    let in_file = column_names::find(&all_names, CHARGES.columns, None, path, problems).ok_or(None)?;
    let mut hinted: Vec<Arc<Field>> = fields.iter().cloned().collect();
    let mut all_fit = true;
    for (column, place) in in_file.iter().enumerate() {
        let Some(place) = *place else { continue };
        match column_type(column, fields[place].data_type()) {
            Ok(read_as) => {
                let field = fields[place].as_ref().clone();
                hinted[place] = Arc::new(field.with_data_type(read_as));
            }
            Err(wanted) => {
                all_fit = false;
                let name = CHARGES.columns[column].name;
                let given = fields[place].data_type();
                let says = Say::new("column_type").with("column", name).with("type", given);
                let problem = Problem::of_file(path, Reason::ColumnType, says);
                problems.note(problem.in_column(name).suggesting(wanted));
            }
        }
    }
    if !all_fit {
        return Err(None);
    }
    let mut order: Vec<usize> = in_file.iter().flatten().copied().collect();
    let reader = caught(|| Batches::new(input, Arc::clone(metadata.metadata()), &hinted.into(), &order));
    let reader = reader
        .map_err(|error| refused(Reason::NotParquet, Say::new("not_parquet.columns").with("error", error)))?;
    order.sort_unstable();
    let names: Vec<String> = in_file.iter().flatten().map(|&place| all_names[place].clone()).collect();
    let mut numbers = 0..names.len();
    let places_of_names = in_file.iter().map(|place| place.and_then(|_| numbers.next())).collect();
    let in_batch = |place: usize| order.binary_search(&place).ok();
    let places = std::array::from_fn(|column| in_file[column].and_then(in_batch));
    Ok(Opened { names, places_of_names, places, rows, reader })
}

/// Checks the first and the last bytes, which mark a Parquet file.
fn check_ends(input: &SharedInput, path: &str) -> Result<(), Option<Box<Problem>>> {
    let ends = || -> std::io::Result<([u8; 4], [u8; 8])> {
        let (mut first, mut last) = ([0; 4], [0; 8]);
        input.at(0).read_exact(&mut first)?;
        input.at(input.size() - 8).read_exact(&mut last)?;
        Ok((first, last))
    };
    let refused = |reason, says: Say| Some(Box::new(Problem::of_file(path, reason, says)));
    if input.size() == 0 {
        return Err(refused(Reason::EmptyFile, "empty_file".into()));
    }
    if input.size() < 12 {
        return Err(refused(Reason::NotParquet, "not_parquet.short".into()));
    }
    let (first, last) =
        ends().map_err(|error| refused(Reason::Unreadable, Say::new("unreadable").with("error", error)))?;
    let (length, magic) = last.split_at(4);
    let length = length.iter().rev().fold(0, |length, byte| length << 8 | u64::from(*byte));
    let (what, hint) = match (&first, magic) {
        (b"PARE", _) | (_, b"PARE") => ("not_parquet.encrypted", "not_parquet.encrypted.hint"),
        (b"PAR1", b"PAR1") if length > input.size() - 12 => ("not_parquet.longer", "not_parquet.longer.hint"),
        (b"PAR1", b"PAR1") => return Ok(()),
        (b"PAR1", _) => ("not_parquet.cut", "not_parquet.cut.hint"),
        _ => ("not_parquet.other", "not_parquet.other.hint"),
    };
    Err(Some(Box::new(Problem::of_file(path, Reason::NotParquet, what).hinting(hint))))
}

/// Returns the number of rows that the file states, if that number is possible.
fn stated_rows(metadata: &ArrowReaderMetadata, size: u64) -> Result<u64, (Reason, Say)> {
    let metadata = metadata.metadata();
    let mut groups = metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).ok());
    let rows = groups.try_fold(0_u64, |sum, rows| sum.checked_add(rows?));
    match (rows, u64::try_from(metadata.file_metadata().num_rows()).ok()) {
        (Some(rows), Some(stated)) if rows != stated => {
            let says = Say::new("not_parquet.parts").with("stated", stated).with("rows", rows);
            Err((Reason::NotParquet, says))
        }
        (Some(rows), Some(_)) if rows > u64::from(u32::MAX) => {
            Err((Reason::TooMany, Say::new("too_many.stated").with("rows", rows).with("most", u32::MAX)))
        }
        (Some(rows), Some(_)) if rows > FEW_ROWS && rows / ROWS_OF_A_BYTE > size => {
            Err((Reason::NotParquet, Say::new("not_parquet.no_room").with("rows", rows).with("size", size)))
        }
        (Some(rows), Some(_)) => Ok(rows),
        _ => Err((Reason::NotParquet, "not_parquet.no_number".into())),
    }
}

/// Runs a call of the library on a file that may be damaged. A panic becomes an error.
fn caught<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(|error| printable(&error.to_string())),
        Err(_panic) => Err("it is damaged".to_owned()),
    }
}

/// Returns the type that a column is decoded to.
///
/// # Errors
/// When columns of this type are not read. The error says which type should be there instead.
pub(super) fn column_type(column: usize, given: &DataType) -> Result<DataType, &'static str> {
    // Codes repeat, so they are decoded as dictionaries. Ids do not repeat.
    let coded = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let as_given = || Ok(given.clone());
    match (column, given) {
        // Some libraries give a column without values no type of its own.
        (_, DataType::Null) => as_given(),
        (CASE_ID | DEFENDANT_ID | CHARGE_ID, DataType::Utf8) => Ok(DataType::Utf8View),
        (_, DataType::Utf8) => Ok(coded()),
        (CASE_ID | DEFENDANT_ID | CHARGE_ID | SENTENCE_MONTHS, given) if given.is_integer() => as_given(),
        (DATE_CHARGED | DATE_OUTCOME, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..)) => {
            as_given()
        }
        (PUBLISH, DataType::Boolean) => as_given(),
        (CASE_ID | DEFENDANT_ID | CHARGE_ID, given) if given.is_floating() => Err(
            "text or whole numbers: a floating-point number has only some 15 digits, and different ids become one",
        ),
        (CASE_ID | DEFENDANT_ID | CHARGE_ID, _) => Err("text or whole numbers (8 to 64 bits)"),
        (SENTENCE_MONTHS, given) if given.is_floating() => {
            Err("whole numbers: in pandas, astype(\"Int64\") keeps them where some are missing")
        }
        (SENTENCE_MONTHS, _) => Err("whole numbers (8 to 64 bits), or text"),
        (DATE_CHARGED | DATE_OUTCOME, _) => {
            Err("dates, timestamps at midnight, or text such as 2020-05 or 2020")
        }
        (PUBLISH, _) => Err("boolean, or text: true or false"),
        _ => Err("text (the annotation STRING or UTF8), with or without a dictionary"),
    }
}
