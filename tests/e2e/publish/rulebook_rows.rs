//! The rule book, rows: repetitions, ids that look alike, how many rows may be refused, what is kept back.

use e2e::draft::{Checked, Draft, FIRST_ADDED, GOOD, charge, csv};
use e2e::service::{Service, run};
use serde_json::json;

#[test]
fn the_same_record_twice_is_counted_once() {
    let line = charge("X", &[("region", "Here")]);
    let draft = Draft::new("twice").line(&line).charge(&[]).line(&line).line(&line);
    let folder = draft.write();
    let checked = Checked::of(&folder, &[]);
    assert_eq!(checked.verdict(), "accept_with_warning");
    assert_eq!(checked.reasons(), ["duplicate", "duplicate"]);
    assert_eq!(checked.counts(), [GOOD + 4, GOOD + 2, 0, 2, 0]);
    let records: Vec<_> = checked.problems().iter().map(|problem| &problem["record"]).collect();
    assert_eq!(records, [FIRST_ADDED + 2, FIRST_ADDED + 3]);
    assert_eq!(csv(&folder, "by=region&region=Here&measure=charges"), "region,charges\nHere,1\n");
}

#[test]
fn the_same_key_with_different_content_refuses_all_of_its_rows() {
    let line = charge("X", &[("region", "Here")]);
    let other = charge("X", &[("region", "Here"), ("outcome", "acquitted")]);
    // Two that are the same are no better than the third: nobody knows which is right.
    let checked = Draft::new("conflict").line(&line).line(&other).charge(&[]).line(&line).check();
    assert_eq!((checked.verdict(), checked.code), ("reject_rows", 1));
    assert_eq!(checked.reasons(), ["conflicting_duplicate"; 3]);
    assert_eq!(checked.counts(), [GOOD + 4, GOOD + 1, 3, 0, 0]);
    for problem in checked.problems() {
        assert!(problem["message"].to_string().contains("52, 53, 55"), "{problem}");
    }
}

#[test]
fn the_same_statute_with_different_content_is_none_of_them() {
    let other = Draft::new("statutes").statute("FRA-X-1,,FRA,Another Act,9,,Another offence,,,,,,,");
    let checked = Checked::of(&other.write(), &["--max-rejected", "100"]);
    let of_statutes = |problem: &&serde_json::Value| problem["file"] == "statutes.csv";
    let reasons: Vec<_> =
        checked.problems().iter().filter(of_statutes).map(|problem| &problem["reason"]).collect();
    assert_eq!(reasons, ["conflicting_duplicate"; 2], "{checked:?}");
}

#[test]
fn where_charges_have_ids_of_their_own_they_are_the_key() {
    let header = "charge_id,case_id,defendant_id,country,statute,date_charged,outcome";
    let row = |id: &str, case: &str| format!("{id},C{case},D1,FRA,FRA-X-1,2020,pending\n");
    let good: String = (0..GOOD).map(|number| row(&format!("H{number}"), "1")).collect();
    let draft = Draft::new("own-ids");
    // One person, one case, one statute, a hundred charges.
    let checked = draft.check_as(format!("{header}\n{good}").as_bytes());
    checked.accepted();
    let checked = draft.check_as(format!("{header}\n{good}{}", row("H7", "2")).as_bytes());
    assert_eq!(checked.reasons(), ["conflicting_duplicate"; 2]);
    let checked = draft.check_as(format!("{header}\n{good}{}", row("", "2")).as_bytes());
    assert_eq!(checked.only("missing_value")["column"], "charge_id");
}

#[test]
fn ids_that_look_like_one_are_warned_of_and_taken() {
    for (column, first, other) in [
        ("defendant_id", "D-Ab", "d-aB"),
        ("defendant_id", "D-1", "D-\u{200b}1"),
        ("defendant_id", "D-1", "D-1\u{ad}"),
        ("defendant_id", "D-1 ", "D-1"),
        ("case_id", "CASE-A", "C\u{410}SE-A"),
        ("case_id", "CASE-A", "CASE-\u{391}"),
    ] {
        let draft = Draft::new("similar").charge(&[(column, first)]).charge(&[(column, other)]);
        let checked = draft.check();
        let warning = checked.warned("similar_ids");
        assert_eq!((&warning["column"], &warning["record"]), (&json!(column), &json!(FIRST_ADDED + 1)));
        assert_eq!(checked.counts(), [GOOD + 2, GOOD + 2, 0, 0, 0], "{first} {other:?}");
    }
    let draft = Draft::new("similar-statutes").statute("fra-x-1,,FRA,Example Act,1,,Example offence,,,,,,,");
    assert_eq!(draft.check().warned("similar_ids")["file"], "statutes.csv");
}

