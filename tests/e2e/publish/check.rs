//! `check`: what it says of a good package, of bad rows, and of what is no package.

use e2e::archive::zipped;
use e2e::service::run;
use e2e::{case, empty_folder, repository, text};

use crate::publish::commands::{assert_one_sentence, package_with, stderr, stdout};

#[test]
fn a_good_package_is_checked_without_a_word_of_reproach() {
    for (package, last) in [
        (case("good-cases"), "7 read = 6 accepted + 0 rejected + 0 duplicates + 1 withheld"),
        (case("good-figures"), "8 read = 8 accepted + 0 rejected + 0 duplicates + 0 withheld"),
    ] {
        let output = run(&["check", text(&package)]);
        let said = stdout(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert_eq!(said.lines().last(), Some(last), "{said}");
        assert!(!said.contains("line "), "{said}");
        assert!(output.stderr.is_empty());
    }
    for bundled in ["documented-cases", "reported-figures"] {
        let output = run(&["check", &format!("data/{bundled}")]);
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    }
}

#[test]
fn every_bad_row_is_told_with_its_line_column_and_reason() {
    // More than one row in twenty is refused here, and so would be the file.
    let whole = run(&["check", text(&case("bad-rows"))]);
    assert_eq!(whole.status.code(), Some(2), "{}", stdout(&whole));
    assert!(stdout(&whole).contains("11 of 14 rows are refused"), "{}", stdout(&whole));
    let output = run(&["check", "--max-rejected", "100", text(&case("bad-rows"))]);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    // Equal problems of a column are one row.
    assert!(
        said.lines().any(|told| told.starts_with("  13, 14  case_id  ") && told.contains("lines 13, 14")),
        "{said}"
    );
    let output = run(&["check", "--max-rejected", "100", "--all", text(&case("bad-rows"))]);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for (line, column, reason, word) in [
        (3, "defendant_id", "missing_value", "defendant_id"),
        (4, "statute", "unknown_statute", "FRA-X-7"),
        (5, "country", "statute_country_mismatch", "DEU"),
        (6, "date_charged", "date_impossible", "2020-02-30"),
        (7, "date_charged", "date_format", "01/02/2020"),
        (8, "outcome", "unknown_outcome", "  convicted"),
        (9, "date_charged", "date_in_future", "2999"),
        (10, "", "too_few_fields", "6 fields"),
        (12, "case_id", "duplicate", "line 11"),
        (13, "case_id", "conflicting_duplicate", "lines 13, 14"),
        (14, "case_id", "conflicting_duplicate", "lines 13, 14"),
        (15, "", "too_many_fields", "8 fields"),
    ] {
        let place = format!("{line:>6}  {column}");
        let code = format!("[{reason}]");
        let found = said.lines().find(|told| told.starts_with(&place) && told.contains(&code));
        let found = found.unwrap_or_else(|| panic!("nothing of {reason} at {place} in\n{said}"));
        assert!(found.contains(word), "{found}");
    }
    // One good row, and one of two that are the same to the letter.
    let last = "16 read = 4 accepted + 11 rejected + 1 duplicates + 0 withheld";
    assert_eq!(said.lines().last(), Some(last), "{said}");
}

#[test]
fn a_fault_in_any_file_of_a_package_is_told() {
    for (name, good, file, what, by, reason) in [
        ("column", "good-cases", "charges.csv", "date_charged,", "date_charge,", "missing_column"),
        ("twice", "good-cases", "charges.csv", "outcome,publish", "outcome,outcome", "repeated_column"),
        ("word", "good-cases", "charges.csv", "pending,true", "pending,yes", "unknown_word"),
        ("country", "good-cases", "statutes.csv", "FRA-X-1,,FRA", "FRA-X-1,,FRX", "unknown_country"),
        ("offence", "good-cases", "statutes.csv", "defamation", "defamaton", "unknown_offence"),
        ("source", "good-figures", "counts.csv", "monitor", "moniter", "unknown_source"),
        ("number", "good-figures", "counts.csv", ",12,", ",1 200,", "bad_number"),
        ("negative", "good-figures", "counts.csv", ",12,", ",-12,", "negative_value"),
        ("unit", "good-figures", "counts.csv", "persons", "people", "unknown_word"),
        ("preferred", "good-figures", "counts.csv", "A,false", "A,true", "preferred_not_one"),
        (
            "address",
            "good-figures",
            "sources.csv",
            "https://example.org/bureau",
            "javascript:alert(1)",
            "bad_address",
        ),
    ] {
        let folder = package_with(name, good, file, what, by);
        let output = run(&["check", text(&folder)]);
        let said = stdout(&output);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(&format!("[{reason}]")), "{name}: {said}");
        assert!(said.contains(&format!("{file}: ")), "{name}: {said}");
        // What is refused is not served either; serving says what to do.
        let code = assert_one_sentence(
            &run(&["query", "--data", text(&folder), "documented-cases"]),
            &[text(&folder), file, reason, "chargesheet check"],
        );
        assert_eq!(code, 2, "{name}");
    }
}

