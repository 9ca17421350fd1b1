//! Spreadsheets among the files of a package. They are read as the CSV files that they would be saved as, one line for each row,
//! so that report and release are those of CSV.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Error, Result};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::{Say, write_cell};
use crate::package::{Files, Input};
use crate::sheet::{Book, Cell, Marks, Row, Value, column_name};

use super::dates::{ReadDate, read_date};

/// Endings of spreadsheets.
const ENDINGS: [&str; 3] = [".xlsx", ".xlsm", ".ods"];
/// Most rows or cells that an error names.
const NAMED: usize = 5;

/// The files of a package, with spreadsheets as CSV.
#[derive(Debug)]
pub struct SheetsAsCsv {
    files: Box<dyn Files>,
    /// What was read already: a package opens each of its files several times.
    read: Mutex<HashMap<String, Arc<[u8]>>>,
}

impl SheetsAsCsv {
    /// Reads spreadsheets among these files as CSV.
    pub fn of(files: Box<dyn Files>) -> Self {
        Self { files, read: Mutex::default() }
    }
}

impl Files for SheetsAsCsv {
    fn open(&self, path: &str) -> Result<Box<dyn Input>> {
        let input = self.files.open(path)?;
        let lower = path.to_lowercase();
        let Some(stem) = ENDINGS.iter().find_map(|ending| lower.strip_suffix(ending)) else {
            return Ok(input);
        };
        let name = stem.rsplit('/').next().unwrap_or_default();
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let csv = match read.get(path) {
            Some(csv) => Arc::clone(csv),
            None => {
                let csv = csv_of(input, name).map_err(|says| Error::other(says.english()))?;
                Arc::clone(read.entry(path.to_owned()).or_insert(csv.into()))
            }
        };
        Ok(Box::new(Cursor::new(csv)))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.files.size(path)
    }

    fn names(&self) -> Vec<String> {
        self.files.names()
    }

    fn below(&self, path: &str) -> Result<Option<Vec<String>>> {
        self.files.below(path)
    }

    fn folder(&self) -> Option<&Path> {
        self.files.folder()
    }
}

/// Why a sheet is refused as a table of a package: the keys of the sentences. Whoever saves such a sheet as CSV loses what it shows.
const REFUSED: [&str; 4] =
    ["sheet_hidden_refused", "sheet_merged_refused", "sheet_error_refused", "sheet_digits_refused"];
const HIDDEN: usize = 0;
const MERGED: usize = 1;
const ERROR: usize = 2;
const DIGITS: usize = 3;
/// From here on spreadsheet programs round whole numbers.
const ROUNDED: f64 = 1e15;

/// Returns a sheet as CSV: the one of this name, else the only one that is not hidden.
fn csv_of(input: Box<dyn Input>, name: &str) -> std::result::Result<Vec<u8>, Say> {
    let mut book = Book::open(input, name)?;
    let shown = book.sheets().iter().enumerate().filter(|(_, sheet)| !sheet.hidden);
    let shown: Vec<(usize, bool)> =
        shown.map(|(place, sheet)| (place, sheet.name.to_lowercase() == name)).collect();
    let place = match (shown.iter().find(|(_, is_named)| *is_named), &shown[..]) {
        (Some((place, _)), _) | (None, [(place, _)]) => *place,
        _ => return Err(Say::new("sheet_which").with("name", name)),
    };
    let mut rows = book.rows(place)?;
    let is_1904 = rows.facts().is_1904;
    let (mut out, mut line, mut width, mut row) = (Vec::new(), 1, 0, Row::default());
    let mut refused: [Vec<String>; REFUSED.len()] = Default::default();
    while rows.next(&mut row)? {
        if row.is_empty() {
            continue;
        }
        if row.hidden {
            refused[HIDDEN].push(row.number.to_string());
        }
        // Lines of the file are rows of the sheet.
        out.resize(out.len() + row.number.saturating_sub(line) as usize, b'\n');
        line = row.number + 1;
        let filled =
            (0..row.width()).rev().find(|column| !row.value(*column).is_empty()).map_or(0, |last| last + 1);
        width = if width == 0 { filled } else { width };
        for column in 0..filled.max(width) {
            if column > 0 {
                out.push(b',');
            }
            let cell = row.cell(column);
            if let Some(reason) = reason(cell) {
                refused[reason].push(format!("{}{}", column_name(column as u32), row.number));
            }
            write_cell(&mut out, &text_of(cell.value, is_1904), b',');
        }
        out.push(b'\n');
    }
    let Some((key, places)) = REFUSED.iter().zip(refused).find(|(_, places)| !places.is_empty()) else {
        return Ok(out);
    };
    let more = if places.len() > NAMED { ", …" } else { "" };
    Err(Say::new(key).with("places", places[..places.len().min(NAMED)].join(", ") + more))
}

/// Returns why a cell cannot stand in a table of a package.
fn reason(cell: Cell<'_>) -> Option<usize> {
    match cell.value {
        Value::Error(_) => Some(ERROR),
        Value::Number(number) if number.abs() >= ROUNDED => Some(DIGITS),
        value => {
            let is_merged = cell.marks.has(Marks::MERGED) || cell.marks.has(Marks::ACROSS);
            (is_merged && !value.is_empty()).then_some(MERGED)
        }
    }
}

