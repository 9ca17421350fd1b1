//! Parquet and XLSX, read by what people read them with, and compared with the CSV cell by cell.

use std::path::Path;

use e2e::packages::Package;
use e2e::python;
use e2e::service::Service;
use serde_json::Value;

const DATASETS: &str = "/v1/datasets";

/// Reads an answer in three formats, compares them, and returns what was found.
fn compared(service: &Service, name: &str, dataset: &str, query: &str, language: &str) -> Value {
    let folder = e2e::empty_folder(&format!("workbook-{name}"));
    let paths = ["csv", "parquet", "xlsx"].map(|ending| {
        let lang = if ending == "xlsx" { format!("&lang={language}") } else { String::new() };
        let path = format!("{DATASETS}/{dataset}/aggregate.{ending}?{query}{lang}");
        let reply = service.get(&path);
        assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        python::file(&folder, &format!("answer.{ending}"), &reply.body)
    });
    let printed = python::printed("tables.py", &[&paths[0], &paths[1], &paths[2]]);
    serde_json::from_str(&printed).expect("the script prints JSON")
}

/// Whether a line of the sheet that tells of the answer has this text in it.
fn tells(found: &Value, text: &str) -> bool {
    let lines = found["about"].as_array().expect("there are lines");
    lines
        .iter()
        .flat_map(|line| line.as_array().into_iter().flatten())
        .any(|cell| cell.as_str().is_some_and(|cell| cell.contains(text)))
}

#[test]
fn parquet_and_workbook_have_the_cells_of_the_csv() {
    let service = Service::start();
    let cases = "by=country,statute,outcome,year,month&share=outcome&labels=kk&measure=charges,persons,cases";
    let found = compared(&service, "cases", "documented-cases", cases, "en");
    assert!(found["rows"].as_u64().is_some_and(|rows| rows > 5), "{}", found["rows"]);
    let figures = "by=country,statute,outcome,year,source&measure=persons,cases&labels=ru";
    let found = compared(&service, "figures", "reported-figures", figures, "ru");
    assert!(found["rows"].as_u64().is_some_and(|rows| rows > 90), "{}", found["rows"]);
    assert_eq!(found["sheets"], serde_json::json!(["Данные", "Описание"]));
    assert_eq!(found["frozen"], "A2");
    assert!(
        found["filtered"].as_str().is_some_and(|range| range.starts_with("A1:")),
        "{}",
        found["filtered"]
    );
    assert_eq!(found["looks"]["persons"], serde_json::json!(["#,##0"]));
    assert_eq!(found["looks"]["year"], serde_json::json!(["0"]));
    let encodings = found["encodings"].as_array().expect("there are encodings");
    assert!(encodings.iter().any(|own| own.as_str().is_some_and(|own| own.contains("DICTIONARY"))));
    service.assert_log_clean();
}

#[test]
fn a_workbook_has_labels_beside_codes_and_is_ready_to_be_printed() {
    let service = Service::start();
    let query = "by=country,statute,outcome,year&measure=cases";
    let folder = e2e::empty_folder("workbook-labels");
    for language in ["en", "ru", "kk"] {
        let get = |file: &str, more: &str| {
            let reply = service.get(&format!("{DATASETS}/reported-figures/{file}?{query}{more}"));
            assert_eq!(reply.status, 200);
            python::file(&folder, &format!("{language}-{file}"), &reply.body)
        };
        let labelled = format!("&labels={language}");
        let (csv, parquet) = (get("aggregate.csv", &labelled), get("aggregate.parquet", &labelled));
        let xlsx = get("aggregate.xlsx", &format!("&lang={language}"));
        let printed = python::printed("tables.py", &[&csv, &parquet, &xlsx]);
        let found: Value = serde_json::from_str(&printed).expect("the script prints JSON");
        assert_eq!(found["printed"], serde_json::json!(["landscape", true, "$1:$1"]), "{language}");
    }
}

