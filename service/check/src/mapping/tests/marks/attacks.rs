//! What came out of sheets once: values, headings, regions and sources that stand in no list.

use super::*;

/// What came out of a sheet once, of which each word or form seemed to be none of a name.
const ATTACKS: [&str; 26] = [
    "Li 1990",
    "Ян-1",
    "1-3/22 Li",
    "AS-19900101",
    "O'1",
    "900101/300001",
    "701-234-56-78",
    "900101 300 001",
    "45 09 123456",
    "123-45-6789",
    "N12345678",
    "19900101",
    "01.01.1990 1",
    "mark cook",
    "MARK COOK",
    "Mark",
    "ян ли, адвокат",
    "адвокат Ян Ли",
    "Адам",
    "jordan king",
    "judge Said King",
    "case of king",
    "ст. 274 Ли",
    "Ли, 274",
    "Nation King",
    "87012345678",
];

#[test]
fn what_stands_in_no_list_leaves_no_column() {
    let mut written = 0;
    for table in TABLES_OF_SHEETS {
        for (place, column) in table.columns.iter().enumerate() {
            for (number, attack) in ATTACKS.into_iter().enumerate() {
                // "Адам" is a word for persons, and figures are numbers.
                let is_number = attack.bytes().all(|byte| byte.is_ascii_digit());
                if (column.name == "unit" && attack == "Адам") || (column.name == "value" && is_number) {
                    continue;
                }
                // In each row, or in one: whoever gets which of the two differs by column.
                let is_whole = (number + place) % 2 == 0;
                let mut sheet = Sheet::of(table, 12);
                let rows = sheet.rows.iter_mut().enumerate().filter(|(row, _)| is_whole || *row == 7);
                rows.for_each(|(_, row)| row[place] = attack.to_owned());
                let what = format!("{} {} {attack:?} {is_whole}", table.name, column.name);
                let mut out = Out::default();
                let mut session = session(&sheet);
                for asked in out.questions(&mut session) {
                    if let Err(told) = session.answer(&asked, attack) {
                        out.take(&told);
                    }
                }
                written += out.session(&mut session);
                // Somebody gives it a code in a mapping by hand.
                let mut own = sheet.mapping();
                own["columns"][column.name]["values"] =
                    json!({ attack: &Sheet::of(table, 1).rows[0][place] });
                let kind = if table.name == "charges" { "case-level" } else { "reported" };
                let mapping = json!({ "mapping": 1, "kind": kind, "tables": [own] }).to_string();
                session.with(Mapping::parse(mapping.as_bytes()).unwrap());
                out.questions(&mut session);
                written += out.session(&mut session);
                out.does_not_tell(attack, &what);
            }
        }
    }
    assert!(written > 2500, "rows are written all the same: {written}");
}

#[test]
fn a_heading_that_stands_in_no_list_is_told_by_its_letters() {
    for place in 0..CHARGES.columns.len() {
        for attack in ATTACKS {
            let mut sheet = Sheet::of(&CHARGES, 5);
            sheet.headings[place] = attack.to_owned();
            let mut out = Out::default();
            let mut session = session(&sheet);
            out.questions(&mut session);
            out.session(&mut session);
            let own = json!({ "mapping": 1, "kind": "case-level", "tables": [sheet.mapping()] }).to_string();
            session.with(Mapping::parse(own.as_bytes()).unwrap());
            out.questions(&mut session);
            out.session(&mut session);
            out.does_not_tell(attack, CHARGES.columns[place].name);
        }
    }
}

/// Returns a table that was made of a sheet, with the keys of what was told of it and of its rows.
fn made_of(sheet: &Sheet) -> (String, Vec<&'static str>, Vec<(u32, &'static str)>) {
    let converted = session(sheet).finish("2026-01-02T00:00:00Z").unwrap();
    let table = &converted.tables[0];
    let told = table.warnings.iter().map(|says| says.key).collect();
    let rows = table.refusals.iter().map(|own| (own.row, own.says.key)).collect();
    (String::from_utf8(converted.files[1].1.clone()).unwrap(), told, rows)
}

#[test]
fn a_region_and_a_source_leave_only_as_codes() {
    let place = |table: &'static Table, name| table.place(name);
    let with = |table, column, texts: [&str; 3]| {
        let mut sheet = Sheet::of(table, 3);
        for (row, text) in sheet.rows.iter_mut().zip(texts) {
            row[place(table, column)] = text.to_owned();
        }
        made_of(&sheet)
    };
    let (csv, told, rows) = with(&CHARGES, "region", ["KZ-75", "", "KZ-ALA"]);
    assert!(csv.contains("KZ-75") && csv.contains("KZ-ALA") && rows.is_empty(), "{csv} {told:?}");
    let (csv, told, rows) = with(&CHARGES, "region", ["KZ-75", "Zvanov", "KZ-ALA"]);
    assert!(!csv.contains("KZ-75") && !csv.contains("region"), "{csv}");
    assert!(told.contains(&"region_left_out") && rows.is_empty(), "{told:?} {rows:?}");
    let (_, _, rows) = with(&CHARGES, "region", ["KZ-75", "TR-06", ""]);
    assert_eq!(rows, [(3, "region_country")]);
    let (csv, told, rows) = with(&COUNTS, "area", ["KZ-75", "Zvanov", ""]);
    assert!(csv.contains("KZ-75"), "without its area, a figure would be that of the whole country");
    assert_eq!((rows, told.contains(&"region_left_out")), (vec![(3, "region_form")], false));
    let (csv, ..) = with(&CHARGES, "source", ["office-1", "office-2", ""]);
    assert!(csv.contains("office-2"), "{csv}");
    let (csv, told, _) = with(&CHARGES, "source", ["office-1", "https://example.org/a", ""]);
    assert!(!csv.contains("office") && told.contains(&"source_left_out"), "{csv} {told:?}");
    for (table, column) in [(&CHARGES, "sentence"), (&COUNTS, "note")] {
        let (csv, told, _) = with(table, column, ["fined", "", ""]);
        assert!(
            !csv.contains(&format!(",{column},"))
                && !csv.contains("fined")
                && told.contains(&"text_left_out"),
            "{csv}"
        );
    }
}
