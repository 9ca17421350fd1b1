//! What an answer carries: columns, labels, rows as JSON and CSV, and what stands in an empty one.

use e2e::packages::Package;
use e2e::service::Service;
use e2e::table::Table;
use serde_json::Value;

use crate::api::figures::{CASES, FIGURES};

#[test]
fn columns_stand_in_the_order_asked_for() {
    let service = Service::start();
    for (query, header) in [
        ("by=outcome,year&measure=charges,persons", "outcome,year,charges,persons"),
        ("by=year,outcome&measure=cases", "year,outcome,cases"),
        ("", "year,persons"),
        (
            "by=outcome,role&measure=persons&share=role&labels=en",
            "outcome,outcome_label,role,role_label,persons,share,share_low,share_high",
        ),
    ] {
        let table = Table::parse(&service.text(&format!("{CASES}/aggregate.csv?{query}")));
        assert_eq!(table.header.join(","), header, "{query}");
    }
    let query = "by=statute,year,outcome,source&measure=persons,charges&labels=ru";
    let table = Table::parse(&service.text(&format!("{FIGURES}/aggregate.csv?{query}")));
    assert_eq!(
        table.header.join(","),
        "statute,statute_label,year,outcome,outcome_label,source,source_label,persons,charges,status,sources"
    );
}

#[test]
fn labels_stand_behind_their_codes_in_the_language_asked_for() {
    let service = Service::start();
    for (language, pending, country) in [
        ("en", "Pending", "Kazakhstan"),
        ("ru", "Дело не завершено", "Казахстан"),
        ("kk", "Іс аяқталмаған", "Қазақстан"),
    ] {
        let query = format!("by=country,outcome&statute=KAZ-CC-274&labels={language}");
        let table = Table::parse(&service.text(&format!("{CASES}/aggregate.csv?{query}")));
        let row = table.rows.iter().find(|row| row.contains(&"pending".to_owned()));
        let row = row.expect("somebody's case is pending");
        assert_eq!(row[1], country);
        let label = reference_label("outcomes.csv", "pending", language);
        assert_eq!(row[3], label);
        // The word is checked once by a person; the file may find a better one.
        assert!(!label.is_empty(), "{pending}");
    }
}

fn reference_label(file: &str, code: &str, language: &str) -> String {
    let table = Table::read(&e2e::repository().join("data/reference").join(file));
    let found = table.rows.iter().find(|row| row[0] == code);
    let row = found.unwrap_or_else(|| panic!("{code} in {file}"));
    row[table.column(&format!("label_{language}"))].clone()
}

#[test]
fn a_right_question_without_an_answer_is_an_empty_table() {
    let service = Service::start();
    for (path, header) in [
        (format!("{CASES}/aggregate.csv?country=FRA"), "year,persons\n"),
        (format!("{CASES}/aggregate.csv?by=outcome&outcome=fined&measure=cases"), "outcome,cases\n"),
        (format!("{CASES}/aggregate.csv?by=&statute=KAZ-CC-373"), "persons\n"),
        (
            format!("{FIGURES}/aggregate.csv?by=year,outcome&statute=KAZ-CC-373&measure=cases"),
            "year,outcome,cases,status,sources\n",
        ),
    ] {
        assert_eq!(service.text(&path), header, "{path}");
        let json = service.json(&path.replace(".csv", ".json"));
        assert_eq!(json["rows"], serde_json::json!([]), "{path}");
    }
    let svg = service.text(&format!("{CASES}/chart.svg?country=FRA"));
    assert!(svg.starts_with("<svg"), "{svg}");
    service.assert_log_clean();
}

