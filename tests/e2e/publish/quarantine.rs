//! The quarantine: refused rows with their reasons, there and back.

use std::path::{Path, PathBuf};
use std::process::Output;

use e2e::draft::{COLUMNS, Checked, Draft, charge};
use e2e::service::run;
use e2e::table::Table;
use e2e::{empty_folder, text};
use serde_json::{Value, json};

/// Beginnings of a cell that a spreadsheet runs.
pub const FORMULAS: [&str; 11] =
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1"];

/// First characters for which it does.
pub const RUN: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

pub fn check(folder: &Path, more: &[&str]) -> Output {
    run(&[&["check", text(folder)], more].concat())
}

/// Checks a package and keeps its refused rows; returns the file.
fn quarantine(folder: &Path, name: &str) -> PathBuf {
    let kept = empty_folder(&format!("quarantine-{name}"));
    let output = check(folder, &["--quarantine", text(&kept), "--max-rejected", "100"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    kept.join("charges.csv")
}

#[test]
fn refused_rows_are_kept_with_their_reason_and_nothing_else_is() {
    let draft = Draft::new("kept")
        .charge(&[("outcome", "convictd"), ("sentence", "a \"big\" fine, and\ncosts"), ("region", "")])
        .line("C-Z,D-Z")
        .charge(&[("publish", "false"), ("case_id", "WITHHELD")]);
    let kept = quarantine(&draft.write(), "kept");
    // A spreadsheet takes a file without the mark for the machine's own encoding, and saves Cyrillic as damage.
    assert!(std::fs::read(&kept).expect("it was written").starts_with("\u{feff}".as_bytes()));
    let table = Table::read(&kept);
    assert_eq!(table.header, [&COLUMNS[..], &["rejected_because"]].concat());
    assert_eq!(table.rows.len(), 2, "{table:?}");
    let of = |name: &str| table.rows[0][table.column(name)].as_str();
    assert_eq!(
        (of("case_id"), of("outcome"), of("sentence"), of("region")),
        ("C-ADDED000", "convictd", "a \"big\" fine, and\ncosts", "")
    );
    let because = of("rejected_because");
    for word in ["unknown_outcome", "convicted", "52"] {
        assert!(because.contains(word), "{because}");
    }
    assert_eq!(table.rows[1][..3], ["C-Z", "D-Z", ""]);
    assert!(table.rows[1][COLUMNS.len()].contains("too_few_fields"), "{:?}", table.rows[1]);
}

#[test]
fn a_good_package_leaves_no_quarantine() {
    let folder = Draft::new("nothing-kept").write();
    let kept = empty_folder("quarantine-nothing");
    let output = check(&folder, &["--quarantine", text(&kept)]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!kept.join("charges.csv").exists());
}

#[test]
fn a_repaired_quarantine_is_a_file_of_the_package() {
    let mut draft = Draft::new("repaired").good(40);
    for formula in FORMULAS {
        draft = draft.charge(&[("outcome", "convictd"), ("region", formula), ("sentence", "'quoted'")]);
    }
    let folder = draft.write();
    let kept = quarantine(&folder, "repaired");
    let mut repaired = std::fs::read_to_string(&kept).expect("refused rows were kept");
    for cell in Table::parse(&repaired).rows.iter().flatten() {
        assert!(!cell.starts_with(RUN), "{cell:?}");
    }
    repaired = repaired.replace("convictd", "convicted");
    let again = Draft::new("repaired-again").write_as(repaired.as_bytes());
    let checked = Checked::of(&again, &[]);
    checked.accepted();
    assert_eq!(checked.counts(), [11, 11, 0, 0, 0]);
    // The guard is gone: they are the regions of the rows as they would have been without a fault.
    let mut right = Draft::new("repaired-right").good(0);
    for formula in FORMULAS {
        right = right.charge(&[("region", formula), ("sentence", "'quoted'")]);
    }
    let ask = |folder: &Path| {
        let query = ["query", "example-cases", "by=region", "--format", "json", "--data", text(folder)];
        let output = run(&query);
        let answer: Value = serde_json::from_slice(&output.stdout).expect("the answer is JSON");
        answer["rows"].clone()
    };
    assert_eq!(ask(&again), ask(&right.write()));
    assert_ne!(ask(&again), Value::Null);
}

#[test]
fn a_quarantine_is_read_again_as_the_package_declares_its_file() {
    let draft = Draft::new("declared-again").charge(&[("outcome", "convictd"), ("region", "Край")]);
    let draft = draft.declaring("dialect", json!({ "delimiter": ";" }));
    let folder = draft.write_as(draft.charges().replace(',', ";").as_bytes());
    let kept = quarantine(&folder, "declared-again");
    let repaired = std::fs::read_to_string(kept).expect("refused rows were kept");
    let repaired = repaired.replace("convictd", "convicted");
    let checked = draft.check_as(repaired.as_bytes());
    assert_eq!((checked.code, checked.counts()), (0, [1, 1, 0, 0, 0]), "{checked:?}");
}

#[test]
fn a_quarantine_of_a_quarantine_is_guarded_as_well() {
    // Somebody repaired one fault, made another, and took the apostrophe away.
    let header = format!("{},rejected_because", COLUMNS.join(","));
    let rows: String = FORMULAS
        .iter()
        .map(|formula| charge(formula, &[("outcome", "guilty"), ("region", formula)]) + ",line 2\n")
        .collect();
    let folder = Draft::new("quarantine-again").write_as(format!("{header}\n{rows}").as_bytes());
    let table = Table::read(&quarantine(&folder, "again"));
    assert_eq!(table.header.iter().filter(|name| *name == "rejected_because").count(), 1);
    for row in &table.rows {
        let region = &row[table.column("region")];
        assert!(region.starts_with('\'') && !region.starts_with("''"), "{region:?}");
    }
}

#[test]
fn a_row_that_is_refused_twice_says_what_it_said_at_first() {
    let sentences = ["a fine, and \"costs\"", "'quoted", "=1+1", "two\nlines", ""];
    let mut draft = Draft::new("refused-twice");
    for sentence in sentences {
        draft = draft.charge(&[("outcome", "guilty"), ("sentence", sentence), ("publish", "true")]);
    }
    let first = quarantine(&draft.write(), "once");
    let again = Draft::new("refused-again").write_as(&std::fs::read(&first).expect("it was written"));
    let (first, second) = (Table::read(&first), Table::read(&quarantine(&again, "twice")));
    assert_eq!(first.header, second.header);
    assert_eq!(first.select(&COLUMNS), second.select(&COLUMNS));
    assert_eq!(first.rows.len(), sentences.len());
    assert!(!second.rows.iter().any(|row| row[second.column("publish")].contains("guilty")), "{second:?}");
}

#[test]
fn the_header_of_a_quarantine_is_guarded_as_well() {
    let header = format!("{},=1+1", COLUMNS.join(","));
    let rows: String = (0..2).map(|id| charge(&id.to_string(), &[("outcome", "guilty")]) + ",\n").collect();
    let folder = Draft::new("formula-header").write_as(format!("{header}\n{rows}").as_bytes());
    let table = Table::read(&quarantine(&folder, "header"));
    assert!(!table.header.iter().any(|name| name.starts_with('=')), "{:?}", table.header);
}

#[test]
fn checking_changes_nothing_also_when_the_quarantine_is_the_package_itself() {
    let draft = Draft::new("unchanged").charge(&[("outcome", "convictd")]);
    let folder = draft.write();
    let before = std::fs::read(folder.join("charges.csv")).expect("it was written");
    assert_eq!(check(&folder, &[]).status.code(), Some(1));
    let files = std::fs::read_dir(&folder).expect("it was written").count();
    assert_eq!(files, 3);
    let output = check(&folder, &["--quarantine", text(&folder)]);
    let after = std::fs::read(folder.join("charges.csv")).expect("it is still there");
    assert_eq!(after.len(), before.len(), "{output:?}");
    assert_eq!(after, before);
}
