//! A pass over a sheet: first its header, then its rows.

use crate::domain::Say;
use crate::ingest::column_names::REJECTED_BECAUSE;
use crate::package::Input;
use crate::sheet::{Book, Facts, Limits, Row};

use super::form::{Mapping, TableMapping};
use super::headings::Headings;

/// A file that tables are made of.
pub struct SheetFile {
    /// Its name.
    pub name: String,
    /// Its sheets.
    pub book: Book,
}

impl SheetFile {
    /// Opens a file.
    ///
    /// # Errors
    /// When it has no sheet that can be read.
    pub fn open(name: &str, input: Box<dyn Input>, limits: Limits) -> Result<Self, Say> {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        Ok(Self { name: name.to_owned(), book: Book::open(input, stem, limits)? })
    }
}

/// Where the rows of a table are: the number of a file, and that of its sheet.
pub(super) type Place = (usize, usize);

/// Finds the sheet of each table.
pub(super) fn places(files: &[SheetFile], mapping: &Mapping) -> Result<Vec<Place>, Vec<Say>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for table in &mapping.tables {
        match place(files, table) {
            Some(place) => found.push(place),
            None => {
                let name = table.sheet.as_deref().unwrap_or(table.table.name);
                faults.push(Say::new("mapping_sheet").with("sheet", name));
            }
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn place(files: &[SheetFile], table: &TableMapping) -> Option<Place> {
    let all = || {
        let sheets = |(number, file): (usize, &'_ SheetFile)| {
            (0..file.book.sheets().len()).map(move |sheet| (number, sheet))
        };
        files.iter().enumerate().flat_map(sheets)
    };
    let sheet = |(file, sheet): Place| &files[file].book.sheets()[sheet];
    let named = |name: &str| all().find(|place| sheet(*place).name == name);
    match &table.sheet {
        Some(name) => named(name),
        None => named(table.table.name).or_else(|| all().find(|place| !sheet(*place).hidden)),
    }
}

/// Reads a sheet. `begin` is called once, with its headings and whether it counts days from 1904; `each` for every row below
/// the header, with what `begin` returned.
pub(super) fn walk<S>(
    files: &mut [SheetFile],
    (file, sheet): Place,
    table: &TableMapping,
    begin: impl FnOnce(&Headings, bool) -> Result<S, Vec<Say>>,
    mut each: impl FnMut(&mut S, &Headings, &Row),
) -> Result<(Headings, Facts, S), Vec<Say>> {
    let book = &mut files[file].book;
    book.read_as(table.encoding, table.delimiter);
    let one = |says: Say| vec![says];
    let mut rows = book.rows(sheet).map_err(one)?;
    let is_1904 = rows.facts().is_1904;
    let (mut headings, mut row) = (Headings::default(), Row::default());
    let mut comes = rows.next(&mut row).map_err(one)?;
    while comes && row.number <= table.header.1 {
        headings.take(&row, table.header.0);
        headings.empty_rows = rows.facts().empty_rows;
        comes = rows.next(&mut row).map_err(one)?;
    }
    if headings.names().iter().all(String::is_empty) {
        return Err(vec![Say::new("sheet_no_table")]);
    }
    let is_quarantine = headings.names().iter().any(|name| name == REJECTED_BECAUSE);
    let mut state = begin(&headings, is_1904)?;
    while comes {
        if is_quarantine {
            row.unguard();
        }
        each(&mut state, &headings, &row);
        comes = rows.next(&mut row).map_err(one)?;
    }
    Ok((headings, rows.facts().clone(), state))
}
