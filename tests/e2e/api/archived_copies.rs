//! Where a publisher names an archived copy of a source, whatever names the source leads to the copy.

use e2e::packages::Package;
use e2e::service::Service;
use e2e::store::Store;

const COPY: &str = "https://archive.example/2026/https://example.org/bureau";
const SHA256: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Publishes the figures of `cases/good-figures`, with these fields added to the header and to the first source.
fn serve(name: &str, added: [&str; 3]) -> (Store, Service) {
    let mut package = Package::figures();
    let table = package.tables.get_mut("sources.csv").expect("figures have sources");
    let lines = table.lines().zip(added).map(|(line, added)| format!("{line}{added}\n"));
    *table = lines.collect();
    // What a question without a measure counts is what both sources report.
    package.descriptor["chargesheet"]["measures"] = serde_json::json!(["cases", "persons"]);
    let store = Store::empty(name);
    store.add(&package);
    let service = store.serve();
    (store, service)
}

#[test]
fn everything_that_names_a_source_leads_to_its_copy() {
    let first = format!(",{COPY},2026-11-29,{SHA256},all");
    let (_store, service) = serve("archived", [",archived_url,captured,sha256,found", &first, ",,,,"]);
    let of = |file: &str| service.text(&format!("/v1/datasets/example-figures/{file}"));
    let evidence = of("evidence.csv?by=year,outcome");
    let mut lines = evidence.lines();
    assert!(
        lines.next().is_some_and(|header| header.ends_with(",archived_url,captured,sha256,found")),
        "{evidence}"
    );
    for line in lines {
        let right = if line.contains(",bureau,") { first.as_str() } else { ",,,," };
        assert!(line.ends_with(right), "{line}");
    }
    let answer = service.json("/v1/datasets/example-figures/aggregate.json?by=year,outcome");
    let sources = answer["sources"].as_array().expect("an answer lists its sources");
    let copies: Vec<_> =
        sources.iter().map(|source| (source["id"].as_str(), source.get("archived_url"))).collect();
    assert_eq!(copies, [(Some("bureau"), Some(&COPY.into())), (Some("monitor"), None)]);
    for language in ["en", "ru", "kk"] {
        let page = service.text(&format!("/statutes/FRA-X-1?lang={language}"));
        assert_eq!(page.matches(&format!("<a href=\"{COPY}\" rel=\"noreferrer\">")).count(), 1, "{page}");
        for form in ["txt", "bib", "ris", "json"] {
            let citation = of(&format!("citation.{form}?by=year&outcome=registered&lang={language}"));
            assert_eq!(citation.matches("evidence.csv").count(), 1, "{citation}");
        }
    }
    // An answer of which no source has a copy says nothing of copies.
    assert!(!of("citation.txt?by=year&outcome=convicted&measure=persons").contains("evidence.csv"));
    let report = of("aggregate.json?by=year&outcome=convicted&measure=persons");
    assert!(!report.contains("archived_url"), "{report}");
}

#[test]
fn a_release_without_copies_says_nothing_of_them() {
    let (_store, service) = serve("not-archived", [",found", ",some", ","]);
    let of = |file: &str| service.text(&format!("/v1/datasets/example-figures/{file}"));
    let evidence = of("evidence.csv?by=year,outcome");
    assert!(
        evidence.lines().next().is_some_and(|header| header.ends_with(",measure_type,found")),
        "{evidence}"
    );
    assert!(!of("aggregate.json?by=year,outcome").contains("archived_url"));
    assert!(!of("citation.txt?by=year,outcome").contains("evidence.csv"));
}
