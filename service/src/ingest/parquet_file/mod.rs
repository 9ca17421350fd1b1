//! `charges.parquet`: the same table as `charges.csv`, out of a file of columns.
//!
//! A cell stands for the text that it would be in CSV, so both give the same records and the same release. Rows that
//! are plainly right are taken by column (`coded.rs`); every other is made a row of texts (`cells.rs`) and read by the
//! very code that reads CSV, so that it is refused for the same reason, in the same words.

mod cells;
mod coded;
mod delta;
mod file_bytes;
mod limits;
mod open;
mod pages;
mod rows;
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
use super::charge_columns::ChargeColumns;
use super::charge_rows::{COLUMNS, IdColumns, Reading, take_all};
use super::charges::Charges;
use super::field::Dates;
use super::reader::{Rules, Table};
use super::report::{Reason, Report};
use crate::domain::Register;
use crate::package::{Facts, SharedInput, Source};

pub use self::rows::each_row;

/// A file that is read at any place, and once from its beginning to be digested.
pub struct File {
    /// From its beginning.
    pub source: Source<'static>,
    /// At any place.
    pub input: SharedInput,
}

/// Reads the charges. Rows that are refused or withheld are not among them; the report says which.
pub fn read(file: File, register: &Register, dates: &Dates, rules: &Rules, report: &mut Report) -> Charges {
    let File { source, input } = file;
    let (path, size) = (source.path.clone(), input.size());
    let mut opened = None;
    let (mut table, is_open) = Table::of_rows(path.clone(), &COLUMNS, rules, |problems| {
        let found = open::open(input, &path, problems)?;
        let columns = (found.names.clone(), found.positions.clone());
        opened = Some(found);
        Some(columns)
    });
    let Some(opened) = opened.filter(|_| is_open) else {
        table.end(source.finish());
        table.close(report);
        return Charges::default();
    };
    let charges = take_all(&mut table, register, dates, |table, reading, ids| {
        read_all(opened, source, &Progress { rules, size }, table, reading, ids);
    });
    table.close(report);
    charges
}

/// Tells how far reading is.
struct Progress<'a> {
    rules: &'a Rules,
    size: u64,
}

/// Some rows as they were decoded, and as codes.
struct Decoded {
    cells: Batch,
    columns: ChargeColumns,
    rows: usize,
}

fn read_all(
    opened: Opened,
    source: Source<'static>,
    progress: &Progress<'_>,
    table: &mut Table<'_, '_>,
    reading: &mut Reading<'_>,
    ids: &mut IdColumns<'_>,
) {
    let all = opened.rows;
    let coder = Coder::new(reading.register, reading.dates);
    // A few batches are some megabytes, and at most what `limits` has for each.
    let (send, receive) = sync_channel::<Decoded>(2);
    let (decoded, facts) = std::thread::scope(|scope| {
        let digesting = scope.spawn(|| source.finish());
        let decoding = scope.spawn(move || decode(opened, &coder, &send));
        for mut batch in receive {
            reading.mark_regions(&mut batch.columns);
            take(&batch, table, reading, ids);
            // As many of its bytes as of its rows.
            let before = progress.rules.bytes_read.load(Ordering::Relaxed);
            let read = u128::from(progress.size) * batch.rows as u128 / u128::from(all.max(1));
            progress
                .rules
                .bytes_read
                .store(before + u64::try_from(read).unwrap_or_default(), Ordering::Relaxed);
        }
        let facts: std::io::Result<Facts> =
            digesting.join().unwrap_or_else(|_panic| Err(std::io::Error::other("the reader panicked")));
        (decoding.join().unwrap_or_else(|_panic| Err(damaged())), facts)
    });
    let read = table.counts.read;
    let ended = match decoded {
        Ok(()) if read == all => Ok(()),
        Ok(()) => Err(Unread::Damaged(format!("it has {read} rows, and states that it has {all}"))),
        Err(error) => Err(error),
    };
    match ended {
        Ok(()) => {}
        Err(Unread::Damaged(error)) => {
            let message = format!("behind row {read} the file is damaged: {error}");
            let hint = "write the file again, and copy it whole";
            table.refuse_file(Reason::NotParquet, None, message, Some(hint));
        }
        Err(Unread::TooLarge(TooLarge { column, message })) => {
            let message = format!("behind row {read}, {message}");
            let hint = "write the file again, with pages of a megabyte, as programs do by default";
            table.refuse_file(Reason::TooLarge, Some(&column), message, Some(hint));
        }
    }
    table.end(facts);
}

fn damaged() -> Unread {
    Unread::Damaged("its columns cannot be decoded".to_owned())
}

/// Decodes the file; what is wrong with it ends it.
fn decode(opened: Opened, coder: &Coder<'_>, send: &SyncSender<Decoded>) -> Result<(), Unread> {
    let Opened { mut reader, places, .. } = opened;
    loop {
        // A damaged file may make the library that decodes it panic; that is a finding, and not the end of ours.
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

/// Takes a batch: rows that are fine by column, the others one by one, in their order.
fn take(batch: &Decoded, table: &mut Table<'_, '_>, reading: &mut Reading<'_>, ids: &mut IdColumns<'_>) {
    let Decoded { cells, columns, rows } = batch;
    let mut at = 0;
    for run in columns.odd.chunk_by(|left, right| left == right) {
        let end = (at + run.len()).min(*rows);
        if run.first() == Some(&false) {
            let first = table.accept((end - at) as u64);
            reading.take_columns(columns, at..end, first, ids);
        } else {
            let mut start = at;
            while start < end {
                let (texts, behind) = rows::texts(cells, start..end, table.counts.read + 1);
                table.take_batch(&texts, &mut |row| reading.take_or_note(row, ids));
                start = behind;
            }
        }
        at = end;
    }
}
