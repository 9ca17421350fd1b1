//! The figures themselves, as the founding article and the published sources have them.

use e2e::packages::Package;
use e2e::service::Service;
use e2e::table::Table;
use serde_json::Value;

const CASES: &str = "/v1/datasets/documented-cases";
const FIGURES: &str = "/v1/datasets/reported-figures";

#[test]
fn the_founding_article_counts_four_persons_in_three_cases() {
    let service = Service::start();
    let all = "statute=KAZ-CC-274&measure=persons,cases,charges";
    assert_eq!(
        service.text(&format!("{CASES}/aggregate.csv?by=outcome&{all}")),
        "outcome,persons,cases,charges\n\
         convicted,1,1,1\n\
         pending,3,2,3\n"
    );
    assert_eq!(service.text(&format!("{CASES}/aggregate.csv?by=&{all}")), "persons,cases,charges\n4,3,4\n");
    // A part belongs to its article, and can be asked for by itself.
    assert_eq!(
        service.text(&format!("{CASES}/aggregate.csv?by=statute,role&{all}")),
        "statute,role,persons,cases,charges\n\
         KAZ-CC-274,activist,1,1,1\n\
         KAZ-CC-274,blogger,1,1,1\n\
         KAZ-CC-274.4,activist,2,1,2\n"
    );
    assert_eq!(
        service.text(&format!("{CASES}/aggregate.csv?by=&statute=KAZ-CC-274.4&measure=persons,cases")),
        "persons,cases\n2,1\n"
    );
    service.assert_log_clean();
}

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
fn sedition_in_india_is_the_series_that_the_sources_publish() {
    let service = Service::start();
    let csv =
        service.text(&format!("{FIGURES}/aggregate.csv?by=year,outcome&statute=IND-IPC-124A&measure=cases"));
    let answer = Table::parse(&csv);
    let source = Table::read(&e2e::repository().join("data/reported-figures/counts.csv"));
    let mut expected: Vec<Vec<&str>> = source
        .select(&["statute", "unit", "preferred", "year", "outcome", "value"])
        .into_iter()
        .filter(|row| row[..2] == ["IND-IPC-124A", "cases"] && row[2] != "false")
        .map(|row| row[3..].to_vec())
        .collect();
    expected.sort_unstable();
    assert_eq!(answer.select(&["year", "outcome", "cases"]), expected);
    // The registered cases as the National Crime Records Bureau counted them, to be seen here once.
    let registered: Vec<String> = answer
        .select(&["outcome", "year", "cases"])
        .into_iter()
        .filter(|row| row[0] == "registered")
        .map(|row| format!("{} {}", row[1], row[2]))
        .collect();
    assert_eq!(
        registered,
        ["2014 47", "2015 30", "2016 35", "2017 51", "2018 70", "2019 93", "2020 73", "2021 76", "2022 20"]
    );
    service.assert_log_clean();
}

#[test]
fn sources_that_disagree_are_shown_beside_the_figure_and_each_by_itself() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases&outcome=registered&from=2018&to=2018";
    let answer = service.json(&format!("{FIGURES}/aggregate.json?{query}"));
    let row = &answer["rows"][0];
    assert_eq!(row["cases"], 70);
    assert_eq!(
        row["disagreements"],
        serde_json::json!([{ "measure": "cases", "value": 75, "source": "lipr-2018" }])
    );
    let sources: Vec<&str> = answer["sources"]
        .as_array()
        .expect("a list of sources")
        .iter()
        .filter_map(|source| source["id"].as_str())
        .collect();
    assert!(sources.contains(&"lipr-2018"), "{sources:?}");
    // Where all sources agree there is nothing to show.
    let agreed = service.json(&format!("{FIGURES}/aggregate.json?{}", query.replace("2018", "2019")));
    assert!(agreed["rows"][0]["disagreements"].is_null(), "{}", agreed["rows"][0]);
    // Asked for by source, each says its own.
    let own = service.text(&format!("{FIGURES}/aggregate.csv?{query}&source=lipr-2018"));
    let own = Table::parse(&own);
    assert_eq!(own.select(&["cases"]), [["75"]]);
    // The source of the figure comes first, behind it those that say something else.
    assert_eq!(own.select(&["sources"]), [["lipr-2018 journals-of-india-2021"]]);
    let apart = Table::parse(
        &service.text(&format!("{FIGURES}/aggregate.csv?{}", query.replacen("outcome", "outcome,source", 1))),
    );
    assert_eq!(apart.select(&["source", "cases"]), [["journals-of-india-2021", "70"], ["lipr-2018", "75"]]);
}

#[test]
fn a_share_comes_with_its_wilson_interval() {
    let service = Service::start();
    let csv = service
        .text(&format!("{CASES}/aggregate.csv?by=outcome&statute=KAZ-CC-274&measure=persons&share=outcome"));
    // Wilson's score interval for 1 of 4 and 3 of 4 at 95 %, computed by hand to six decimals.
    assert_eq!(
        csv,
        "outcome,persons,share,share_low,share_high\n\
         convicted,1,0.25,0.045587,0.699358\n\
         pending,3,0.75,0.300642,0.954413\n"
    );
    // Within the groups of the other dimensions, shares add up to one.
    let csv =
        service.text(&format!("{CASES}/aggregate.csv?by=country,outcome&measure=charges&share=outcome"));
    let table = Table::parse(&csv);
    for country in ["KAZ", "POL", "RUS", "THA"] {
        let sum: f64 = table
            .select(&["country", "share"])
            .into_iter()
            .filter(|row| row[0] == country)
            .map(|row| row[1].parse::<f64>().expect("a share is a number"))
            .sum();
        assert!((sum - 1.0).abs() < 1e-5, "{country}: {sum}");
    }
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
fn from_and_to_keep_what_lies_inside_with_both_ends() {
    let service = Service::start();
    let persons = |dates: &str| {
        let query = format!("by=&statute=KAZ-CC-274&measure=persons&{dates}");
        service.text(&format!("{CASES}/aggregate.csv?{query}"))
    };
    // Charged on 2020-04-17, twice on 2020-04-20, and one known only to be of 2020.
    for (dates, expected) in [
        ("from=2020&to=2020", "4"),
        ("from=2020", "4"),
        ("to=2020", "4"),
        ("from=2020-01-01&to=2020-12-31", "4"),
        ("from=2020-04&to=2020-04", "3"),
        ("from=2020-04-18", "2"),
        ("to=2020-04-17", "1"),
        ("from=2020-04-17&to=2020-04-17", "1"),
        ("from=2020-04-20&to=2020-04-20", "2"),
    ] {
        assert_eq!(persons(dates), format!("persons\n{expected}\n"), "{dates}");
    }
    for dates in ["from=2021", "to=2019"] {
        assert_eq!(persons(dates), "persons\n", "{dates}: nothing is known, which is not zero");
    }
    // A record of an unknown date is in no period, and in every answer that asks for none.
    let csv = service.text(&format!("{CASES}/aggregate.csv?by=year&country=THA"));
    assert_eq!(csv, "year,persons\n,2\n");
    let csv = service.text(&format!("{CASES}/aggregate.csv?by=year&country=THA&from=1900"));
    assert_eq!(csv, "year,persons\n");
}

#[test]
fn a_year_without_a_report_is_absent_and_not_zero() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases&outcome=acquitted";
    let table = Table::parse(&service.text(&format!("{FIGURES}/aggregate.csv?{query}")));
    let years = table.select(&["year"]).concat();
    assert_eq!(years, ["2017", "2018"]);
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
