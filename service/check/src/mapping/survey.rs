//! Finds the tables in sheets that nobody has described yet.

use crate::domain::Say;
use crate::domain::tables::{CHARGES, COUNTS, SOURCES, STATUTES, Table};
use crate::package::Kind;
use crate::sheet::Row;

use super::columns::{Target, by_name};
use super::form::{Mapping, SheetChoice, TableMapping};
use super::headings::Headings;
use super::walk::{Place, SheetFile, is_first_choice, number_of};

/// Rows in which a header is looked for.
const LOOKED_AT: usize = 30;
/// Fewest columns that are known by name, where a sheet is taken for a table.
const KNOWN: usize = 2;
/// Columns that only a list of statutes or of sources has: cases have statutes and countries too.
const OWN: [&str; 5] = ["law", "title_en", "title_ru", "publisher", "title"];

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

/// Returns a mapping of the tables that sheets seem to hold, without their columns.
/// Of a kind, where somebody has said which.
pub(super) fn tables_of(files: &mut [SheetFile], kind: Option<Kind>) -> Result<Mapping, Say> {
    let tops = tops(files)?;
    let files: &[SheetFile] = files;
    let mains: &[&'static Table] = match kind {
        None => &[&CHARGES, &COUNTS],
        Some(Kind::CaseLevel) => &[&CHARGES],
        Some(Kind::Reported) => &[&COUNTS],
    };
    let all = |tables: &[&'static Table]| -> Vec<Found<'_>> {
        tops.iter().flat_map(|top| tables.iter().filter_map(|table| found(top, table))).collect()
    };
    let own = |tables: &[&'static Table], used: &[Place]| {
        let mut found = all(tables);
        found.retain(|found| found.known >= KNOWN && !used.contains(&found.top.place));
        // Of equal ones, the first sheet.
        found.into_iter().rev().max_by_key(|found| found.known).map(|found| mapping_of(files, &found))
    };
    let statutes =
        tops.iter().find_map(|top| found(top, &STATUTES).filter(|own| own.top.name == STATUTES.name));
    let used: Vec<Place> = statutes.iter().map(|own| own.top.place).collect();
    let main = own(mains, &used).or_else(|| {
        let free = tops.iter().filter(|top| !used.contains(&top.place));
        let filled =
            |row: &&Row| (0..row.width()).filter(|column| !row.value(*column).is_empty()).count() >= KNOWN;
        free.filter_map(|top| Some((top, top.rows.iter().find(filled)?.number))).next().map(|(top, row)| {
            mapping_of(files, &Found { top, table: mains[0], header: (row, row), known: 0 })
        })
    });
    let (place, main) = main.ok_or_else(|| Say::new("sheet_no_table"))?;
    let kind = if main.table.name == COUNTS.name { Kind::Reported } else { Kind::CaseLevel };
    let (mut used, mut tables) = (vec![place], vec![main]);
    let others: &[&'static Table] =
        if kind == Kind::Reported { &[&SOURCES, &STATUTES] } else { &[&STATUTES] };
    for table in others {
        if let Some((place, table)) = own(&[*table], &used) {
            used.push(place);
            tables.push(table);
        }
    }
    Ok(Mapping { kind, key: None, tables, package: serde_json::Map::new() })
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
            let is_its_own = |target: &Target| matches!(target, Target::Column(name) if OWN.contains(name));
            let is_list = [STATUTES.name, SOURCES.name].contains(&table.name);
            let known = if is_list && !known.iter().any(is_its_own) { 0 } else { known.len() };
            if best.is_none_or(|best| known > best.known) {
                best = Some(Found { top, table, header, known });
            }
        }
    }
    best
}

fn mapping_of(files: &[SheetFile], found: &Found<'_>) -> (Place, TableMapping) {
    let is_first = is_first_choice(files, found.top.place, found.table);
    let mapping = TableMapping {
        table: found.table,
        sheet: (!is_first).then(|| SheetChoice::Number(number_of(files, found.top.place))),
        header: found.header,
        hidden_rows: None,
        encoding: None,
        delimiter: None,
        columns: Vec::new(),
        left_out: Vec::new(),
    };
    (found.top.place, mapping)
}
