//! Tests with files that are made to fill memory. Each has some kilobytes, and is refused with the name of the
//! harmful column.

mod several;

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, Encoding, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::schema::types::ColumnPath;

use crate::domain::Period;
use crate::ingest::{Reason, Report, Rules, ingest};
use crate::package::{Package, PackageError};
use crate::release::Release;

const STATUTES: &str = "\
statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url
KAZ-274,,KAZ,Code,274,,False information,,,,,,,
";

/// Returns a dictionary-encoded column: `places` says for each row which of the texts it has.
fn repeating(texts: &[&str], places: impl IntoIterator<Item = i32>) -> ArrayRef {
    let keys: Int32Array = places.into_iter().collect();
    Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(StringArray::from(texts.to_vec()))))
}

/// Returns charges without faults, except in the given columns.
fn charges(rows: usize, other: &[(&'static str, ArrayRef)]) -> RecordBatch {
    let numbered = |letter: char| -> ArrayRef {
        Arc::new((0..rows).map(|row| Some(format!("{letter}{row}"))).collect::<StringArray>())
    };
    let same = |text: &str| repeating(&[text], vec![0; rows]);
    let mut columns = vec![
        ("case_id", numbered('C')),
        ("defendant_id", numbered('D')),
        ("country", same("KAZ")),
        ("statute", same("KAZ-274")),
        ("date_charged", same("2020-05")),
        ("outcome", same("convicted")),
        ("region", same("Алматы")),
    ];
    for (name, column) in &mut columns {
        if let Some((_, given)) = other.iter().find(|(other, _)| other == name) {
            *column = Arc::clone(given);
        }
    }
    RecordBatch::try_from_iter(columns).unwrap()
}

/// Writes charges to a file, as a program would.
fn written(charges: &RecordBatch, how: WriterPropertiesBuilder) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, charges.schema(), Some(how.build())).unwrap();
    writer.write(charges).unwrap();
    writer.close().unwrap();
    bytes
}

fn how() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()))
}

fn in_encoding(column: &str, encoding: Encoding, how: WriterPropertiesBuilder) -> WriterPropertiesBuilder {
    let path = ColumnPath::from(column);
    how.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding)
}

fn read(charges: Vec<u8>) -> (Report, Option<String>) {
    read_files(&serde_json::json!("charges.parquet"), vec![("charges.parquet".to_owned(), charges)])
}

/// Reads a package with these files of charges. `path` is what it declares.
fn read_files(path: &serde_json::Value, charges: Vec<(String, Vec<u8>)>) -> (Report, Option<String>) {
    let rules = Rules::of(Period::parse("2026-11-24").unwrap().first_day());
    let (ingested, report) = ingest(&package(path, charges).unwrap(), &rules).unwrap();
    let is_fine = !report.refused();
    let id = is_fine.then(|| Release::seal(ingested).id().to_string());
    (report, id)
}

fn package(path: &serde_json::Value, charges: Vec<(String, Vec<u8>)>) -> Result<Package, PackageError> {
    let descriptor = serde_json::json!({
        "name": "made-up",
        "title": "Made up",
        "version": "1.0.0",
        "created": "2026-11-24T00:00:00Z",
        "licenses": [{ "name": "CC0-1.0" }],
        "sources": [],
        "resources": [
            { "name": "statutes", "path": "statutes.csv" },
            { "name": "charges", "path": path, "format": "parquet" },
        ],
        "chargesheet": {
            "kind": "case-level",
            "measures": ["charges", "persons", "cases"],
            "time_basis": "charge",
            "additive": [],
            "disclosure": "none",
        },
    });
    let mut files = vec![
        ("datapackage.json".to_owned(), descriptor.to_string().into_bytes()),
        ("statutes.csv".to_owned(), STATUTES.as_bytes().to_vec()),
    ];
    files.extend(charges);
    Package::in_memory("made-up", files)
}

/// Asserts that a small file is refused because of one column and nothing else.
fn too_large(file: Vec<u8>, column: &str, words: &str) {
    assert!(file.len() < 1 << 20, "{} bytes", file.len());
    let (report, _) = read(file);
    let text = report.to_text();
    let problem = report.problems.iter().find(|problem| problem.reason == Reason::TooLarge);
    let problem = problem.unwrap_or_else(|| panic!("{text}"));
    assert!(report.refused());
    assert_eq!(problem.column.as_deref(), Some(column), "{text}");
    assert!(problem.message.contains(words), "{text}");
    assert!(problem.suggestion.is_some(), "{text}");
}

/// Replaces the first occurrence of some bytes by others.
fn patched(mut file: Vec<u8>, find: &[u8], put: &[u8]) -> Vec<u8> {
    let at = file.windows(find.len()).position(|part| part == find).expect("it is there");
    file[at..at + put.len()].copy_from_slice(put);
    file
}

