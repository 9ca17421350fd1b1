//! What becomes of refused rows and of text from the data: kept to be repaired, and inert wherever it is shown.

use e2e::draft::{COLUMNS, Checked, Draft, FIRST_ADDED, GOOD};
use e2e::service::{Service, run};
use e2e::table::Table;
use e2e::text;
use serde_json::{Value, json};

use crate::publish::quarantine::{FORMULAS, RUN, check};

/// Returns the characters of a text that move the cursor, reorder text or hide it.
fn acting_symbols(text: &str) -> Vec<char> {
    let acts = |symbol: char| {
        (symbol.is_control() && symbol != '\n')
            || matches!(symbol, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().filter(|symbol| acts(*symbol)).collect()
}

fn assert_harmless(text: &str) {
    let found = acting_symbols(text);
    assert!(found.is_empty(), "{found:?} in {text:?}");
}

/// A colour of ANSI, the same with a C1 control, bidirectional marks, a bell, invisible letters.
const ACTING: [&str; 7] = [
    "\u{1b}[31mred",
    "\u{9b}31mred",
    "a\u{202e}b",
    "a\u{2066}b\u{2069}",
    "a\u{7}",
    "a\u{200b}b",
    "a\u{feff}b",
];

#[test]
fn what_a_terminal_would_act_on_is_shown_in_letters() {
    let columns =
        ["case_id", "country", "statute", "date_charged", "outcome", "sentence_months", "role", "publish"];
    for acting in ACTING {
        let draft = columns.into_iter().fold(Draft::new("acting"), |draft, column| {
            let value = if column == "case_id" { format!("{acting}1") } else { acting.to_owned() };
            draft.charge(&[(column, &value)])
        });
        // The same as an id that looks like another, in a header, and in damaged rows.
        let draft = draft
            .charge(&[("defendant_id", &format!("D{acting}")), ("case_id", "C1")])
            .charge(&[("defendant_id", &format!("d{acting}")), ("case_id", "C2")])
            .header(&COLUMNS.join(",").replace("sentence,", &format!("senten{acting}e,")))
            .line(&format!("{acting},"))
            .line(&format!("{acting},\"{acting}"));
        let folder = draft.write();
        for arguments in [&[][..], &["--json"], &["--max-rejected", "100"]] {
            let output = check(&folder, arguments);
            assert!(matches!(output.status.code(), Some(1 | 2)), "{output:?}");
            assert_harmless(&String::from_utf8(output.stdout).expect("what is printed is UTF-8"));
            assert_harmless(&String::from_utf8(output.stderr).expect("what is printed is UTF-8"));
        }
    }
}

#[test]
fn what_should_be_written_instead_is_shown_in_letters_as_well() {
    let draft = Draft::new("acting-suggestion")
        .statute("FRA-\u{202e}Y-7,,FRA,Example Act,7,,Example offence,,,,,,,")
        .charge(&[("statute", "FRA-Y-7")]);
    let folder = draft.write();
    let output = check(&folder, &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_harmless(&String::from_utf8(output.stdout).expect("what is printed is UTF-8"));
    let refused = run(&["query", "--data", text(&folder), "example-cases"]);
    assert_harmless(&String::from_utf8(refused.stderr).expect("what is printed is UTF-8"));
}

#[test]
fn the_sentence_on_a_package_that_cannot_be_read_is_shown_in_letters_as_well() {
    let acting = "a\u{1b}[31m\u{202e}b";
    let settings = |property: &str, value: Value| {
        let mut all = json!({
            "kind": "case-level",
            "measures": ["persons"],
            "time_basis": "charge",
            "additive": [],
            "disclosure": "none",
        });
        all[property] = value;
        all
    };
    let draft = Draft::new("acting-descriptor");
    let mut shown_raw = Vec::new();
    for (name, draft) in [
        ("path", draft.clone().declaring("path", json!(format!("{acting}.csv")))),
        ("encoding", draft.clone().declaring("encoding", json!(acting))),
        ("hash", draft.clone().declaring("hash", json!(acting))),
        ("name", draft.clone().saying("name", json!(acting))),
        ("created", draft.clone().saying("created", json!(acting))),
        ("kind", draft.clone().saying("chargesheet", settings("kind", json!(acting)))),
        ("measures", draft.clone().saying("chargesheet", settings("measures", json!([acting])))),
        ("additive", draft.clone().saying("chargesheet", settings("additive", json!([acting])))),
        ("unknown", draft.clone().saying("chargesheet", settings(acting, json!(1)))),
    ] {
        let output = check(&draft.write(), &[]);
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let said = String::from_utf8(output.stderr).expect("what is printed is UTF-8");
        assert_eq!(said.trim_end().lines().count(), 1, "{said:?}");
        if !acting_symbols(&said).is_empty() {
            shown_raw.push((name, said));
        }
    }
    assert!(shown_raw.is_empty(), "{shown_raw:#?}");
}

#[test]
fn the_name_of_a_file_is_shown_in_letters_as_well() {
    let acting = "a\u{1b}[31m\u{202e}b\u{9b}c.csv";
    let folder = Draft::new("acting-file").declaring("path", json!(acting)).write();
    std::fs::rename(folder.join("charges.csv"), folder.join(acting)).expect("target/ can be written");
    for arguments in [&[][..], &["--json"]] {
        let output = check(&folder, arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_harmless(&String::from_utf8(output.stdout.clone()).expect("what is printed is UTF-8"));
        if let Ok(json) = serde_json::from_slice::<Value>(&output.stdout) {
            // A program gets the name all the same.
            assert_eq!(json["files"][1]["name"], acting);
        }
    }
}

#[test]
fn an_excerpt_is_short_and_the_place_is_exact() {
    let long = "x".repeat(5_000);
    let checked = Draft::new("excerpt").charge(&[("outcome", &long)]).check();
    let problem = checked.refused_row("unknown_outcome");
    let shown = problem["excerpt"].as_str().expect("an excerpt is a text");
    assert!(shown.chars().count() < 100 && shown.starts_with("xxx"), "{shown}");
}

#[test]
fn the_object_for_programs_has_the_members_that_are_promised() {
    let draft = Draft::new("members").charge(&[("outcome", "convictd")]).charge(&[("date_outcome", "")]);
    let checked = draft.check();
    let members =
        |value: &Value| -> Vec<String> { value.as_object().expect("an object").keys().cloned().collect() };
    for name in ["verdict", "files", "problems"] {
        assert!(members(&checked.json).iter().any(|own| own == name), "{name}");
    }
    for file in checked.json["files"].as_array().expect("a list of files") {
        let mut own = members(file);
        own.sort();
        assert_eq!(own, ["accepted", "duplicates", "name", "read", "rejected", "sha256", "withheld"]);
        let sha256 = file["sha256"].as_str().expect("a digest is a text");
        assert!(sha256.len() == 64 && sha256.bytes().all(|digit| digit.is_ascii_hexdigit()), "{sha256}");
    }
    for problem in checked.problems() {
        for name in ["file", "record", "line", "column", "reason", "severity", "excerpt", "suggestion"] {
            assert!(members(problem).iter().any(|own| own == name), "{name} in {problem}");
        }
    }
    let [refused, warned] = checked.problems() else { panic!("{checked:?}") };
    for (name, value) in [
        ("file", json!("charges.csv")),
        ("record", json!(FIRST_ADDED)),
        ("line", json!(FIRST_ADDED + 1)),
        ("column", json!("outcome")),
        ("reason", json!("unknown_outcome")),
        ("severity", json!("error")),
        ("excerpt", json!("convictd")),
        ("suggestion", json!("convicted")),
    ] {
        assert_eq!(refused[name], value, "{name}");
    }
    assert_eq!((&warned["severity"], &warned["suggestion"]), (&json!("warning"), &Value::Null));
    // The same for people: line, column, what is wrong, what to write; and a last line that adds up.
    let said = check(&draft.write(), &[]);
    let said = String::from_utf8(said.stdout).expect("what is printed is UTF-8");
    let row = said.lines().find(|line| line.contains("[unknown_outcome]")).expect("it is told");
    assert!(row.trim_start().starts_with("52  outcome") && row.ends_with("  convicted"), "{row}");
    let (read, accepted) = (GOOD + 2 + 4, GOOD + 1 + 4);
    let last = format!("{read} read = {accepted} accepted + 1 rejected + 0 duplicates + 0 withheld");
    assert_eq!(said.lines().last(), Some(&*last), "{said}");
}

#[test]
fn text_from_the_data_is_inert_in_every_answer() {
    let script = "<script>alert(1)</script>";
    let mut draft = Draft::new("inert")
        .statute(&format!("FRA-Z-1,,FRA,{script},1,,{script},=1+1,@SUM(A1),,,,,"))
        .charge(&[("statute", "FRA-Z-1"), ("region", script)]);
    for formula in FORMULAS {
        draft = draft.charge(&[("region", formula)]);
    }
    let folder = draft.write();
    Checked::of(&folder, &[]).accepted();
    let service = Service::start_with(&["--no-bundled", "--data", text(&folder)]);
    let base = "/v1/datasets/example-cases";
    for query in ["by=region", "by=statute&labels=ru", "by=statute&labels=kk", "by=region,statute&labels=en"]
    {
        let answer = Table::parse(&service.text(&format!("{base}/aggregate.csv?{query}")));
        for cell in answer.rows.iter().flatten() {
            assert!(!cell.starts_with(RUN), "{query}: {cell:?}");
        }
        let chart = service.get(&format!("{base}/chart.svg?{query}"));
        assert!(!chart.text().contains("<script"), "{query}: {}", chart.text());
    }
    for page in ["/", "/statutes/FRA-Z-1", "/ru/statutes/FRA-Z-1", "/statutes/FRA-X-1"] {
        let reply = service.get(page);
        assert!(!reply.text().contains(script), "{page}: {}", reply.text());
    }
    assert!(service.text("/statutes/FRA-Z-1").contains("<h1>&#60;script&#62;"), "it is shown, in letters");
    service.assert_log_clean();
}
