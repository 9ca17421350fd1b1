//! The rule book, shape: line ends, delimiters, headers, quotes; what is damaged never takes its neighbours along.

use e2e::draft::{COLUMNS, Checked, Draft, FIRST_ADDED, GOOD, charge, csv, quoted};
use e2e::service::Service;
use serde_json::json;

#[test]
fn every_kind_of_line_end_gives_the_same_result() {
    let draft = Draft::new("line-ends").charge(&[("outcome", "convictd")]).charge(&[("region", "Elsewhere")]);
    let text = draft.charges();
    let mut mixed = String::new();
    for (line, end) in text.lines().zip(["\n", "\r\n", "\r"].iter().cycle()) {
        mixed.push_str(line);
        mixed.push_str(end);
    }
    let plain = draft.check();
    plain.refused_row("unknown_outcome");
    for other in [text.replace('\n', "\r\n"), text.replace('\n', "\r"), mixed, text.trim_end().to_owned()] {
        let mut checked = draft.check_as(other.as_bytes());
        assert_ne!(checked.json["files"][1]["sha256"], plain.json["files"][1]["sha256"]);
        checked.json["files"][1]["sha256"] = plain.json["files"][1]["sha256"].clone();
        assert_eq!(checked.json, plain.json, "{other:?}");
    }
}

#[test]
fn the_separator_is_the_declared_one() {
    for delimiter in [";", "\t", "|"] {
        let draft = Draft::new("delimiter");
        let other = draft.charges().replace(',', delimiter);
        let checked = draft.check_as(other.as_bytes());
        checked.warned("undeclared_delimiter");
        assert_eq!(checked.counts(), [GOOD, GOOD, 0, 0, 0], "{delimiter:?}");
        let declared = draft.declaring("dialect", json!({ "delimiter": delimiter }));
        declared.check_as(other.as_bytes()).accepted();
        // What is declared and not so is no reason to guess.
        declared.check().refused_whole("delimiter_mismatch");
    }
}

