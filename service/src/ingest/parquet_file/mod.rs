//! `charges.parquet`: the table of `charges.csv` in the columnar format Parquet, in one file or in several.
//!
//! A cell stands for the text that it would be in CSV, so both files give the same records and the same release. Rows
//! that are plainly right are taken by column (`coded.rs`). Every other row is turned into texts (`cells.rs`) and
//! read by the same code that reads CSV, so it is refused for the same reason, in the same words.

mod cells;
mod coded;
mod delta;
mod file_bytes;
mod limits;
mod open;
mod pages;
mod rows;
mod shared_input;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, sync_channel};

use self::cells::Cells;
use self::coded::{Batch, Coder};
use self::limits::TooLarge;
use self::open::Opened;
use self::pages::Unread;
use crate::domain::tables::CHARGES;
use crate::domain::{Register, Say};
use crate::package::{Package, PackageError, Resource, Source};
use chargesheet_check::ingest::Rules;
use chargesheet_check::ingest::charge_columns::ChargeColumns;
use chargesheet_check::ingest::charge_rows::{ChargeRows, CheckedRows};
use chargesheet_check::ingest::charges::Charges;
use chargesheet_check::ingest::platform::Platform;
use chargesheet_check::ingest::report::{Problem, Reason, Report};
use chargesheet_check::ingest::table_reader::TableReader;

pub use self::rows::each_row;
pub use self::shared_input::SharedInput;

/// Reads the charges of a package, which may be in several files. Refused and withheld rows are left out; the report lists
/// them.
///
/// # Errors
/// When a file cannot be opened.
pub fn read(
    package: &Package,
    register: &Register,
    rules: &Rules,
    platform: &dyn Platform,
    report: &mut Report,
) -> Result<Charges, PackageError> {
    let mut file = File { package, register, rules, platform, place: 0, charges: None };
    let mut tables = Vec::new();
    for (place, resource) in package.descriptor.files_of(CHARGES.name).enumerate() {
        file.place = place;
        tables.push(file.read(resource)?);
    }
    let charges = file.charges.map(|rows| rows.end(&mut tables).settle(&mut tables, register));
    // Engines write a file for each of their parts, and a part may have no row.
    let has_rows = tables.iter().any(|table| table.counts.read > 0);
    for mut table in tables {
        table.may_be_empty = has_rows;
        table.close(report);
    }
    Ok(charges.unwrap_or_default())
}

/// A file of the charges that was read by itself.
pub struct OneFile<'u> {
    /// The file, with its counts and problems. It is not closed.
    pub table: TableReader<'static, 'u>,
    /// Its rows under the rules that need no other row; `None` when the file is refused whole.
    pub rows: Option<CheckedRows>,
}

/// Reads one of the files of the charges of a package, by its place among them.
///
/// # Errors
/// When it cannot be opened.
pub fn read_one<'u>(
    package: &Package,
    resource: &Resource,
    place: usize,
    register: &Register,
    rules: &'u Rules,
    platform: &dyn Platform,
) -> Result<OneFile<'u>, PackageError> {
    let mut file = File { package, register, rules, platform, place: 0, charges: None };
    let mut tables = [file.read(resource)?];
    let rows = file.charges.map(|rows| rows.end(&mut tables));
    let [mut table] = tables;
    table.file = place;
    Ok(OneFile { table, rows })
}

/// What a file is read with, and the charges of the files before it.
struct File<'a, 'u> {
    package: &'a Package,
    register: &'a Register,
    rules: &'u Rules,
    platform: &'a dyn Platform,
    /// The place of the file.
    place: usize,
    charges: Option<ChargeRows<'a>>,
}

impl<'u> File<'_, 'u> {
    fn read(&mut self, resource: &Resource) -> Result<TableReader<'static, 'u>, PackageError> {
        let Self { package, register, rules, platform, place, .. } = *self;
        let input = package.open_file(resource)?;
        let input = SharedInput::new(input).map_err(|source| package.unreadable(resource, source))?;
        let source = Source::new(Box::new(input.at(0)), resource);
        let mut table = TableReader::of_rows(source.path.clone(), CHARGES.columns, rules);
        table.file = place;
        let size = input.size();
        let mut opened = open::open(input, &source.path, &mut table.problems);
        if let Some(opened) = &mut opened {
            table.names = std::mem::take(&mut opened.names);
            table.places = std::mem::take(&mut opened.places_of_names);
        }
        match opened {
            Some(opened) if self.charges.as_ref().is_none_or(|rows| rows.goes_on_in(&mut table)) => {
                let all = opened.rows.max(1);
                let progress = |rows: usize| {
                    // Progress counts bytes, so the share of the rows is taken as the share of the bytes.
                    let read = u128::from(size) * rows as u128 / u128::from(all);
                    rules.bytes_read.fetch_add(u64::try_from(read).unwrap_or_default(), Ordering::Relaxed);
                };
                let begin = || ChargeRows::of(&table, &package.lists, register, rules, platform);
                let rows = self.charges.get_or_insert_with(begin);
                read_all(opened, source, progress, &mut table, rows);
            }
            _ => table.end(source.finish()),
        }
        Ok(table)
    }
}

