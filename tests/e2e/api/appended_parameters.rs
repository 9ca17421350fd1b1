//! Links come back from newsletters, networks and searches with parameters that nobody typed: the answer is the one of the
//! address without them, and a filter that was mistyped is refused all the same.

use e2e::service::{Reply, Service};

/// What other programs append, in the ways in which they write it.
const APPENDED: [&str; 8] = [
    "fbclid=IwAR0abc",
    "utm_source=newsletter&utm_medium=email&utm%5Fcampaign=x",
    "FBCLID=a&Utm_Source=b",
    "gclid=x&gclid=y&gad_source=1",
    "_gl=1*abc*_ga*x&mc_cid=1&mc_eid=2",
    "ref=ngo.example&v=2&_=1700000000",
    "amp;utm_source=x&&fbclid",
    "ysclid=%FF",
];

/// An address of each kind.
fn addresses(service: &Service) -> Vec<String> {
    let release = service.json("/v1/datasets/reported-figures")["release"]["id"].as_str().map(str::to_owned);
    let release = release.expect("a release has an id");
    let sedition = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let own = [
        "/statutes/KAZ-CC-274".to_owned(),
        "/statutes/KAZ-CC-274/?lang=ru&by=year".to_owned(),
        "/?q=kaz".to_owned(),
        "/datasets/reported-figures".to_owned(),
        "/categories/insult?lang=kk".to_owned(),
        "/api".to_owned(),
        "/v1/datasets".to_owned(),
        "/v1/statutes/KAZ-CC-274?lang=ru".to_owned(),
        "/openapi.json".to_owned(),
        "/widget/statute-chart.js".to_owned(),
    ];
    let files = ["aggregate.csv", "aggregate.json", "chart.svg", "chart.html", "citation.txt"];
    let files = files.map(|file| format!("/v1/datasets/reported-figures/{file}?{sedition}"));
    let pinned = ["aggregate.csv", "aggregate.csv-metadata.json", "chart.png"]
        .map(|file| format!("/v1/datasets/reported-figures/releases/{release}/{file}?{sedition}"));
    let shown = ["embed", "report"].map(|page| format!("/{page}/reported-figures?{sedition}"));
    own.into_iter().chain(files).chain(pinned).chain(shown).collect()
}

fn with(address: &str, more: &str) -> String {
    format!("{address}{}{more}", if address.contains('?') { '&' } else { '?' })
}

#[test]
fn the_answer_is_that_of_the_address_without_what_was_appended() {
    let service = Service::start();
    for address in addresses(&service) {
        let own = service.get(&address);
        assert_eq!(own.status, 200, "{address}: {}", own.text());
        for more in APPENDED {
            let reply = service.get(&with(&address, more));
            assert_eq!((reply.status, reply.headers()), (200, own.headers()), "{address} {more}");
            assert!(reply.body == own.body, "{address} {more}");
            // It is kept under one address, whatever its link has gone through.
            let timing = reply.header("server-timing");
            assert_eq!(timing, "cache;desc=\"hit\"", "{address} {more}");
        }
        // Also where they stand before the question.
        if let Some((path, query)) = address.split_once('?') {
            assert_eq!(service.get(&format!("{path}?fbclid=x&{query}")).header("etag"), own.header("etag"));
        }
    }
    service.assert_log_clean();
}

