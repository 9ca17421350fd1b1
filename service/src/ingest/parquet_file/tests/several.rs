//! Charges in several files: the same rows are the same release however they are cut, and every file is reported.

use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, RecordBatch, StringArray, UInt64Array};
use proptest::prelude::*;
use serde_json::json;

use super::{how, package, read_files, written};
use crate::domain::Period;
use crate::ingest::quarantine::keep;
use crate::ingest::{Reason, Report, Rules, Severity, ingest};
use crate::release::Release;

/// Case, month and outcome of a charge.
type Charge = (u8, u8, &'static str);

/// Returns a file of charges. `further` is one more column.
fn file_of(charges: &[Charge], further: Option<&str>) -> Vec<u8> {
    let column = |cell: &dyn Fn(&Charge) -> String| -> ArrayRef {
        Arc::new(charges.iter().map(|charge| Some(cell(charge))).collect::<StringArray>())
    };
    let mut columns = vec![
        ("case_id", column(&|(case, ..)| format!("C{case}"))),
        ("defendant_id", column(&|(case, ..)| format!("D{}", case / 2))),
        ("country", column(&|_| "KAZ".to_owned())),
        ("statute", column(&|_| "KAZ-274".to_owned())),
        ("date_charged", column(&|(_, month, _)| format!("2020-0{month}"))),
        ("outcome", column(&|(.., outcome)| (*outcome).to_owned())),
    ];
    columns.extend(further.map(|name| (name, column(&|_| "Almaty".to_owned()))));
    written(&RecordBatch::try_from_iter(columns).unwrap(), how())
}

/// Returns charges in files of a folder, each file with its number in its name.
fn folder_of(parts: &[&[Charge]]) -> Vec<(String, Vec<u8>)> {
    let named = |(number, part): (usize, &&[Charge])| (format!("c/{number}.parquet"), file_of(part, None));
    parts.iter().enumerate().map(named).collect()
}

fn words(report: &Report, file: &str) -> Vec<(Reason, String)> {
    let own = report.problems.iter().filter(|problem| problem.file == file);
    own.map(|problem| (problem.reason, problem.message.clone())).collect()
}

proptest! {
    #[test]
    fn the_same_rows_are_the_same_release_however_they_are_cut(
        charges in proptest::collection::vec(
            (0_u8..12, 1_u8..3, prop_oneof![Just("convicted"), Just("acquitted"), Just("convictd")]),
            1..24,
        ),
        mut cuts in proptest::collection::vec(0_usize..24, 0..4),
    ) {
        cuts.sort_unstable();
        let mut parts: Vec<&[Charge]> = Vec::new();
        let mut rest = &charges[..];
        for cut in cuts {
            let (part, behind) = rest.split_at(cut.min(rest.len()));
            parts.push(part);
            rest = behind;
        }
        parts.push(rest);
        let read = |parts: &[&[Charge]]| {
            let rules = Rules { max_rejected_percent: 100.0, ..Rules::of(Period::parse("2026-11-24").unwrap().first_day()) };
            let (ingested, report) = ingest(&package(&json!("c"), folder_of(parts)).unwrap(), &rules).unwrap();
            let sum = |count: &dyn Fn(&crate::ingest::FileReport) -> u64| -> u64 {
                report.files.iter().filter(|file| file.name.starts_with("c/")).map(count).sum()
            };
            let counts = [sum(&|file| file.read), sum(&|file| file.accepted), sum(&|file| file.rejected), sum(&|file| file.duplicates)];
            let mut reasons: Vec<Reason> = report.problems.iter().filter(|problem| problem.record.is_some()).map(|problem| problem.reason).collect();
            reasons.sort_unstable();
            (counts, reasons, Release::seal(ingested).id().to_string())
        };
        let (whole, cut) = (read(&[&charges]), read(&parts));
        prop_assert_eq!(whole.0[0], whole.0[1] + whole.0[2] + whole.0[3]);
        prop_assert_eq!(whole, cut);
    }
}

#[test]
fn a_row_of_a_bad_file_is_named_by_its_file_and_its_twin_by_the_others() {
    let parts: [&[Charge]; 3] = [
        &[(0, 1, "convicted"), (2, 1, "convicted"), (4, 1, "convicted")],
        &[(6, 1, "convictd"), (0, 1, "convicted"), (8, 1, "convicted")],
        &[(2, 2, "acquitted")],
    ];
    let (report, _) = read_files(&json!(["c/0.parquet", "c/1.parquet", "c/2.parquet"]), folder_of(&parts));
    let conflict = "the same key with different content in rows 2 (`c/0.parquet`), 1 (`c/2.parquet`)";
    let of = |file| words(&report, file).into_iter().filter(|(reason, _)| *reason != Reason::TooManyRejected);
    let of = |file| of(file).collect::<Vec<_>>();
    assert_eq!(of("c/0.parquet"), [(Reason::ConflictingDuplicate, conflict.to_owned())]);
    assert_eq!(
        of("c/1.parquet"),
        [
            (Reason::UnknownOutcome, "`convictd` is no outcome that we know".to_owned()),
            (Reason::Duplicate, "the same record as in row 1 of `c/0.parquet`; counted once".to_owned()),
        ]
    );
    assert_eq!(of("c/2.parquet"), [(Reason::ConflictingDuplicate, conflict.to_owned())]);
    let counts: Vec<_> = report.files[1..]
        .iter()
        .map(|file| (file.name.as_str(), file.read, file.accepted, file.rejected, file.duplicates))
        .collect();
    assert_eq!(
        counts,
        [("c/0.parquet", 3, 2, 1, 0), ("c/1.parquet", 3, 1, 1, 1), ("c/2.parquet", 1, 0, 1, 0)]
    );
    assert!(report.to_text().contains("7 read = 3 accepted + 3 rejected + 1 duplicates + 0 withheld"));
}

#[test]
fn a_file_without_rows_is_warned_of_unless_no_file_has_any() {
    let (report, id) = read_files(&json!("c"), folder_of(&[&[], &[(0, 1, "convicted")]]));
    assert_eq!(
        words(&report, "c/0.parquet"),
        [(Reason::HeaderOnly, "the file has columns and no row".to_owned())]
    );
    assert_eq!(report.problems[0].severity, Severity::Warning);
    assert!(id.is_some());
    let (report, id) = read_files(&json!("c"), folder_of(&[&[], &[]]));
    assert!(id.is_none(), "{}", report.to_text());
}

#[test]
fn a_file_with_other_columns_is_refused_by_the_column() {
    let charges: [&[Charge]; 2] = [&[(0, 1, "convicted")], &[(2, 1, "convicted")]];
    for (further, expected) in [
        ([None, Some("region")], "column `region` is here, and `c/0.parquet` lacks it"),
        ([Some("region"), None], "column `region` is missing, and `c/0.parquet` has it"),
    ] {
        let files = (0..2).map(|part| (format!("c/{part}.parquet"), file_of(charges[part], further[part])));
        let (report, id) = read_files(&json!("c"), files.collect());
        let told = words(&report, "c/1.parquet");
        assert!(
            told.len() == 1 && told[0].0 == Reason::OtherColumns && told[0].1.starts_with(expected),
            "{told:?}"
        );
        assert!(id.is_none());
    }
    // A column that is read nowhere may be in some files alone.
    let files = vec![
        ("c/0.parquet".to_owned(), file_of(charges[0], None)),
        ("c/1.parquet".to_owned(), file_of(charges[1], Some("judge"))),
    ];
    assert!(read_files(&json!("c"), files).1.is_some());
}

#[test]
fn ids_may_be_numbers_in_one_file_and_texts_in_another() {
    let of = |ids: ArrayRef| {
        let rows = ids.len();
        let same = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text; rows])) };
        let columns = [
            ("case_id", Arc::clone(&ids)),
            ("defendant_id", ids),
            ("country", same("KAZ")),
            ("statute", same("KAZ-274")),
            ("date_charged", same("2020")),
            ("outcome", same("convicted")),
        ];
        written(&RecordBatch::try_from_iter(columns).unwrap(), how())
    };
    let texts = |ids: &[&str]| of(Arc::new(StringArray::from(ids.to_vec())));
    let numbers = || of(Arc::new(UInt64Array::from(vec![7, 10])));
    let id = |files: [Vec<u8>; 2]| {
        let files = files.into_iter().enumerate().map(|(part, file)| (format!("c/{part}.parquet"), file));
        read_files(&json!("c"), files.collect()).1.expect("nothing is refused")
    };
    let whole = id([texts(&["7", "10", "8"]), texts(&["x-9"])]);
    assert_eq!(id([numbers(), texts(&["8", "x-9"])]), whole);
    assert_eq!(id([texts(&["8", "x-9"]), numbers()]), whole);
}