/// A batch of decoded rows, as cells and as codes.
struct Decoded {
    cells: Batch,
    columns: ChargeColumns,
    rows: usize,
}

fn read_all(
    opened: Opened,
    source: Source<'static>,
    progress: impl Fn(usize),
    table: &mut TableReader<'_, '_>,
    charges: &mut ChargeRows<'_>,
) {
    let all = opened.rows;
    let coder = Coder::new(charges.lists, charges.register, charges.dates);
    // A few batches take some megabytes. `limits` bounds each of them.
    let (send, receive) = sync_channel::<Decoded>(2);
    let (decoded, facts) = std::thread::scope(|scope| {
        let digesting = scope.spawn(|| source.finish());
        let decoding = scope.spawn(move || decode(opened, &coder, &send));
        for mut batch in receive {
            charges.mark_surplus(&mut batch.columns);
            take(&batch, table, charges);
            progress(batch.rows);
        }
        let facts =
            digesting.join().unwrap_or_else(|_panic| Err(std::io::Error::other("the reader panicked")));
        (decoding.join().unwrap_or_else(|_panic| Err(damaged())), facts)
    });
    let read = table.counts.read;
    let ended = match decoded {
        Ok(()) if read != all => {
            Err(Unread::Damaged(Say::new("not_parquet.rows").with("read", read).with("all", all).english()))
        }
        ended => ended,
    };
    let of_file = |reason, says: Say| Problem::of_file(&table.counts.name, reason, says);
    let problem = ended.err().map(|unread| match unread {
        Unread::Damaged(error) => {
            let says = Say::new("not_parquet.damaged").with("read", read).with("error", error);
            of_file(Reason::NotParquet, says).hinting("not_parquet.again.hint")
        }
        Unread::TooLarge(TooLarge { column, what }) => {
            let says = Say::new("too_large").with("read", read).with("column", &column).with("what", what);
            of_file(Reason::TooLarge, says).in_column(&column).hinting("too_large.hint")
        }
    });
    problem.into_iter().for_each(|problem| table.problems.note(problem));
    table.end(facts);
}

fn damaged() -> Unread {
    Unread::Damaged("its columns cannot be decoded".to_owned())
}

/// Decodes the file. A fault ends the file.
fn decode(opened: Opened, coder: &Coder<'_>, send: &SyncSender<Decoded>) -> Result<(), Unread> {
    let Opened { mut reader, places, .. } = opened;
    loop {
        // A damaged file may make the decoding library panic. The panic is a finding about the file and must not end
        // this process.
        let next = catch_unwind(AssertUnwindSafe(|| {
            let batch = match reader.next()? {
                Ok(batch) => batch,
                Err(error) => return Some(Err(error)),
            };
            let cells: Batch = places.map(|place| place.and_then(|place| Cells::of(batch.column(place))));
            let rows = batch.num_rows();
            let columns = coder.columns(&cells, rows);
            Some(Ok(Decoded { cells, columns, rows }))
        }));
        match next.unwrap_or_else(|_panic| Some(Err(damaged()))) {
            None => return Ok(()),
            Some(Err(error)) => return Err(error),
            Some(Ok(decoded)) => {
                if send.send(decoded).is_err() {
                    return Err(Unread::Damaged("nobody takes the rows".to_owned()));
                }
            }
        }
    }
}

/// Takes a batch in the order of its rows: runs of rows without faults by column, the others one by one.
fn take(batch: &Decoded, table: &mut TableReader<'_, '_>, charges: &mut ChargeRows<'_>) {
    let mut end = 0;
    for run in batch.columns.odd.chunk_by(|left, right| left == right) {
        let mut start = end;
        end = (start + run.len()).min(batch.rows);
        if run.first() == Some(&false) {
            let first = table.accept((end - start) as u64);
            charges.take_columns(&batch.columns, &(start..end), first);
            continue;
        }
        while start < end {
            let (texts, behind) = rows::texts(&batch.cells, start..end, table.counts.read + 1);
            table.take_batch(&texts, &mut |row| charges.take(row));
            start = behind;
        }
    }
}
