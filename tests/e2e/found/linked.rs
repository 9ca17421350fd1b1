//! JSON-LD that is read without asking anybody, and what is here for programs.

use e2e::html;
use e2e::python;
use e2e::service::Service;
use e2e::sha256;
use serde_json::Value;

#[test]
fn linked_data_are_read_without_a_network_and_say_what_catalogues_ask_for() {
    let service = Service::start();
    for path in [
        "/v1/catalog.jsonld",
        "/v1/datasets/reported-figures/dataset.jsonld?lang=ru",
        "/v1/datasets/documented-cases/dataset.jsonld",
    ] {
        let ran = python::run_with("linked.py", &[], &service.get(path).body);
        assert!(ran.status.success(), "{path}: {}", String::from_utf8_lossy(&ran.stderr));
        let found: Value = serde_json::from_slice(&ran.stdout).expect("the script prints JSON");
        assert!(found["datasets"].as_u64().is_some_and(|datasets| datasets > 0), "{path}: {found}");
        assert!(found["distributions"].as_u64().is_some_and(|all| all > 3), "{path}: {found}");
    }
    // The page has the same.
    let page = service.text("/datasets/reported-figures");
    let own: Value =
        serde_json::from_str(&html::inside(&page, "script", "application/ld+json")).expect("JSON");
    assert_eq!(own, service.json("/v1/datasets/reported-figures/dataset.jsonld"));
    service.assert_log_clean();
}

#[test]
fn a_croissant_names_the_finest_table_by_its_digest_and_every_column() {
    let service = Service::start();
    for dataset in ["reported-figures", "documented-cases"] {
        let croissant = service.json(&format!("/v1/datasets/{dataset}/croissant.json"));
        assert_eq!(croissant["conformsTo"], "http://mlcommons.org/croissant/1.1");
        let file = &croissant["distribution"][0];
        let address = file["contentUrl"].as_str().and_then(|own| own.strip_prefix(&service.base));
        let table = service.get(address.expect("a whole address"));
        assert_eq!(table.status, 200);
        assert_eq!(file["sha256"], sha256(&table.body));
        let text = table.text();
        let header: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
        let fields = croissant["recordSet"][0]["field"].as_array().expect("it has fields");
        let columns: Vec<&str> =
            fields.iter().filter_map(|own| own["source"]["extract"]["column"].as_str()).collect();
        assert_eq!(columns, header);
        assert!(fields.iter().all(|own| own["description"].as_str().is_some_and(|text| text.len() > 10)));
    }
    service.assert_log_clean();
}

#[test]
fn a_program_that_reads_the_web_finds_every_dataset_and_how_to_read_a_figure() {
    let service = Service::start();
    let text = service.text("/llms.txt");
    assert!(text.starts_with("# Chargesheet\n\n> "), "{text}");
    assert!(text.contains("missing is not a zero"), "{text}");
    for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let path = link.strip_prefix(&service.base).expect("a whole address");
        if !path.contains('{') {
            assert_eq!(service.get(path).status, 200, "{path}");
        }
    }
    let datasets = service.json("/v1/datasets");
    for dataset in datasets["datasets"].as_array().expect("there are datasets") {
        assert!(text.contains(&format!("/datasets/{})", dataset["id"].as_str().unwrap_or_default())));
    }
}