#[test]
fn a_file_says_what_it_is_and_how_to_cite_it() {
    let service = Service::start();
    for (language, words) in [
        ("en", ["Before you use these figures", "95 % Wilson", "not a zero"]),
        ("ru", ["Прежде чем использовать", "Уилсона", "не ноль"]),
        ("kk", ["Бұл сандарды қолданар алдында", "Уилсон", "нөл емес"]),
    ] {
        let query = &format!("by=year,outcome&share=outcome&statute=KAZ-CC-274&labels={language}");
        let answer =
            service.json(&format!("{DATASETS}/documented-cases/aggregate.json?{query}&lang={language}"));
        let found = compared(&service, &format!("about-{language}"), "documented-cases", query, language);
        for word in words {
            assert!(tells(&found, word), "{language}: {word}");
        }
        let said =
            |pointer: &str| answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        for pointer in
            ["/text/title", "/text/subtitle", "/citation", "/dataset/title", "/release/id", "/query"]
        {
            assert!(!said(pointer).is_empty() && tells(&found, &said(pointer)), "{language}: {pointer}");
        }
        let each = |name: &str| answer[name].as_array().cloned().unwrap_or_default();
        assert!(!each("caveats").is_empty() && !each("sources").is_empty());
        for caveat in each("caveats") {
            assert!(tells(&found, caveat.as_str().unwrap_or_default()), "{language}: {caveat}");
        }
        for source in each("sources") {
            for member in ["title", "url"] {
                assert!(tells(&found, source[member].as_str().unwrap_or_default()), "{language}: {source}");
            }
        }
        // The definition of every outcome that occurs.
        let described = service.json(&format!("{DATASETS}/documented-cases?lang={language}"));
        let outcomes = described["outcomes"].as_array().expect("a dataset has outcomes");
        let occurring = answer["labels"]["outcome"].as_object().expect("the answer has outcomes");
        assert!(!occurring.is_empty());
        for outcome in
            outcomes.iter().filter(|own| occurring.contains_key(own["code"].as_str().unwrap_or_default()))
        {
            let definition = outcome["definition"].as_str().unwrap_or_default();
            assert!(!definition.is_empty() && tells(&found, definition), "{language}: {outcome}");
        }
        assert_eq!(found["title"], said("/text/title").as_str());
        assert_eq!(found["looks"]["share"], serde_json::json!(["0.0%"]));
        let links = found["links"].as_array().expect("there are links");
        let pinned = format!(
            "{}/v1/datasets/documented-cases/releases/{}/aggregate.xlsx",
            service.base,
            said("/release/id")
        );
        assert!(
            links.iter().any(|link| link.as_str().is_some_and(|link| link.starts_with(&pinned))),
            "{links:?}"
        );
        let metadata = &found["metadata"];
        assert_eq!(metadata["chargesheet.dataset"], "documented-cases");
        assert_eq!(metadata["chargesheet.release"], said("/release/id").as_str());
        assert_eq!(metadata["chargesheet.query"], said("/query").as_str());
        for key in ["url", "licence", "citation"] {
            assert!(
                metadata[format!("chargesheet.{key}")].as_str().is_some_and(|text| text.len() > 5),
                "{metadata}"
            );
        }
        // The address in the file gives the file.
        let url = metadata["chargesheet.url"].as_str().and_then(|url| url.strip_prefix(&service.base));
        let again = service.get(url.expect("the address is of this service"));
        let live = service.get(&format!("{DATASETS}/documented-cases/aggregate.parquet?{query}"));
        assert_eq!((again.status, &again.body), (200, &live.body));
    }
    service.assert_log_clean();
}

#[test]
fn a_file_is_the_same_bytes_each_time_and_in_each_process() {
    let (one, other) = (Service::start(), Service::start());
    let query = "by=country,statute,outcome,year&labels=en";
    for file in ["aggregate.parquet", "aggregate.xlsx"] {
        for dataset in ["documented-cases", "reported-figures"] {
            let path = format!("{DATASETS}/{dataset}/{file}?{query}");
            let first = one.get(&path);
            assert_eq!(first.status, 200, "{path}");
            assert_eq!(first.header("etag"), one.get(&path).header("etag"), "{path}");
            let name = format!("attachment; filename=\"chargesheet_{dataset}_");
            assert!(first.header("content-disposition").starts_with(&name));
            // The address of the service is in the file, so another port is another file; its length is not.
            assert_eq!(first.body.len().abs_diff(other.get(&path).body.len()) / 64, 0, "{path}");
        }
    }
}

#[test]
fn an_answer_without_rows_is_a_header_and_an_explanation() {
    let service = Service::start();
    let query = "by=year,outcome&from=1801&to=1802&labels=en";
    let answer = service.json(&format!("{DATASETS}/documented-cases/aggregate.json?{query}"));
    let found = compared(&service, "empty", "documented-cases", query, "en");
    assert_eq!(found["rows"], 0);
    let explained = answer["text"]["empty"].as_str().unwrap_or_default();
    assert!(!explained.is_empty() && tells(&found, explained), "{}", found["about"]);
}

#[test]
fn text_that_looks_like_a_formula_stays_text() {
    let mut package = Package::cases();
    let formulas = ["=1+1", "@SUM(A1)", "+1", "-1"];
    let mut statutes = package.tables["statutes.csv"].lines().next().unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    for (place, formula) in formulas.iter().enumerate() {
        statutes.push_str(&format!("\nFRA-F-{place},,FRA,{formula},1,,{formula},,,,,,,"));
        rows.push(format!("C{place},D{place},FRA,FRA-F-{place},2020-03-01,pending,"));
    }
    statutes.push('\n');
    package.tables.insert("statutes.csv".to_owned(), statutes);
    let folder = package.rows(rows).write();
    let folder: &Path = &folder;
    let service = Service::start_with(&["--no-bundled", "--data", &folder.to_string_lossy()]);
    let found = compared(&service, "inert", "example-cases", "by=statute,year&labels=en", "en");
    assert_eq!(found["rows"], formulas.len());
    let mut quoted: Vec<&str> =
        found["quoted"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    quoted.sort_unstable();
    let mut expected = formulas.to_vec();
    expected.sort_unstable();
    assert_eq!(quoted, expected);
}