#[test]
fn an_answer_without_rows_names_no_sources() {
    for package in [Package::figures(), Package::cases()] {
        let folder = package.write();
        let service = Service::start_with(&["--data", folder.to_str().expect("the path is UTF-8")]);
        let dataset = format!("/v1/datasets/{}", package.dataset());
        // The package's descriptor names one, which has nothing to do with years in which nothing happened.
        let nothing = "by=year,outcome&statute=FRA-X-1&measure=persons&from=1990&to=1991";
        let ask = |file: &str| service.text(&format!("{dataset}/{file}?{nothing}"));
        let answer = service.json(&format!("{dataset}/aggregate.json?{nothing}"));
        assert_eq!(answer["rows"], serde_json::json!([]));
        assert_eq!(answer["sources"], serde_json::json!([]));
        assert_eq!(answer["text"]["source_line"], "");
        assert!(!ask("aggregate.json").contains("made-up"), "{answer}");
        for file in ["chart.svg", "chart.html", "aggregate.csv-metadata.json", "citation.txt", "evidence.csv"]
        {
            let text = ask(file);
            assert!(!text.contains("made-up") && !text.contains("Example Bureau"), "{file}");
        }
        let report = service.text(&format!("/report/{}?{nothing}", package.dataset()));
        assert!(!report.contains("<h2>Sources</h2>") && !report.contains("made-up"), "{report}");
        // One with rows does.
        let some =
            service.json(&format!("{dataset}/aggregate.json?by=year,outcome&statute=FRA-X-1&from=2019"));
        assert!(
            some["text"]["source_line"].as_str().is_some_and(|line| line.len() > "Source: ".len()),
            "{some}"
        );
        service.assert_log_clean();
    }
    // What was cited stays: these releases named every source of their dataset.
    let service = Service::start();
    let pinned =
        service.text(&format!("{FIGURES}/aggregate.json?by=year,outcome&statute=KAZ-CC-373&measure=cases"));
    assert!(pinned.contains("and 53 more"), "{pinned}");
}

#[test]
fn the_json_has_the_rows_of_the_csv() {
    let service = Service::start();
    for (dataset, query) in [
        (CASES, "by=year,month,outcome,role&measure=persons,cases,charges"),
        (CASES, "by=statute,outcome&measure=persons&share=outcome&labels=kk"),
        (CASES, "by=&measure=persons,cases"),
        (FIGURES, "by=statute,year,outcome&measure=cases,persons,charges"),
        (FIGURES, "by=country,statute,year,outcome,source&measure=persons&labels=ru"),
        (FIGURES, "by=year,outcome&statute=IND-IPC-124A&measure=cases&outcome=registered"),
    ] {
        let table = Table::parse(&service.text(&format!("{dataset}/aggregate.csv?{query}")));
        let json = service.json(&format!("{dataset}/aggregate.json?{query}"));
        let columns: Vec<&str> = json["columns"]
            .as_array()
            .expect("a list of columns")
            .iter()
            .filter_map(|column| column["name"].as_str())
            .collect();
        assert_eq!(columns, table.header, "{query}");
        let rows: Vec<Vec<String>> = json["rows"]
            .as_array()
            .expect("a list of rows")
            .iter()
            .map(|row| columns.iter().map(|&column| cell(&row[column])).collect())
            .collect();
        assert!(!rows.is_empty(), "{query}");
        assert_eq!(rows, table.rows, "{query}");
    }
    service.assert_log_clean();
}

/// Writes a JSON value as the CSV has it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join(" "),
        // A whole share is `1.0` in JSON and `1` in the CSV.
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN).to_string(),
        other => panic!("{other} has no place in a table"),
    }
}

#[test]
fn an_answer_carries_what_a_reader_needs_to_trust_it() {
    let service = Service::start();
    let answer = service.json(&format!(
        "{FIGURES}/aggregate.json?by=year,outcome&statute=IND-IPC-124A&measure=cases&lang=ru"
    ));
    assert_eq!(answer["language"], "ru");
    assert_eq!(answer["dataset"]["kind"], "reported");
    assert!(answer["caveats"].as_array().is_some_and(|caveats| caveats.len() > 2));
    let sources = answer["sources"].as_array().expect("a list of sources");
    for source in sources {
        for member in ["id", "publisher", "title", "url", "kind"] {
            assert!(source[member].as_str().is_some_and(|text| !text.is_empty()), "{source}");
        }
    }
    for member in ["title", "subtitle", "x_title", "y_title", "source_line", "dataset_line", "alt"] {
        let text = answer["text"][member].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{member}");
    }
    // Every source of a row is described.
    for row in answer["rows"].as_array().expect("a list of rows") {
        for id in row["sources"].as_array().expect("a list of ids") {
            assert!(sources.iter().any(|source| source["id"] == *id), "{id}");
        }
    }
    assert_eq!(answer["in_force"]["to"], "2024-06-30");
}

#[test]
fn facets_count_what_a_menu_can_offer() {
    let service = Service::start();
    let facets = service.json(&format!("{CASES}/facets.json?of=outcome,year&country=KAZ&lang=en"));
    let values = |place: usize| -> Vec<String> {
        let values = facets["facets"][place]["values"].as_array();
        values
            .expect("a list of values")
            .iter()
            .map(|value| format!("{} {} {}", cell(&value["value"]), cell(&value["label"]), value["records"]))
            .collect()
    };
    assert_eq!(values(0), ["convicted Convicted 1", "pending Pending 3"]);
    assert_eq!(values(1), ["2020 2020 4"]);
}
