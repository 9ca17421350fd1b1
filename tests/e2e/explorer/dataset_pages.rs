//! The pages of datasets, and what search engines and catalogues read of them.

use e2e::browser::Browser;
use e2e::html;
use e2e::service::Service;
use serde_json::Value;

/// Returns the JSON-LD of a page.
fn linked(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">").expect("a page has JSON-LD");
    let (json, _) = rest.split_once("</script>").expect("a script ends");
    assert!(!json.contains('<'), "nothing in it can end the script");
    serde_json::from_str(json).expect("it is JSON")
}

/// The node of a graph that has a type.
fn node<'a>(linked: &'a Value, kind: &str) -> &'a Value {
    let graph = linked["@graph"].as_array().expect("a graph");
    let of = |node: &&Value| {
        node["@type"] == kind || node["@type"].as_array().is_some_and(|all| all.contains(&kind.into()))
    };
    graph.iter().find(of).unwrap_or_else(|| panic!("no {kind} in {linked}"))
}

#[test]
fn a_page_tells_search_engines_what_they_require_of_a_dataset() {
    let service = Service::start();
    for dataset in ["documented-cases", "reported-figures"] {
        let described = service.json(&format!("/v1/datasets/{dataset}"));
        let release = described["release"]["id"].as_str().expect("an id");
        for path in [format!("/datasets/{dataset}"), format!("/datasets/{dataset}/releases/{release}")] {
            let linked = linked(&service.text(&path));
            let node = node(&linked, "Dataset");
            assert_eq!(node["url"], format!("{}{path}", service.base));
            assert_eq!(node["name"], described["title"]);
            let description = node["description"].as_str().unwrap_or_default().chars().count();
            assert!((50..=5000).contains(&description), "{description}");
            assert_eq!(node["identifier"][0], release);
            for text in [
                "version",
                "license",
                "dateModified",
                "datePublished",
                "temporalCoverage",
                "measurementTechnique",
            ] {
                assert!(node[text].as_str().is_some_and(|text| text.len() > 3), "{path}: {text} {node}");
            }
            assert!(node["license"].as_str().is_some_and(|address| address.starts_with("https://")));
            assert_eq!(node["isAccessibleForFree"], true);
            assert_eq!(node["creator"][0]["@type"], "Organization");
            for list in ["spatialCoverage", "variableMeasured", "creator", "publisher"] {
                let names = node[list].as_array().filter(|all| !all.is_empty()).expect(list);
                assert!(
                    names.iter().all(|one| one["name"].as_str().is_some_and(|name| !name.is_empty())),
                    "{list}"
                );
            }
            let (first, last) =
                node["temporalCoverage"].as_str().and_then(|text| text.split_once('/')).expect("years");
            assert!(first < last, "{first} {last}");
            assert_eq!(node["dcat:distribution"], node["distribution"]);
            let files = node["distribution"].as_array().expect("distributions");
            assert!(files.len() >= 2, "{files:?}");
            for file in files {
                let graph = linked["@graph"].as_array().expect("a graph");
                let file = graph.iter().find(|node| node["@id"] == file["@id"]).expect("it is told of");
                let address = file["contentUrl"].as_str().expect("an address");
                let reply = service.get(address.strip_prefix(&service.base).expect("our own"));
                assert_eq!(reply.status, 200, "{address}");
                let media_type =
                    reply.header("content-type").split(';').next().unwrap_or_default().to_owned();
                assert_eq!(file["encodingFormat"], media_type.as_str(), "{address}");
            }
        }
    }
    service.assert_log_clean();
}

#[test]
fn the_catalogue_has_every_dataset() {
    let service = Service::start();
    let reply = service.get("/v1/catalog.jsonld?lang=ru");
    assert_eq!(reply.header("content-type"), "application/ld+json");
    let linked = reply.json();
    let catalogue = node(&linked, "dcat:Catalog");
    let listed: Vec<&str> = catalogue["dcat:dataset"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["@id"].as_str())
        .collect();
    let datasets = service.json("/v1/datasets");
    let own: Vec<String> = datasets["datasets"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|dataset| Some(format!("{}/datasets/{}", service.base, dataset["id"].as_str()?)))
        .collect();
    assert_eq!(listed, own);
    for id in listed {
        let graph = linked["@graph"].as_array().expect("a graph");
        assert!(graph.iter().any(|node| node["@id"] == id), "{id}");
    }
}

#[test]
fn a_statute_is_told_of_as_legislation() {
    let service = Service::start();
    let law = linked(&service.text("/statutes/IND-IPC-124A"));
    assert_eq!(law["@type"], "Legislation");
    assert_eq!(law["legislationIdentifier"], "IND-IPC-124A");
    assert_eq!(law["legislationJurisdiction"]["identifier"], "IND");
    assert!(law["name"].as_str().is_some_and(|name| name.contains("124A")), "{law}");
}

#[test]
fn a_page_of_a_dataset_names_every_code_and_says_what_may_be_added() {
    let service = Service::start();
    for language in ["en", "ru", "kk"] {
        let page = service.text(&format!("/datasets/reported-figures?lang={language}"));
        let described = service.json(&format!("/v1/datasets/reported-figures?lang={language}"));
        let shown = html::text(&page);
        for statute in described["statutes"].as_array().expect("statutes") {
            assert!(
                page.contains(&format!("<code>{}</code>", statute.as_str().unwrap_or_default())),
                "{statute}"
            );
        }
        for dimension in described["dimensions"].as_array().expect("dimensions") {
            assert!(
                page.contains(&format!("<code>{}</code>", dimension["name"].as_str().unwrap_or_default()))
            );
        }
        for caveat in described["caveats"].as_array().expect("caveats") {
            assert!(shown.contains(caveat.as_str().unwrap_or_default()), "{caveat}");
        }
        assert!(shown.contains(described["title"].as_str().unwrap_or_default()));
        assert!(page.contains("/v1/datasets/reported-figures/aggregate.csv?by="), "downloads");
        // The start page and the pages of statutes lead here.
        let address = if language == "en" { String::new() } else { format!("?lang={language}") };
        for from in ["/", "/statutes/IND-IPC-124A?dataset=reported-figures"] {
            let joint = if from.contains('?') { '&' } else { '?' };
            let page = service.text(&format!("{from}{joint}lang={language}"));
            assert!(
                page.contains(&format!("href=\"/datasets/reported-figures{address}\"")),
                "{from} {language}"
            );
        }
    }
    service.assert_log_clean();
}

#[test]
fn a_dataset_that_is_not_there_is_told_with_the_nearest() {
    let service = Service::start();
    let reply = service.get("/datasets/documented-case");
    assert_eq!((reply.status, reply.header("content-type")), (404, "text/html; charset=utf-8"));
    assert!(html::text(&reply.text()).contains("did you mean <code>documented-cases</code>"));
    assert_eq!(service.get("/datasets/documented-cases?by=year").status, 400);
    assert_eq!(service.get("/datasets/documented-cases/releases/2020-01-01-000000000000").status, 404);
}

#[test]
fn the_pages_fit_a_phone_and_their_data_run_nothing() {
    let service = Service::start();
    let browser = Browser::start();
    browser.resize(375, 800);
    for path in
        ["/datasets/documented-cases", "/datasets/reported-figures?lang=kk", "/api", "/statutes/KAZ-CC-274"]
    {
        browser.open(&format!("{}{path}", service.base));
        browser.assert_fits(375);
        browser.wait_until("document.readyState === 'complete'");
    }
    // A policy that is broken would be told of here.
    browser.assert_console_clean();
}