#[test]
fn a_missing_or_damaged_file_is_named() {
    let files = folder_of(&[&[(0, 1, "convicted")], &[(2, 1, "convicted")]]);
    let missing = package(&json!(["c/0.parquet", "c/2.parquet"]), files.clone()).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read made-up/c/2.parquet: "), "{missing}");
    for damaged in 0..2 {
        let mut files = files.clone();
        files[damaged].1.truncate(40);
        let (report, id) = read_files(&json!("c"), files);
        let refused: Vec<_> =
            report.problems.iter().map(|problem| (problem.file.clone(), problem.reason)).collect();
        assert_eq!(refused, [(format!("c/{damaged}.parquet"), Reason::NotParquet)]);
        assert_eq!(report.files.iter().map(|file| file.accepted).sum::<u64>(), 2, "the other is checked");
        assert!(id.is_none());
    }
}

#[test]
fn refused_rows_of_each_file_are_kept_in_a_file_of_its_name() {
    let files = folder_of(&[&[(0, 1, "convictd")], &[(2, 1, "convicted")], &[(4, 1, "acquited")]]);
    let package = package(&json!("c"), files).unwrap();
    let (_, report) = ingest(&package, &Rules::of_any_day()).unwrap();
    let folder = std::env::temp_dir().join(format!("chargesheet-several-{}", std::process::id()));
    let kept = keep(&package, &report, &folder).unwrap();
    for (number, word) in [(0, "convictd"), (2, "acquited")] {
        let text = std::fs::read_to_string(folder.join(format!("c/{number}.parquet.csv"))).unwrap();
        assert!(text.lines().count() == 2 && text.contains(word) && text.contains("row 1: "), "{text}");
    }
    assert_eq!(kept.iter().map(|(_, rows)| rows).collect::<Vec<_>>(), [&1, &1]);
    std::fs::remove_dir_all(folder).unwrap();
}
