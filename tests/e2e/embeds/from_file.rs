//! A page on a disk: the snippet with its network, and the one file that needs none.

use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::empty_folder;
use e2e::service::Service;

const PAGE: &str =
    "/statutes/IND-IPC-124A?dataset=reported-figures&by=year&outcome=registered&measure=cases&type=line";
const QUERY: &str = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases&type=line";

/// Writes a page to the disk and returns its address.
fn file(name: &str, html: &str) -> String {
    let path = empty_folder(name).join("page.html");
    std::fs::write(&path, html).expect("target/ can be written");
    format!("file://{}", path.display())
}

/// Returns the release that a dataset is at.
fn release(service: &Service) -> String {
    let releases = service.json("/v1/datasets/reported-figures/releases");
    releases["releases"][0]["id"].as_str().expect("a release has an id").to_owned()
}

#[test]
fn a_pinned_snippet_is_drawn_on_a_page_from_a_disk() {
    let service = Service::start();
    let pinned = format!("/v1/datasets/reported-figures/releases/{}/", release(&service));
    let snippet = service.snippet(PAGE).replace("/v1/datasets/reported-figures/", &pinned);
    assert!(snippet.contains(&format!("{pinned}aggregate.json")), "{snippet}");
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>A page</title><h1>Notes</h1>\n{snippet}"
    );
    let browser = Browser::start();
    browser.open(&file("pinned", &page));
    browser.wait_until(DRAWN);
    assert_eq!(browser.text("location.protocol"), "file:");
    let sent = browser.sent();
    let figures = sent.iter().find(|request| request.url.contains("aggregate.json"));
    let figures = figures.unwrap_or_else(|| panic!("the figures are not asked for: {sent:#?}"));
    assert!(figures.url.contains("/releases/"), "{}", figures.url);
    assert_eq!(figures.header("origin"), Some("null"), "{figures:?}");
    browser.assert_console_clean();
    browser.screenshot("file-pinned-1200", 1200);
    service.assert_log_clean();
}

/// Saves the one file, ends the service, and returns the address on the disk.
fn one_file(name: &str, query: &str) -> String {
    let service = Service::start();
    let reply = service.get(&format!("/v1/datasets/reported-figures/chart.html?{query}"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(
        reply.header("content-disposition").starts_with("attachment"),
        "it is saved, never opened as ours"
    );
    file(name, &reply.text())
}

#[test]
fn the_one_file_is_drawn_without_any_network() {
    let browser = Browser::start();
    browser.go_offline(true);
    for (language, scheme, width) in [("en", "light", 1200), ("ru", "dark", 375), ("kk", "light", 375)] {
        let address = one_file(&format!("alone-{language}"), &format!("{QUERY}&lang={language}"));
        browser.prefer(scheme);
        browser.resize(width, 900);
        browser.open(&address);
        browser.wait_until(DRAWN);
        assert!(browser.text("document.title").contains("124A"));
        browser.screenshot(&format!("file-alone-{language}-{scheme}-{width}"), width);
        let found = browser.violations(&e2e::audit::WCAG);
        assert!(found.is_empty(), "{language} {scheme} {width}: {found:#?}");
    }
    assert_eq!(browser.requests(), Vec::<String>::new());
    browser.assert_console_clean();
}

#[test]
fn the_one_file_shows_picture_table_and_sources_without_scripts() {
    let address = one_file("without-script", &format!("{QUERY}&lang=en"));
    let browser = Browser::start();
    browser.switch_scripts_off();
    browser.open(&address);
    let shown = browser.text("document.body.innerText");
    for word in ["124A", "2014", "47", "National Crime Records Bureau", "release"] {
        assert!(shown.contains(word), "no {word} in {shown}");
    }
    assert_eq!(browser.value("document.querySelectorAll('table').length > 0"), true);
    let picture = "[...document.querySelectorAll('svg, img')].some((one) => one.checkVisibility() && one.getBoundingClientRect().height > 200)";
    assert_eq!(browser.value(picture), true);
    browser.screenshot("file-without-script-1200", 1200);
    assert_eq!(browser.requests(), Vec::<String>::new());
}
