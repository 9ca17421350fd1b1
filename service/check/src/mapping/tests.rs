//! The ten sheets of `tests/sheets` become the packages that were made of them by hand.

mod answers;
mod earlier;
mod marks;
mod questions;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use serde_json::Value as Json;

use super::*;
use crate::domain::Say;
use crate::domain::tables::{CHARGES, TABLES};
use crate::ingest::{OneThread, Records, Report, Rules, ingest};
use crate::messy_sheets::{self, Files, file, find};
use crate::package::Package;
use crate::sheet::Row;

/// A sheet with everything that stands beside it.
struct Case {
    name: &'static str,
    files: Files,
    facts: Json,
    mapping: Mapping,
    key: Option<Key>,
}

impl Case {
    fn all() -> Vec<Self> {
        let key = |name| find(name, "key.txt").map(|text| Key::parse(str::from_utf8(text).unwrap()).unwrap());
        let case = |(name, files)| Self {
            name,
            files,
            facts: serde_json::from_slice(file(name, "facts.json")).unwrap(),
            mapping: Mapping::parse(file(name, "mapping.json")).unwrap(),
            key: key(name),
        };
        let all: Vec<Self> = messy_sheets::cases().map(case).collect();
        assert_eq!(all.len(), 10);
        all
    }

    fn of(number: usize) -> Self {
        Self::all().swap_remove(number - 1)
    }

    fn files(&self) -> Vec<SheetFile> {
        let name = self.facts["file"].as_str().unwrap();
        vec![SheetFile::open(name, Box::new(Cursor::new(file(self.name, name)))).unwrap()]
    }

    fn ready(&self) -> Vec<Ready> {
        let names = self.facts["also"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
        names
            .map(|name| Ready::read(Ready::table_of(name).unwrap(), file(self.name, name)).unwrap())
            .collect()
    }

    fn session(&self) -> Session {
        Session::open(self.files(), self.ready()).unwrap()
    }

    /// The mapping as it is written, with the columns as they are told.
    fn told(&self) -> Mapping {
        let mut session = self.session();
        session.with(self.mapping.clone());
        session.written().unwrap()
    }

    fn converted(&self) -> Result<Converted, Vec<Say>> {
        convert(&mut self.files(), &self.ready(), &self.mapping, self.key.as_ref(), "2026-01-02T00:00:00Z")
    }

    fn package_by_hand(&self) -> Vec<(String, Vec<u8>)> {
        let own =
            self.files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix("expected/")?, bytes)));
        own.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect()
    }
}

