//! The sheets of `tests/sheets`, held against what a second reader found in them, and the files that are refused.

use std::io::Cursor;

use serde_json::{Map, Value as Json, json};

use super::*;
use crate::domain::Say;
use crate::messy_sheets::{self, REFUSED, file};

fn open(bytes: Vec<u8>) -> Result<Book, Say> {
    Book::open(Box::new(Cursor::new(bytes)), "sheet")
}

fn of(case: &str) -> Book {
    let facts: Json = serde_json::from_slice(file(case, "facts.json")).unwrap();
    open(file(case, facts["file"].as_str().unwrap()).to_vec()).unwrap()
}

/// Returns every row of a sheet that has a cell: its number, whether it is hidden, and its cells by the number of their
/// column; and the facts behind the last row.
fn cells(book: &mut Book, sheet: usize) -> Result<(Vec<Json>, Facts), Say> {
    let (mut all, mut row) = (Vec::new(), Row::default());
    let mut rows = book.rows(sheet)?;
    while rows.next(&mut row)? {
        let mut cells = Map::new();
        for column in 0..row.width() {
            let shown = match row.cell(column).value {
                Value::Empty | Value::Text("") => continue,
                Value::Serial(days) => format!("day {}", plain_number(days)),
                Value::Error(error) => format!("error {error}"),
                value => value.text(),
            };
            cells.insert((column + 1).to_string(), shown.into());
        }
        if !cells.is_empty() {
            all.push(json!([row.number, row.hidden, cells]));
        }
    }
    Ok((all, rows.facts().clone()))
}

#[test]
fn the_sheets_are_read_as_a_second_reader_reads_them() {
    let mut read = 0;
    for (case, _) in messy_sheets::cases() {
        let Some(json) = messy_sheets::find(case, "cells.json") else { continue };
        let expected: Map<String, Json> = serde_json::from_slice(json).unwrap();
        let mut book = of(case);
        let names: Vec<String> = book.sheets().iter().map(|sheet| sheet.name.clone()).collect();
        assert!(names.iter().eq(expected.keys()), "{names:?}");
        for (place, name) in names.iter().enumerate() {
            let (found, _) = cells(&mut book, place).unwrap();
            for (own, other) in found.iter().zip(expected[name].as_array().unwrap()) {
                assert_eq!(own, other, "{case} {name}");
            }
            assert_eq!(found.len(), expected[name].as_array().unwrap().len());
        }
        read += 1;
    }
    assert_eq!(read, 9);
}

#[test]
fn what_rows_do_not_show_is_counted() {
    let facts = |case: &str, sheet| cells(&mut of(case), sheet).unwrap().1;
    let two = facts("02-two-header-rows", 0);
    let merges: Vec<String> = two.merges.iter().map(Merge::to_string).collect();
    assert!(merges.contains(&"A3:A5".to_owned()) && merges.contains(&"A7:A8".to_owned()), "{merges:?}");
    let ods = facts("03-kazakh-ods", 0);
    assert_eq!((ods.formulas, ods.rich, ods.last_row), (1, 1, 1_048_576));
    assert_eq!(ods.merges.iter().map(Merge::to_string).collect::<Vec<_>>(), ["A3:A4"]);
    let mac = facts("04-mac-1904", 0);
    assert!(mac.is_1904 && mac.formulas > 0);
    let hidden = of("05-hidden").sheets().iter().map(|sheet| sheet.hidden).collect::<Vec<_>>();
    assert_eq!(hidden.iter().filter(|hidden| **hidden).count(), 2);
    let place = of("05-hidden").sheets().iter().position(|sheet| sheet.name == "Cases").unwrap();
    assert!(!facts("05-hidden", place).hidden_columns.is_empty());
    let rich = facts("06-errors-and-rich-text", 0);
    assert!(rich.rich > 0 && rich.struck.len() == 1 && rich.comments == 1, "{rich:?}");
    assert!(of("07-macros").has_macros() && !of("06-errors-and-rich-text").has_macros());
}

#[test]
fn files_that_are_no_sheet_are_refused_with_a_sentence() {
    let expected: Map<String, Json> = serde_json::from_slice(file(REFUSED, "expected.json")).unwrap();
    for (name, key) in expected {
        let key = key.as_str().unwrap();
        // Packages are read elsewhere, a full sheet is made when it is wanted, and a sheet without a row is one.
        if name.ends_with(".zip") || name == "full.xlsx" || name == "empty.xlsx" {
            continue;
        }
        let bytes = file(REFUSED, &name).to_vec();
        let says = open(bytes).and_then(|mut book| cells(&mut book, 0).map(drop)).unwrap_err();
        assert_eq!(says.key, key, "{name}: {}", says.english());
        assert!(says.english().len() > 20 && !says.english().contains('{'), "{name}: {}", says.english());
    }
    let mut empty = open(file(REFUSED, "empty.xlsx").to_vec()).unwrap();
    assert_eq!(cells(&mut empty, 0).unwrap().0.len(), 0);
    for (bytes, key) in
        [(&b"%PDF-1.7"[..], "not_csv.pdf"), (b"PAR1", "not_csv.parquet"), (b"PK\x03\x04", "sheet_damaged")]
    {
        assert_eq!(open(bytes.to_vec()).err().unwrap().key, key);
    }
}

