//! Tests of the rule for `charges.parquet`: the same rows as CSV and as Parquet are rejected for the same reasons, and the
//! remaining rows make the same release.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray,
    UInt32Array,
};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::collection::vec;
use proptest::prelude::*;

use super::Release;
use crate::domain::{Dimension, Period, day_number};
use crate::ingest::{Problem, Report, Rules, ingest};
use crate::package::Package;

const STATUTES: &str = "\
statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url
KAZ-274,,KAZ,Code,274,,False information,,,,,,,
FRA-1,,FRA,Code,1,,Example,,,,,,,
";

const COLUMNS: [&str; 13] = [
    "charge_id",
    "case_id",
    "defendant_id",
    "country",
    "statute",
    "date_charged",
    "outcome",
    "date_outcome",
    "sentence",
    "sentence_months",
    "role",
    "region",
    "publish",
];

/// Returns a cell for a column: mostly valid, but with every kind of invalid value.
fn cell(column: &'static str, number: usize) -> BoxedStrategy<String> {
    let texts = |right: &'static [&'static str], wrong: &'static [&'static str]| {
        let of =
            |texts: &'static [&'static str]| proptest::sample::select(texts).prop_map(str::to_owned).boxed();
        prop_oneof![30 => of(right), 1 => of(wrong)].boxed()
    };
    match column {
        "charge_id" => prop_oneof![
            20 => Just(format!("{}", 90 + number)),
            1 => Just("97".to_owned()),
            1 => texts(&["007", "ä", "a\u{308}", "A-1"], &["", " ", "\u{1}", "-5"]),
        ]
        .boxed(),
        "case_id" => texts(&["1", "2", "10", "9", "100"], &["", "007", "\u{200b}", "x\ty", "x\u{7}"]),
        "defendant_id" => texts(&["7", "8", "18446744073709551615"], &["", "D-1", "d-1", "D\u{430}"]),
        "country" => texts(&["KAZ"], &["FRA", "", "КAZ", "kaz", "XXX"]),
        "statute" => texts(&["KAZ-274"], &["FRA-1", "", "KAZ-247", "KАZ-274"]),
        "date_charged" => texts(
            &["2020-01-02", "2021-12-31", "1900-01-01"],
            &["2020-05", "2020", "unknown", "", "1899-12-31", "2090-01-01", "2020-02-30", "x"],
        ),
        "outcome" => texts(&["convicted", "pending", "acquitted"], &["", "convict", "Convicted"]),
        "date_outcome" => texts(&["", "2020-01-01", "2022-03-04"], &["2019", "unknown", "2020-13"]),
        "sentence" => texts(&["", "a fine", "two\nlines"], &["\u{0}", "\u{9b}", "'=1"]),
        "sentence_months" => texts(&["", "0", "12"], &["-1", "1.5", "+3", "4294967295", "99999999999999"]),
        "role" => texts(&["", "journalist", "activist"], &["jurnalist", "-"]),
        "region" => texts(&["", "Almaty", "Астана"], &["a, b", "й", "и\u{306}"]),
        _ => texts(&["", "true"], &["false", "True", "no"]),
    }
}

/// Returns rows of texts for the columns from a given one on, with or without charge ids.
fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1_usize..40).prop_flat_map(|count| {
        let row = |number: usize| COLUMNS.map(|column| cell(column, number)).to_vec();
        (0..count).map(row).collect::<Vec<_>>()
    })
}

