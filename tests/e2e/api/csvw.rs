//! What is said of a CSV file, held against the file by somebody else's reader of the W3C's standard.

use e2e::archive::unpacked;
use e2e::python;
use e2e::service::Service;
use e2e::table::Table;
use serde_json::Value;

const CASES: &str = "/v1/datasets/documented-cases";
const FIGURES: &str = "/v1/datasets/reported-figures";

/// Every option, months, years that are not known, and an answer without rows.
const ANSWERS: [(&str, &str); 9] = [
    (CASES, "by=year&measure=persons,cases,charges"),
    (CASES, "by=month,role&share=role&labels=kk"),
    (CASES, "by="),
    (CASES, "by=year&role=lawyer"),
    (CASES, "by=country,statute,outcome,year&labels=en"),
    (FIGURES, "by=year,outcome&statute=KAZ-CC-274"),
    (FIGURES, "by=year,outcome,statute&labels=ru"),
    (FIGURES, "by=statute,outcome,source,year&measure=persons,cases&labels=en"),
    (FIGURES, "by=year&statute=KAZ-CC-274&outcome=acquitted"),
];

#[test]
fn every_csv_is_what_its_description_says_and_is_found_both_ways() {
    let service = Service::start();
    for (dataset, query) in ANSWERS {
        let rows = Table::parse(&service.text(&format!("{dataset}/aggregate.csv?{query}"))).rows.len();
        let described = format!("{}{dataset}/aggregate.csv-metadata.json?{query}", service.base);
        // From the CSV, the description is found by its Link header.
        let linked = format!("{}{dataset}/aggregate.csv?{query}", service.base);
        let printed = python::printed("csvw_check.py", &[&described, &linked]);
        assert_eq!(printed, format!("{rows}\n{rows}\n"), "{query}");
    }
    service.assert_log_clean();
}

#[test]
fn a_file_that_is_not_what_was_described_is_found_out() {
    let service = Service::start();
    let archive = service.get(&format!("{CASES}/aggregate.zip?by=year,outcome&measure=persons"));
    let folder = unpacked(&archive.body);
    let described = folder.join("aggregate.csv-metadata.json");
    let described = described.to_str().expect("the path is UTF-8");
    python::printed("csvw_check.py", &[described]);
    let csv = folder.join("aggregate.csv");
    let whole = std::fs::read_to_string(&csv).expect("it is there");
    for (what, broken) in [
        ("a count that is none", whole.replacen(",1\n", ",one\n", 1)),
        ("a group twice", format!("{whole}{}\n", whole.lines().last().unwrap_or_default())),
    ] {
        std::fs::write(&csv, broken).expect("target/ can be written");
        assert!(!python::run("csvw_check.py", &[described]).status.success(), "{what} was taken");
    }
}

#[test]
fn a_description_has_every_column_in_order_with_titles_in_every_language() {
    let service = Service::start();
    for (dataset, query) in ANSWERS {
        let header = Table::parse(&service.text(&format!("{dataset}/aggregate.csv?{query}"))).header;
        let reply = service.get(&format!("{dataset}/aggregate.csv-metadata.json?{query}"));
        assert_eq!(reply.header("content-type"), "application/csvm+json");
        let described: Value = serde_json::from_slice(&reply.body).expect("it is JSON");
        let columns = described["tableSchema"]["columns"].as_array().expect("it has columns");
        let names: Vec<&str> = columns.iter().filter_map(|column| column["name"].as_str()).collect();
        assert_eq!(names, header, "{query}");
        for column in columns {
            for language in ["en", "ru", "kk"] {
                assert!(column["titles"][language].is_string(), "{query} {column}");
            }
        }
        assert_eq!(described["url"], format!("aggregate.csv?{query}"));
    }
}

#[test]
fn the_link_can_be_read_from_other_origins_and_stays_on_a_304() {
    let service = Service::start();
    let path = format!("{FIGURES}/aggregate.csv?by=year,outcome&statute=KAZ-CC-274");
    let reply = service.get(&path);
    let link = "<aggregate.csv-metadata.json?by=year,outcome&statute=KAZ-CC-274>; rel=\"describedby\"; \
                type=\"application/csvm+json\"";
    assert_eq!(reply.header("link"), link);
    let exposed = reply.header("access-control-expose-headers").to_owned();
    assert!(exposed.split(", ").any(|name| name == "Link"), "{exposed}");
    let tag = reply.header("etag").to_owned();
    let again = service.ask("GET", &path, &[("if-none-match", &tag)]);
    assert_eq!((again.status, again.header("link")), (304, link));
    let codebook = service.get(&format!("{FIGURES}/codebook.csv"));
    assert!(!codebook.header("link").contains("describedby"), "{}", codebook.header("link"));
}