#[test]
fn dates_that_do_not_fit_their_outcome_are_warned_of() {
    for (outcome, date, reason) in [
        ("convicted", "", "final_without_date"),
        ("acquitted", "", "final_without_date"),
        ("pending", "2021", "pending_with_date"),
        ("convicted", "2019", "outcome_before_charge"),
    ] {
        let checked = Draft::new("doubt").charge(&[("outcome", outcome), ("date_outcome", date)]).check();
        let warning = checked.warned(reason);
        assert_eq!((&warning["column"], &warning["record"]), (&json!("date_outcome"), &json!(FIRST_ADDED)));
        assert_eq!(checked.counts(), [GOOD + 1, GOOD + 1, 0, 0, 0]);
    }
    for outcome in ["pending", "charged", "unknown"] {
        Draft::new("no-doubt").charge(&[("outcome", outcome), ("date_outcome", "")]).check().accepted();
    }
}

fn with_bad(good: u64, bad: u64) -> Draft {
    (0..bad).fold(Draft::new("share").good(good), |draft, _| draft.charge(&[("outcome", "guilty")]))
}

#[test]
fn more_than_one_row_in_twenty_refuses_the_file() {
    for (good, bad, arguments, code) in [
        (95, 5, &[][..], 1),
        (94, 6, &[], 2),
        (19, 1, &[], 1),
        (18, 1, &[], 2),
        (95, 5, &["--max-rejected", "5"], 1),
        (95, 5, &["--max-rejected", "4.99"], 2),
        (99, 1, &["--max-rejected", "0"], 2),
        (99, 1, &["--max-rejected=1%"], 1),
        (50, 50, &["--max-rejected", "50%"], 1),
        (49, 51, &["--max-rejected", "50%"], 2),
        (0, 20, &["--max-rejected", "100"], 1),
        // Seven in a hundred is seven per cent, however a machine writes it.
        (93, 7, &["--max-rejected", "7"], 1),
    ] {
        let checked = Checked::of(&with_bad(good, bad).write(), arguments);
        assert_eq!(checked.code, code, "{good} {bad} {arguments:?}");
        // Which rows are bad is told all the same.
        let bad_rows = checked.reasons().iter().filter(|reason| **reason == "unknown_outcome").count();
        assert_eq!(bad_rows as u64, bad);
        let whole = checked.reasons().contains(&"too_many_rejected");
        assert_eq!(whole, code == 2, "{good} {bad} {arguments:?}");
    }
    let draft = with_bad(100, 0).write();
    Checked::of(&draft, &["--max-rejected", "0"]).accepted();
}

#[test]
fn a_wrong_share_is_refused() {
    let folder = Draft::new("share-of").write();
    for wrong in ["-1", "100.1", "NaN", "inf", "five", "", "%", "5%%", "5 percent"] {
        let argument = format!("--max-rejected={wrong}");
        let output = run(&["check", folder.to_str().expect("the path is UTF-8"), &argument]);
        assert_eq!(output.status.code(), Some(2), "{wrong}: {output:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{wrong}: {output:?}");
    }
}

/// What only the withheld record of the next tests has, by column.
const WITHHELD: [(&str, &str); 7] = [
    ("case_id", "WITHHELD-CASE"),
    ("defendant_id", "WITHHELD-PERSON"),
    ("statute", "FRA-X-2"),
    ("date_charged", "1999-09-09"),
    ("sentence", "withheld sentence"),
    ("role", "clergy"),
    ("region", "Withheld region"),
];

fn with_withheld(publish: &str) -> Draft {
    let cells = [&WITHHELD[..], &[("publish", publish), ("sentence_months", "987")]].concat();
    Draft::new("withheld").statute("FRA-X-2,,FRA,Example Act,2,,Example offence,,,,,,,").charge(&cells)
}

