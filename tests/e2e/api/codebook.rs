//! The codebook knows every column and code of every answer, in every language.

use std::collections::BTreeSet;

use e2e::packages::Package;
use e2e::service::Service;
use e2e::store::Store;
use e2e::table::Table;
use serde_json::{Value, json};

const DATASETS: [(&str, &[&str]); 2] = [
    (
        "documented-cases",
        &[
            "by=country,statute,outcome,role,year,month&measure=persons,cases,charges&share=role&labels={}",
            "by=year,outcome&statute=KAZ-CC-274",
            "by=month&role=lawyer",
        ],
    ),
    (
        "reported-figures",
        &[
            "by=country,statute,outcome,source,year&measure=cases,persons,charges&labels={}",
            "by=year,outcome,statute&measure=persons",
            "by=year&statute=KAZ-CC-274&outcome=registered",
        ],
    ),
];

/// Whether a codebook in CSV has a row of a column, or of a code in it, with a definition or label.
fn knows(codebook: &Table, column: &str, code: &str) -> bool {
    let rows = codebook.select(&["column", "code", "label", "definition"]);
    rows.iter().any(|row| {
        row[0] == column && row[1] == code && !row[2].is_empty() && (!code.is_empty() || !row[3].is_empty())
    })
}

#[test]
fn every_column_and_code_of_an_answer_is_in_the_codebook_in_every_language() {
    let service = Service::start();
    for (dataset, queries) in DATASETS {
        let at = |file: &str| format!("/v1/datasets/{dataset}/{file}");
        for language in ["en", "ru", "kk"] {
            let whole = Table::parse(&service.text(&at(&format!("codebook.csv?lang={language}"))));
            for query in queries {
                let query = query.replace("{}", language);
                let answer = Table::parse(&service.text(&at(&format!("aggregate.csv?{query}"))));
                let own = Table::parse(&service.text(&at(&format!("codebook.csv?{query}&lang={language}"))));
                for codebook in [&whole, &own] {
                    for (place, column) in answer.header.iter().enumerate() {
                        assert!(knows(codebook, column, ""), "{language} {query}: {column}");
                        let coded = ["country", "statute", "outcome", "role", "source", "sources", "status"];
                        if !coded.contains(&column.as_str()) {
                            continue;
                        }
                        for code in answer.rows.iter().flat_map(|row| row[place].split(' ')) {
                            assert!(
                                code.is_empty() || knows(codebook, column, code),
                                "{query}: {column} {code}"
                            );
                        }
                    }
                }
                // The codebook of an answer has its columns, in its order, and no others.
                let columns = own.select(&["column", "code"]);
                let columns: Vec<&str> =
                    columns.iter().filter(|row| row[1].is_empty()).map(|row| row[0]).collect();
                assert_eq!(columns, answer.header, "{query}");
            }
        }
    }
    service.assert_log_clean();
}

#[test]
fn the_codebook_of_an_answer_leaves_out_what_does_not_occur() {
    let service = Service::start();
    let codes = |query: &str| -> BTreeSet<String> {
        let table =
            Table::parse(&service.text(&format!("/v1/datasets/reported-figures/codebook.csv{query}")));
        let rows = table.select(&["column", "code"]);
        rows.iter().filter(|row| row[0] == "outcome").map(|row| row[1].to_owned()).collect()
    };
    let own = codes("?by=year,outcome&statute=KAZ-CC-274&outcome=registered");
    assert_eq!(own, BTreeSet::from([String::new(), "registered".to_owned()]));
    assert!(codes("").len() > own.len());
}

