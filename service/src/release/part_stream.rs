//! The charges of a release in parts, read once in their order: their digest, their counts and their texts. The memory that this
//! takes does not grow with the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use arrow_array::{Array as _, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::canonical::{Lines, escaped, is_plain};
use super::cube_kind::Kind;
use super::part_cube::{Cubes, Made, texts};
use super::store::{StoreError, open};
use crate::domain::tables::{CHARGES, CODED};

/// Rows that are read at once.
const PIECE: usize = 1 << 15;
/// The columns that charges are sorted by, in this order: the columns of a line up to the ids.
const SORTED_BY: &str = "charge_id";
/// Most different texts of a coded column: a release numbers them with 16 bits.
const MOST_TEXTS: usize = u16::MAX as usize;

/// What the charges of all parts are.
#[derive(Debug, PartialEq, Eq)]
pub struct Streamed {
    /// How many there are in each part.
    pub rows: Vec<u64>,
    /// The digest of their lines, in hex digits.
    pub sha256: String,
    /// The different texts of each coded column, in byte order.
    pub texts: BTreeMap<String, Vec<String>>,
    /// The tables of counts.
    pub cubes: Vec<Made>,
}

/// Reads the parts in order. Their charges must be sorted, and no two may be the same. With a folder, the tables of counts of these kinds
/// are written into it.
///
/// # Errors
/// When a file cannot be read or written, has other columns, or is not in order.
pub fn stream(
    files: &[PathBuf],
    columns: &[String],
    kinds: &[Kind],
    folder: Option<&Path>,
) -> Result<Streamed, StoreError> {
    let by_id = CHARGES.in_release().iter().position(|column| column.name == SORTED_BY).unwrap_or_default();
    let is_sorted_by = |name: &String| {
        CHARGES.in_release().iter().position(|own| own.name == name).is_some_and(|at| at <= by_id)
    };
    let sorted = columns.iter().take_while(|name| is_sorted_by(name)).count();
    let place = |name: &str| columns.iter().position(|own| own == name);
    let coded = CODED.iter().filter_map(|of| Some((place(of.name())?, of.name(), BTreeSet::new())));
    let mut pass = Pass {
        lines: Lines::of(columns.iter().map(String::as_str)),
        cubes: Cubes::of(columns, kinds, folder)?,
        sorted,
        last: Vec::new(),
        coded: coded.collect(),
    };
    let mut rows = Vec::with_capacity(files.len());
    for path in files {
        rows.push(pass.read(path, columns)?);
    }
    let texts =
        |(_, name, texts): (usize, &str, BTreeSet<String>)| (name.to_owned(), texts.into_iter().collect());
    let cubes = pass.cubes.end()?;
    let texts = pass.coded.into_iter().map(texts).collect();
    Ok(Streamed { rows, sha256: pass.lines.digest().1, texts, cubes })
}

struct Pass {
    lines: Lines,
    cubes: Cubes,
    /// So many of the first columns are sorted by.
    sorted: usize,
    /// These columns of the last row.
    last: Vec<String>,
    /// The coded columns: place, name and texts so far.
    coded: Vec<(usize, &'static str, BTreeSet<String>)>,
}

impl Pass {
    /// Reads a part. Returns the number of its rows.
    fn read(&mut self, path: &Path, columns: &[String]) -> Result<u64, StoreError> {
        let failed = |source| StoreError::parquet("read", path, source);
        let builder = ParquetRecordBatchReaderBuilder::try_new(open(path)?).map_err(failed)?;
        let stated = builder.metadata().file_metadata().num_rows();
        let mut rows = 0;
        for batch in builder.with_batch_size(PIECE).build().map_err(failed)? {
            let batch = batch.map_err(|error| failed(error.into()))?;
            let texts = columns.iter().map(|name| texts(&batch, name)).collect::<Option<Vec<_>>>();
            let texts = texts.filter(|texts| texts.len() == batch.num_columns());
            let texts = texts.ok_or_else(|| {
                let given: Vec<String> = batch
                    .schema()
                    .fields()
                    .iter()
                    .map(|field| format!("{} {}", field.name(), field.data_type()))
                    .collect();
                let why =
                    format!("its columns are {}, and {} are expected", given.join(", "), columns.join(", "));
                StoreError::damaged(path, why)
            })?;
            self.take(path, &texts, batch.num_rows(), rows)?;
            rows += batch.num_rows() as u64;
        }
        if u64::try_from(stated) != Ok(rows) {
            return Err(StoreError::damaged(path, format!("it has {rows} rows and says {stated}")));
        }
        Ok(rows)
    }

