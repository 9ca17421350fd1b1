//! The rule book, values: what each field may be, and what is told where it is something else.

use std::process::Command;

use e2e::draft::{Checked, Draft, GOOD, csv};
use serde_json::json;

#[test]
fn a_required_field_is_filled() {
    for column in ["case_id", "defendant_id", "country", "statute", "date_charged", "outcome"] {
        let checked = Draft::new("missing").charge(&[(column, "")]).check();
        let problem = checked.refused_row("missing_value");
        assert_eq!(problem["column"], column);
        assert_eq!(checked.counts(), [GOOD + 1, GOOD, 1, 0, 0]);
    }
    let optional = ["sentence", "sentence_months", "role", "region", "publish"];
    let empty = optional.map(|column| (column, ""));
    Draft::new("optional").charge(&empty).check().accepted();
}

#[test]
fn a_required_field_of_spaces_is_empty() {
    for column in ["case_id", "defendant_id"] {
        for blank in [" ", "   ", "\u{a0}", "\u{200b}", "\u{feff}"] {
            let checked = Draft::new("blank-field").charge(&[(column, blank)]).check();
            assert_eq!(checked.refused_row("missing_value")["column"], column, "{blank:?}");
        }
    }
}

#[test]
fn an_unknown_date_is_the_word_unknown() {
    Draft::new("unknown-date").charge(&[("date_charged", "unknown")]).check().accepted();
    for other in ["Unknown", "UNKNOWN", "unknown ", "?", "n/a", "-", "NA", "NULL", "None", "0"] {
        let checked = Draft::new("other-date").charge(&[("date_charged", other)]).check();
        let message = checked.refused_row("date_format")["message"].to_string();
        assert!(message.contains("unknown"), "{other}: {message}");
    }
}

#[test]
fn a_date_has_one_of_three_forms_and_is_a_day_that_was() {
    // Where the day begins first on earth.
    let today = Command::new("date").args(["-u", "-d", "14 hours", "+%Y-%m-%d"]).output();
    let today = today.expect("there is a clock");
    let today = String::from_utf8(today.stdout).expect("a date is ASCII");
    let today = today.trim_end();
    for right in
        ["1900", "1900-01-01", "2020", "2020-02", "2020-02-29", "2000-02-29", today, &today[..7], &today[..4]]
    {
        let cells = [("date_charged", right), ("date_outcome", ""), ("outcome", "pending")];
        Draft::new("right-date").charge(&cells).check().accepted();
    }
    for (reason, dates) in [
        (
            "date_format",
            &[
                "01.02.2020",
                "2020/02/01",
                "2020-2-1",
                "20200201",
                "2020-02-01T00:00:00Z",
                "2020-W05",
                " 2020",
                "2020 ",
                "20",
                "44197",
                "Feb 2020",
                "2020-",
                "2020-02-",
                "２０２０",
                "2020‑02‑01",
                "-2020",
                "02020",
                "+2020",
            ][..],
        ),
        (
            "date_impossible",
            &[
                "2020-02-30",
                "2021-02-29",
                "1900-02-29",
                "2020-04-31",
                "2020-13",
                "2020-00",
                "2020-01-00",
                "2020-01-32",
            ],
        ),
        ("date_in_future", &["2999", "2999-01", "2999-01-01", "2563-01-01"]),
        ("date_out_of_range", &["1899", "1899-12-31", "1441-05", "0001", "0000-01-01"]),
    ] {
        for date in dates {
            for column in ["date_charged", "date_outcome"] {
                let checked = Draft::new("wrong-date").charge(&[(column, date)]).check();
                let problem = checked.refused_row(reason);
                assert_eq!((&problem["column"], &problem["excerpt"]), (&json!(column), &json!(date)));
            }
        }
    }
}