#[test]
fn texts_that_repeat_the_one_before_are_measured_before_they_are_written_out() {
    let long = "x".repeat(100_000);
    // The column decodes to a gigabyte either way: ids are decoded as texts, and outcomes as dictionaries.
    for column in ["case_id", "outcome"] {
        let values = repeating(&[&long], vec![0; 10_000]);
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let how = in_encoding(column, Encoding::DELTA_BYTE_ARRAY, how().set_writer_version(version));
            let file = written(&charges(10_000, &[(column, Arc::clone(&values))]), how);
            too_large(file, column, "values of 1000000000 bytes");
        }
    }
}

#[test]
fn a_dictionary_that_ends_within_a_column_is_not_written_out_for_every_row() {
    let texts = ["x".repeat(100_000), "y".repeat(100_000)];
    let texts = [texts[0].as_str(), texts[1].as_str(), "end"];
    // The second text is one too many for the dictionary, so the later texts are written in full.
    let places = (0..40_000).map(|row| {
        if row < 30_000 {
            0
        } else if row == 30_000 {
            1
        } else {
            2
        }
    });
    let how = how().set_dictionary_page_size_limit(150_000);
    let file = written(&charges(40_000, &[("region", repeating(&texts, places))]), how);
    too_large(file, "region", "the rows read with them take");
}

#[test]
fn a_dictionary_does_not_have_more_values_than_fit_in_it() {
    let file = written(&charges(10, &[]), how().set_compression(Compression::UNCOMPRESSED));
    // The page of a dictionary: 7 bytes with one value, `KAZ`.
    let head = [0x15, 0x04, 0x15, 0x0e, 0x15, 0x0e, 0x4c, 0x15, 0x02];
    let most = [0x15, 0x04, 0x15, 0x0e, 0x15, 0x0e, 0x4c, 0x15, 0x7e];
    too_large(patched(file, &head, &most), "country", "a dictionary of 7 bytes that states 63 values");
}

#[test]
fn a_page_does_not_have_more_lengths_than_values() {
    let how = how().set_compression(Compression::UNCOMPRESSED);
    let how = in_encoding("case_id", Encoding::DELTA_LENGTH_BYTE_ARRAY, how);
    let file = written(&charges(100, &[]), how);
    // The header before: blocks of 128 values, 4 parts, 100 numbers.
    let patched = patched(file, &[0x80, 0x01, 0x04, 100], &[0x80, 0x01, 0x04, 127]);
    too_large(patched, "case_id", "a page that states 127 lengths");
}

#[test]
fn a_page_that_unpacks_to_more_than_it_states_is_refused() {
    let rows = 10_000;
    let how = how().set_compression(Compression::BROTLI(BrotliLevel::default()));
    let how = in_encoding("case_id", Encoding::PLAIN, how);
    let file = written(&charges(rows, &[("case_id", repeating(&["x"], vec![0; rows]))]), how);
    // The first page directly follows the magic bytes. Its size is a number of three bytes, which is replaced by a
    // smaller one.
    assert!(file.starts_with(b"PAR1\x15\x00\x15") && file[9] & 0x80 == 0 && file[8] & 0x80 != 0);
    let mut less = file;
    less[7..10].copy_from_slice(&[0x80, 0x81, 0x00]);
    too_large(less, "case_id", "a page that unpacks to more than the 64 bytes that it states");
}

#[test]
fn what_is_as_large_as_it_says_is_read_in_every_encoding() {
    let rows = 3_000;
    let regions = ["", "Алматы", "Алматы облысы", "Астана"];
    let places = (0..rows).map(|row| row % 7 % 4);
    let region: ArrayRef =
        Arc::new(places.map(|place| (place > 0).then(|| regions[place])).collect::<StringArray>());
    let table = charges(rows, &[("region", region)]);
    let (report, plain) = read(written(&table, how().set_dictionary_enabled(false)));
    assert!(plain.is_some(), "{}", report.to_text());
    for encoding in [Encoding::DELTA_BYTE_ARRAY, Encoding::DELTA_LENGTH_BYTE_ARRAY] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for rows_of_a_page in [1, 129, 5_000] {
                let how = how().set_writer_version(version).set_write_batch_size(1);
                let how = how
                    .set_data_page_row_count_limit(rows_of_a_page)
                    .set_max_row_group_row_count(Some(1_000));
                let how = in_encoding("case_id", encoding, in_encoding("region", encoding, how));
                let (report, id) = read(written(&table, how));
                assert_eq!(id, plain, "{encoding} {version:?} {rows_of_a_page}: {}", report.to_text());
            }
        }
    }
}
