//! axe-core finds nothing: WCAG 2.2 AA on every kind of page, in every language, scheme and width.

use e2e::audit::WCAG;
use e2e::browser::Browser;
use e2e::partner::{Page, Partner};
use e2e::service::Service;

const SETTLED: &str = "[...document.querySelectorAll('statute-chart')].every((chart) => chart.shadowRoot?.querySelector('.drawing svg'))";

/// Brings the chart of a page into sight, where there is one: below the answers it is not drawn before a reader comes near.
const IN_SIGHT: &str = "(document.querySelector('statute-chart')?.scrollIntoView(), true)";

/// What axe's authors advise beside the standard: landmarks, the order of headings and so on.
const ADVICE: &str = "best-practice";

/// Every combination of language, colour scheme and width in CSS pixels.
fn states() -> impl Iterator<Item = (&'static str, &'static str, u32)> {
    ["en", "ru", "kk"].into_iter().flat_map(|language| {
        ["light", "dark"]
            .into_iter()
            .flat_map(move |scheme| [1200, 375].into_iter().map(move |width| (language, scheme, width)))
    })
}

/// Opens a page in all states and returns what axe finds, each with the state it was found in.
fn violations(browser: &Browser, page: &str, tags: &[&str]) -> Vec<String> {
    let joint = if page.contains('?') { '&' } else { '?' };
    let mut found = Vec::new();
    for (language, scheme, width) in states() {
        browser.prefer(scheme);
        browser.resize(width, 800);
        browser.open(&format!("{page}{joint}lang={language}"));
        browser.value(IN_SIGHT);
        browser.wait_until(SETTLED);
        let state = format!("{page} {language} {scheme} {width}");
        found.extend(browser.violations(tags).into_iter().map(|violation| format!("{state}: {violation}")));
    }
    found
}

/// Fails with everything that axe found, the same thing in many states counted once.
fn assert_none(found: &[String]) {
    let mut kinds: Vec<(&str, usize, &str)> = Vec::new();
    for violation in found {
        let (state, what) = violation.split_once(": ").unwrap_or(("", violation));
        match kinds.iter_mut().find(|(own, ..)| *own == what) {
            Some((_, count, _)) => *count += 1,
            None => kinds.push((what, 1, state)),
        }
    }
    let told: Vec<String> = kinds
        .iter()
        .map(|(what, count, first)| format!("in {count} states, first {first}\n  {what}"))
        .collect();
    assert!(told.is_empty(), "axe finds {} kinds:\n{}", told.len(), told.join("\n"));
}

/// Holds pages of the explorer against the standard and the advice, in all states.
fn assert_pages_accessible(pages: &[&str]) {
    let service = Service::start();
    let browser = Browser::start();
    let tags: Vec<&str> = WCAG.into_iter().chain([ADVICE]).collect();
    let mut found = Vec::new();
    for page in pages {
        found.extend(violations(&browser, &format!("{}{page}", service.base), &tags));
    }
    assert_none(&found);
    service.assert_log_clean();
}

#[test]
fn axe_notices_what_is_wrong() {
    let bad = r#"<img src="data:," width="40" height="40"><p style="color: #999; background: #aaa">pale</p>"#;
    let shadow = r#"<div><template shadowrootmode="open"><button></button></template></div>"#;
    let partner = Partner::start(vec![Page::html("/bad", &format!("{bad}{shadow}"))]);
    let browser = Browser::start();
    browser.open(&format!("{}/bad", partner.base));
    let found = browser.violations(&WCAG);
    for rule in ["image-alt", "color-contrast", "button-name"] {
        assert!(found.iter().any(|violation| violation.starts_with(rule)), "no {rule} in {found:#?}");
    }
}

#[test]
fn axe_finds_nothing_on_the_start_page_and_its_searches() {
    assert_pages_accessible(&["/", "/?q=sedition&country=IND", "/?q=nothing-like-this"]);
}

#[test]
fn axe_finds_nothing_on_a_page_of_reported_figures() {
    let grouped =
        "/statutes/IND-IPC-124A?dataset=reported-figures&by=year,outcome&type=stacked&measure=cases";
    assert_pages_accessible(&["/statutes/IND-IPC-124A", grouped]);
}

#[test]
fn axe_finds_nothing_on_a_page_of_documented_cases() {
    assert_pages_accessible(&["/statutes/KAZ-CC-274", "/statutes/KAZ-CC-274?dataset=documented-cases"]);
}

#[test]
fn axe_finds_nothing_on_a_page_without_figures_or_without_an_answer() {
    assert_pages_accessible(&[
        "/statutes/KAZ-CC-378",
        "/statutes/KAZ-CC-247",
        "/statutes/KAZ-CC-274?by=yaer",
    ]);
}