/// Returns a column as an array of a type that can hold its texts. Where several types can, `choice` decides.
fn array(column: &str, texts: &[&str], choice: u8) -> ArrayRef {
    fn all<T>(texts: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<Vec<Option<T>>> {
        texts.iter().map(|text| if text.is_empty() { Some(None) } else { read(text).map(Some) }).collect()
    }
    let whole = |text: &str| text.parse::<i64>().ok().filter(|number| number.to_string() == text);
    let day = |text: &str| match Period::parse(text) {
        Ok(Period::Day(date)) => Some(day_number(date)),
        _ => None,
    };
    let text_array = || {
        // A missing value and an empty text mean the same.
        let some = |text: &&str| (!text.is_empty() || choice.is_multiple_of(2)).then(|| (*text).to_owned());
        Arc::new(texts.iter().map(some).collect::<StringArray>()) as ArrayRef
    };
    match (column, choice % 3) {
        (_, 0) => text_array(),
        ("charge_id" | "case_id" | "defendant_id" | "sentence_months", _) => match all(texts, whole) {
            Some(numbers) if choice % 3 == 1 => Arc::new(numbers.into_iter().collect::<Int64Array>()),
            Some(numbers) => {
                let small: Option<Vec<Option<u32>>> = numbers
                    .iter()
                    .map(|number| {
                        number
                            .map(|number| u32::try_from(number).ok())
                            .map_or(Some(None), |small| small.map(Some))
                    })
                    .collect();
                small.map_or_else(text_array, |small| Arc::new(small.into_iter().collect::<UInt32Array>()))
            }
            None => text_array(),
        },
        ("date_charged" | "date_outcome", choice) => match all(texts, day) {
            Some(days) if choice == 1 => Arc::new(days.into_iter().collect::<Date32Array>()),
            Some(days) => {
                let moments = days.into_iter().map(|day| day.map(|day| i64::from(day) * 86_400_000));
                Arc::new(moments.collect::<TimestampMillisecondArray>())
            }
            None => text_array(),
        },
        ("publish", _) => {
            let flag = |text: &str| text.parse::<bool>().ok();
            all(texts, flag)
                .map_or_else(text_array, |flags| Arc::new(flags.into_iter().collect::<BooleanArray>()))
        }
        _ => text_array(),
    }
}

fn parquet(names: &[&str], rows: &[&[String]], choices: &[u8], group: usize) -> Vec<u8> {
    let columns = names.iter().enumerate().map(|(place, name)| {
        let texts: Vec<&str> = rows.iter().map(|row| row[place].as_str()).collect();
        (*name, array(name, &texts, choices[place]), true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn csv(names: &[&str], rows: &[&[String]]) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    out.write_record(names).unwrap();
    rows.iter().for_each(|row| out.write_record(row.iter()).unwrap());
    out.into_inner().unwrap()
}

fn read(path: &'static str, charges: Vec<u8>) -> (Release, Report) {
    let descriptor = serde_json::json!({
        "name": "both", "title": "Both", "version": "1", "created": "2026-11-24T00:00:00Z",
        "licenses": [{ "name": "CC0-1.0" }], "sources": [],
        "resources": [{ "name": "statutes", "path": "statutes.csv" }, { "name": "charges", "path": path }],
        "chargesheet": {
            "kind": "case-level", "measures": ["charges"], "time_basis": "charge", "additive": [], "disclosure": "none",
        },
    });
    let file = |path, bytes: Vec<u8>| chargesheet_data::File { path, bytes: bytes.leak() };
    let files = vec![
        file("datapackage.json", descriptor.to_string().into_bytes()),
        file("statutes.csv", STATUTES.into()),
        file(path, charges),
    ];
    let package = Box::leak(Box::new(chargesheet_data::Package {
        name: "both",
        files: files.leak(),
        lists: &chargesheet_data::REFERENCE,
    }));
    let today = Period::parse("2026-11-24").unwrap().first_day();
    let rules = Rules { max_rejected_percent: 100.0, ..Rules::of(today) };
    let (ingested, report) = ingest(&Package::bundled(package).unwrap(), &rules).unwrap();
    (Release::seal(ingested), report)
}

/// Returns everything in a report except the positions of rows in the file.
fn said(report: &Report) -> Vec<String> {
    let counts = report.files.iter().map(|file| {
        format!("{} {} {} {} {}", file.read, file.accepted, file.rejected, file.duplicates, file.withheld)
    });
    let problems = report.problems.iter().map(|problem| {
        // CSV reports name other rows by line, Parquet reports by row number, so these numbers are dropped.
        let is_number = |word: &&str| word.trim_end_matches([',', ';']).parse::<u64>().is_ok();
        let words: Vec<&str> = problem.message.split(' ').filter(|word| !is_number(word)).collect();
        let message = words.join(" ").replace("on lines", "in rows").replace("on line", "in row");
        // A row as a whole stands there in quotes, and has none here.
        let excerpt = problem.column.as_ref().map(|_| &problem.excerpt);
        let Problem { record, column, reason, severity, suggestion, .. } = problem;
        format!("{record:?} {column:?} {reason:?} {severity:?} {message} {excerpt:?} {suggestion:?}")
    });
    counts.chain(problems).collect()
}

#[test]
fn a_region_is_found_however_its_letters_are_typed() {
    let [mut first, mut second] = [1, 2].map(|number| {
        let own = number.to_string();
        let row = [&own, &own, "7", "KAZ", "KAZ-274", "2020-01-02", "convicted", "", "", "", "", "", ""];
        row.map(str::to_owned).to_vec()
    });
    (first[11], second[11]) = ("Аба\u{438}\u{306}".to_owned(), "Аба\u{439}".to_owned());
    let (release, _) = read("charges.csv", csv(&COLUMNS, &[&first, &second]));
    assert_eq!(release.codes(Dimension::Region), ["Аба\u{439}"]);
    for typed in [&first[11], &second[11]] {
        assert_eq!(release.number(Dimension::Region, typed), Some(0), "{typed:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_same_rows_are_the_same_release(
        rows in rows(),
        choices in vec(0_u8..6, COLUMNS.len()),
        has_own in any::<bool>(),
        group in 1_usize..40,
    ) {
        let first = usize::from(!has_own);
        let names = &COLUMNS[first..];
        let rows: Vec<&[String]> = rows.iter().map(|row| &row[first..]).collect();
        let (of_csv, csv_report) = read("charges.csv", csv(names, &rows));
        let (of_parquet, parquet_report) = read("charges.parquet", parquet(names, &rows, &choices, group));
        prop_assert_eq!(said(&parquet_report), said(&csv_report));
        prop_assert_eq!(of_parquet.id(), of_csv.id());
        prop_assert!(parquet_report.problems.iter().all(|problem| problem.file != "charges.parquet" || problem.line.is_none()));
    }

    #[test]
    fn a_damaged_file_is_told_and_never_panics(at in 0_usize..4_000, by in 1_u8..=255, cut in any::<bool>()) {
        let rows: Vec<Vec<String>> = (0..50).map(|number: usize| {
            let row = ["", "1", "7", "KAZ", "KAZ-274", "2020-01-02", "convicted", "2021", "a fine", "3", "", "Almaty", ""];
            let mut row = row.map(str::to_owned).to_vec();
            row[0] = number.to_string();
            row
        }).collect();
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        let mut bytes = parquet(&COLUMNS, &rows, &[1; COLUMNS.len()], 20);
        let at = at % bytes.len();
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] ^= by;
        }
        let (_, report) = read("charges.parquet", bytes);
        let file = report.files.iter().find(|file| file.name == "charges.parquet").unwrap();
        prop_assert_eq!(file.read, file.accepted + file.rejected + file.duplicates + file.withheld);
        prop_assert!(!cut || report.refused());
    }
}
