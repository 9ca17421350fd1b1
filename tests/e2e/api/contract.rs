//! The API and its description say the same: Schemathesis finds nothing, real answers fit their schemas, and every
//! address knows exactly the parameters that are described.

use std::collections::BTreeSet;
use std::process::Command;

use e2e::service::Service;
use e2e::{python, repository};
use serde_json::{Value, json};

/// Addresses below a release: the code behind them is that of the addresses above.
const PINNED: &str = r"/releases/\{release\}";

/// Runs Schemathesis with all checks against a description, and fails with what it finds.
fn assert_nothing_found(service: &Service, description: &str, more: &[&str]) {
    let folder = repository().join("tests/python");
    let ran = Command::new(python::programs().join("st"))
        .args(["--config-file"])
        .arg(folder.join("schemathesis.toml"))
        .args(["run", &format!("{}{description}", service.base), "--max-examples", "8"])
        .args(more)
        .env("PYTHONPATH", &folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // What it keeps for replays is no part of the repository.
        .current_dir(e2e::empty_folder(&format!("schemathesis-{}", e2e::ticket())))
        .output()
        .expect("Schemathesis can be started");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{description}:\n{said}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("No issues found"), "{description}: it tested something:\n{said}");
    service.assert_log_clean();
}

#[test]
fn schemathesis_finds_nothing_in_single_cases() {
    let service = Service::start();
    assert_nothing_found(
        &service,
        "/openapi.json?dataset=documented-cases",
        &["--exclude-path-regex", PINNED],
    );
}

#[test]
fn schemathesis_finds_nothing_in_published_figures() {
    let service = Service::start();
    assert_nothing_found(
        &service,
        "/openapi.json?dataset=reported-figures",
        &["--exclude-path-regex", PINNED],
    );
}

#[test]
fn schemathesis_finds_nothing_elsewhere() {
    let service = Service::start();
    // What concerns datasets is exact only in the description of each.
    assert_nothing_found(&service, "/openapi.json", &["--exclude-path-regex", r"\{dataset\}"]);
}

/// The operations of a description, with their paths.
fn operations(document: &Value) -> Vec<(&str, &Value)> {
    let paths = document["paths"].as_object().expect("a description has paths");
    paths.iter().map(|(path, item)| (path.as_str(), &item["get"])).collect()
}

/// Fills the parts of a path that vary with their examples.
fn filled(path: &str, operation: &Value) -> String {
    let mut path = path.to_owned();
    for parameter in operation["parameters"].as_array().expect("parameters are a list") {
        if parameter["in"] == "path" {
            let name = parameter["name"].as_str().expect("a parameter has a name");
            let example =
                parameter["example"].as_str().unwrap_or_else(|| panic!("{path}: {name} has no example"));
            path = path.replace(&format!("{{{name}}}"), example);
        }
    }
    path
}

/// A parameter with its example, as it stands in an address.
fn exemplified(parameter: &Value) -> String {
    let (name, example) = (parameter["name"].as_str().unwrap_or_default(), &parameter["example"]);
    let words =
        example.as_array().map(|words| words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","));
    let word = words.or_else(|| example.as_str().map(str::to_owned));
    format!("{name}={}", word.unwrap_or_else(|| panic!("{name} has no example")))
}

/// The address of an operation with all of its examples.
fn example_of(path: &str, operation: &Value) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let asked = parameters.filter(|own| own["in"] == "query" && own["example"] != Value::Null);
    let query: Vec<String> = asked.map(exemplified).collect();
    let address = filled(path, operation);
    if query.is_empty() { address } else { format!("{address}?{}", query.join("&")) }
}

#[test]
fn every_address_knows_the_parameters_that_are_described_and_no_others() {
    assert!(assert_known(&Service::start()).contains("rate"));
    // Rates are described only where there are people to divide by.
    let folder = e2e::packages::Package::figures().write();
    let alone = Service::start_with(&["--no-bundled", "--data", &folder.to_string_lossy()]);
    assert!(!assert_known(&alone).contains("rate"), "no dataset has populations");
}

