//! Finds the table in sheets that nobody has described yet.

use crate::domain::Say;
use crate::domain::tables::{CHARGES, COUNTS, TABLES, Table};
use crate::package::Kind;
use crate::sheet::Row;

use super::columns::{Target, by_name};
use super::form::{Mapping, SheetChoice, TableMapping};
use super::headings::Headings;
use super::leaves::is_made_of_sheets;
use super::walk::{Place, SheetFile, is_first_choice, number_of};

/// Rows in which a header is looked for.
const LOOKED_AT: usize = 30;
/// Fewest columns that are known by name, where a sheet is taken for a table.
const KNOWN: usize = 2;
/// The first rows of a sheet.
struct Top {
    place: Place,
    name: String,
    rows: Vec<Row>,
}

/// A header that was found in a sheet.
#[derive(Clone, Copy)]
struct Found<'t> {
    top: &'t Top,
    table: &'static Table,
    header: (u32, u32),
    /// The number of the table's columns that it names.
    known: usize,
}

/// Returns a mapping of the table that sheets seem to hold, without its columns.
/// Of a kind, where somebody has said which.
pub(super) fn tables_of(files: &mut [SheetFile], kind: Option<Kind>) -> Result<Mapping, Say> {
    let mut tops = tops(files)?;
    let files: &[SheetFile] = files;
    let mains: &[&'static Table] = match kind {
        None => &[&CHARGES, &COUNTS],
        Some(Kind::CaseLevel) => &[&CHARGES],
        Some(Kind::Reported) => &[&COUNTS],
    };
    // A list of statutes or of sources has columns of cases too.
    let is_list = |top: &Top| TABLES.iter().any(|table| !is_made_of_sheets(table) && table.name == top.name);
    tops.retain(|top| !is_list(top));
    let all = tops.iter().flat_map(|top| mains.iter().filter_map(|table| found(top, table)));
    // Of equal ones, the first sheet.
    let all: Vec<Found<'_>> = all.filter(|found| found.known >= KNOWN).collect();
    let best = all.into_iter().rev().max_by_key(|found| found.known).or_else(|| {
        let filled =
            |row: &&Row| (0..row.width()).filter(|column| !row.value(*column).is_empty()).count() >= KNOWN;
        let first = |top: &'_ Top| top.rows.iter().find(filled).map(|row| row.number);
        let (top, row) = tops.iter().find_map(|top| Some((top, first(top)?)))?;
        Some(Found { top, table: mains[0], header: (row, row), known: 0 })
    });
    let main = mapping_of(files, &best.ok_or_else(|| Say::new("sheet_no_table"))?);
    let kind = if main.table.name == COUNTS.name { Kind::Reported } else { Kind::CaseLevel };
    Ok(Mapping { kind, key: None, tables: vec![main], package: serde_json::Map::new() })
}

fn tops(files: &mut [SheetFile]) -> Result<Vec<Top>, Say> {
    let mut tops = Vec::new();
    for (number, file) in files.iter_mut().enumerate() {
        let encoding = file.book.suggested_encoding()?;
        file.book.read_as(encoding, None);
        for (sheet, own) in file.book.sheets().to_vec().into_iter().enumerate().filter(|(_, own)| !own.hidden)
        {
            let (mut reader, mut rows, mut row) = (file.book.rows(sheet)?, Vec::new(), Row::default());
            while rows.len() < LOOKED_AT && reader.next(&mut row)? {
                rows.push(row.clone());
            }
            tops.push(Top { place: (number, sheet), name: own.name, rows });
        }
    }
    Ok(tops)
}

/// Returns the header of a sheet that names most columns of a table: in one row, or in two.
fn found<'t>(top: &'t Top, table: &'static Table) -> Option<Found<'t>> {
    let mut best: Option<Found<'t>> = None;
    // A header of one row is taken before one of two that says no more.
    for rows in [1, 2] {
        for window in top.rows.windows(rows) {
            let header = (window[0].number, window[rows - 1].number);
            if header.1 - header.0 + 1 != rows as u32 {
                continue;
            }
            let mut headings = Headings::default();
            window.iter().for_each(|row| headings.take(row, row.number));
            let mut known: Vec<Target> =
                headings.names().iter().filter_map(|name| by_name(table, name)).collect();
            known.retain(|target| matches!(target, Target::Column(_)));
            known.sort_unstable();
            known.dedup();
            if best.is_none_or(|best| known.len() > best.known) {
                best = Some(Found { top, table, header, known: known.len() });
            }
        }
    }
    best
}

fn mapping_of(files: &[SheetFile], found: &Found<'_>) -> TableMapping {
    let is_first = is_first_choice(files, found.top.place, found.table);
    TableMapping {
        table: found.table,
        sheet: (!is_first).then(|| SheetChoice::Number(number_of(files, found.top.place))),
        header: found.header,
        hidden_rows: None,
        encoding: None,
        delimiter: None,
        columns: Vec::new(),
        left_out: Vec::new(),
        layout: None,
    }
}