#[test]
fn only_check_and_publish_compare_dates_with_the_clock() {
    // For a clock that is years behind, every release is one with dates in the future.
    let folder = package_with("ahead", "good-cases", "charges.csv", "2020-", "2990-");
    let checked = run(&["check", text(&folder)]);
    assert!(stdout(&checked).contains("[date_in_future]"), "{}", stdout(&checked));
    let asked =
        ["query", "--no-bundled", "--data", text(&folder), "example-cases", "by=year&measure=charges"];
    let answered = run(&asked);
    assert_eq!(answered.status.code(), Some(0), "{}", stderr(&answered));
    assert!(stdout(&answered).contains("2990,1\n"), "{}", stdout(&answered));
}

#[test]
fn a_package_that_cannot_be_read_is_one_sentence() {
    let missing = repository().join("tests/cases/nowhere");
    assert_eq!(assert_one_sentence(&run(&["check", text(&missing)]), &["nowhere", "datapackage.json"]), 3);
    assert_eq!(assert_one_sentence(&run(&["serve", "--data", text(&missing)]), &["nowhere"]), 2);
    let empty = empty_folder("without-descriptor");
    assert_eq!(assert_one_sentence(&run(&["check", text(&empty)]), &[text(&empty), "datapackage.json"]), 3);
    for (name, what, by, words) in [
        ("json", "\"name\": \"example-cases\",", "\"name\": \"example-cases\"", "line 3"),
        ("kind", "\"case-level\"", "\"cases\"", "case-level"),
        ("id", "\"example-cases\"", "\"Example cases\"", "Example cases"),
        ("measure", "\"persons\", ", "\"people\", ", "people"),
        ("disclosure", "\"disclosure\": \"none\",", "", "disclosure"),
        ("created", "\"created\": \"20", "\"created\": \"+0020", "created"),
        ("additive", "\"outcome\", ", "\"outcom\", ", "outcom"),
        ("resource", "\"name\": \"charges\"", "\"name\": \"charge\"", "charges"),
        ("file", "\"charges.csv\"", "\"lost.csv\"", "lost.csv"),
        ("outside", "\"charges.csv\"", "\"../good-cases/charges.csv\"", "../good-cases/charges.csv"),
    ] {
        let folder = package_with(&format!("broken-{name}"), "good-cases", "datapackage.json", what, by);
        let output = run(&["check", text(&folder)]);
        assert_eq!(assert_one_sentence(&output, &[words]), 3, "{name}");
        let output = run(&["serve", "--listen", "127.0.0.1:0", "--data", text(&folder)]);
        assert_eq!(assert_one_sentence(&output, &[words]), 2, "{name}");
    }
}

#[test]
fn a_zip_file_is_taken_like_the_folder_that_is_in_it() {
    for (name, good, file, what, by) in [
        ("zip-good", "good-cases", "charges.csv", "publish", "publish"),
        ("zip-rows", "good-cases", "charges.csv", "pending,true", "pending,yes"),
        ("zip-figures", "good-figures", "counts.csv", "persons", "people"),
    ] {
        let folder = package_with(name, good, file, what, by);
        let zip = zipped(&folder, "package.zip");
        let [of_folder, of_zip] = [&folder, &zip].map(|path| run(&["check", "--json", text(path)]));
        assert_eq!(of_zip.status.code(), of_folder.status.code(), "{name}");
        assert_eq!(stdout(&of_zip), stdout(&of_folder), "{name}");
    }
    let folder = package_with("zip-query", "good-cases", "charges.csv", "publish", "publish");
    let zip = zipped(&folder, "package.zip");
    let asked = |data: &std::path::Path| {
        run(&["query", "--no-bundled", "--data", text(data), "example-cases", "by=outcome"])
    };
    assert_eq!(stdout(&asked(&zip)), stdout(&asked(&case("good-cases"))));
    assert_eq!(asked(&zip).status.code(), Some(0));
}