#[test]
fn a_year_is_not_before_its_months() {
    for (charged, decided, before) in [
        ("2022-03", "2022", false),
        ("2022-03-15", "2022-03", false),
        ("2022", "2022-03", false),
        ("2022-03-15", "2022-03-15", false),
        ("unknown", "1900", false),
        ("2022-03-15", "2022-03-14", true),
        ("2022-03", "2022-02-28", true),
        ("2022-03", "2021", true),
        ("2022", "2021-12-31", true),
    ] {
        let cells = [("date_charged", charged), ("date_outcome", decided)];
        let checked = Draft::new("before").charge(&cells).check();
        if before {
            let warning = checked.warned("outcome_before_charge");
            assert_eq!(warning["column"], "date_outcome", "{warning}");
            assert_eq!(checked.counts(), [GOOD + 1, GOOD + 1, 0, 0, 0]);
        } else {
            checked.accepted();
        }
    }
}

/// Charges whose ids are these, all else being equal, counted as persons and cases.
fn persons_and_cases(ids: &[&str]) -> String {
    let draft = ids.iter().fold(Draft::new("ids").good(2), |draft, id| {
        draft.charge(&[("case_id", id), ("defendant_id", id), ("region", "Here")])
    });
    let folder = draft.write();
    let checked = Checked::of(&folder, &[]);
    assert_eq!(checked.code, 0, "{checked:?}");
    let answer = csv(&folder, "by=&region=Here&measure=persons,cases");
    answer.lines().nth(1).unwrap_or_else(|| panic!("no figure in {answer}")).to_owned()
}

#[test]
fn ids_are_text_and_never_numbers() {
    assert_eq!(persons_and_cases(&["007", "7", "07", "7.0", "+7"]), "5,5");
    assert_eq!(persons_and_cases(&["1e3", "1000", "1E+03"]), "3,3");
    assert_eq!(persons_and_cases(&["12345678901234567890", "12345678901234567891"]), "2,2");
    // What other readers take for nothing at all.
    assert_eq!(persons_and_cases(&["NA", "NULL", "None", "nan", "NaN", "-", "#N/A", "true"]), "8,8");
}

#[test]
fn a_letter_composed_in_two_ways_is_one_letter() {
    assert_eq!(persons_and_cases(&["Д-й", "Д-и\u{306}"]), "1,1");
    let draft = Draft::new("composed").statute("FRA-\u{e9}-1,,FRA,Example Act,1,,Example offence,,,,,,,");
    draft.charge(&[("statute", "FRA-e\u{301}-1")]).check().accepted();
}

#[test]
fn countries_are_alpha_3_codes_and_nam_is_one_of_them() {
    for (country, statute) in [("NAM", "NAM-X-1"), ("XKX", "XKX-X-1"), ("KAZ", "KAZ-CC-274")] {
        Draft::new("country").charge(&[("country", country), ("statute", statute)]).check().accepted();
    }
    for wrong in ["NA", "FR", "fra", "France", "FRX", "XXX", "EUR", "250", "FRA ", "\u{430}FRA", "NULL"] {
        let checked = Draft::new("wrong-country").charge(&[("country", wrong)]).check();
        let problem = checked.refused_row("unknown_country");
        assert_eq!(problem["column"], "country");
    }
    let checked = Draft::new("near-country").charge(&[("country", "FRX")]).check();
    assert_eq!(checked.refused_row("unknown_country")["suggestion"], "FRA");
}

#[test]
fn a_statute_is_one_of_the_register_and_the_nearest_is_told() {
    for (wrong, nearest, word) in [
        ("KAZ-CC-247", Some("KAZ-CC-274"), ""),
        ("kaz-cc-274", Some("KAZ-CC-274"), ""),
        ("\u{41a}AZ-CC-274", Some("KAZ-CC-274"), "U+041A"),
        ("KAZ-CC-\u{200b}274", Some("KAZ-CC-274"), "U+200B"),
        ("KAZ-CC-274 ", Some("KAZ-CC-274"), "U+0020"),
        ("something else", None, ""),
    ] {
        let checked = Draft::new("statute").charge(&[("country", "KAZ"), ("statute", wrong)]).check();
        let problem = checked.refused_row("unknown_statute");
        assert_eq!(problem["column"], "statute");
        assert_eq!(problem["suggestion"].as_str(), nearest, "{wrong}");
        assert!(problem["message"].to_string().contains(word), "{wrong}: {problem}");
    }
}

