//! Nobody learns who reads: every request that a page with charts makes is on record, whatever its reader does.

use e2e::browser::Browser;
use e2e::drawing::ALL_DRAWN;
use e2e::network::Sent;
use e2e::partner::{Page, Partner};
use e2e::service::Service;

/// A partner's page with three charts, one of them the same as another.
fn three_charts(service: &Service) -> Partner {
    let one = service.snippet("/statutes/IND-IPC-124A?dataset=reported-figures");
    let other = service.snippet("/statutes/KAZ-CC-274?dataset=documented-cases");
    Partner::start(vec![Page::html("/news", &[one.clone(), other, one].join("\n<p>And more.</p>\n"))])
}

/// Fails unless every request went to one of the two, said nothing about its reader, and asked for something once.
fn assert_quiet(sent: &[Sent], service: &Service, partner: &Partner) {
    let (own, partners) = (format!("{}/", service.base), format!("{}/", partner.base));
    let mut asked: Vec<&str> = Vec::new();
    for request in sent {
        let to_us = request.url.starts_with(&own);
        assert!(to_us || request.url.starts_with(&partners), "a request to {}", request.url);
        assert_eq!(request.method, "GET", "{}", request.url);
        for header in ["cookie", "authorization"] {
            assert_eq!(request.header(header), None, "{header} to {}", request.url);
        }
        if to_us {
            // What the browser itself tells of the page that asks is its origin, and only where a script asks.
            let path = request.header("referer").and_then(|address| address.strip_prefix(&partners));
            assert!(path.unwrap_or_default().is_empty(), "the page's address is told to {}", request.url);
            asked.push(&request.url);
        }
    }
    asked.sort_unstable();
    let twice: Vec<_> = asked.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(twice.is_empty(), "asked for more than once: {twice:#?}");
}

/// A wide window in which all charts of the partner's page are drawn.
fn opened(partner: &Partner) -> Browser {
    let browser = Browser::start();
    browser.resize(1200, 4000);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(ALL_DRAWN);
    browser
}

#[test]
fn a_page_with_charts_asks_only_for_charts_and_tells_nothing() {
    let service = Service::start();
    let partner = three_charts(&service);
    let browser = opened(&partner);
    let sent = browser.sent();
    for request in &sent {
        println!("{} {}", request.kind, request.url);
    }
    assert_quiet(&sent, &service, &partner);
    for (part, most) in [(".wasm", 1), ("/statute-chart.js", 1), ("/aggregate.json", 2), ("/text-", 1)] {
        let count = sent.iter().filter(|request| request.url.contains(part)).count();
        assert!(count <= most, "{part} is asked for {count} times");
    }
    assert!(browser.cookies().is_empty());
    assert_eq!(browser.value("localStorage.length + sessionStorage.length"), 0);
    assert_eq!(
        browser.run("return (await indexedDB.databases()).length + (await caches.keys()).length;", vec![]),
        0
    );
    service.assert_log_clean();
}

#[test]
fn reading_a_chart_asks_for_nothing_more() {
    let service = Service::start();
    let partner = three_charts(&service);
    let browser = opened(&partner);
    browser.sent();
    let chart = "document.querySelector('statute-chart')";
    let (x, y) = browser.middle_of(chart);
    for step in 0..20_u8 {
        browser.point_at(x - 100.0 + f64::from(step) * 10.0, y);
    }
    browser.click_at(x, y);
    browser.drag(&[(x - 50.0, y), (x, y), (x + 50.0, y)]);
    for key in ["Tab", "Tab", "ArrowRight", "ArrowUp", "Home", "End", "Enter", "Escape", "Shift+Tab"] {
        browser.press(key);
    }
    browser.value(&format!("{chart}.theme = 'dark'"));
    browser.resize(375, 4000);
    browser.wait_until(&format!("{ALL_DRAWN} && {chart}.getBoundingClientRect().width < 376"));
    let more: Vec<String> = browser
        .sent()
        .into_iter()
        .map(|request| request.url)
        // A narrow page shows the narrow picture below the drawing.
        .filter(|url| !url.contains("/chart.svg?"))
        .collect();
    assert!(more.is_empty(), "{more:#?}");
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn the_explorer_asks_only_itself() {
    let service = Service::start();
    let browser = Browser::start();
    browser.resize(1200, 3000);
    for page in ["/", "/statutes/IND-IPC-124A", "/statutes/KAZ-CC-274?lang=kk", "/statutes/KAZ-CC-378"] {
        browser.open(&format!("{}{page}", service.base));
        browser.wait_until(ALL_DRAWN);
    }
    let sent = browser.sent();
    assert!(sent.len() > 8, "{sent:#?}");
    for request in sent {
        assert!(request.url.starts_with(&format!("{}/", service.base)), "a request to {}", request.url);
        assert_eq!(request.header("cookie"), None, "{}", request.url);
        assert_eq!(request.header("referer").unwrap_or_default(), "", "{}", request.url);
    }
    service.assert_log_clean();
}
