//! From a spreadsheet to a release: `init`.

mod again;
mod places;

use std::path::{Path, PathBuf};
use std::process::Output;

use e2e::service::{program, run};
use e2e::{empty_folder, repository, text};
use serde_json::Value;

use crate::publish::commands::{stderr, stdout};

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

/// Everything that a run of `init` said and made.
fn everything(out: &Path, output: &Output) -> String {
    let mut all = stdout(output) + &stderr(output);
    if let Ok(files) = std::fs::read_dir(out) {
        for file in files {
            all += &std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        }
    }
    all
}

#[test]
fn no_name_comes_out_when_nobody_answers() {
    for case in cases() {
        let facts = facts(&case);
        let sheet = case.join(facts["file"].as_str().unwrap());
        for further in [&[][..], &["--json"]] {
            let out = empty_folder("init-nobody").join("package");
            let mut arguments = vec!["init", "--yes", text(&sheet), "--out", text(&out)];
            arguments.extend(further);
            let all = everything(&out, &run(&arguments));
            for mark in facts["marks"].as_array().into_iter().flatten().map(|mark| mark.as_str().unwrap()) {
                assert!(!all.contains(mark), "{}: {mark} in {all}", case.display());
            }
        }
    }
}

#[test]
fn no_name_leaves_a_column_a_heading_or_the_name_of_a_file() {
    let folder = empty_folder("init-marks");
    let marks = ["Zvanov", "ZVANOV I.I.", "Звонарёв-1980", "Әлфуза Нұрмаққызы", "Mononym"];
    let columns =
        ["case_id", "defendant_id", "country", "statute", "date_charged", "outcome", "sentence", "source"];
    let right = ["case 1", "1", "KAZ", "KAZ-CC-274", "2020-05-17", "convicted", "", ""];
    for (place, _) in columns.iter().enumerate() {
        for is_heading in [false, true] {
            let mut lines = vec![columns.map(str::to_owned).to_vec()];
            for number in 0..30 {
                let mut row = right.map(str::to_owned).to_vec();
                row[1] = number.to_string();
                if let Some(mark) = marks.get(number).filter(|_| !is_heading) {
                    row[place] = (*mark).to_owned();
                }
                lines.push(row);
            }
            if is_heading {
                lines[0][place] = marks[3].to_owned();
            }
            let csv: String = lines.iter().map(|line| line.join(",") + "\n").collect();
            let sheet = folder.join("Zvanov Qetr.csv");
            std::fs::write(&sheet, csv).unwrap();
            let mapping = folder.join("mapping.json");
            let named = |name: &str| format!("\"{name}\": {{ \"from\": \"{name}\", \"pseudonym\": false }}");
            let named: Vec<String> = columns.iter().map(|name| named(name)).collect();
            let text_of = format!(
                "{{ \"mapping\": 1, \"kind\": \"case-level\", \"tables\": [{{ \"table\": \"charges\", \"columns\": {{ {} }} }}] }}",
                named.join(", ")
            );
            std::fs::write(&mapping, text_of).unwrap();
            for further in [&[][..], &["--json"], &["--mapping", text(&mapping)]] {
                let out = folder.join("package");
                let _ = std::fs::remove_dir_all(&out);
                let mut arguments = vec!["init", "--yes", text(&sheet), "--out", text(&out)];
                arguments.extend(further);
                let all = everything(&out, &run(&arguments)).to_lowercase();
                for mark in ["zvanov", "звонарёв", "нұрмаққызы", "mononym"] {
                    assert!(!all.contains(mark), "{place} {is_heading} {further:?}: {mark} in {all}");
                }
            }
        }
    }
}

#[test]
fn a_list_of_known_statutes_needs_no_list_of_statutes_and_a_bare_name_is_a_place() {
    let folder = empty_folder("init-known");
    let mut csv = "case_id,defendant_id,country,statute,date_charged,outcome\n".to_owned();
    for number in 1..=16 {
        csv += &format!("case {number},{number},KAZ,KAZ-CC-274,2020-05-17,convicted\n");
    }
    std::fs::write(folder.join("cases.csv"), csv + "Total,,,,,\n").unwrap();
    let output = std::process::Command::new(program())
        .current_dir(&folder)
        .args(["init", "--yes", "cases.csv", "--out", "x.zip", "--json"])
        .output()
        .expect("the program runs");
    let told: Value = serde_json::from_str(&stdout(&output))
        .expect("one JSON object, though the descriptor says too little");
    assert_eq!(told["tables"][0]["written"], 16);
    assert_eq!(told["check"]["verdict"], "unreadable");
    assert!(told["questions"][0]["write"].as_str().unwrap().contains("licenses"), "{told}");
    assert!(folder.join("x.zip").is_file(), "{}", stderr(&output));
}

#[test]
fn a_ready_file_is_copied_if_it_is_right_and_never_quoted() {
    let case = sheets().join("08-reported");
    let folder = empty_folder("init-ready");
    let sources = std::fs::read_to_string(case.join("sources.csv")).unwrap();
    let (out, own) = (folder.join("package"), folder.join("sources.csv"));
    let make = |text_of: &str| {
        std::fs::write(&own, text_of).unwrap();
        let _ = std::fs::remove_dir_all(&out);
        let (sheet, statutes, mapping) =
            (case.join("sheet.xlsx"), case.join("statutes.csv"), case.join("mapping.json"));
        let arguments =
            ["init", "--yes", text(&sheet), text(&statutes), text(&own), "--mapping", text(&mapping)];
        run(&[&arguments[..], &["--out", text(&out)]].concat())
    };
    let output = make(&sources);
    assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
    assert_eq!(std::fs::read_to_string(out.join("sources.csv")).unwrap(), sources);
    for (wrong, words) in [
        (sources.replace(",official,", ",zvanov,"), "kind"),
        (sources.replace("https://example.org/bureau", "zvanov qetr"), "url"),
        (sources.replace("publisher", "zvanov"), "its columns are source"),
    ] {
        let output = make(&wrong);
        let all = everything(&out, &output);
        assert!(!all.to_lowercase().contains("zvanov") && all.contains(words), "{all}");
        assert!(all.contains("nothing was made") && !out.exists(), "{all}");
    }
}

#[test]
fn a_template_has_lists_of_codes_and_is_read_without_a_question_about_its_columns() {
    let folder = empty_folder("init-template");
    for (kind, lists) in [("case-level", 4), ("reported", 7)] {
        let path = folder.join(format!("{kind}.xlsx"));
        let output = run(&["init", "--template", kind, "--out", text(&path)]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let unpacked = e2e::archive::unpacked(&std::fs::read(&path).unwrap());
        let read = |name: &str| std::fs::read_to_string(unpacked.join(name)).unwrap();
        let found = read("xl/worksheets/sheet1.xml").matches("type=\"list\"").count();
        assert_eq!(found, lists, "{kind}");
        assert!(read("xl/sharedStrings.xml").contains("sentenced-prison"));
        assert!(
            !read("xl/sharedStrings.xml").contains(">sentence<")
                && !read("xl/sharedStrings.xml").contains(">note<")
        );
        let again = run(&["init", "--template", kind, "--out", text(&path)]);
        assert!(stderr(&again).contains("is there already"), "{}", stderr(&again));
        let output = run(&["init", "--yes", "--json", text(&path), "--out", text(&folder.join(kind))]);
        let told: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let questions = told["questions"].as_array().unwrap_or_else(|| panic!("{told}"));
        assert!(questions.iter().all(|own| own["at"] != "/tables/0/columns"), "{told}");
    }
    assert!(stderr(&run(&["init", "--template", "cases"])).contains("case-level, reported"));
}
