//! Charges as Parquet, written by the programs that people write it with: the same rows are the same release as from
//! CSV, and what is wrong is named by row or told in a sentence.

use std::path::{Path, PathBuf};

use e2e::draft::{Checked, Draft, FIRST_ADDED, GOOD};
use e2e::service::run;
use e2e::{empty_folder, python};
use serde_json::{Value, json};

/// A package whose charges are Parquet, as `charges_parquet.py` writes them from those of a draft.
fn written(draft: &Draft, charges: &str, jobs: &[Value]) -> Vec<PathBuf> {
    let folders: Vec<PathBuf> = (0..jobs.len())
        .map(|number| {
            let draft = draft.clone().numbered(number);
            draft.declaring("path", json!("charges.parquet")).write_as(charges.as_bytes())
        })
        .collect();
    let jobs = jobs.iter().zip(&folders).map(|(job, folder)| {
        let mut job = job.clone();
        job["out"] = json!(folder.join("charges.parquet"));
        job
    });
    let jobs = Value::Array(jobs.collect()).to_string();
    let csv = folders[0].join("charges.csv");
    python::printed("charges_parquet.py", &[csv.to_str().expect("the path is UTF-8"), &jobs]);
    folders
}

/// Charges whose ids are whole numbers, written with and without what makes them whole.
fn whole_ids(draft: &Draft) -> String {
    draft.charges().replace("C-0", "1").replace("D-0", "2")
}

fn published(folder: &Path, name: &str) -> String {
    let store = empty_folder(&format!("parquet-store-{name}"));
    let (folder, store) = (folder.to_str().expect("UTF-8"), store.to_str().expect("UTF-8"));
    let output = run(&["publish", folder, "--store", store]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).expect("the answer is UTF-8")
}

#[test]
fn the_same_rows_are_the_same_release_whoever_wrote_and_cut_them() {
    let draft = Draft::new("parquet-csv");
    let charges = whole_ids(&draft);
    let of_csv = published(&draft.write_as(charges.as_bytes()), "csv");
    assert!(of_csv.contains(&format!(": {GOOD} records")), "{of_csv}");
    let whole = json!({ "case_id": "int64", "defendant_id": "uint32", "date_charged": "date32" });
    let jobs = [
        json!({}),
        json!({ "texts": "dictionary", "options": { "compression": "zstd", "row_group_size": 7 } }),
        json!({ "texts": "large_string", "options": { "compression": "gzip", "use_dictionary": false } }),
        json!({ "texts": "string_view", "options": { "compression": "brotli", "data_page_version": "2.0" } }),
        json!({ "types": whole, "options": { "compression": "lz4" } }),
        json!({ "types": { "date_charged": "timestamp[ns]", "sentence_months": "null", "publish": "null" },
                "options": { "compression": "none" } }),
        json!({ "types": { "date_charged": "date64", "case_id": "int16", "publish": "bool" } }),
        json!({ "types": whole, "writer": "pandas" }),
        json!({ "types": whole, "writer": "polars" }),
        json!({ "types": whole, "parts": 3 }),
    ];
    for (number, folder) in written(&draft, &charges, &jobs).iter().enumerate() {
        assert_eq!(published(folder, &number.to_string()), of_csv, "{}", jobs[number]);
        let path = folder.to_str().expect("UTF-8");
        let query =
            ["query", "--data", path, "example-cases", "by=outcome&measure=persons", "--format", "csv"];
        let answer = run(&query);
        assert_eq!(String::from_utf8_lossy(&answer.stdout), format!("outcome,persons\nconvicted,{GOOD}\n"));
    }
}

#[test]
fn a_refused_row_is_named_by_its_number_and_kept() {
    let draft = Draft::new("parquet-rows").charge(&[("outcome", "convictd"), ("sentence", "=1+1")]);
    let folder =
        written(&draft, &draft.charges(), &[json!({ "types": { "date_charged": "date32" } })]).remove(0);
    let kept = empty_folder("parquet-quarantine");
    let checked = Checked::of(&folder, &["--quarantine", kept.to_str().expect("UTF-8")]);
    let problem = checked.only("unknown_outcome");
    assert_eq!(
        (problem["record"].as_u64(), &problem["line"]),
        (Some(FIRST_ADDED), &Value::Null),
        "{problem}"
    );
    assert_eq!(problem["suggestion"], "convicted", "{problem}");
    let text = String::from_utf8(run(&["check", folder.to_str().expect("UTF-8")]).stdout).expect("UTF-8");
    assert!(
        text.contains("\n  row  column") && text.contains(&format!("\n   {FIRST_ADDED}  outcome")),
        "{text}"
    );
    let quarantine = std::fs::read_to_string(kept.join("charges.csv")).expect("it was kept");
    let mut lines = quarantine.lines();
    assert!(lines.next().is_some_and(|header| header.ends_with("\"rejected_because\"")), "{quarantine}");
    let row = lines.next().expect("one row was refused");
    assert!(row.contains("\"convictd\"") && row.contains("\"'=1+1\""), "{row}");
    assert!(row.contains(&format!("\"row {FIRST_ADDED}: outcome:")), "{row}");
    // Repaired, it is a file of charges like any other.
    let repaired = Draft::new("parquet-repaired").good(0);
    let checked = repaired.check_as(quarantine.replace("convictd", "convicted").as_bytes());
    checked.accepted();
}

