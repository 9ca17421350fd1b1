//! Rows of a Parquet file as records of text, which are read like the records of a CSV file.

use std::ops::Range;

use super::cells::Cells;
use super::coded::Batch;
use super::open;
use super::shared_input::SharedInput;
use crate::domain::tables::CHARGES;
use chargesheet_check::ingest::batch;
use chargesheet_check::ingest::report::Problems;

/// Most rows that are turned into texts at once; the next constant is about the most bytes.
const MOST_ROWS: usize = 1 << 12;
const MOST_BYTES: usize = 1 << 24;

/// Turns rows into records of text: at least one row, and at most as many as fit in a batch. `first` is the record
/// number of the first row. Returns the records, and the row behind the last one.
pub fn texts(cells: &Batch, rows: Range<usize>, first: u64) -> (batch::Batch, usize) {
    let mut records = batch::Batch::default();
    let mut number = first;
    for row in rows.clone().take(MOST_ROWS) {
        let of_row = cells.iter().flatten().map(|cells| cells.text(row));
        records.push_record(number, of_row);
        number += 1;
        if records.text_size() > MOST_BYTES {
            break;
        }
    }
    (records, rows.start + usize::try_from(number - first).unwrap_or_default())
}

/// Reads some rows of a file again. `numbers` are the numbers of the rows, from 1, in ascending order. `each` gets
/// the names of the columns first, and then the number and the cells of each row.
///
/// # Errors
/// When the file cannot be read or has changed, or `each` fails.
pub fn each_row(
    input: SharedInput,
    path: &str,
    numbers: impl Iterator<Item = u64>,
    mut each: impl FnMut(Option<u64>, Vec<String>) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let changed = || std::io::Error::other("the file has changed since it was checked");
    let opened = open::open(input, path, &mut Problems::default()).ok_or_else(changed)?;
    // In the order of the description, like the cells of a row.
    let there = CHARGES.columns.iter().zip(&opened.places).filter(|(_, place)| place.is_some());
    each(None, there.map(|(column, _)| column.name.to_owned()).collect())?;
    let mut numbers = numbers.peekable();
    let mut before = 0;
    let mut reader = opened.reader;
    // Reading stops at the last requested row, because the file may be damaged behind it.
    while numbers.peek().is_some() {
        let Some(Ok(batch)) = reader.next() else { return Err(changed()) };
        let behind = before + batch.num_rows() as u64;
        let mut cells: Option<Vec<Cells>> = None;
        while let Some(number) = numbers.next_if(|number| *number <= behind) {
            let cells = cells.get_or_insert_with(|| {
                let places = opened.places.iter().flatten();
                places.filter_map(|&place| Cells::of(batch.column(place))).collect()
            });
            let row = usize::try_from(number.saturating_sub(before + 1)).unwrap_or_default();
            each(Some(number), cells.iter().map(|cells| cells.text(row)).collect())?;
        }
        before = behind;
    }
    Ok(())
}
