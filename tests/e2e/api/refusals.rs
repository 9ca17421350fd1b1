//! A wrong question is refused: what was wrong, with which value, and what is near. Nothing is ignored.

use e2e::service::Service;
use serde_json::Value;

const CASES: &str = "/v1/datasets/documented-cases";
const FIGURES: &str = "/v1/datasets/reported-figures";

/// A wrong question and what the problem must name; an empty text: nothing.
struct Wrong {
    path: String,
    parameter: &'static str,
    value: &'static str,
    nearest: &'static str,
}

fn wrong(dataset: &str, query: &str, names: [&'static str; 3]) -> Wrong {
    let [parameter, value, nearest] = names;
    Wrong { path: format!("{dataset}/{query}"), parameter, value, nearest }
}

fn ask(service: &Service, path: &str) -> Value {
    let reply = service.get(path);
    assert_eq!(reply.status, 400, "{path}: {}", reply.text());
    assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
    assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
    assert_eq!(reply.header("cache-control"), "no-store", "{path}");
    let problem = reply.json();
    assert_eq!(problem["status"], 400, "{path}");
    for member in ["type", "title", "detail"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{path}: {problem}");
    }
    problem
}

fn assert_refused(service: &Service, all: &[Wrong]) {
    for wrong in all {
        let problem = ask(service, &wrong.path);
        let path = &wrong.path;
        for (member, expected) in
            [("parameter", wrong.parameter), ("value", wrong.value), ("nearest", wrong.nearest)]
        {
            let found = problem[member].as_str().unwrap_or_default();
            assert_eq!(found, expected, "{member} for {path}: {problem}");
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.contains(expected), "{member} in the detail for {path}: {detail}");
        }
    }
    service.assert_log_clean();
}

#[test]
fn an_unknown_parameter_is_refused_with_the_one_meant() {
    let service = Service::start();
    let mut all = Vec::new();
    for file in ["aggregate.json", "aggregate.csv", "chart.svg"] {
        assert_eq!(service.get(&format!("{CASES}/{file}?statute=KAZ-CC-274")).status, 200);
        all.push(wrong(CASES, &format!("{file}?statut=KAZ-CC-274"), ["statut", "", "statute"]));
    }
    // Data ignore nothing; of pictures, `appended.rs` tells.
    all.push(wrong(CASES, "aggregate.csv?campaign=x", ["campaign", "", ""]));
    // A name that holds one of ours may be meant for it.
    all.push(wrong(CASES, "chart.svg?filter[country]=KAZ", ["filter[country]", "", "country"]));
    all.push(wrong(CASES, "aggregate.csv?by=year&amp;statute=KAZ-CC-274", ["amp;statute", "", "statute"]));
    all.push(wrong(CASES, "facets.json?of=year&statut=KAZ-CC-274", ["statut", "", "statute"]));
    // What only a picture has, nothing else takes.
    all.push(wrong(CASES, "aggregate.csv?width=300", ["width", "", ""]));
    all.push(wrong(CASES, "aggregate.csv?lang=ru", ["lang", "", ""]));
    all.push(wrong("/v1/datasets", "documented-cases?langs=ru", ["langs", "", "lang"]));
    assert_refused(&service, &all);
    for path in ["/v1/datasets?x=1", "/v1/statutes?x=1", "/v1/statutes/KAZ-CC-274?x=1"] {
        assert_eq!(ask(&service, path)["parameter"], "x", "{path}");
    }
}

#[test]
fn an_unknown_dimension_or_measure_is_refused_with_those_there_are() {
    let service = Service::start();
    assert_refused(
        &service,
        &[
            wrong(CASES, "aggregate.csv?by=yaer", ["by", "yaer", "year"]),
            wrong(CASES, "aggregate.csv?by=outcome,yaer", ["by", "outcome,yaer", "year"]),
            wrong(CASES, "aggregate.csv?by=year,year", ["by", "year,year", ""]),
            wrong(CASES, "aggregate.csv?by=source", ["by", "source", ""]),
            wrong(CASES, "aggregate.csv?measure=person", ["measure", "person", "persons"]),
            wrong(CASES, "aggregate.csv?measure=persons,persons", ["measure", "persons,persons", ""]),
            wrong(CASES, "aggregate.csv?by=outcome&share=outcom", ["share", "outcom", "outcome"]),
            wrong(CASES, "facets.json?of=outcom", ["of", "outcom", "outcome"]),
            wrong(CASES, "facets.json", ["of", "", ""]),
        ],
    );
    for (path, listed) in [
        (format!("{CASES}/aggregate.csv?by=yaer"), "role"),
        (format!("{FIGURES}/aggregate.csv?by=role"), "source"),
        (format!("{FIGURES}/aggregate.csv?by=month"), "year"),
        (format!("{CASES}/aggregate.csv?measure=people"), "persons"),
    ] {
        let problem = ask(&service, &path);
        let expected = problem["expected"].as_array().expect("what would be right is listed");
        assert!(expected.iter().any(|one| one == listed), "{path}: {problem}");
    }
}