/// Holds every address to its parameters, and returns the names of all.
fn assert_known(service: &Service) -> BTreeSet<String> {
    let document = service.json("/openapi.json");
    // A dimension that no dataset has could only be refused, so it is not described.
    let dimensions = document["components"]["schemas"]["DimensionName"]["enum"].as_array().cloned();
    let dimensions = dimensions.expect("the dimensions are listed");
    let coded = ["country", "statute", "outcome", "role", "region", "source", "period", "area", "rule"];
    let mut absent: Vec<&str> =
        coded.into_iter().filter(|name| !dimensions.contains(&(*name).into())).collect();
    let all: BTreeSet<String> = operations(&document)
        .into_iter()
        .flat_map(|(_, operation)| operation["parameters"].as_array().into_iter().flatten())
        .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
        .collect();
    if !all.contains("rate") {
        absent.push("rate");
    }
    let mut asked = 0;
    for (path, operation) in operations(&document) {
        if !path.starts_with("/v1/") && path != "/openapi.json" {
            continue;
        }
        let described = operation["parameters"].as_array().expect("parameters are a list");
        let query = described.iter().filter(|parameter| parameter["in"] == "query");
        let mut described: Vec<&str> =
            query.clone().filter_map(|parameter| parameter["name"].as_str()).collect();
        described.sort_unstable();
        // What must be there is asked before what must not.
        let required = query.filter(|parameter| parameter["required"] == true);
        let required: String = required.map(|parameter| format!("&{}", exemplified(parameter))).collect();
        // Pictures pass over what can be meant for nothing; this one may be meant for a parameter that they have.
        let reply = service.get(&format!("{}?lnag=1{required}", filled(path, operation)));
        assert_eq!(reply.status, 400, "{path}: {}", reply.text());
        let problem = reply.json();
        assert_eq!(problem["parameter"], "lnag", "{path}: {problem}");
        let expected = problem["expected"].as_array().cloned().unwrap_or_default();
        let mut known: Vec<&str> = expected.iter().filter_map(Value::as_str).collect();
        known.retain(|name| !absent.contains(name));
        known.sort_unstable();
        assert_eq!(known, described, "{path}");
        asked += 1;
    }
    assert!(asked > 20, "{asked}");
    all
}

#[test]
fn every_example_of_the_description_is_answered_with_its_media_type() {
    let service = Service::start();
    for document in ["/openapi.json", "/openapi.json?dataset=reported-figures"].map(|path| service.json(path))
    {
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["servers"][0]["url"], service.base.as_str());
        for (path, operation) in operations(&document) {
            // One needs an address of this very service, the others a release before this one.
            if path == "/oembed" || path.contains("/changes.") {
                continue;
            }
            let address = example_of(path, operation);
            let good = if operation["responses"]["308"].is_object() { 308 } else { 200 };
            let reply = service.get(&address);
            assert_eq!(reply.status, good, "{address}: {}", reply.text());
            let described = &operation["responses"][good.to_string()];
            let content = described["content"].as_object().expect("it has content");
            assert!(content.contains_key(reply.header("content-type")), "{address}: {content:?}");
            if good == 308 {
                let place = reply.header("location").split('#').next().unwrap_or_default();
                assert_eq!(service.get(place).status, 200, "{address}");
            }
            let headers = described["headers"].as_object().expect("it has headers");
            // How a body travels is between the two ends: `wire.rs` holds it.
            let of_the_way = ["Content-Encoding", "Server-Timing", "Vary"];
            for name in headers.keys().filter(|name| !of_the_way.contains(&name.as_str())) {
                assert!(!reply.header(name).is_empty(), "{address} has no {name}");
            }
        }
    }
    service.assert_log_clean();
}