    fn take(
        &mut self,
        path: &Path,
        texts: &[StringArray],
        rows: usize,
        before: u64,
    ) -> Result<(), StoreError> {
        let plain: Vec<bool> =
            texts.iter().map(|texts| str::from_utf8(texts.value_data()).is_ok_and(is_plain)).collect();
        // The value of a missing cell has no letters.
        let cell = |column: usize, row: usize| {
            if texts[column].is_null(row) { "" } else { texts[column].value(row) }
        };
        for row in 0..rows {
            let sorted = 0..self.sorted;
            let ascends = match row.checked_sub(1) {
                Some(before) => {
                    sorted.map(|at| cell(at, before)).lt(sorted_row(self.sorted, |at| cell(at, row)))
                }
                None if self.last.is_empty() => true,
                None => self.last.iter().map(String::as_str).lt(sorted_row(self.sorted, |at| cell(at, row))),
            };
            if !ascends {
                let number = before + row as u64 + 1;
                return Err(StoreError::damaged(
                    path,
                    format!("row {number} does not come behind the row before it"),
                ));
            }
            for (column, &plain) in plain.iter().enumerate() {
                let text = cell(column, row);
                let line = self.lines.line();
                if plain {
                    line.extend_from_slice(text.as_bytes());
                } else {
                    line.extend_from_slice(escaped(text).as_bytes());
                }
                line.push(b'\t');
            }
            self.lines.end_record();
            self.cubes.take(|column| cell(column, row), 1)?;
        }
        if let Some(last) = rows.checked_sub(1) {
            self.last = (0..self.sorted).map(|column| cell(column, last).to_owned()).collect();
        }
        for (place, name, known) in &mut self.coded {
            let mut last = "";
            for row in 0..rows {
                let text = cell(*place, row);
                if text != last && !text.is_empty() && !known.contains(text) {
                    known.insert(text.to_owned());
                }
                last = text;
            }
            if known.len() > MOST_TEXTS {
                let why = format!(
                    "`{name}` has more than {MOST_TEXTS} different texts, which a release cannot number"
                );
                return Err(StoreError::damaged(path, why));
            }
        }
        Ok(())
    }
}

fn sorted_row<'t>(sorted: usize, cell: impl Fn(usize) -> &'t str) -> impl Iterator<Item = &'t str> {
    (0..sorted).map(cell)
}

