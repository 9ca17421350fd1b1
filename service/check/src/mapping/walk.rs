//! A pass over a sheet: first its header, then its rows.

use crate::domain::Say;
use crate::domain::tables::Table;
use crate::ingest::column_names::REJECTED_BECAUSE;
use crate::package::Input;
use crate::sheet::{Book, Facts, Row};

use super::form::{Mapping, SheetChoice, TableMapping};
use super::headings::Headings;

/// The first line of a quarantine file.
pub(super) const QUARANTINE: &str =
    "Names of persons may stand in this file. Never publish it. Keep it where nobody else reads it.";

/// A file that tables are made of.
pub struct SheetFile {
    /// Its sheets.
    pub book: Book,
}

impl SheetFile {
    /// Opens a file.
    ///
    /// # Errors
    /// When it has no sheet that can be read.
    pub fn open(name: &str, input: Box<dyn Input>) -> Result<Self, Say> {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        Ok(Self { book: Book::open(input, stem)? })
    }
}

/// Where the rows of a table are: the number of a file, and that of its sheet.
pub(super) type Place = (usize, usize);

/// Returns the places of all sheets.
pub(super) fn all_places(files: &[SheetFile]) -> impl Iterator<Item = Place> {
    let sheets = |(number, file): (usize, &'_ SheetFile)| {
        (0..file.book.sheets().len()).map(move |sheet| (number, sheet))
    };
    files.iter().enumerate().flat_map(sheets)
}

/// Returns the number of a sheet among those of all files.
pub(super) fn number_of(files: &[SheetFile], place: Place) -> usize {
    all_places(files).position(|own| own == place).unwrap_or_default() + 1
}

/// Returns how a sheet is told: by its number. Its name may be that of a person.
pub(super) fn told_sheet(files: &[SheetFile], place: Place) -> String {
    number_of(files, place).to_string()
}

/// Finds the sheet of each table.
pub(super) fn places(files: &[SheetFile], mapping: &Mapping) -> Result<Vec<Place>, Vec<Say>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for table in &mapping.tables {
        match place(files, table) {
            Some(place) => found.push(place),
            None => {
                let told = match &table.sheet {
                    Some(SheetChoice::Number(number)) => number.to_string(),
                    _ => format!("of the table {}", table.table.name),
                };
                faults.push(Say::new("mapping_sheet").with("sheet", told));
            }
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn place(files: &[SheetFile], table: &TableMapping) -> Option<Place> {
    match &table.sheet {
        Some(SheetChoice::Name(name)) => named(files, name),
        Some(SheetChoice::Number(number)) => all_places(files).nth(number.checked_sub(1)?),
        None => first_choice(files, table.table),
    }
}

fn named(files: &[SheetFile], name: &str) -> Option<Place> {
    all_places(files).find(|(file, sheet)| files[*file].book.sheets()[*sheet].name == name)
}

/// Returns the sheet of a table whose mapping names none: that of the table's name, else the first that is not hidden.
fn first_choice(files: &[SheetFile], table: &Table) -> Option<Place> {
    let is_shown = |(file, sheet): &Place| !files[*file].book.sheets()[*sheet].hidden;
    named(files, table.name).or_else(|| all_places(files).find(is_shown))
}

/// Whether a table has its sheet even if its mapping names none.
pub(super) fn is_first_choice(files: &[SheetFile], place: Place, table: &Table) -> bool {
    first_choice(files, table) == Some(place)
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
    let one = |says: Say| vec![says];
    let is_quarantine = is_quarantine(book).map_err(one)?;
    if !is_quarantine {
        book.read_as(table.encoding, table.delimiter);
    }
    let mut rows = book.rows(sheet).map_err(one)?;
    let is_1904 = rows.facts().is_1904;
    let (mut headings, mut row) = (Headings::default(), Row::default());
    let mut comes = rows.next(&mut row).map_err(one)?;
    // The header of a quarantine file stands behind its warning, wherever that of the sheet stood.
    let (first, last) = if is_quarantine { (row.number + 1, row.number + 1) } else { table.header };
    if is_quarantine {
        comes = rows.next(&mut row).map_err(one)?;
    }
    while comes && row.number <= last {
        headings.take(&row, first);
        headings.empty_rows = rows.facts().empty_rows;
        comes = rows.next(&mut row).map_err(one)?;
    }
    if headings.names().iter().all(String::is_empty) {
        return Err(vec![Say::new("sheet_no_table")]);
    }
    let is_quarantine = is_quarantine || headings.names().iter().any(|name| name == REJECTED_BECAUSE);
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

/// Whether a file is a list of refused rows: CSV as we write it, whatever the sheet was.
fn is_quarantine(book: &mut Book) -> Result<bool, Say> {
    if !book.is_csv() {
        return Ok(false);
    }
    book.read_as(None, None);
    let mut row = Row::default();
    Ok(book.rows(0)?.next(&mut row)? && row.value(0).text() == QUARANTINE)
}