#[test]
fn answers_have_the_members_that_are_described_and_no_others() {
    let service = Service::start();
    let cases = "/v1/datasets/documented-cases";
    let figures = "/v1/datasets/reported-figures";
    let oembed = format!("/oembed?url={}/statutes/KAZ-CC-274", service.base);
    let mut answers: Vec<Value> = [
        ("Datasets", "/v1/datasets"),
        ("Description", cases),
        ("Description", figures),
        ("Releases", "/v1/datasets/reported-figures/releases"),
        ("Statutes", "/v1/statutes?lang=ru"),
        ("Statute", "/v1/statutes/IND-IPC-124A"),
        ("Statute", "/v1/statutes/KAZ-CC-274?lang=kk"),
        ("NewerAnswer", "/v1/datasets/documented-cases/newer.json?by=outcome"),
        ("Answer", "/v1/datasets/documented-cases/aggregate.json?by=country,role,month&share=role&labels=kk&measure=persons,charges"),
        ("Answer", "/v1/datasets/reported-figures/aggregate.json?by=year,outcome,source&statute=IND-IPC-124A&measure=persons,cases"),
        ("Trend", "/v1/datasets/documented-cases/trend.json?by=year,category&lang=ru"),
        ("Trend", "/v1/datasets/reported-figures/trend.json?by=year,outcome,statute&measure=cases"),
        ("Trend", "/v1/datasets/documented-cases/trend.json?from=1900&to=1901"),
        ("MoversTold", "/v1/datasets/documented-cases/movers.json?before=2012&after=2015..2019&min=0&of=country"),
        ("MoversTold", "/v1/datasets/reported-figures/movers.json?before=2016&after=2020&outcome=registered&measure=cases&lang=kk"),
        ("Codebook", "/v1/datasets/documented-cases/codebook.json?lang=kk"),
        ("Codebook", "/v1/datasets/reported-figures/codebook.json?by=source,year,outcome&labels=ru&statute=IND-IPC-124A"),
        ("Codebook", "/v1/datasets/documented-cases/codebook.json?by=country,month,role&share=role&category=false-information"),
        ("LinkedTable", "/v1/datasets/documented-cases/aggregate.csv-metadata.json?by="),
        ("LinkedTable", "/v1/datasets/reported-figures/aggregate.csv-metadata.json?by=source,year,outcome&statute=IND-IPC-124A"),
        ("LinkedTable", "/v1/datasets/documented-cases/aggregate.csv-metadata.json?by=country,month,role&share=role&labels=ru"),
        ("LinkedData", "/v1/catalog.jsonld"),
        ("Oembed", oembed.as_str()),
    ]
    .into_iter()
    .map(|(name, path)| json!([name, service.json(path)]))
    .collect();
    // Every example of either dataset, pinned and not, that has a schema.
    for description in ["documented-cases", "reported-figures"] {
        let document = service.json(&format!("/openapi.json?dataset={description}"));
        for (path, operation) in operations(&document) {
            let content = operation["responses"]["200"]["content"].as_object().expect("it has content");
            let schema = content.values().find_map(|of| of["schema"]["$ref"].as_str()?.rsplit('/').next());
            let Some(schema) = schema.filter(|_| !path.contains("/changes.")) else { continue };
            answers.push(json!([schema, service.json(&example_of(path, operation))]));
        }
    }
    assert!(answers.len() > 50, "{}", answers.len());
    for (path, status) in
        [("/v1/datasets/none", 404), ("/v1/datasets/documented-cases/aggregate.csv?by=yaer", 400)]
    {
        let reply = service.get(path);
        assert_eq!(reply.status, status);
        answers.push(json!(["Problem", reply.json()]));
    }
    let document = service.json("/openapi.json");
    let held = |answers: &[Value]| -> Vec<String> {
        let input = json!({ "document": document, "answers": answers }).to_string();
        let ran = python::run_with("conforms.py", &[], input.as_bytes());
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        serde_json::from_slice(&ran.stdout).expect("a list of faults")
    };
    assert_eq!(held(&answers), Vec::<String>::new());
    // That the schemas would notice: a member too many, and one too few.
    let mut wrong = answers[0].clone();
    wrong[1]["new"] = 1.into();
    wrong[1]["datasets"][0].as_object_mut().expect("a dataset is an object").remove("title");
    assert_eq!(held(&[wrong]).len(), 2);
}

#[test]
fn the_reference_for_people_names_every_address_and_its_links_work() {
    let service = Service::start();
    let document = service.json("/openapi.json");
    // Where a long path may break is nothing to a reader.
    let page = service.text("/api").replace("<wbr>", "");
    for (path, operation) in operations(&document) {
        assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            assert!(page.contains(&format!("<code>{name}</code>")), "{path} {name}");
        }
    }
    let links = page.split("Example: <a href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut followed = 0;
    for link in links {
        let link = link.replace("&#38;", "&").replace("&amp;", "&");
        // oEmbed needs an address of its own to ask about; one release has nothing to be compared with.
        if link.starts_with("/oembed") || link.contains("/changes.") {
            continue;
        }
        let reply = service.get(&link);
        // Short addresses, and those that people type, lead to a page.
        let leads = |path: &str| document["paths"][path]["get"]["responses"].get("308").is_some();
        let status = if link.starts_with("/s/") || leads(&link) { 308 } else { 200 };
        assert_eq!(reply.status, status, "{link}");
        followed += 1;
    }
    assert!(followed > 20, "{followed}");
    for language in ["ru", "kk"] {
        assert!(
            service.text(&format!("/api?lang={language}")).contains(&format!("<html lang=\"{language}\""))
        );
    }
    service.assert_log_clean();
}