/// Returns how many rows a file says that it has.
///
/// # Errors
/// When it cannot be read.
pub fn rows(path: &Path) -> Result<u64, StoreError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(open(path)?);
    let builder = builder.map_err(|source| StoreError::parquet("read", path, source))?;
    Ok(u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Int64Array, RecordBatch};
    use parquet::arrow::ArrowWriter;

    use super::super::part_cube;
    use super::*;

    const COLUMNS: [&str; 8] = [
        "statute",
        "country",
        "date_charged",
        "outcome",
        "region",
        "case_id",
        "defendant_id",
        "sentence_months",
    ];

    const ROWS: [[&str; 8]; 6] = [
        ["KAZ-1", "KAZ", "2020", "pending", "", "1", "1", ""],
        ["KAZ-1", "KAZ", "2020-05", "pending", "", "1", "2", "12"],
        ["KAZ-1", "KAZ", "2020-05-01", "pending", "a\tb", "1", "3", ""],
        ["KAZ-1", "KAZ", "2020-05-31", "pending", "a\\b", "10", "4", "0"],
        ["KAZ-1", "KAZ", "2020-05-31", "pending", "a\\b", "9", "4", ""],
        ["KAZ-1", "KAZ", "unknown", "acquitted", "", "9", "4", ""],
    ];

    /// Files in a folder of their own, which is removed at the end.
    struct Written(PathBuf);

    impl Written {
        fn new(name: &str) -> Self {
            let folder =
                std::env::temp_dir().join(format!("chargesheet-stream-{name}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn part(&self, number: usize, rows: &[[&str; 8]]) -> PathBuf {
            let column = |at: usize| -> ArrayRef {
                let texts = rows.iter().map(|row| Some(row[at]).filter(|text| !text.is_empty()));
                match COLUMNS[at] {
                    "sentence_months" => {
                        let numbers = texts.map(|text| text.map(|text| text.parse().unwrap()));
                        Arc::new(numbers.collect::<Int64Array>())
                    }
                    _ => Arc::new(texts.collect::<StringArray>()),
                }
            };
            let columns = (0..8).map(|at| (COLUMNS[at], column(at), true));
            let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
            let path = self.0.join(format!("{number}.parquet"));
            let mut writer =
                ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
            writer.write(&batch).unwrap();
            writer.close().unwrap();
            path
        }
    }

    impl Drop for Written {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn read(files: &[PathBuf], folder: Option<&Path>) -> Result<Streamed, String> {
        let columns = COLUMNS.map(str::to_owned);
        stream(files, &columns, &Kind::all(&columns)[..1], folder).map_err(|error| error.to_string())
    }

    #[test]
    fn the_digest_is_that_of_the_lines_however_they_are_cut() {
        let mut lines = Lines::of(COLUMNS);
        for row in ROWS {
            row.iter().for_each(|field| lines.field(field));
            lines.end_record();
        }
        let expected = lines.digest().1;
        for cut in 1..ROWS.len() {
            let written = Written::new(&format!("cut-{cut}"));
            let files = [written.part(0, &ROWS[..cut]), written.part(1, &ROWS[cut..])];
            let told = read(&files, None).unwrap();
            assert_eq!(told.sha256, expected, "cut behind {cut}");
            assert_eq!(told.rows, [cut as u64, (ROWS.len() - cut) as u64]);
            assert_eq!(told.texts["region"], ["a\tb", "a\\b"]);
        }
    }

    #[test]
    fn the_counts_cut_dates_to_months_and_add_up_over_parts() {
        let written = Written::new("cube");
        let told =
            read(&[written.part(0, &ROWS[..4]), written.part(1, &ROWS[4..])], Some(&written.0)).unwrap();
        let mut lines = Lines::of(["statute", "country", "date_charged", "outcome", "region", "charges"]);
        for (date, outcome, region, charges) in [
            ("2020", "pending", "", "1"),
            ("2020-05", "pending", "", "1"),
            ("2020-05", "pending", "a\tb", "1"),
            ("2020-05", "pending", "a\\b", "2"),
            ("unknown", "acquitted", "", "1"),
        ] {
            ["KAZ-1", "KAZ", date, outcome, region, charges].iter().for_each(|field| lines.field(field));
            lines.end_record();
        }
        let expected = lines.digest();
        let made = &told.cubes[0];
        assert_eq!((made.rows, made.lines.clone(), made.largest), (expected.0, expected.1.clone(), 2));
        assert_eq!(part_cube::digest(&written.0.join(made.kind.file())).unwrap(), expected);
    }

    #[test]
    fn tables_that_tell_less_add_up_those_that_tell_more() {
        let written = Written::new("coarser");
        let columns = COLUMNS.map(str::to_owned);
        let files = [written.part(0, &ROWS[..2]), written.part(1, &ROWS[2..])];
        read(&files, Some(&written.0)).unwrap();
        let made = part_cube::coarser(&written.0, &columns).unwrap();
        // As each tells when it counts the charges themselves.
        let kinds = Kind::all(&columns);
        assert_eq!(made.iter().map(|own| own.kind.clone()).collect::<Vec<_>>(), kinds[1..]);
        for own in &made {
            let alone = stream(&files, &columns, std::slice::from_ref(&own.kind), None).unwrap();
            assert_eq!(
                (own.rows, &own.lines),
                (alone.cubes[0].rows, &alone.cubes[0].lines),
                "{:?}",
                own.kind
            );
            assert_eq!(part_cube::digest(&written.0.join(own.kind.file())).unwrap().1, own.lines);
        }
        let ever = made.last().unwrap();
        assert_eq!((ever.rows, ever.largest), (2, 5));
    }

    #[test]
    fn charges_out_of_order_or_twice_and_other_columns_are_named() {
        let written = Written::new("order");
        let later = written.part(0, &ROWS[3..]);
        let told = read(&[later, written.part(1, &ROWS[..3])], None).unwrap_err();
        assert!(told.contains("1.parquet is damaged: row 1 does not come behind"), "{told}");
        let told = read(&[written.part(2, &[ROWS[0], ROWS[1], ROWS[1]])], None).unwrap_err();
        assert!(told.contains("2.parquet is damaged: row 3 does not come behind"), "{told}");
        let columns = ["statute", "country", "date_charged", "outcome", "case_id"].map(str::to_owned);
        let told = stream(&[written.part(3, &ROWS)], &columns, &[], None).unwrap_err().to_string();
        assert!(told.contains("3.parquet is damaged: its columns are statute Utf8"), "{told}");
    }
}