#[test]
fn a_day_with_a_time_is_no_date() {
    let draft = Draft::new("parquet-times").charge(&[("date_charged", "2020-03-01T09:30:00")]);
    let job = json!({ "types": { "date_charged": "timestamp[us]" } });
    let folder = written(&draft, &draft.charges(), &[job]).remove(0);
    let checked = Checked::of(&folder, &[]);
    let problem = checked.only("date_format");
    assert_eq!(problem["excerpt"], "2020-03-01T09:30:00", "{problem}");
}

#[test]
fn a_column_of_a_wrong_type_is_told_with_what_should_be_there() {
    let draft = Draft::new("parquet-types");
    let cases = [
        (json!({ "types": { "case_id": "float64" } }), "case_id", "column_type", "15 digits"),
        (json!({ "types": { "outcome": "list" } }), "outcome", "column_type", "text"),
        (json!({ "types": { "statute": "binary" } }), "statute", "column_type", "STRING"),
        (json!({ "drop": ["outcome"] }), "outcome", "missing_column", ""),
    ];
    let jobs: Vec<Value> = cases.iter().map(|case| case.0.clone()).collect();
    let folders = written(&draft, &whole_ids(&draft), &jobs);
    for ((_, column, reason, wanted), folder) in cases.iter().zip(folders) {
        let checked = Checked::of(&folder, &[]);
        let problem = checked.only(reason);
        assert_eq!(
            (checked.verdict(), problem["column"].as_str()),
            ("reject_file", Some(*column)),
            "{checked:?}"
        );
        assert!(problem["suggestion"].as_str().unwrap_or_default().contains(wanted), "{problem}");
    }
}

#[test]
fn a_file_that_is_no_whole_parquet_is_told_in_a_sentence() {
    let draft = Draft::new("parquet-damaged");
    let folder = written(&draft, &draft.charges(), &[json!({})]).remove(0);
    let path = folder.join("charges.parquet");
    let whole = std::fs::read(&path).expect("it was written");
    Checked::of(&folder, &[]).accepted();
    let mut encrypted = whole.clone();
    let end = encrypted.len();
    encrypted[end - 4..].copy_from_slice(b"PARE");
    let mut long = whole.clone();
    long[end - 8..end - 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut scrambled = whole.clone();
    scrambled[4..end / 3].fill(0xa5);
    for (bytes, reason, words) in [
        (Vec::new(), "empty_file", "empty"),
        (b"PAR1PAR1".to_vec(), "not_parquet", "too short"),
        (draft.charges().into_bytes(), "not_parquet", "no Parquet file"),
        (whole[..end / 2].to_vec(), "not_parquet", "cut off"),
        (encrypted, "not_parquet", "encrypted"),
        (long, "not_parquet", "longer than the file"),
        (scrambled, "not_parquet", "damaged"),
    ] {
        std::fs::write(&path, bytes).expect("it can be written");
        let checked = Checked::of(&folder, &[]);
        assert_eq!(checked.verdict(), "reject_file", "{checked:?}");
        assert!(checked.reasons().contains(&reason), "{words}: {checked:?}");
        assert!(
            checked.problems()[0]["message"].as_str().is_some_and(|text| text.contains(words)),
            "{checked:?}"
        );
    }
}

#[test]
fn which_kind_of_file_it_is_can_be_declared() {
    let draft = Draft::new("parquet-declared");
    let folder = written(&draft, &draft.charges(), &[json!({})]).remove(0);
    let bytes = std::fs::read(folder.join("charges.parquet")).expect("it was written");
    for (property, value) in [("format", "parquet"), ("mediatype", "application/vnd.apache.parquet")] {
        let draft = draft.clone().declaring("path", json!("charges.csv")).declaring(property, json!(value));
        Checked::of(&draft.write_as(&bytes), &[]).accepted();
    }
    let other = draft.declaring("path", json!("charges.csv"));
    let checked = other.check_as(&bytes);
    let problem = checked.only("not_csv");
    assert_eq!(problem["file"], "charges.csv");
    assert!(problem["suggestion"].as_str().is_some_and(|hint| hint.contains(".parquet")), "{problem}");
}