#[test]
fn a_redirect_and_oembed_do_not_carry_on_what_was_appended() {
    let service = Service::start();
    let text =
        service.text("/v1/datasets/reported-figures/citation.txt?by=year,outcome&statute=IND-IPC-124A");
    let short = text.split_whitespace().find(|word| word.contains("/s/")).expect("a short address");
    let short = &short[service.base.len()..];
    for ending in ["", ".svg", ".csv"] {
        let led = |more: &str| service.get(&format!("{short}{ending}{more}")).header("location").to_owned();
        assert_eq!(led("?fbclid=x&utm_source=y"), led(""), "{ending}");
    }
    let led = service.get(&format!("{short}.svg?width=400&fbclid=x&theme=dark&campaign=1"));
    assert!(led.header("location").ends_with("&width=400&theme=dark"), "{}", led.header("location"));
    let ask = |address: &str| -> Reply {
        let address = format!("{}{address}", service.base).replace('%', "%25").replace('&', "%26");
        service.get(&format!("/oembed?url={address}&utm_source=x"))
    };
    for address in [
        "/statutes/KAZ-CC-274",
        "/embed/reported-figures?by=year,outcome&statute=IND-IPC-124A&measure=cases",
        "/v1/datasets/reported-figures/aggregate.csv?by=year,outcome&statute=IND-IPC-124A",
    ] {
        let own = ask(address);
        assert_eq!(own.status, 200, "{address}: {}", own.text());
        for more in APPENDED.into_iter().chain(["campaign=1", "xyz"]) {
            let reply = ask(&with(address, more));
            assert_eq!((reply.status, reply.text()), (200, own.text()), "{address} {more}");
        }
        assert_eq!(ask(&with(address, "contry=KAZ")).status, 404, "{address}");
    }
    service.assert_log_clean();
}

#[test]
fn what_people_look_at_passes_over_any_name_that_can_be_meant_for_nothing() {
    let service = Service::start();
    for address in addresses(&service) {
        let is_for_people =
            !address.starts_with("/v1") && !address.starts_with("/openapi") || address.contains("/chart.");
        let own = service.get(&address);
        let strange = service.get(&with(&address, "campaign=1&%C3%A9t%C3%A9&xyz=2&xyz=3&=4"));
        if is_for_people {
            assert_eq!((strange.status, strange.header("etag")), (200, own.header("etag")), "{address}");
        } else {
            assert_eq!(strange.status, 400, "{address}");
        }
    }
    // Mistyped, a filter is refused with the one that is meant, so that no picture shows more than was asked for.
    let sedition = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    for path in [
        "/statutes/KAZ-CC-274?",
        "/embed/reported-figures?",
        "/report/reported-figures?",
        "/v1/datasets/reported-figures/chart.svg?",
        "/v1/datasets/reported-figures/chart.png?",
        "/v1/datasets/reported-figures/chart.html?",
    ] {
        for (wrong, meant) in [
            ("contry=IND", "country"),
            ("Country=IND", "country"),
            ("country_code=IND", "country"),
            ("country[]=IND", "country"),
            ("year=2014", "from"),
            ("month=2014-01", "from"),
            ("amp;outcome=convicted", "outcome"),
            ("outcomes=convicted", "outcome"),
            ("startYear=2014", "from"),
            ("years=2014", "from"),
            ("from[0]=2014", "from"),
            ("filter[to]=2018", "to"),
            ("until=2018", "to"),
            ("language=ru", "lang"),
        ] {
            let question = if path.starts_with("/statutes") { "by=year" } else { sedition };
            let reply = service.get(&format!("{path}{question}&{wrong}&fbclid=x"));
            assert_eq!(reply.status, 400, "{path} {wrong}");
            let said = reply.text().replace("&#96;", "`").replace("<code>", "`").replace("</code>", "`");
            assert!(said.contains(&format!("did you mean `{meant}`?")), "{path} {wrong}: {said}");
        }
    }
    service.assert_log_clean();
}

#[test]
fn nothing_of_what_was_appended_is_written_anywhere() {
    let service = Service::start_with(&["--log", "json"]);
    for path in
        ["/?fbclid=SECRET", "/v1/datasets?utm_source=SECRET", "/embed/x?SECRET=1", "/nowhere?_gl=SECRET"]
    {
        let reply = service.get(path);
        assert!(!reply.text().contains("SECRET"), "{path}: {}", reply.text());
        assert!(!reply.headers().iter().any(|line| line.contains("SECRET")), "{path}");
    }
    assert!(!service.text("/metrics").contains("SECRET") && !service.log().contains("SECRET"));
}