#[test]
fn a_sheet_of_csv_is_read_with_its_encoding_and_delimiter() {
    let mut book = of("09-windows-1251");
    let suggested = book.suggested_encoding().unwrap();
    assert_eq!(suggested, Some(encoding_rs::WINDOWS_1251));
    book.read_as(suggested, None);
    let (rows, _) = cells(&mut book, 0).unwrap();
    assert!(rows[0][2].as_object().unwrap().values().any(|heading| heading == "Номер дела"), "{}", rows[0]);

    let read = |bytes: &[u8]| {
        let mut book = open(bytes.to_vec()).unwrap();
        assert_eq!(book.suggested_encoding().unwrap(), None);
        cells(&mut book, 0).unwrap().0
    };
    assert_eq!(
        read(b"\xef\xbb\xbfa;b\r\n\r\n1;\"x;\ny\"\r\n"),
        [json!([1, false, {"1": "a", "2": "b"}]), json!([3, false, {"1": "1", "2": "x;\ny"}])]
    );
    assert_eq!(read(b"\xff\xfea\0\t\0b\0"), [json!([1, false, {"1": "a", "2": "b"}])]);
    let latin = suggested_encoding(&mut Cursor::new(
        "é".repeat(9).replace('é', "caf\u{e9} ").chars().map(|sign| sign as u8).collect::<Vec<_>>(),
    ));
    assert_eq!(latin.unwrap(), Some(encoding_rs::WINDOWS_1252));

    let mut book = open(b"a,b\n1,\"never closed\n2,x\n".to_vec()).unwrap();
    let (mut rows, mut row, mut faults) = (book.rows(0).unwrap(), Row::default(), Vec::new());
    while rows.next(&mut row).unwrap() {
        faults.push(row.fault.is_some());
    }
    assert_eq!(faults, [false, true, false]);
}

#[test]
fn a_part_that_is_cut_anywhere_never_panics() {
    for case in ["03-kazakh-ods", "06-errors-and-rich-text", "10-by-content"] {
        let name = if case.ends_with("ods") { "sheet.ods" } else { "sheet.xlsx" };
        let bytes = file(case, name);
        for place in (0..bytes.len()).step_by(37) {
            let mut changed = bytes.to_vec();
            changed[place] ^= 0x11;
            if let Ok(mut book) = open(changed) {
                for sheet in 0..book.sheets().len() {
                    let _whatever = cells(&mut book, sheet);
                }
            }
        }
    }
}

/// Packs parts into a workbook whose only sheet is this XML.
pub(crate) fn workbook(sheet: &str) -> Vec<u8> {
    use std::io::Write as _;
    let kind = "http://x/officeDocument";
    let parts = [
        ("_rels/.rels", format!(r#"<R><Relationship Id="a" Type="{kind}" Target="w.xml"/></R>"#)),
        ("_rels/w.xml.rels", r#"<R><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></R>"#.to_owned()),
        ("w.xml", r#"<workbook><sheets><sheet name="S" id="a"/></sheets></workbook>"#.to_owned()),
        ("s.xml", sheet.to_owned()),
    ];
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn cells_of_every_type_are_read_and_impossible_ones_are_damage() {
    let read = |cells_: &str| {
        let xml = format!("<worksheet><sheetData>{cells_}</sheetData></worksheet>");
        open(workbook(&xml))
            .and_then(|mut book| cells(&mut book, 0))
            .map(|(rows, _)| rows)
            .map_err(|says| says.code())
    };
    let row = r#"<row><c t="b"><v>1</v></c><c t="d"><v>2022-03-03T00:00:00Z</v></c><c t="str"><f>x</f><v></v></c><c t="e"><v>#REF!</v></c><c><v>1e3</v></c>
        <c t="inlineStr"><is><t>a</t></is></c></row>"#;
    let expected =
        json!([1, false, {"1": "true", "2": "2022-03-03", "4": "error #REF!", "5": "1000", "6": "a"}]);
    assert_eq!(read(row).unwrap(), [expected]);
    for wrong in [
        r#"<row r="0"/>"#,
        r#"<row r="2"/><row r="1"/>"#,
        r#"<row r="1048577"/>"#,
        r#"<row><c r="B2"/></row>"#,
        r#"<row><c t="s"><v>0</v></c></row>"#,
        r#"<row><c><v>NaN</v></c></row>"#,
        r#"<row><c t="d"><v>2022-13-01</v></c></row>"#,
        r#"<row><c t="?"><v>1</v></c></row>"#,
        "<row>",
        "<row></c>",
        "&x;",
    ] {
        assert_eq!(read(wrong).unwrap_err(), "sheet_damaged", "{wrong}");
    }
    assert_eq!(read(r#"<row><c><f>1</f></c></row>"#).unwrap_err(), "sheet_formula_empty");
}

/// A million rows cost no more memory than one: run with `--ignored` and look at the peak.
#[test]
#[ignore = "makes a sheet of 1,048,576 rows"]
fn a_full_sheet_is_read_row_by_row() {
    let mut xml = String::from("<worksheet><sheetData>");
    for number in 1..=1_048_576 {
        xml.push_str(&format!(
            r#"<row r="{number}"><c t="inlineStr"><is><t>C-{number}</t></is></c><c><v>{number}</v></c><c t="inlineStr"><is><t>KAZ</t></is></c></row>"#
        ));
    }
    xml.push_str("</sheetData></worksheet>");
    let bytes = workbook(&xml);
    drop(xml);
    let mut book = open(bytes).unwrap();
    let (mut rows, mut row, mut count) = (book.rows(0).unwrap(), Row::default(), 0);
    while rows.next(&mut row).unwrap() {
        count += 1;
    }
    assert_eq!((count, rows.facts().last_row), (1_048_576, 1_048_576));
}