#[test]
fn an_unknown_code_is_refused_with_the_nearest() {
    let service = Service::start();
    assert_refused(
        &service,
        &[
            wrong(CASES, "aggregate.csv?statute=KAZ-CC-247", ["statute", "KAZ-CC-247", "KAZ-CC-274"]),
            wrong(CASES, "chart.svg?statute=KAZ-CC-247", ["statute", "KAZ-CC-247", "KAZ-CC-274"]),
            wrong(
                CASES,
                "aggregate.csv?statute=KAZ-CC-274,KAZ-CC-247",
                ["statute", "KAZ-CC-247", "KAZ-CC-274"],
            ),
            wrong(CASES, "aggregate.csv?outcome=convictd", ["outcome", "convictd", "convicted"]),
            wrong(CASES, "aggregate.csv?outcome=", ["outcome", "", ""]),
            wrong(CASES, "aggregate.csv?outcome=convicted,", ["outcome", "", ""]),
            wrong(CASES, "aggregate.csv?country=KAS", ["country", "KAS", "KAZ"]),
            wrong(CASES, "aggregate.csv?role=bloger", ["role", "bloger", "blogger"]),
            wrong(CASES, "aggregate.csv?role=Blogger", ["role", "Blogger", "blogger"]),
            wrong(
                FIGURES,
                "aggregate.csv?by=year,statute,outcome&source=ncrb-2041",
                ["source", "ncrb-2041", "ncrb-2014"],
            ),
        ],
    );
}

#[test]
fn a_filter_on_what_a_dataset_does_not_record_is_refused() {
    let service = Service::start();
    for (path, parameter) in [
        (format!("{FIGURES}/aggregate.csv?by=year,statute,outcome&role=blogger"), "role"),
        (format!("{CASES}/aggregate.csv?source=ncrb-2014"), "source"),
        (format!("{CASES}/aggregate.csv?region=x"), "region"),
    ] {
        assert_eq!(ask(&service, &path)["parameter"], parameter, "{path}");
    }
}

#[test]
fn a_date_that_is_none_is_refused() {
    let service = Service::start();
    assert_eq!(service.get(&format!("{CASES}/aggregate.csv?from=2020-02-29&to=2020")).status, 200);
    assert_refused(
        &service,
        &[
            wrong(CASES, "aggregate.csv?from=2020-13", ["from", "2020-13", ""]),
            wrong(CASES, "aggregate.csv?from=2021-02-29", ["from", "2021-02-29", ""]),
            wrong(CASES, "aggregate.csv?to=20", ["to", "20", ""]),
            wrong(CASES, "aggregate.csv?to=01.02.2020", ["to", "01.02.2020", ""]),
            wrong(CASES, "aggregate.csv?from=", ["from", "", ""]),
            wrong(CASES, "aggregate.csv?from=2021&to=2020", ["from", "2021", ""]),
        ],
    );
}

#[test]
fn a_parameter_given_twice_is_refused() {
    let service = Service::start();
    assert_refused(
        &service,
        &[
            wrong(CASES, "aggregate.csv?by=year&by=year", ["by", "", ""]),
            wrong(CASES, "aggregate.csv?statute=KAZ-CC-274&statute=THA-CC-112", ["statute", "", ""]),
        ],
    );
}

#[test]
fn a_share_must_be_of_something_grouped_by() {
    let service = Service::start();
    assert_eq!(service.get(&format!("{CASES}/aggregate.csv?by=outcome&share=outcome")).status, 200);
    assert_refused(
        &service,
        &[
            wrong(CASES, "aggregate.csv?by=year&share=outcome", ["share", "outcome", ""]),
            wrong(CASES, "aggregate.csv?by=year&share=", ["share", "", ""]),
        ],
    );
}

#[test]
fn figures_that_overlap_are_not_added() {
    let service = Service::start();
    let whole = "by=year,statute,outcome";
    assert_eq!(service.get(&format!("{FIGURES}/aggregate.csv?{whole}")).status, 200);
    for (query, parameter) in [
        ("", "statute"),
        ("by=year", "statute"),
        ("by=year&statute=IND-IPC-124A", "outcome"),
        ("by=year,outcome&country=IND", "statute"),
        ("by=outcome&statute=IND-IPC-124A", "year"),
        ("by=outcome&statute=IND-IPC-124A&from=2015&to=2016", "year"),
        ("by=year,outcome&statute=IND-IPC-124A,IND-UAPA", "statute"),
        ("by=year&statute=IND-IPC-124A&outcome=registered,convicted", "outcome"),
        ("by=year&statute=IND-IPC-124A&outcome=registered&source=journals-of-india-2021,lipr-2018", "source"),
    ] {
        for file in ["aggregate.csv", "aggregate.json", "chart.svg"] {
            let problem = ask(&service, &format!("{FIGURES}/{file}?{query}"));
            assert_eq!(problem["type"], "urn:chargesheet:problem:not-additive", "{query}");
            assert_eq!(problem["parameter"], parameter, "{query}: {problem}");
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.contains("may not be summed") && detail.contains("Group by it"), "{detail}");
        }
    }
    // Pinned to one value, it is answered.
    let pinned = "by=year&statute=IND-IPC-124A&outcome=registered&from=2015&to=2015";
    assert_eq!(service.get(&format!("{FIGURES}/aggregate.csv?{pinned}")).status, 200);
    service.assert_log_clean();
}

