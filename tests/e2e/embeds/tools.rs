//! The tools of a chart, which are loaded when a reader uses the first of them, and never before.

use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::html;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use serde_json::json;

const PAGE: &str = "/statutes/IND-IPC-124A?dataset=reported-figures";

/// What can be seen in the chart's shadow.
fn seen(selector: &str) -> String {
    format!(
        "[...document.querySelector('statute-chart').shadowRoot.querySelectorAll('{selector}')].find((one) => one.checkVisibility())"
    )
}

fn click(browser: &Browser, selector: &str) {
    browser.click(&seen(selector));
}

/// The folder of this version of the program.
fn folder(service: &Service) -> String {
    let page = service.text("/statutes/KAZ-CC-274");
    let script = html::attributes(&page, "src").into_iter().find(|src| src.contains("statute-chart.js"));
    script.expect("the page loads the widget").trim_end_matches("statute-chart.js").to_owned()
}

#[test]
fn the_tools_cost_at_most_twelve_kilobytes_and_only_at_a_click() {
    let service = Service::start();
    let folder = folder(&service);
    let size = |name: &str| {
        let reply = service.ask("GET", &format!("{folder}{name}"), &[("accept-encoding", "br")]);
        assert_eq!((reply.status, reply.header("content-encoding")), (200, "br"), "{name}");
        assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable", "{name}");
        println!("{name}: {} over the wire", reply.body.len());
        reply.body.len()
    };
    let words = ["en", "ru", "kk"].map(|language| size(&format!("tools-{language}.json")));
    let most = size("chart-tools.js") + words.into_iter().max().unwrap_or_default();
    assert!(most <= 12_000, "{most} bytes at the reader's action");
    let partner = Partner::start(vec![Page::html("/news", &service.snippet(PAGE))]);
    let browser = Browser::start();
    browser.resize(1000, 1200);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(DRAWN);
    let before = browser.requests();
    assert!(before.iter().all(|url| !url.contains("tools")), "{before:#?}");
    click(&browser, "button[name=table]");
    browser.wait_until(&format!("!!{}", seen("[part=table] table")));
    let mut asked: Vec<String> =
        browser.requests().iter().filter_map(|url| url.rsplit('/').next().map(str::to_owned)).collect();
    asked.sort();
    assert_eq!(asked, ["chart-tools.js", "tools-en.json"]);
    // The next tool is there.
    for name in ["years", "download", "cite"] {
        click(&browser, &format!("button[name={name}]"));
        browser.wait_until(&format!("!!{}", seen("[part=panel]")));
    }
    assert_eq!(browser.requests(), Vec::<String>::new());
    browser.assert_console_clean();
    service.assert_log_clean();
}

/// A partner that serves copies of the program, with another text in the place of the tools.
fn copies(service: &Service, tools: &[u8], policy: &str) -> Partner {
    let folder = folder(service);
    let mut pages: Vec<Page> = Vec::new();
    for (name, kind) in [
        ("statute-chart.js", "text/javascript"),
        ("chargesheet_widget_bg.wasm", "application/wasm"),
        ("text-en.json", "application/json"),
        ("tools-en.json", "application/json"),
    ] {
        pages.push(Page::file(
            &format!("{folder}{name}"),
            kind,
            service.get(&format!("{folder}{name}")).body,
        ));
    }
    pages.push(Page::file(&format!("{folder}chart-tools.js"), "text/javascript", tools.to_vec()));
    let snippet = service.snippet(PAGE);
    let script = html::attributes(&snippet, "src").pop().expect("the snippet has a script");
    let snippet = snippet.replace(&script, &format!("{folder}statute-chart.js"));
    let snippet = snippet.replace("<script ", "<script nonce=\"n0nce\" ");
    let page = Page::html("/news", &snippet);
    pages.push(if policy.is_empty() { page } else { page.with_policy(policy) });
    Partner::start(pages)
}

#[test]
fn a_tool_that_was_changed_on_the_way_is_not_run() {
    let service = Service::start();
    let tools = service.get(&format!("{}chart-tools.js", folder(&service))).body;
    let changed = [b"globalThis.changed = true;\n", &tools[..]].concat();
    for (tools, is_changed) in [(&changed, true), (&tools, false)] {
        let partner = copies(&service, tools, "");
        let browser = Browser::start();
        browser.resize(1000, 1200);
        browser.open(&format!("{}/news", partner.base));
        browser.wait_until(DRAWN);
        click(&browser, "button[name=table]");
        if !is_changed {
            browser.wait_until(&format!("!!{}", seen("[part=table] table")));
            continue;
        }
        // It says so, and another try ends no better; the chart stays.
        for _ in 0..2 {
            browser.wait_until(&format!(
                "{}?.textContent.includes('could not be loaded')",
                seen("[part=panel]")
            ));
            assert_eq!(browser.value("globalThis.changed === undefined"), true);
            click(&browser, "[part=panel] p + button");
        }
        browser.screenshot("tools-changed-1000", 1000);
        assert_eq!(browser.value(DRAWN), json!(true));
    }
}

#[test]
fn the_tools_obey_a_strict_policy() {
    let service = Service::start();
    let tools = service.get(&format!("{}chart-tools.js", folder(&service))).body;
    let policy = format!(
        "default-src 'none'; script-src 'nonce-n0nce' 'wasm-unsafe-eval'; connect-src 'self' {0}; img-src {0} data:; \
         style-src 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types statute-chart",
        service.base
    );
    let partner = copies(&service, &tools, &policy);
    let browser = Browser::start();
    browser.resize(1000, 1200);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(DRAWN);
    click(&browser, "button[name=table]");
    browser.wait_until(&format!("!!{}", seen("[part=table] table")));
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_plain_picture_keeps_its_unit_and_its_source() {
    let service = Service::start();
    let path = "/v1/datasets/reported-figures/chart.svg?by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let (full, plain) = (service.text(path), service.text(&format!("{path}&plain=true")));
    for kept in [">Cases<", "Source: "] {
        assert!(full.contains(kept) && plain.contains(kept), "{kept}");
    }
    assert!(full.matches("<text").count() > plain.matches("<text").count());
    service.assert_log_clean();
}