#[test]
fn what_is_not_to_be_published_appears_nowhere() {
    let folder = with_withheld("false").write();
    let checked = Checked::of(&folder, &[]);
    checked.accepted();
    assert_eq!(checked.counts(), [GOOD + 1, GOOD, 0, 0, 1]);
    let words = ["WITHHELD", "Withheld region", "withheld sentence", "1999", "clergy"];
    let path = folder.to_str().expect("the path is UTF-8");
    let said = run(&["check", path]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(!words.iter().any(|word| said.contains(word)), "{said}");
    let service = Service::start_with(&["--no-bundled", "--data", path]);
    for query in [
        "",
        "by=",
        "by=statute,outcome",
        "by=region",
        "by=role",
        "by=year",
        "by=month",
        "by=country&measure=persons,cases,charges",
    ] {
        for file in ["aggregate.csv", "aggregate.json"] {
            let text = service.text(&format!("/v1/datasets/example-cases/{file}?{query}"));
            // The port of the service is any number.
            let text = text.replace(&service.base, "");
            assert!(!words.iter().any(|word| text.contains(word)), "{query}: {text}");
            assert!(!text.contains(&(GOOD + 1).to_string()), "{query}: {text}");
        }
    }
    let total = service.text("/v1/datasets/example-cases/aggregate.csv?by=&measure=persons,cases,charges");
    assert_eq!(total, format!("persons,cases,charges\n{GOOD},{GOOD},{GOOD}\n"));
    let described = service.text("/v1/datasets/example-cases");
    assert!(!words.iter().any(|word| described.contains(word)), "{described}");
    assert!(!described.contains(&(GOOD + 1).to_string()), "{described}");
    let page = service.text("/statutes/FRA-X-2");
    assert!(!words.iter().any(|word| page.contains(word)), "{page}");
    service.assert_log_clean();
    // That it would be there otherwise shows that it was looked for in the right places.
    let shown = csv(&with_withheld("true").write(), "by=region,role,year");
    assert!(shown.contains("Withheld region,clergy,1999"), "{shown}");
}

#[test]
fn a_withheld_record_makes_no_other_release() {
    let release = |draft: &Draft| {
        let folder = draft.write();
        let service = Service::start_with(&["--no-bundled", "--data", folder.to_str().expect("UTF-8")]);
        service.json("/v1/datasets/example-cases")["release"].clone()
    };
    let draft = Draft::new("withheld-release");
    let with = release(&draft.clone().charge(&[("publish", "false"), ("region", "Elsewhere")]));
    assert_eq!(with, release(&draft));
    assert_ne!(with, release(&draft.charge(&[("publish", "true"), ("region", "Elsewhere")])));
}

#[test]
fn a_withheld_record_is_compared_with_nothing() {
    // Neither an id that looks alike nor a date that does not fit is told of it.
    let checked = Draft::new("withheld-key")
        .charge(&[])
        .line(&charge("added000", &[("publish", "false"), ("outcome", "acquitted")]))
        .charge(&[("publish", "false"), ("date_outcome", "")])
        .check();
    checked.accepted();
    assert_eq!(checked.counts(), [GOOD + 3, GOOD + 1, 0, 0, 2]);
}

#[test]
fn a_record_that_is_kept_back_in_one_row_is_published_from_no_other() {
    let twin = [("publish", "false"), ("outcome", "acquitted")];
    let checked = Draft::new("withheld-twin").charge(&[]).line(&charge("ADDED000", &twin)).check();
    let problem = checked.refused_row("conflicting_duplicate");
    assert_eq!(problem["record"], 51);
    assert_eq!(checked.counts(), [GOOD + 2, GOOD, 1, 0, 1]);
}

#[test]
fn a_record_of_which_one_row_is_refused_is_taken_from_no_other() {
    let twin = [("date_charged", "2020-13"), ("outcome", "acquitted")];
    let checked = Draft::new("refused-twin").charge(&[]).line(&charge("ADDED000", &twin)).check();
    assert_eq!(checked.counts(), [GOOD + 2, GOOD, 2, 0, 0]);
    let mut reasons = checked.reasons();
    reasons.sort_unstable();
    assert_eq!(reasons, ["conflicting_duplicate", "date_impossible"]);
}

#[test]
fn a_withheld_record_is_left_out_before_it_is_looked_at() {
    for (column, wrong) in
        [("outcome", "guilty"), ("date_charged", "2999"), ("defendant_id", ""), ("statute", "")]
    {
        let checked = Draft::new("withheld-bad").charge(&[("publish", "false"), (column, wrong)]).check();
        checked.accepted();
        assert_eq!(checked.counts(), [GOOD + 1, GOOD, 0, 0, 1], "{column} {wrong:?}");
    }
}

#[test]
fn what_is_neither_true_nor_false_is_not_published() {
    for word in ["no", "0", "False", "FALSE", " false", "f\u{430}lse", "nein"] {
        let checked = Draft::new("publish-word").charge(&[("publish", word)]).check();
        let problem = checked.refused_row("unknown_word");
        assert_eq!(problem["column"], "publish", "{word}");
    }
}