/// Takes out of a text what differs from run to run: the seeds of hashers, and what is placed by them.
fn without_seeds(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("codes: {") {
        out.push_str(before);
        rest = behind.split_once('}').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    let mut parts = out.split("per_hasher_seed: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.trim_start_matches(|sign: char| sign.is_ascii_digit()))
}

/// Checks a package. Returns everything that a release is made of, as text.
fn checked(files: Vec<(String, Vec<u8>)>) -> (String, Report) {
    let package = Package::in_memory("test", files).unwrap();
    let rules = Rules::of("2026-12-31".parse().unwrap());
    let (ingested, report) = ingest(&package, &rules, &OneThread).unwrap();
    let records = match ingested.records {
        Records::Charges(charges) => format!("{charges:?}"),
        Records::Figures { figures, sources } => format!("{figures:?} {sources:?}"),
    };
    (without_seeds(&format!("{:?} {records}", ingested.register.all())), report)
}

/// Returns the codes of refused rows: what the mapping refused, and what the check did, by the rows of the sheet.
fn refused(converted: &Converted, report: &Report) -> BTreeSet<(u32, String)> {
    let mut all = BTreeSet::new();
    for table in &converted.tables {
        for (row, codes) in &table.refused {
            all.extend(codes.iter().map(|code| (*row, (*code).to_owned())));
        }
        for (record, reason) in report.rejected.get(&format!("{}.csv", table.name)).into_iter().flatten() {
            all.insert((table.rows[*record as usize - 1], reason.code()));
        }
    }
    all
}

#[test]
fn the_ten_sheets_become_the_packages_made_by_hand() {
    for case in Case::all() {
        let converted = case.converted().unwrap_or_else(|faults| panic!("{}: {faults:?}", case.name));
        for table in &converted.tables {
            let together = (table.rows.len() + table.refused.len()) as u64 + table.left_out;
            assert_eq!(table.read, together, "{} {}: nothing is lost", case.name, table.name);
        }
        let (own, report) = checked(converted.files.clone());
        let (by_hand, _) = checked(case.package_by_hand());
        assert_eq!(own, by_hand, "{}", case.name);

        let expected: Vec<(u32, String)> = serde_json::from_value(case.facts["refused"].clone()).unwrap();
        assert_eq!(refused(&converted, &report), expected.into_iter().collect(), "{}", case.name);
        let left_out = case.facts["left_out"].as_array().map_or(0, Vec::len) as u64;
        assert_eq!(converted.tables[0].left_out, left_out, "{}", case.name);
        assert_eq!(converted.tables[0].read, case.facts["rows"].as_u64().unwrap(), "{}", case.name);
    }
}

#[test]
fn what_is_passed_over_is_told() {
    for case in Case::all() {
        let converted = case.converted().unwrap();
        let own = converted.tables.iter().flat_map(|table| &table.warnings).chain(&converted.warnings);
        let own: BTreeSet<&str> = own.map(Say::code).collect();
        let expected: Vec<String> = serde_json::from_value(case.facts["warnings"].clone()).unwrap();
        assert_eq!(own, expected.iter().map(String::as_str).collect(), "{}", case.name);
        for says in converted.tables.iter().flat_map(|table| &table.warnings).chain(&converted.warnings) {
            assert!(!says.english().contains('{') && says.english() != says.key, "{}", says.english());
        }
    }
}

#[test]
fn no_mark_of_a_person_comes_out() {
    for case in Case::all() {
        let converted = case.converted().unwrap();
        let marks: Vec<String> = serde_json::from_value(case.facts["marks"].clone()).unwrap_or_default();
        let told = format!("{:?} {:?}", converted.warnings, converted.tables);
        let texts = converted.files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
        for text in texts.chain([told]) {
            for mark in &marks {
                assert!(!text.to_lowercase().contains(&mark.to_lowercase()), "{}: {mark}", case.name);
            }
        }
    }
}

#[test]
fn dates_of_two_readings_are_refused_until_somebody_says_which() {
    for number in [1, 7] {
        let mut case = Case::of(number);
        for (_, how) in &mut case.mapping.tables[0].columns {
            how.dates = None;
        }
        let rows = |code: &str| -> BTreeSet<u32> {
            let refused = case.converted().unwrap().tables.swap_remove(0).refused;
            refused.into_iter().filter(|(_, codes)| codes.contains(&code)).map(|(row, _)| row).collect()
        };
        let columns: BTreeMap<String, Vec<u32>> =
            serde_json::from_value(case.facts["ambiguous"].clone()).unwrap();
        assert_eq!(rows("date_ambiguous"), columns.into_values().flatten().collect());
    }
    let mut serials = Case::of(4);
    for (_, how) in &mut serials.mapping.tables[0].columns {
        how.serials = false;
    }
    let refused = serials.converted().unwrap().tables.swap_remove(0).refused;
    assert!(!refused.is_empty() && refused.values().all(|codes| *codes == ["date_serial"]), "{refused:?}");
}

#[test]
fn hidden_rows_are_refused_until_somebody_says_what_they_are() {
    for number in [3, 5] {
        let mut case = Case::of(number);
        case.mapping.tables[0].hidden_rows = None;
        let refused = case.converted().unwrap().tables.swap_remove(0).refused;
        let hidden: Vec<u32> = serde_json::from_value(case.facts["hidden"].clone()).unwrap();
        assert_eq!(refused.into_keys().collect::<Vec<_>>(), hidden);
    }
}

#[test]
fn values_are_refused_until_somebody_says_what_they_mean() {
    let mut case = Case::of(1);
    for (_, how) in &mut case.mapping.tables[0].columns {
        how.values.clear();
    }
    let made = case.converted().unwrap().tables.swap_remove(0);
    let open: BTreeSet<String> = made
        .refusals
        .iter()
        .filter(|own| own.says.key == "value_open")
        .map(|own| own.says.english())
        .collect();
    assert!(open.iter().any(|says| says.starts_with("`осуждён` is no code of `outcome`")), "{open:?}");
    assert!(!open.iter().any(|says| says.contains("Казахстан")), "a label of the list is certain: {open:?}");
    let outcome = case.mapping.tables[0].columns.iter_mut().find(|(own, _)| own.name == "outcome");
    outcome.unwrap().1.values.insert("осуждён".to_owned(), None);
    assert!(case.converted().unwrap().tables[0].refusals.iter().any(|own| own.says.key == "value_refused"));
}

#[test]
fn what_cannot_be_applied_is_told_all_at_once() {
    let keys = |case: &Case| -> BTreeSet<&str> {
        case.converted().unwrap_err().iter().map(|says| says.key).collect()
    };
    let mut case = Case::of(1);
    case.key = None;
    case.mapping.tables[0].sheet = Some(SheetChoice::Number(99));
    case.mapping.tables[0].columns[2].1.values.insert("x".to_owned(), Some("XXX".to_owned()));
    assert_eq!(keys(&case), ["key_missing", "mapping_code", "mapping_sheet"].into());
    let mut case = Case::of(1);
    case.key = Some(Key::of([7; 32]));
    assert_eq!(keys(&case), ["key_other"].into());
    let mut case = Case::of(2);
    case.mapping.tables[0].columns.remove(2);
    case.mapping.tables[0].columns[0].1.from = Origin::Columns(vec!["no such column".to_owned()]);
    assert_eq!(keys(&case), ["column_nowhere", "mapping_column"].into());
    case.mapping.tables[0].header = (500, 501);
    assert_eq!(keys(&case), ["sheet_no_table"].into());
}

#[test]
fn a_column_that_nobody_decided_on_is_left_out_and_told() {
    let mut case = Case::of(2);
    case.mapping.tables[0].columns.pop();
    let made = case.converted().unwrap().tables.swap_remove(0);
    let open: Vec<String> =
        made.warnings.iter().filter(|says| says.key == "column_open").map(Say::english).collect();
    assert_eq!(
        open,
        ["column `Date / decided` may be `date_outcome`; nobody has confirmed it, so it is left out"]
    );
}

#[test]
fn a_quarantine_holds_the_refused_rows_and_is_read_again() {
    let case = Case::of(6);
    let mut files = case.files();
    let made = case.converted().unwrap().tables.swap_remove(0);
    let refused = made.all_refused(None);
    let mut out = Vec::new();
    assert_eq!(quarantine::quarantine(&mut files, &case.mapping, "charges", &refused, &mut out).unwrap(), 2);
    let text = String::from_utf8(out.clone()).unwrap();
    assert!(text.contains("\"row 21: sheet_error_value\"") && text.contains("#REF!"), "{text}");
    assert!(text.starts_with("\u{feff}\"Names of persons may stand in this file."), "{text}");
    // Repaired, it becomes rows of a package.
    let mut case = Case::of(6);
    case.mapping.tables[0].sheet = None;
    let text = text.replace("#REF!", "Дело № 20");
    let file = SheetFile::open("charges.csv", Box::new(Cursor::new(text.into_bytes()))).unwrap();
    let mut files: Vec<SheetFile> = std::iter::once(file).chain(case.files()).collect();
    let made = convert(&mut files, &case.ready(), &case.mapping, None, "").unwrap().tables.swap_remove(0);
    assert_eq!((made.rows.len(), made.refused.len()), (1, 1), "{:?}", made.refusals);
    assert!(made.warnings.iter().all(|says| says.key == "text_left_out"), "{:?}", made.warnings);
}

#[test]
fn a_mapping_is_written_as_it_was_read() {
    for mut case in Case::all() {
        let before = case.converted().unwrap().files;
        case.mapping = Mapping::parse(case.mapping.to_json().as_bytes()).unwrap();
        assert!(before == case.converted().unwrap().files, "{}", case.name);
        let (name, text) = before.last().unwrap();
        assert_eq!(name, MAPPING);
        Mapping::parse(text).unwrap();
    }
}

#[test]
fn every_fault_of_a_mapping_is_told_with_its_line() {
    let text = r#"{
  "mapping": 1, "kind": "case-levle",
  "tables": [
    { "table": "charges", "header": [3, 1], "hidden_rows": "leave", "encoding": "no-such",
      "delimiter": "ab", "left_out": 1,
      "columns": {
        "case_id": { "form": "x" },
        "outcom": { "from": "x" },
        "outcome": { "from": "x", "values": { "a": 1 }, "dates": "day", "serials": "yes" } } },
    { "table": "charge" },
    { "table": "statutes" }
  ]
}"#;
    let faults = Mapping::parse(text.as_bytes()).unwrap_err();
    let told: Vec<String> = faults.iter().map(Say::english).collect();
    for expected in [
        "line 2: kind is …; expected one of case-level, reported; did you mean \"case-level\"?",
        "line 4: tables.0.header is …",
        "line 4: tables.0.hidden_rows is ",
        "line 4: tables.0.encoding",
        "line 5: tables.0.delimiter",
        "line 5: tables.0.left_out is …",
        "line 7: tables.0.columns.case_id.… is …; expected one of from,",
        "line 7: tables.0.columns.case_id is",
        "line 8: tables.0.columns.… is …; expected one of",
        "line 9: tables.0.columns.outcome.values.… is …",
        "line 9: tables.0.columns.outcome.dates",
        "line 9: tables.0.columns.outcome.serials",
        "line 10: tables.1.table is …; expected one of charges, counts; did you mean",
        "line 11: tables.2.table is …; expected one of charges, counts",
    ] {
        assert!(told.iter().any(|says| says.contains(expected)), "{expected}\n{}", told.join("\n"));
    }
    assert_eq!(told.len(), 14, "{}", told.join("\n"));
    let key = |text: &[u8]| Mapping::parse(text).unwrap_err()[0].key;
    assert_eq!(key(br#"{"mapping": 2}"#), "mapping_newer");
    // What stands twice is not told.
    let twice = Mapping::parse("{\"Адам Ли\": 1,\n\"Адам Ли\": 2}".as_bytes()).unwrap_err();
    assert!(twice[0].english().starts_with("mapping.json, line 2") && !twice[0].english().contains("Ли"));
    for wrong in [&b"{"[..], b"[]", b"\xff", b"", b"null", br#"{"mapping": 1, "mapping": 1}"#] {
        assert_eq!(key(wrong), "mapping_form");
    }
}

/// Reads the samples of a table's sheet.
fn samples(case: &Case) -> (Vec<String>, Vec<Samples>) {
    let table = &case.mapping.tables[0];
    let mut files = case.files();
    let place = walk::places(&files, &case.mapping).unwrap()[0];
    let begin = |headings: &headings::Headings, is_1904: bool| {
        Ok((headings.names().iter().map(|_| Samples::default()).collect::<Vec<_>>(), is_1904))
    };
    let each = |state: &mut (Vec<Samples>, bool), _headings: &headings::Headings, row: &Row| {
        for (column, samples) in state.0.iter_mut().enumerate() {
            samples.take(row.value(column), state.1);
        }
    };
    let (headings, _, (samples, _)) = walk::walk(&mut files, place, table, begin, each).unwrap();
    (headings.names().to_vec(), samples)
}

#[test]
fn columns_are_found_as_they_were_chosen() {
    let mut missed = Vec::new();
    for case in Case::all() {
        let table = &case.mapping.tables[0];
        let (headings, samples) = samples(&case);
        let found = targets(table.table, &headings, &samples);
        for (heading, found) in headings.iter().zip(&found).filter(|(heading, _)| !heading.is_empty()) {
            let chosen = table
                .columns
                .iter()
                .filter(|(_, how)| matches!(&how.from, Origin::Columns(own) if own.contains(heading)));
            let chosen: Vec<Target> = chosen
                .map(|(target, how)| if how.pseudonym { Target::Names } else { Target::Column(target.name) })
                .collect();
            let target = found.map(|(target, _)| target);
            // The second of two columns that make one value has no target of its own.
            let is_further = |how: &ColumnMapping| matches!(&how.from, Origin::Columns(own) if own.iter().skip(1).any(|own| own == heading));
            if table.columns.iter().any(|(_, how)| is_further(how)) {
                continue;
            }
            let is_left_out = chosen.is_empty() && !matches!(target, Some(Target::Column(_)));
            if !is_left_out && target.is_none_or(|target| !chosen.contains(&target)) {
                missed.push(format!("{} {heading}: {found:?}, chosen {chosen:?}", case.name));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn every_value_that_was_mapped_is_suggested() {
    for case in Case::all() {
        for (column, how) in case.mapping.tables.iter().flat_map(|table| &table.columns) {
            if !matches!(column.name, "statute" | "source") {
                for (value, code) in &how.values {
                    let code = code.as_deref().unwrap();
                    let is_suggested = match meant(column, value) {
                        Meant::Code(own) | Meant::Perhaps(own) => own == code,
                        Meant::Choice(codes) => codes.iter().any(|own| own == code),
                        Meant::Nothing => false,
                    };
                    assert!(
                        is_suggested,
                        "{} {} {value}: {:?}",
                        case.name,
                        column.name,
                        meant(column, value)
                    );
                }
            }
        }
    }
    assert!(TABLES.iter().any(|table| table.name == CHARGES.name));
}
