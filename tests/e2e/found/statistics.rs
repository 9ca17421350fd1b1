//! JSON-stat and SDMX, read by the libraries of statisticians and held against the CSV.

use e2e::python;
use e2e::service::Service;
use serde_json::Value;

/// Reads an answer in each form, compares them, and returns what was found.
fn compared(service: &Service, name: &str, dataset: &str, query: &str, language: &str) -> Value {
    let folder = e2e::empty_folder(&format!("statistics-{name}"));
    let mut paths = Vec::new();
    for (file, media_type) in [
        ("aggregate.json", "application/json"),
        ("aggregate.jsonstat.json", "application/json"),
        ("aggregate.sdmx.csv", "application/vnd.sdmx.data+csv;version=2.0.0"),
        ("aggregate.sdmx.xml", "application/vnd.sdmx.structure+xml;version=3.0.0"),
    ] {
        let lang = if file.ends_with("json") { format!("&lang={language}") } else { String::new() };
        let path = format!("/v1/datasets/{dataset}/{file}?{query}{lang}");
        let reply = service.get(&path);
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, media_type),
            "{path}: {}",
            reply.text()
        );
        paths.push(python::file(&folder, file, &reply.body));
    }
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    serde_json::from_str(&python::printed("statisticians.py", &paths)).expect("the script prints JSON")
}

#[test]
fn libraries_of_statisticians_read_the_figures_of_the_answer() {
    let service = Service::start();
    let figures = "by=country,year,outcome&measure=cases,persons&statute=IND-IPC-124A";
    let found = compared(&service, "figures", "reported-figures", figures, "ru");
    assert!(found["figures"].as_u64().is_some_and(|figures| figures > 10), "{found}");
    // What is not reported is no zero: it says so.
    assert!(found["missing"].as_u64().is_some_and(|missing| missing > 0), "{found}");
    assert_eq!(found["time"], serde_json::json!(["year"]));
    assert_eq!(found["geo"], serde_json::json!(["country"]));
    assert!(found["labels"].as_array().is_some_and(|all| all.contains(&"Индия".into())), "{found}");
    assert!(
        found["concepts"]
            .as_array()
            .is_some_and(|all| all.contains(&"REF_AREA".into()) && all.contains(&"TIME_PERIOD".into()))
    );
    let cases = "by=outcome,month,role&measure=persons,charges&share=outcome";
    let found = compared(&service, "cases", "documented-cases", cases, "kk");
    assert!(found["figures"].as_u64().is_some_and(|figures| figures > 10), "{found}");
    let total = compared(&service, "total", "documented-cases", "by=", "en");
    assert_eq!(total["figures"], 1);
    service.assert_log_clean();
}

#[test]
fn a_cube_that_is_too_large_is_refused_with_the_files_that_hold_it() {
    let service = Service::start();
    let all = "by=country,statute,outcome,year,source&measure=persons,cases";
    let refused = service.get(&format!("/v1/datasets/reported-figures/aggregate.jsonstat.json?{all}"));
    assert_eq!(refused.status, 400, "{}", refused.text());
    let detail = refused.json()["detail"].as_str().unwrap_or_default().to_owned();
    assert!(
        detail.contains("a cube of JSON-stat has at most 1000000") && detail.contains("aggregate.csv"),
        "{detail}"
    );
    // SDMX writes only what is there.
    assert_eq!(service.get(&format!("/v1/datasets/reported-figures/aggregate.sdmx.csv?{all}")).status, 200);
    service.assert_log_clean();
}

#[test]
fn the_figures_in_sdmx_lead_to_the_structure_of_the_same_query() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let reply = service.get(&format!("/v1/datasets/reported-figures/aggregate.sdmx.csv?{query}"));
    let link = format!(
        "link: <aggregate.sdmx.xml?{query}>; rel=\"describedby\"; type=\"application/vnd.sdmx.structure+xml;version=3.0.0\""
    );
    assert!(reply.headers().contains(&link), "{:?}", reply.headers());
    service.assert_log_clean();
}