#[test]
fn axe_finds_nothing_on_pages_of_countries_and_of_the_publisher() {
    assert_pages_accessible(&["/countries/KAZ", "/about"]);
}

#[test]
fn axe_finds_nothing_on_the_panel_of_evidence() {
    let service = Service::start();
    let browser = Browser::start();
    let tags: Vec<&str> = WCAG.into_iter().chain([ADVICE]).collect();
    let mut found = Vec::new();
    for (language, scheme, width) in states() {
        browser.prefer(scheme);
        browser.resize(width, 800);
        browser.open(&format!("{}/statutes/TUR-TCK-299?lang={language}", service.base));
        browser.value(IN_SIGHT);
        browser.wait_until(SETTLED);
        browser.run("document.querySelector('a.evidence').click()", Vec::new());
        browser.wait_until("document.querySelector('dialog[open] .behind li') !== null");
        let state = format!("panel {language} {scheme} {width}");
        found.extend(browser.violations(&tags).into_iter().map(|violation| format!("{state}: {violation}")));
        // Closed, the reader is where they were.
        browser.run("document.querySelector('dialog button').click()", Vec::new());
        browser.wait_until(
            "document.querySelector('dialog') === null && document.activeElement.matches('a.evidence')",
        );
    }
    assert_none(&found);
    browser.assert_console_clean();
    // Without script the number leads to the same as a page.
    let page = service.text("/statutes/TUR-TCK-299");
    let address =
        e2e::html::attributes(&page, "href").into_iter().find(|link| link.starts_with("/evidence/"));
    let address = address.expect("a number is a link");
    let page = service.text(&address);
    assert!(
        page.contains("id=\"evidence\"") && page.contains("Gazete Duvar") && page.contains("evidence.csv?"),
        "{page}"
    );
    service.assert_log_clean();
}

#[test]
fn axe_finds_nothing_on_a_partners_page_with_charts() {
    let service = Service::start();
    let browser = Browser::start();
    let mut found = Vec::new();
    for (language, scheme, width) in states() {
        let snippets: Vec<String> =
            ["KAZ-CC-274?dataset=documented-cases", "IND-IPC-124A?dataset=reported-figures"]
                .iter()
                .map(|page| service.snippet(&format!("/statutes/{page}&lang={language}")))
                .collect();
        let partner = Partner::start(vec![Page::html("/news", &snippets.join("\n"))]);
        browser.prefer(scheme);
        browser.resize(width, 800);
        browser.open(&format!("{}/news", partner.base));
        browser.wait_until(SETTLED);
        let state = format!("/news {language} {scheme} {width}");
        let here = browser.violations(&WCAG);
        found.extend(here.into_iter().map(|violation| format!("{state}: {violation}")));
    }
    assert_none(&found);
    service.assert_log_clean();
}

#[test]
fn axe_finds_nothing_where_only_the_picture_is_shown() {
    let service = Service::start();
    let snippet = service.snippet("/statutes/KAZ-CC-274?dataset=documented-cases");
    let policy = format!("default-src 'none'; style-src 'unsafe-inline'; img-src {} data:", service.base);
    let partner = Partner::start(vec![Page::html("/news", &snippet).with_policy(&policy)]);
    let browser = Browser::start();
    for width in [1200, 375] {
        browser.resize(width, 800);
        browser.open(&format!("{}/news", partner.base));
        browser.wait_until("document.querySelector('statute-chart img')?.naturalWidth > 0");
        let found = browser.violations(&WCAG);
        assert!(found.is_empty(), "{found:#?}");
    }
    service.assert_log_clean();
}

#[test]
fn axe_finds_nothing_where_the_chart_could_not_be_shown() {
    let service = Service::start();
    let snippet = service.snippet("/statutes/KAZ-CC-274?dataset=documented-cases");
    let wrong = snippet.replacen("statute=KAZ-CC-274", "statute=KAZ-CC-247", 1);
    assert_ne!(snippet, wrong, "the snippet names the statute");
    let partner = Partner::start(vec![Page::html("/news", &wrong)]);
    let browser = Browser::start();
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        browser.open(&format!("{}/news", partner.base));
        browser.wait_until("!!document.querySelector('statute-chart').shadowRoot?.querySelector('[role=status]')?.textContent");
        let found = browser.violations(&WCAG);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn axe_finds_nothing_on_pages_of_datasets_and_in_the_reference() {
    assert_pages_accessible(&["/datasets/documented-cases", "/datasets/reported-figures", "/api"]);
}