#[test]
fn a_statute_in_look_alike_letters_is_told_however_many_they_are() {
    // A, C and K of the Russian keyboard: every letter but one.
    let wrong = "\u{41a}\u{410}Z-\u{421}\u{421}-274";
    let checked = Draft::new("look-alike").charge(&[("country", "KAZ"), ("statute", wrong)]).check();
    let problem = checked.refused_row("unknown_statute");
    assert_eq!(problem["suggestion"], "KAZ-CC-274", "{problem}");
    for letter in ["U+041A", "U+0410", "U+0421"] {
        assert!(problem["message"].to_string().contains(letter), "{problem}");
    }
}

#[test]
fn a_statute_is_its_own_countrys() {
    let checked = Draft::new("mismatch").charge(&[("country", "KAZ")]).check();
    let problem = checked.refused_row("statute_country_mismatch");
    assert_eq!((&problem["column"], &problem["suggestion"]), (&json!("country"), &json!("FRA")));
}

#[test]
fn outcomes_and_roles_are_those_of_the_lists() {
    for (column, wrong, reason, nearest) in [
        ("outcome", "convictd", "unknown_outcome", Some("convicted")),
        ("outcome", "Convicted", "unknown_outcome", Some("convicted")),
        ("outcome", "  convicted", "unknown_outcome", Some("convicted")),
        ("outcome", "c\u{43e}nvicted", "unknown_outcome", Some("convicted")),
        ("outcome", "guilty", "unknown_outcome", None),
        ("outcome", "None", "unknown_outcome", None),
        ("role", "jurnalist", "unknown_role", Some("journalist")),
        ("role", "baker", "unknown_role", None),
    ] {
        let checked = Draft::new("lists").charge(&[(column, wrong)]).check();
        let problem = checked.refused_row(reason);
        assert_eq!((&problem["column"], &problem["excerpt"]), (&json!(column), &json!(wrong)));
        if nearest.is_some() {
            assert_eq!(problem["suggestion"].as_str(), nearest, "{wrong}");
        }
    }
}

#[test]
fn a_number_is_digits_and_not_below_zero() {
    for right in ["0", "12", "012"] {
        Draft::new("number").charge(&[("sentence_months", right)]).check().accepted();
    }
    for (reason, numbers) in [
        (
            "bad_number",
            &[
                "12.5",
                "12,5",
                "1e2",
                "+3",
                " 3",
                "3 ",
                "1 200",
                "1\u{a0}200",
                "0x10",
                "１２",
                "12 months",
                "-",
                "NA",
                "\u{2212}3",
                "5000000000",
                "99999999999999999999999",
                "inf",
            ][..],
        ),
        ("negative_value", &["-1", "-12", "-99999999999999999999999"]),
    ] {
        for number in numbers {
            let checked = Draft::new("wrong-number").charge(&[("sentence_months", number)]).check();
            let problem = checked.refused_row(reason);
            assert_eq!(problem["column"], "sentence_months", "{number}");
        }
    }
}

#[test]
fn everything_that_is_wrong_with_a_row_is_told_at_once() {
    let cells =
        [("statute", "FRA-X-9"), ("date_charged", "2020-02-30"), ("outcome", "guilty"), ("role", "baker")];
    let checked = Draft::new("all-at-once").charge(&cells).check();
    assert_eq!(checked.reasons(), ["unknown_statute", "date_impossible", "unknown_outcome", "unknown_role"]);
    assert_eq!(checked.counts(), [GOOD + 1, GOOD, 1, 0, 0]);
}