/// Returns the text of a cell. A day is written as one, however the sheet shows it.
fn text_of(value: Value<'_>, is_1904: bool) -> Cow<'_, str> {
    let day = match value {
        Value::Text(text) => return Cow::Borrowed(text),
        // No date: the time of day would be lost.
        Value::Moment(day) => return Cow::Owned(format!("{day}T")),
        Value::Serial(_) | Value::Day(_) => read_date(value, is_1904),
        _ => ReadDate::None,
    };
    Cow::Owned(if let ReadDate::Period(day) = day { day.to_string() } else { value.text() })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::domain::tables::TABLES;
    use crate::ingest::{OneThread, Rules, ingest};
    use crate::messy_sheets::file;
    use crate::package::Package;

    fn csv(bytes: &[u8], name: &str) -> std::result::Result<String, Say> {
        let input = Box::new(Cursor::new(bytes.to_vec()));
        csv_of(input, name).map(|csv| String::from_utf8(csv).unwrap())
    }

    /// Returns the workbook whose only sheet has these cells, as texts.
    fn workbook(text: &str) -> Vec<u8> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut rows = String::new();
        for row in reader.records().map_while(std::result::Result::ok) {
            let cells: String = row
                .iter()
                .map(|cell| format!(r#"<c t="inlineStr"><is><t>{}</t></is></c>"#, cell.replace('&', "&amp;")))
                .collect();
            rows.push_str(&format!("<row>{cells}</row>"));
        }
        crate::sheet::tests::workbook(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))
    }

    #[test]
    fn a_sheet_is_the_csv_that_it_would_be_saved_as() {
        let sheet = file("06-errors-and-rich-text", "sheet.xlsx");
        let statutes = csv(sheet, "statutes").unwrap();
        assert!(statutes.starts_with("statute,parent,country,law,"), "{statutes}");
        assert_eq!(csv(sheet, "other").unwrap_err().key, "sheet_which");
        let hidden = csv(file("05-hidden", "sheet.xlsx"), "cases").unwrap_err();
        assert!(hidden.english().starts_with("rows are hidden: 4, 7;"), "{}", hidden.english());
        // A day is written as one, and a row keeps its line.
        let days = csv(file("04-mac-1904", "sheet.xlsx"), "sheet1").unwrap();
        assert!(days.contains("2010-01-02"), "{days}");
        let list = csv(file("01-russian-list", "sheet.xlsx"), "дела").unwrap();
        assert!(list.lines().nth(2).unwrap().starts_with("№ п/п,ФИО"), "{list}");
    }

    #[test]
    fn a_sheet_that_would_lose_something_as_csv_is_refused() {
        let of = |rows: &str, behind: &str| {
            let sheet = format!(
                r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>{rows}</sheetData>{behind}</worksheet>"#
            );
            csv(&crate::sheet::tests::workbook(&sheet), "a").map_err(|says| (says.key, says.english()))
        };
        let merged = r#"<mergeCells><mergeCell ref="A2:A3"/></mergeCells>"#;
        let numbers = r#"<row r="2"><c r="A2"><v>7</v></c></row><row r="3"><c r="B3"><v>1</v></c></row>"#;
        assert_eq!(of(numbers, "").unwrap(), "a\n7\n,1\n");
        for (rows, behind, key, place) in [
            (numbers, merged, "sheet_merged_refused", "A3"),
            (r#"<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>"#, "", "sheet_error_refused", "A2"),
            (r#"<row r="2"><c r="A2"><v>12345678901234567</v></c></row>"#, "", "sheet_digits_refused", "A2"),
        ] {
            let (found, sentence) = of(rows, behind).unwrap_err();
            assert!(found == key && sentence.contains(&format!(": {place};")), "{sentence}");
        }
    }

    #[test]
    fn a_package_of_sheets_has_the_report_and_the_records_of_one_of_csv() {
        let of = |is_sheet: bool| {
            let mut files: Vec<(String, Vec<u8>)> = Vec::new();
            let mut descriptor = file("04-mac-1904", "expected/datapackage.json").to_vec();
            for table in TABLES {
                let Some(own) =
                    crate::messy_sheets::find("04-mac-1904", &format!("expected/{}.csv", table.name))
                else {
                    continue;
                };
                // One row is wrong.
                let text = String::from_utf8(own.to_vec()).unwrap().replace("2011-02-28", "2011-02-30");
                let (old, name) = (format!("{}.csv", table.name), format!("{}.xlsx", table.name));
                if is_sheet {
                    descriptor = String::from_utf8(descriptor).unwrap().replace(&old, &name).into_bytes();
                    files.push((name, workbook(&text)));
                } else {
                    files.push((old, text.into_bytes()));
                }
            }
            files.push(("datapackage.json".to_owned(), descriptor));
            let files: Box<dyn Files> = Box::new(files);
            let package = Package::open(Box::new(SheetsAsCsv::of(files)), "test").unwrap();
            let (ingested, report) =
                ingest(&package, &Rules::of("2026-12-31".parse().unwrap()), &OneThread).unwrap();
            (format!("{:?}", ingested.register.all()), report.to_text().replace(".xlsx", ".csv"))
        };
        assert_eq!(of(true), of(false));
    }

    #[test]
    fn what_is_no_sheet_is_left_as_it_is() {
        let files: Vec<(String, Vec<u8>)> = vec![("a.csv".to_owned(), b"a,b\n".to_vec())];
        let files = SheetsAsCsv::of(Box::new(files));
        let mut text = String::new();
        files.open("a.csv").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "a,b\n");
        assert!(files.open("b.xlsx").is_err());
    }
}
