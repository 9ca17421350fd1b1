//! From a spreadsheet to a release: `init`.

use std::path::{Path, PathBuf};
use std::process::Output;

use e2e::service::run;
use e2e::{empty_folder, repository};
use serde_json::Value;

use crate::publish::commands::{stderr, stdout, text};

fn sheets() -> PathBuf {
    repository().join("tests/sheets")
}

/// The folders of the ten sheets.
fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(sheets())
        .expect("the sheets are there")
        .map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.join("mapping.json").is_file()).collect();
    cases.sort();
    assert_eq!(cases.len(), 10);
    cases
}

fn facts(case: &Path) -> Value {
    let json = std::fs::read(case.join("facts.json")).expect("the facts are there");
    serde_json::from_slice(&json).expect("the facts are JSON")
}

/// Runs `init` on a sheet with its mapping and its key.
fn init(case: &Path, out: &Path, further: &[&str]) -> Output {
    let (facts, mapping, key) = (facts(case), case.join("mapping.json"), case.join("key.txt"));
    let also = facts["also"].as_array().cloned().unwrap_or_default();
    let files: Vec<PathBuf> = [&facts["file"]]
        .into_iter()
        .chain(&also)
        .map(|name| case.join(name.as_str().expect("a name")))
        .collect();
    let mut arguments = vec!["init", "--yes", "--mapping", text(&mapping), "--out", text(out)];
    arguments.extend(files.iter().map(|file| text(file)));
    if key.is_file() {
        arguments.extend(["--key", text(&key)]);
    }
    arguments.extend(further);
    run(&arguments)
}

/// Publishes a package into a store of its own. Returns the id of the release.
fn published(package: &Path, store: &str) -> String {
    let store = empty_folder(store);
    let output = run(&["publish", text(package), "--store", text(&store)]);
    let said = stdout(&output);
    let line = said.lines().find(|line| line.starts_with("published ")).map(str::to_owned);
    let line = line.unwrap_or_else(|| panic!("{said}{}", stderr(&output)));
    line.split([' ', ':']).nth(2).expect("an id").to_owned()
}

#[test]
fn ten_sheets_become_the_releases_of_packages_made_by_hand() {
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let facts = facts(&case);
        let out = empty_folder(&format!("init-{name}")).join("package.zip");
        let kept = empty_folder(&format!("init-{name}-quarantine"));
        let output = init(&case, &out, &["--quarantine", text(&kept)]);
        let refused = facts["refused"].as_array().unwrap().len();
        let said = stdout(&output);
        assert_eq!(output.status.code(), Some(i32::from(refused > 0)), "{name}: {said}{}", stderr(&output));
        assert_eq!(published(&out, "init-own"), published(&case.join("expected"), "init-by-hand"), "{name}");

        // Names are in the quarantine, if anywhere.
        let zipped = std::fs::read(&out).unwrap();
        let unpacked = e2e::archive::unpacked(&zipped);
        let files = std::fs::read_dir(unpacked)
            .unwrap()
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let texts: Vec<String> = files.chain([said, stderr(&output)]).collect();
        for mark in facts["marks"].as_array().into_iter().flatten().map(|mark| mark.as_str().unwrap()) {
            assert!(!texts.iter().any(|text| text.contains(mark)), "{name}: {mark}");
        }
        assert_eq!(
            kept.join("charges.csv").is_file() || kept.join("counts.csv").is_file(),
            refused > 0,
            "{name}"
        );
    }
}

#[test]
fn what_init_tells_programs_has_every_refused_row() {
    let case = sheets().join("06-errors-and-rich-text");
    let output = init(&case, &empty_folder("init-json").join("package"), &["--json"]);
    let told: Value = serde_json::from_str(&stdout(&output)).expect("one JSON object");
    let problems = told["tables"][0]["problems"].as_array().unwrap();
    let found: Vec<_> = problems
        .iter()
        .map(|own| (own["row"].as_u64().unwrap(), own["problem"]["code"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [(21, "sheet_error_value"), (44, "total_row")]);
    assert_eq!(told["tables"][0]["read"], 43);
    assert_eq!(told["open_questions"], 0);
    assert_eq!(told["check"]["verdict"], "accept");
}

#[test]
fn a_file_that_is_no_sheet_is_refused_with_what_to_do() {
    for (file, words) in [
        ("password.xlsx", "protected by a password"),
        ("bomb.xlsx", "unpacks to more than 64 MiB"),
        ("old.xls", "an Excel file of the old kind"),
        ("letter.docx", "a text document"),
        ("cut.xlsx", "damaged"),
        ("empty.xlsx", "no sheet of the file has a table"),
    ] {
        let out = empty_folder("init-refused").join("package");
        let output = run(&["init", "--yes", text(&sheets().join("refused").join(file)), "--out", text(&out)]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{file}: {said}");
        assert!(said.contains(words) && said.contains("nothing was made"), "{file}: {said}");
        assert!(!out.exists(), "{file}");
    }
}

#[test]
fn another_key_is_refused_and_nothing_is_made() {
    let case = sheets().join("01-russian-list");
    let folder = empty_folder("init-key");
    let key = folder.join("key.txt");
    let other = std::fs::read_to_string(case.join("key.txt")).unwrap().replace("0001", "ffff");
    std::fs::write(&key, other).unwrap();
    let mapping = case.join("mapping.json");
    let arguments = [
        "init",
        "--yes",
        text(&case.join("sheet.xlsx")),
        "--mapping",
        text(&mapping),
        "--out",
        text(&folder.join("package")),
    ]
    .map(str::to_owned);
    let mut with_key: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert!(stderr(&run(&with_key)).contains("need the key that they were made with"));
    with_key.extend(["--key", text(&key)]);
    assert!(stderr(&run(&with_key)).contains("this key is another one"));
    assert!(!folder.join("package").exists());
}
