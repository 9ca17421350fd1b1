//! Nothing leaves the page: every way out that a script has is tried, in the page and in a worker, while a server listens.

use e2e::browser::Browser;
use e2e::case;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use serde_json::{Value, json};

use super::{FOLDER, checked, opened};

/// Tries each way to a server; `WHERE` tells the ways of a page and of a worker apart.
const WAYS: &str = include_str!("ways_out.js");

fn ways(base: &str, place: &str) -> String {
    WAYS.replace("BASE", &json!(base).to_string()).replace("WHERE", &json!(place).to_string())
}

/// Runs the ways in the page, and in a worker of a `blob:`, as the page's own is.
fn try_all(browser: &Browser, base: &str) {
    let worker = format!("(async () => {{ {} postMessage('done'); }})();", ways(base, "worker"));
    let script = "const [text] = arguments;\n\
        const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));\n\
        await new Promise((done, failed) => { worker.onmessage = done; worker.onerror = failed; });";
    browser.run(script, vec![Value::from(worker)]);
    browser.run(&ways(base, "page"), Vec::new());
}

/// The ways that came through to the server, each once.
fn arrived(partner: &Partner) -> Vec<String> {
    let mut found: Vec<String> = partner
        .requests()
        .iter()
        .filter_map(|request| {
            let path = request.line.split(' ').nth(1)?;
            path.strip_prefix('/')?.strip_suffix("?secret").map(str::to_owned)
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Returns how many requests a service has answered, without those for this very number.
fn asked(service: &Service) -> f64 {
    let metrics = service.text("/metrics");
    let own = metrics.lines().filter(|line| line.starts_with("chargesheet_http_requests_total{"));
    let others = own.filter(|line| !line.contains("route=\"/metrics\""));
    others.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

#[test]
fn no_way_out_of_the_page_or_its_worker_is_open() {
    // Where nothing is forbidden, the ways lead out: else the test would prove nothing.
    let partner = Partner::start(vec![Page::html("/open", "")]);
    let browser = Browser::start();
    browser.open(&format!("{}/open", partner.base));
    try_all(&browser, &partner.base);
    let open = arrived(&partner);
    for way in [
        "page-fetch",
        "page-beacon",
        "page-keepalive",
        "page-xhr",
        "page-socket",
        "page-events",
        "page-import",
        "page-worker",
        "page-image",
        "page-srcset",
        "page-script",
        "page-style",
        "page-preload",
        "page-modulepreload",
        "page-prefetch",
        "page-frame",
        "page-srcdoc",
        "page-object",
        "page-embed",
        "page-video",
        "page-track",
        "page-css",
        "page-font",
        "page-svg",
        "page-shared",
        "page-service",
        "page-base",
        "page-form",
        "page-ping",
        "worker-fetch",
        "worker-keepalive",
        "worker-xhr",
        "worker-socket",
        "worker-events",
        "worker-import",
        "worker-worker",
        "worker-scripts",
    ] {
        assert!(open.contains(&way.to_owned()), "{way} does not lead out anywhere: {open:#?}");
    }
    drop(browser);
    // From the page of the check none does: before a check, and with a package in it.
    let service = Service::start();
    let partner = Partner::start(vec![Page::html("/open", "")]);
    for is_after in [false, true] {
        let browser = opened(&service, "en");
        if is_after {
            checked(&browser, FOLDER, &[case("bad-rows")]);
        }
        let before = asked(&service);
        try_all(&browser, &partner.base);
        assert_eq!(partner.requests().len(), 0, "{:#?}", partner.requests());
        // Not to the page's own service either.
        try_all(&browser, &service.base);
        assert_eq!(asked(&service), before, "{}", service.text("/metrics"));
        // What somebody writes into the page does not run, and nothing is kept.
        let written = "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"globalThis.ran = 1\">'); \
                       document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = 2' })); \
                       await new Promise((done) => setTimeout(done, 100)); return globalThis.ran ?? 0;";
        assert_eq!(browser.run(written, Vec::new()), 0);
        assert_eq!(browser.value("localStorage.length + sessionStorage.length"), 0);
        let kept = "return (await indexedDB.databases()).length + (await caches.keys()).length \
                    + (await navigator.serviceWorker.getRegistrations()).length;";
        assert_eq!(browser.run(kept, Vec::new()), 0);
        assert!(browser.cookies().is_empty());
    }
    service.assert_log_clean();
}

#[test]
fn a_whole_check_sends_nothing() {
    let service = Service::start();
    let browser = opened(&service, "ru");
    browser.sent();
    for name in ["bad-rows", "good-cases", "good-figures"] {
        checked(&browser, FOLDER, &[case(name)]);
    }
    assert_eq!(browser.requests(), Vec::<String>::new());
    // It goes on when the network is taken away, as the page advises.
    browser.go_offline(true);
    assert_eq!(checked(&browser, FOLDER, &[case("bad-rows")]), "reject_file");
    browser.assert_console_clean();
}
