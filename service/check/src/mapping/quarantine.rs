//! The refused rows of a sheet in a file of their own, where they can be repaired and read again.

use std::collections::BTreeMap;
use std::io::Write;

use crate::domain::{Say, would_run};
use crate::ingest::column_names::REJECTED_BECAUSE;
use crate::sheet::Row;

use super::form::Mapping;
use super::headings::Headings;
use super::walk::{QUARANTINE, SheetFile, places, walk};

/// Whether a file that begins with these bytes is a list of refused rows as we write it.
pub fn is_quarantine(first: &[u8]) -> bool {
    let first = first.strip_prefix("\u{feff}".as_bytes()).unwrap_or(first);
    first.strip_prefix(b"\"").unwrap_or(first).starts_with(QUARANTINE.as_bytes())
}

/// Writes the refused rows of a table with the columns of its sheet, and a last column that says why. It may hold names and
/// everything else that is left out of the package, as its first line says. `refused` are reasons by the number of the row. Returns how many rows
/// were written.
///
/// # Errors
/// When the sheet cannot be read, or the file cannot be written.
pub fn quarantine(
    files: &mut [SheetFile],
    mapping: &Mapping,
    table: &str,
    refused: &BTreeMap<u32, Vec<String>>,
    mut out: impl Write,
) -> Result<u64, Vec<Say>> {
    let places = places(files, mapping)?;
    let found = mapping.tables.iter().zip(places).find(|(own, _)| own.table.name == table);
    let Some((own, place)) = found else { return Ok(0) };
    let unwritten = |error: &dyn std::fmt::Display| vec![Say::new("unreadable").with("error", error)];
    // The mark tells spreadsheets that it is UTF-8.
    out.write_all("\u{feff}".as_bytes()).map_err(|error| unwritten(&error))?;
    let mut out =
        csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).flexible(true).from_writer(out);
    out.write_record([QUARANTINE]).map_err(|error| unwritten(&error))?;
    let begin = |headings: &Headings, _is_1904: bool| {
        let names = headings.names().iter().filter(|name| *name != REJECTED_BECAUSE);
        let names = names.map(String::as_str).chain([REJECTED_BECAUSE]);
        out.write_record(names).map_err(|error| unwritten(&error))?;
        Ok((out, 0, Ok(())))
    };
    let each = |(out, rows, written): &mut (csv::Writer<_>, u64, csv::Result<()>),
                headings: &Headings,
                row: &Row| {
        let Some(codes) = refused.get(&row.number).filter(|_| written.is_ok()) else { return };
        let columns = (0..headings.names().len()).filter(|column| headings.name(*column) != REJECTED_BECAUSE);
        let cells = columns.map(|column| guarded(&row.value(column).text()));
        let because = format!("row {}: {}", row.number, codes.join(" / "));
        *written = out.write_record(cells.chain([because]));
        *rows += 1;
    };
    let (_, _, (mut out, rows, written)) = walk(files, place, own, begin, each)?;
    written.map_err(|error| unwritten(&error))?;
    out.flush().map_err(|error| unwritten(&error))?;
    Ok(rows)
}

/// Returns a cell that no spreadsheet runs as a formula. Reading the file again restores the original.
fn guarded(cell: &str) -> String {
    if would_run(cell) || cell.starts_with('\'') { format!("'{cell}") } else { cell.to_owned() }
}