#[test]
fn a_dataset_is_described_with_its_codebook_and_a_pinned_one_as_it_always_was() {
    let service = Service::start();
    let live = service.json("/v1/datasets/reported-figures?lang=kk");
    let codebook = service.json("/v1/datasets/reported-figures/codebook.json?lang=kk");
    for member in ["columns", "codes", "absent", "coverage", "contributors", "language"] {
        assert_eq!(live[member], codebook[member], "{member}");
    }
    let release = live["release"]["id"].as_str().unwrap_or_default();
    let pinned = service.json(&format!("/v1/datasets/reported-figures/releases/{release}"));
    assert_eq!(pinned["codes"], Value::Null);
    let kept =
        service.json(&format!("/v1/datasets/reported-figures/releases/{release}/codebook.json?lang=kk"));
    assert_eq!(kept, codebook);
    // A gap between years is seen: the register of years is whole, not a first and a last.
    let covered = live["coverage"].as_array().expect("there is a coverage");
    for statute in covered {
        let id = statute["statute"].as_str().unwrap_or_default();
        let query = format!("by=year,statute,outcome&statute={id}&measure=cases,persons,charges");
        let answer =
            Table::parse(&service.text(&format!("/v1/datasets/reported-figures/aggregate.csv?{query}")));
        let years: BTreeSet<i64> =
            answer.select(&["year"]).iter().filter_map(|row| row[0].parse().ok()).collect();
        let said: BTreeSet<i64> =
            statute["years"].as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
        assert_eq!(said, years, "{id}");
    }
}

#[test]
fn an_outcome_that_is_a_part_of_another_one_says_so_wherever_outcomes_are_listed() {
    let store = Store::empty("parts-of-outcomes");
    store.add(&Package::cases().rows(["C1,D1,FRA,FRA-X-1,2020,convicted,", "C2,D2,FRA,FRA-X-1,2020,fined,"]));
    let service = Service::start_with(&["--store", store.text()]);
    let listed = |json: &Value, list: &str, code: &str| -> Value {
        let all = json[list].as_array().expect("it is a list");
        all.iter().find(|own| own["code"] == code).expect("it is listed").clone()
    };
    let dataset = service.json("/v1/datasets/example-cases");
    assert_eq!(listed(&dataset, "outcomes", "fined")["parent"], "convicted");
    assert!(listed(&dataset, "outcomes", "convicted").get("parent").is_none());
    let codebook = service.json("/v1/datasets/example-cases/codebook.json");
    let lists = codebook["codes"].as_array().expect("there are codes");
    let outcomes =
        lists.iter().find(|list| list["columns"] == json!(["outcome"])).expect("there are outcomes");
    assert_eq!(listed(outcomes, "codes", "fined")["parent"], "convicted");
    assert!(listed(outcomes, "codes", "convicted").get("parent").is_none());
    let rows = Table::parse(&service.text("/v1/datasets/example-cases/codebook.csv"));
    assert!(rows.select(&["column", "code", "parent"]).contains(&vec!["outcome", "fined", "convicted"]));
    for (language, said) in [("en", "Convicted, of which: Fined"), ("ru", "Осуждено, в том числе: Штраф")]
    {
        let page = service.text(&format!("/datasets/example-cases?lang={language}"));
        assert!(page.contains(&format!("<td class=\"part\">{said}</td>")), "{language}: {page}");
        let menu = service.text(&format!("/statutes/FRA-X-1?lang={language}"));
        assert!(menu.contains(&format!("value=\"fined\"> {said}</label>")), "{language}: {menu}");
    }
    // A release keeps the list that it was made with.
    let old = service.json("/v1/datasets/documented-cases/releases/2026-11-24-82da7d0c38b4");
    assert!(listed(&old, "outcomes", "fined").get("parent").is_none());
}

#[test]
fn what_may_be_summed_is_told_with_its_reason() {
    let service = Service::start();
    let sums = |dataset: &str| -> Vec<(String, usize, String)> {
        let codebook = service.json(&format!("/v1/datasets/{dataset}/codebook.json"));
        let columns = codebook["columns"].as_array().expect("there are columns").clone();
        columns
            .iter()
            .filter(|column| !column["sum"].is_null())
            .map(|column| {
                let sum = &column["sum"];
                let measures = sum["measures"].as_array().map_or(0, Vec::len);
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                (text(&column["name"]), measures, text(&sum["why"]))
            })
            .collect()
    };
    let reported = sums("reported-figures");
    assert!(reported.iter().all(|(_, measures, why)| *measures == 0 && !why.is_empty()), "{reported:?}");
    let cases = sums("documented-cases");
    assert!(cases.iter().all(|(_, measures, why)| *measures == 1 && !why.is_empty()), "{cases:?}");
}

#[test]
fn a_wrong_parameter_is_named_with_the_right_one() {
    let service = Service::start();
    let reply = service.get("/v1/datasets/reported-figures/codebook.csv?lan=ru");
    assert_eq!(reply.status, 400);
    assert!(reply.text().contains("\"nearest\":\"lang\""), "{}", reply.text());
}