#[test]
fn a_share_of_a_sum_that_may_not_be_made_is_refused() {
    let service = Service::start();
    let sedition = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    assert_eq!(service.get(&format!("{FIGURES}/aggregate.csv?{sedition}")).status, 200);
    // Of the cases registered and the cases acquitted in a year there is no whole: they overlap.
    for share in ["outcome", "year"] {
        let problem = ask(&service, &format!("{FIGURES}/aggregate.csv?{sedition}&share={share}"));
        assert_eq!(problem["parameter"], "share", "{problem}");
    }
}

#[test]
fn a_picture_that_would_lie_or_cannot_be_is_refused() {
    let service = Service::start();
    let sedition = "by=year,outcome&statute=IND-IPC-124A";
    assert_eq!(service.get(&format!("{FIGURES}/chart.svg?{sedition}&type=line")).status, 200);
    for kind in ["stacked", "share"] {
        let problem = ask(&service, &format!("{FIGURES}/chart.svg?{sedition}&type={kind}"));
        assert_eq!(problem["parameter"], "type");
        assert!(
            problem["detail"].as_str().is_some_and(|text| text.contains("cannot be stacked")),
            "{problem}"
        );
    }
    let problem = ask(&service, &format!("{CASES}/chart.svg?by=outcome&type=line"));
    assert_eq!(problem["parameter"], "type");
    assert_refused(
        &service,
        &[
            wrong(CASES, "chart.svg?type=lines", ["type", "lines", "line"]),
            wrong(CASES, "chart.svg?theme=drak", ["theme", "drak", "dark"]),
            wrong(CASES, "chart.svg?lang=de", ["lang", "de", ""]),
            wrong(CASES, "chart.svg?width=5000", ["width", "5000", "4096"]),
            wrong(CASES, "chart.svg?width=100", ["width", "100", "240"]),
            wrong(CASES, "chart.svg?width=wide", ["width", "wide", ""]),
            wrong(CASES, "chart.svg?width=-1", ["width", "-1", ""]),
            wrong(CASES, "chart.svg?height=99999999999", ["height", "99999999999", ""]),
            wrong(CASES, "chart.svg?height=10", ["height", "10", "160"]),
        ],
    );
    let title = "x".repeat(301);
    assert_eq!(ask(&service, &format!("{CASES}/chart.svg?title={title}"))["parameter"], "title");
}

#[test]
fn an_unknown_language_is_refused() {
    let service = Service::start();
    for path in [
        format!("{CASES}/aggregate.json?lang=de"),
        format!("{CASES}/facets.json?of=year&lang=de"),
        "/v1/statutes?lang=de".to_owned(),
    ] {
        assert_eq!(ask(&service, &path)["parameter"], "lang", "{path}");
    }
    assert_eq!(ask(&service, &format!("{CASES}/aggregate.csv?labels=de"))["parameter"], "labels");
}

#[test]
fn a_query_that_is_not_utf_8_is_refused() {
    let service = Service::start();
    for query in ["statute=%FF", "%FF=KAZ", "statute=KAZ%C3", "by=%D0"] {
        let problem = ask(&service, &format!("{CASES}/aggregate.csv?{query}"));
        assert_eq!(problem["type"], "urn:chargesheet:problem:encoding", "{query}");
        assert!(problem["value"].as_str().is_some_and(|value| query.contains(value)), "{problem}");
    }
    // A percent sign that encodes nothing is a percent sign, and so an unknown code.
    assert_eq!(ask(&service, &format!("{CASES}/aggregate.csv?statute=%zz"))["value"], "%zz");
    // A path that is not UTF-8 names nothing.
    assert_eq!(service.get("/v1/datasets/%FF").status, 404);
    assert_eq!(service.get("/statutes/%FF").status, 404);
    service.assert_log_clean();
}

#[test]
fn what_was_asked_is_quoted_and_cannot_run() {
    let service = Service::start();
    let script = "%3Cscript%3Ealert(1)%3C/script%3E";
    let reply = service.get(&format!("/statutes/{script}"));
    assert_eq!(reply.status, 404);
    assert!(!reply.text().contains("<script>alert"), "{}", reply.text());
    let reply = service.get(&format!("/?q={script}&country={script}"));
    assert!(!reply.text().contains("<script>alert"), "{}", reply.text());
    let reply = service.get(&format!("{CASES}/chart.svg?title={script}"));
    assert_eq!(reply.status, 200);
    assert!(!reply.text().contains("<script>"), "{}", reply.text());
    let reply = service.get(&format!("{CASES}/aggregate.csv?statute={script}"));
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    service.assert_log_clean();
}