#[test]
fn columns_are_found_by_name_in_any_order() {
    let draft = Draft::new("order").charge(&[("outcome", "acquitted"), ("region", "Elsewhere")]);
    let turned: String = draft
        .charges()
        .lines()
        .map(|line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n")
        .collect();
    let query = "by=outcome,region,year&measure=persons,cases,charges";
    let plain = csv(&draft.write(), query);
    let folder = draft.write_as(turned.as_bytes());
    Checked::of(&folder, &[]).accepted();
    assert_eq!(csv(&folder, query), plain);
}

#[test]
fn case_and_spaces_of_a_header_are_forgiven_with_a_warning() {
    for (spelled, column) in
        [("Case ID", "case_id"), ("  OUTCOME ", "outcome"), ("\"Date  Charged\"", "date_charged")]
    {
        let header = COLUMNS.map(|name| if name == column { spelled } else { name }).join(",");
        let checked = Draft::new("spelling").header(&header).check();
        let warning = checked.warned("header_spelling");
        assert_eq!((&warning["line"], &warning["suggestion"]), (&json!(1), &json!(column)));
        assert_eq!(checked.counts(), [GOOD, GOOD, 0, 0, 0]);
    }
}

#[test]
fn an_unknown_column_is_warned_of_and_published_nowhere() {
    let secret = "only-for-the-desk";
    let draft = Draft::new("unknown-column");
    let text: String = draft
        .charges()
        .lines()
        .enumerate()
        .map(|(line, row)| format!("{row},{}\n", if line == 0 { "desk_note" } else { secret }))
        .collect();
    let folder = draft.write_as(text.as_bytes());
    let checked = Checked::of(&folder, &[]);
    let warning = checked.warned("unknown_column");
    assert_eq!((&warning["column"], &warning["line"]), (&json!("desk_note"), &json!(1)));
    assert_eq!(checked.counts(), [GOOD, GOOD, 0, 0, 0]);
    let service = Service::start_with(&["--no-bundled", "--data", folder.to_str().expect("UTF-8")]);
    for path in [
        "/v1/datasets",
        "/v1/datasets/example-cases",
        "/v1/datasets/example-cases/aggregate.csv",
        "/v1/datasets/example-cases/aggregate.json",
        "/v1/datasets/example-cases/aggregate.csv?by=statute,outcome,year,role,region",
        "/v1/datasets/example-cases/chart.svg?by=outcome",
        "/statutes/FRA-X-1",
        "/",
    ] {
        let text = service.text(path);
        assert!(!text.contains(secret) && !text.contains("desk_note"), "{path}: {text}");
    }
    assert_eq!(service.get("/v1/datasets/example-cases/aggregate.csv?by=desk_note").status, 400);
    assert_eq!(service.get("/v1/datasets/example-cases/aggregate.csv?desk_note=x").status, 400);
    service.assert_log_clean();
}

#[test]
fn blank_lines_are_warned_of_and_are_no_records() {
    for blank in ["", "\n", "\n   \n"] {
        let checked = Draft::new("blank-line").line(blank).check();
        let warning = checked.warned("blank_line");
        assert_eq!(warning["line"], FIRST_ADDED + 1);
        assert_eq!(checked.counts(), [GOOD, GOOD, 0, 0, 0], "{blank:?}");
    }
    // What comes behind them has the line that an editor shows.
    let checked = Draft::new("behind-blank").line("\n").charge(&[("outcome", "?")]).check();
    let refused = checked.problems().iter().find(|problem| problem["reason"] == "unknown_outcome");
    assert_eq!(refused.map(|problem| &problem["line"]), Some(&json!(FIRST_ADDED + 3)), "{checked:?}");
}

#[test]
fn a_row_has_as_many_fields_as_the_header() {
    let whole = charge("X", &[]);
    let short = whole.trim_end_matches(',').rsplit_once(',').expect("there are commas").0;
    for (line, reason) in [
        (short, "too_few_fields"),
        ("C-X", "too_few_fields"),
        (&*format!("{whole},"), "too_many_fields"),
        // A comma in a text that is not in quotes.
        (&*whole.replace("a fine", "a fine, paid"), "too_many_fields"),
        (&*COLUMNS.join(","), "repeated_header"),
    ] {
        let checked = Draft::new("fields").line(line).check();
        checked.refused_row(reason);
        assert_eq!(checked.counts(), [GOOD + 1, GOOD, 1, 0, 0], "{line}");
    }
}

#[test]
fn what_a_spreadsheet_leaves_empty_is_passed_over_with_one_warning() {
    for line in [&*",".repeat(COLUMNS.len() - 1), &*" ,".repeat(COLUMNS.len() - 1), ",,,", "\"\",,"] {
        let checked = Draft::new("empty-rows").line(line).line(line).check();
        let warning = checked.warned("sheet_empty_rows");
        assert_eq!(warning["line"], FIRST_ADDED + 1);
        assert_eq!(warning["message"], "empty rows: 2; they are passed over", "{line}");
        assert_eq!(checked.counts(), [GOOD, GOOD, 0, 0, 0], "{line}");
    }
    let wide = |text: &str, end: &str| text.lines().map(|line| format!("{line}{end}\n")).collect::<String>();
    let draft = Draft::new("empty-columns");
    let checked = draft.check_as(wide(&draft.charges(), ",,,").as_bytes());
    checked.warned("sheet_empty_columns");
    assert_eq!(checked.counts(), [GOOD, GOOD, 0, 0, 0]);
    // The header has no name where the rows have a text.
    let (header, rows) = draft
        .charges()
        .split_once('\n')
        .map(|(header, rows)| (header.to_owned(), wide(rows, ",x")))
        .expect("a header");
    draft.check_as(format!("{header},\n{rows}").as_bytes()).warned("sheet_nameless_column");
}

#[test]
fn a_quote_where_none_can_stand_refuses_its_row_only() {
    for sentence in ["a \"fine\" of 5", "5\"", "\"a fine\" of 5", "\"a fine\"5", "a\"\"b"] {
        let line = charge("X", &[("sentence", "MARK")]).replace("MARK", sentence);
        let checked = Draft::new("stray").line(&line).check();
        checked.refused_row("stray_quote");
        assert_eq!(checked.counts(), [GOOD + 1, GOOD, 1, 0, 0], "{sentence}");
    }
}

/// Rows with a quote that is never closed, by the column it stands in.
fn unclosed(column: &str) -> String {
    charge("X", &[(column, "MARK")]).replace("MARK", "\"a fine")
}

#[test]
fn a_quote_that_is_never_closed_swallows_nothing() {
    for column in ["case_id", "defendant_id", "sentence", "region", "publish"] {
        let checked = Draft::new("unclosed").line(&unclosed(column)).check();
        checked.refused_row("unclosed_quote");
        assert_eq!(checked.counts(), [GOOD + 1, GOOD, 1, 0, 0], "{column}");
    }
    // In a long file, where the end is not in sight.
    let checked = Draft::new("unclosed-long").good(30_000).line(&unclosed("sentence")).check();
    checked.only("unclosed_quote");
    assert_eq!(checked.counts(), [30_001, 30_000, 1, 0, 0]);
}

#[test]
fn a_quote_that_is_never_closed_does_not_end_at_a_quote_of_another_row() {
    for column in ["case_id", "sentence", "publish"] {
        for good in ["a \"big\" fine", "", ", and costs", "one, two", "a\nb"] {
            let draft = Draft::new("unclosed-neighbour").line(&unclosed(column));
            // An empty text in quotes is one of the texts that a quote may wrongly end at.
            let text = if good.is_empty() { "\"\"".to_owned() } else { quoted(good) };
            let neighbour = charge("Y", &[("sentence", "MARK")]).replace("MARK", &text);
            let checked = draft.line(&neighbour).check();
            assert_eq!(
                (checked.counts(), checked.reasons()),
                ([GOOD + 2, GOOD + 1, 1, 0, 0], vec!["unclosed_quote"]),
                "{column} before {good:?}: {checked:?}"
            );
        }
    }
}

#[test]
fn two_rows_with_one_quote_each_are_two_bad_rows() {
    let opened = "\"a fine";
    for other in ["a fine\"", "\"a fine", "a \" fine", "\""] {
        for between in [0, 1, 3] {
            for column in ["case_id", "sentence", "publish"] {
                let line = |id, mark| charge(id, &[(column, "MARK")]).replace("MARK", mark);
                let mut draft = Draft::new("two-quotes").line(&line("X", opened));
                for _ in 0..between {
                    draft = draft.charge(&[]);
                }
                let checked = draft.line(&line("Y", other)).check();
                let read = GOOD + 2 + between;
                let place = format!("{column} {other:?} {between}: {checked:?}");
                assert_eq!(checked.counts(), [read, read - 2, 2, 0, 0], "{place}");
                assert_eq!(checked.reasons()[0], "unclosed_quote", "{place}");
                let records: Vec<_> = checked.problems().iter().map(|one| &one["record"]).collect();
                assert_eq!(records, [FIRST_ADDED, FIRST_ADDED + 1 + between], "{place}");
            }
        }
    }
}

#[test]
fn a_text_of_several_lines_is_one_field_and_lines_are_counted_as_an_editor_does() {
    for text in ["paid\nlate", "paid\r\n\r\nlate, and\n", "\n", "a, b\nc", "a\nb, c"] {
        let draft = Draft::new("several-lines").charge(&[("sentence", text)]);
        let checked = draft.charge(&[("outcome", "?")]).check();
        let problem = checked.only("unknown_outcome");
        let ends = text.replace("\r\n", "\n").matches('\n').count() as u64;
        assert_eq!(problem["record"], FIRST_ADDED + 1, "{text:?}");
        assert_eq!(problem["line"], FIRST_ADDED + 2 + ends, "{text:?}");
        assert_eq!(checked.counts(), [GOOD + 2, GOOD + 1, 1, 0, 0], "{text:?}");
    }
}

#[test]
fn a_text_of_several_lines_may_have_commas_wherever_it_stands() {
    // As many as make its first, or last, line look as long as a whole row.
    for (column, text) in [
        ("region", "north, and\nsouth"),
        ("sentence", "a, b, c, d, e\nf"),
        ("defendant_id", "x\na, b"),
        ("sentence", "f\na, b, c, d, e, f, g, h"),
    ] {
        // A region is a code and has no comma, so its column becomes one that nobody reads.
        let header = COLUMNS.join(",").replace("region", "desk_note");
        let checked = Draft::new("commas").header(&header).charge(&[(column, text)]).check();
        assert_eq!(checked.code, 0, "{column} {text:?}: {checked:?}");
        assert_eq!(checked.counts(), [GOOD + 1, GOOD + 1, 0, 0, 0], "{column} {text:?}");
    }
}

#[test]
fn quotes_and_line_ends_chosen_at_random_change_nothing() {
    let draft = Draft::new("random")
        .charge(&[("sentence", "a fine, and\n\"costs\"")])
        .charge(&[("outcome", "acquitted"), ("role", "")])
        .charge(&[("outcome", "")]);
    let query = "by=outcome,role,region,year&measure=persons,cases,charges";
    let plain = draft.check();
    let good = draft.charges().replace(&charge("ADDED002", &[("outcome", "")]), "");
    let answer = csv(&draft.write_as(good.trim_end().as_bytes()), query);
    let table = rows(&draft.charges());
    // Numerical Recipes' linear congruence: the same choices on every machine.
    let mut state: u32 = 7;
    let mut choose = |of: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % of
    };
    for round in 0..40 {
        let mut text = String::new();
        let mut without_bad = String::new();
        for row in &table {
            let fields: Vec<String> = row
                .iter()
                .map(|field| {
                    let always = format!("\"{}\"", field.replace('"', "\"\""));
                    if choose(2) == 0 { always } else { quoted(field) }
                })
                .collect();
            let line = fields.join(",") + ["\n", "\r\n", "\r"][choose(3)];
            text.push_str(&line);
            if row[0] != "C-ADDED002" {
                without_bad.push_str(&line);
            }
        }
        let checked = draft.check_as(text.as_bytes());
        assert_eq!(checked.counts(), plain.counts(), "round {round}: {checked:?}");
        assert_eq!(checked.json["problems"], plain.json["problems"], "round {round}");
        if round % 8 == 0 {
            assert_eq!(csv(&draft.write_as(without_bad.as_bytes()), query), answer, "round {round}");
        }
    }
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let table = e2e::table::Table::parse(text);
    [vec![table.header], table.rows].concat()
}
