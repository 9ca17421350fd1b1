//! Short addresses: computed, so that they lead to the same on any service that has the release, for ever.

use e2e::packages::Package;
use e2e::service::{Reply, Service};
use e2e::store::Store;
use e2e::{sha256, wait_for};
use serde_json::json;

use crate::api::citations::cited;

const QUESTIONS: [(&str, &str); 5] = [
    ("documented-cases", "by="),
    (
        "documented-cases",
        "by=year,outcome&statute=KAZ-CC-274&measure=persons,cases,charges&share=outcome&labels=ru",
    ),
    ("documented-cases", "by=role,month&from=2018-03&to=2022-02-24"),
    ("reported-figures", "by=year,outcome&statute=IND-IPC-124A&measure=cases"),
    ("reported-figures", "by=country,statute,outcome,year,source&country=KAZ,POL,RUS,TUR&from=2015"),
];

/// The code of a query's short address, out of its citation.
fn code(service: &Service, dataset: &str, query: &str) -> String {
    let text = service.text(&format!("/v1/datasets/{dataset}/citation.txt?{query}"));
    let word = text.split_whitespace().find(|word| word.contains("/s/")).expect("a short address");
    let (_, code) = word.split_once("/s/").expect("a short address");
    assert_eq!(word, format!("{}/s/{code}", service.base));
    code.to_owned()
}

/// Where an address leads, for ever.
fn led(service: &Service, path: &str) -> String {
    let reply = service.get(path);
    assert_eq!(reply.status, 308, "{path}: {}", reply.text());
    reply.header("location").to_owned()
}

#[test]
fn a_short_address_leads_to_the_pinned_answer_in_every_form() {
    let service = Service::start();
    for (dataset, query) in QUESTIONS {
        let code = code(&service, dataset, query);
        let text = service.text(&format!("/v1/datasets/{dataset}/citation.txt?{query}"));
        let (address, digest) = cited(&text);
        let figures = service.get(&led(&service, &format!("/s/{code}.csv")));
        assert_eq!(sha256(&figures.body), digest, "{query}");
        assert!(code.len() + 20 < address.len() - service.base.len(), "{code} for {address}");
        for ending in ["csv", "json", "svg", "png", "html", "txt", "bib", "ris", "csl.json"] {
            let reply = service.get(&format!("/s/{code}.{ending}"));
            assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable", "{ending}");
            assert_eq!(reply.header("access-control-allow-origin"), "*");
            let place = reply.header("location").to_owned();
            assert!(place.starts_with(&format!("/v1/datasets/{dataset}/releases/")), "{place}");
            let there = service.get(&place);
            // Not every answer can be drawn; every one can be read and cited.
            if matches!(ending, "svg" | "png" | "html") && there.status == 400 {
                continue;
            }
            assert_eq!(there.status, 200, "{place}: {}", there.text());
            assert_eq!(there.header("chargesheet-release"), reply.header("chargesheet-release"), "{place}");
        }
        let page = led(&service, &format!("/s/{code}"));
        assert!(page.starts_with(&format!("/report/{dataset}/releases/")), "{page}");
    }
    // The form of a picture is not in the code, and is handed on.
    let code = code(&service, "documented-cases", "by=outcome");
    let place = led(&service, &format!("/s/{code}.svg?width=400&theme=dark"));
    assert!(place.ends_with("&width=400&theme=dark"), "{place}");
    assert_eq!(service.get(&place).status, 200);
    service.assert_log_clean();
}

#[test]
fn a_short_address_keeps_its_language() {
    let service = Service::start();
    let query = "by=outcome&statute=KAZ-CC-274";
    let (plain, spoken) = (
        code(&service, "documented-cases", query),
        code(&service, "documented-cases", &format!("{query}&lang=kk")),
    );
    assert_ne!(plain, spoken);
    assert_eq!(code(&service, "documented-cases", &format!("{query}&lang=en")), plain);
    assert!(led(&service, &format!("/s/{spoken}.json")).ends_with("&lang=kk"));
    assert!(led(&service, &format!("/s/{spoken}")).ends_with("&lang=kk"));
    // Figures have no language: both lead to the same bytes.
    assert_eq!(led(&service, &format!("/s/{spoken}.csv")), led(&service, &format!("/s/{plain}.csv")));
}

