//! Spreadsheets, and mappings of them: whatever a file says, each row is counted once, and nothing panics.
//!
//! An input for a workbook is a line with the name of a part, and behind it the part. The other parts are those of a small
//! workbook. `whole` in place of a name says that the bytes are the file. An input for `mapping` is a `mapping.json`.

use std::io::Cursor;

use chargesheet::package::Archive;
use chargesheet_check::mapping::{Asked, Key, Mapping, Session, SheetFile};
use chargesheet_check::sheet::Row;

use super::text::split_line;

/// The parts of a workbook with one row of cases.
const XLSX: [(&str, &str); 6] = [
    ("_rels/.rels", r#"<R><Relationship Id="a" Type="http://x/officeDocument" Target="w.xml"/></R>"#),
    (
        "_rels/w.xml.rels",
        r#"<R><Relationship Id="a" Type="x/worksheet" Target="s.xml"/><Relationship Id="b" Type="x/sharedStrings" Target="t.xml"/><Relationship Id="c" Type="x/styles" Target="y.xml"/></R>"#,
    ),
    ("w.xml", r#"<workbook><sheets><sheet name="S" id="a"/></sheets></workbook>"#),
    (
        "s.xml",
        r#"<worksheet><sheetData><row><c t="inlineStr"><is><t>case_id</t></is></c><c t="inlineStr"><is><t>country</t></is></c></row><row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>KAZ</t></is></c></row></sheetData></worksheet>"#,
    ),
    ("t.xml", "<sst><si><t>A-1</t></si></sst>"),
    ("y.xml", r#"<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>"#),
];
/// The parts of a sheet of OpenDocument.
const ODS: [(&str, &str); 3] = [
    ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
    (
        "content.xml",
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>case_id</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
    ),
    ("META-INF/manifest.xml", "<manifest:manifest/>"),
];
/// The sheet that mappings are tried on.
const CASES: &str = "case_id,defendant_id,country,statute,date_charged,outcome,who\n\
    A-1,P1,KAZ,KAZ-CC-274,2020-05-17,convicted,Zvanov\nA-2,P2,KAZ,ст. 274 УК РК,05.03.2020,осуждён,Zvanov\n";

/// A workbook is read or refused.
pub fn xlsx(bytes: &[u8]) {
    read(workbook(&XLSX, bytes), "a.xlsx");
}

/// So is a sheet of OpenDocument.
pub fn ods(bytes: &[u8]) {
    read(workbook(&ODS, bytes), "a.ods");
}

/// A mapping is refused with its faults, or applied; it is written as it was read, and no name leaves by it.
pub fn mapping(bytes: &[u8]) {
    let Ok(mapping) = Mapping::parse(bytes) else { return };
    assert_eq!(
        Mapping::parse(mapping.to_json().as_bytes()).expect("it was written").to_json(),
        mapping.to_json()
    );
    // A name that the mapping itself has in its texts is refused by the name of the property, which may be the name.
    let has_name = mapping.to_json().to_lowercase().contains("zvanov");
    let told = finished(CASES.as_bytes().to_vec(), "cases.csv", Some(mapping));
    assert!(has_name || !told.to_lowercase().contains("zvanov"), "{told}");
}

/// Returns the workbook with another part.
fn workbook(parts: &[(&str, &str)], bytes: &[u8]) -> Vec<u8> {
    let (name, content) = split_line(bytes);
    if name == "whole" {
        return content.to_vec();
    }
    let mut archive = Archive::created("", || ());
    for (own, text) in parts {
        let text = if *own == name { content } else { text.as_bytes() };
        archive.add(own, text).expect("it is a part");
    }
    archive.finish().expect("they are parts")
}

fn read(bytes: Vec<u8>, name: &str) {
    let Ok(mut file) = SheetFile::open(name, Box::new(Cursor::new(bytes.clone()))) else {
        return;
    };
    for sheet in 0..file.book.sheets().len() {
        let Ok(mut rows) = file.book.rows(sheet) else { continue };
        let (mut row, mut last) = (Row::default(), 0);
        while let Ok(true) = rows.next(&mut row) {
            assert!(row.number > last && row.number <= 1 << 20, "row {} behind {last}", row.number);
            assert!(row.width() <= 1 << 14, "{} columns", row.width());
            last = row.number;
        }
    }
    finished(bytes, name, None);
}

/// Makes a package, and returns all of it and all that is told.
fn finished(bytes: Vec<u8>, name: &str, mapping: Option<Mapping>) -> String {
    let Ok(file) = SheetFile::open(name, Box::new(Cursor::new(bytes))) else {
        return String::new();
    };
    let Ok(mut session) = Session::open(vec![file], Vec::new()) else { return String::new() };
    if let Some(mapping) = mapping {
        let _is_believed = session.take_earlier(mapping);
    }
    let _other_key = session.take_key(Key::of([7; 32]));
    let questions = session.questions().unwrap_or_default();
    let questions: Vec<Asked> = questions.iter().map(Asked::on_paper).collect();
    let questions = serde_json::to_string(&questions).expect("it is JSON");
    let converted = match session.finish("2026-01-02T00:00:00Z") {
        Ok(converted) => converted,
        Err(faults) => return format!("{questions} {faults:?}"),
    };
    for table in &converted.tables {
        let together = (table.rows.len() + table.refused.len()) as u64 + table.left_out;
        assert_eq!(table.read, together, "each row is counted once");
    }
    let files: Vec<_> = converted.files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
    format!("{questions} {:?} {:?} {files:?}", converted.tables, converted.warnings)
}