#[test]
fn another_service_with_the_same_release_leads_to_the_same_place() {
    let (one, other) = (Service::start(), Service::start_with(&["--public-url", "https://charges.example"]));
    for (dataset, query) in QUESTIONS {
        let code = code(&one, dataset, query);
        for ending in ["", ".csv", ".json"] {
            let path = format!("/s/{code}{ending}");
            assert_eq!(led(&one, &path), led(&other, &path));
        }
    }
    // The same release out of a store has the same numbers as out of the folder of its package.
    let package = Package::cases();
    let folder = package.write();
    let store = Store::empty("short");
    store.add(&package);
    let stored = store.serve();
    let data = folder.to_str().expect("the path is UTF-8");
    let unpublished = Service::start_with(&["--no-bundled", "--data", data]);
    let query = "by=year,statute&statute=FRA-X-1.2&outcome=convicted,pending&country=FRA";
    let code = code(&stored, "example-cases", query);
    assert_eq!(led(&stored, &format!("/s/{code}.csv")), led(&unpublished, &format!("/s/{code}.csv")));
}

/// Decodes base64url (RFC 4648) without padding.
fn bytes(code: &str) -> Vec<u8> {
    let digit = |letter| {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .iter()
            .position(|own| *own == letter)
    };
    let bits: String =
        code.bytes().map(|letter| format!("{:06b}", digit(letter).expect("a letter of base64url"))).collect();
    let whole = (0..bits.len() / 8).map(|place| &bits[place * 8..place * 8 + 8]);
    whole.map(|bits| u8::from_str_radix(bits, 2).expect("eight bits")).collect()
}

#[test]
fn a_code_has_its_release_and_the_check_of_its_address() {
    // Made again without our program: form 1, the digits of the release, the query, three bytes of SHA-256.
    let service = Service::start();
    for (dataset, query) in QUESTIONS {
        let code = code(&service, dataset, query);
        let bytes = bytes(&code);
        let (head, check) = bytes.split_at(bytes.len() - 3);
        let place = led(&service, &format!("/s/{code}.csv"));
        let release = place.split('/').nth(5).unwrap_or_default();
        let digits: String = head[1..7].iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(head[0] == 1 && release.ends_with(&digits), "{code} {release}");
        let check: String = check.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(sha256(place.as_bytes()).starts_with(&check), "{place}");
    }
}

fn assert_problem(reply: &Reply, status: u16, kind: &str, words: &str) {
    assert_eq!(reply.status, status, "{}", reply.text());
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem = reply.json();
    assert_eq!(problem["type"], json!(format!("urn:chargesheet:problem:{kind}")), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(words)), "{problem}");
}

#[test]
fn what_is_no_short_address_is_told_and_why() {
    let service = Service::start();
    let code = code(&service, "documented-cases", "by=outcome");
    let of = |text: &str| service.get(&format!("/s/{text}.csv"));
    assert_problem(&of("hello"), 400, "short-address", "is no short address");
    assert_eq!(of("%00%FF").status, 404);
    assert_problem(&of(&format!("{code}=")), 400, "short-address", "letters, digits");
    assert_problem(&of(&format!("C{}", &code[1..])), 400, "short-address", "form");
    let mut wrong = code.clone().into_bytes();
    let last = wrong.len() - 2;
    wrong[last] = if wrong[last] == b'A' { b'B' } else { b'A' };
    let wrong = String::from_utf8(wrong).expect("ASCII");
    assert_problem(&of(&wrong), 400, "short-address", "not typed right");
    assert_problem(&of(&code[..code.len() - 4]), 400, "short-address", "");
    let elsewhere = format!("{}AAAA{}", &code[..2], &code[6..]);
    assert_problem(&of(&elsewhere), 404, "no-release", "whose id ends in `");
    let reply = service.get(&format!("/s/{code}.cvs"));
    assert_problem(&reply, 404, "not-found", "did you mean `csv`?");
    // A person who typed it gets a page.
    let page = service.get(&format!("/s/{wrong}"));
    assert_eq!((page.status, page.header("content-type")), (400, "text/html; charset=utf-8"));
    assert!(page.text().contains("not typed right"), "{}", page.text());
    service.assert_log_clean();
}

#[test]
fn a_short_address_of_a_withdrawn_release_is_gone_and_an_old_one_stays() {
    let store = Store::empty("short-withdrawn");
    let first = store.add(&Package::cases().created("2026-01-02"));
    let service = store.serve();
    let old = code(&service, "example-cases", "by=year");
    store.add(&Package::cases().created("2026-02-03").version("2.0.0"));
    wait_for("the new release to be served", || {
        let told = service.get("/v1/datasets/example-cases");
        (told.header("chargesheet-release") != first).then_some(())
    });
    assert_ne!(code(&service, "example-cases", "by=year"), old, "a code names its release");
    assert!(led(&service, &format!("/s/{old}.csv")).contains(&first));
    assert!(store.withdraw("example-cases", &[&first], "error").status.success());
    wait_for("the release to be gone", || {
        (service.get(&format!("/s/{old}.csv")).status == 410).then_some(())
    });
    assert_problem(&service.get(&format!("/s/{old}.csv")), 410, "withdrawn", &first);
    assert_eq!(service.get(&format!("/s/{old}")).status, 410);
    service.assert_log_clean();
}
