//! axe-core finds nothing: WCAG 2.2 AA on every kind of page, in every language, scheme and width.

use e2e::audit::WCAG;
use e2e::browser::Browser;
use e2e::drawing::ALL_DRAWN;
use e2e::partner::{Page, Partner};
use e2e::service::Service;

/// Brings the chart of a page into sight, where there is one: below the answers it is not drawn before a reader comes near.
const IN_SIGHT: &str = "(document.querySelector('statute-chart')?.scrollIntoView(), true)";

/// What axe's authors advise beside the standard: landmarks, the order of headings and so on.
const ADVICE: &str = "best-practice";

/// Every combination of language and colour scheme with two widths in CSS pixels, and three more widths.
fn states() -> impl Iterator<Item = (&'static str, &'static str, u32)> {
    let of = |language| {
        ["light", "dark"]
            .into_iter()
            .flat_map(move |scheme| [1200, 375].into_iter().map(move |width| (language, scheme, width)))
    };
    let further = [("en", "light", 1440), ("en", "dark", 768), ("en", "light", 320)];
    ["en", "ru", "kk"].into_iter().flat_map(of).chain(further)
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
        browser.wait_until(ALL_DRAWN);
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
        browser.wait_until(ALL_DRAWN);
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
        browser.wait_until(ALL_DRAWN);
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

/// What a reader could not see in forced colours, each with its reason.
const LOST: &str = r#"
const lost = [];
const seen = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0;
const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
const style = (element) => getComputedStyle(element);
const colour = (text) => { const probe = document.body.appendChild(document.createElement("i")); probe.style.color = text; const own = style(probe).color; probe.remove(); return own; };
const light = (text) => {
  const [r, g, b] = text.match(/[\d.]+/g).map((part) => part / 255).map((part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const contrast = (one, other) => { const [low, high] = [light(one), light(other)].sort((a, b) => a - b); return (high + .05) / (low + .05); };
const ground = colour("Canvas");
for (const button of all("button")) if (parseFloat(style(button).borderTopWidth) < 1) lost.push(`a button without a line: ${button.textContent}`);
for (const tab of all(".datasets a[aria-current], .top nav a[aria-current]")) if (parseFloat(style(tab).borderBottomWidth) < 1) lost.push(`a chosen tab like others: ${tab.textContent}`);
for (const barred of all(".barred")) if (style(barred).color === colour("CanvasText")) lost.push(`a barred choice like others: ${barred.textContent}`);
for (const told of all(".why")) if (contrast(style(told).color, ground) < 4.5) lost.push(`a reason that is not seen: ${told.textContent}`);
for (const path of all(".spark path")) if (contrast(style(path).stroke, ground) < 3) lost.push("a sparkline that is not seen");
for (const text of all(".tiles text")) { const fill = style(text.previousElementSibling).fill; if (contrast(style(text).fill, fill) < 4.5) lost.push(`letters that are not seen: ${text.textContent}`); }
const shades = new Set(all(".legend rect").map((rect) => style(rect).fill));
if (shades.size !== all(".legend rect").length) lost.push("shades are the same");
for (const rect of all(".tiles rect, .legend rect")) if (contrast(style(rect).stroke, ground) < 4.5) lost.push("a tile without a line");
for (const element of all("main p, main li, main label, main th, main td, main a, main summary, main legend"))
  if (contrast(style(element).color, ground) < 3 && style(element).color !== colour("GrayText")) lost.push(`text that is not seen: ${element.textContent.trim().slice(0, 60)}`);
return [...new Set(lost)];
"#;

#[test]
fn nothing_is_lost_in_forced_colours() {
    let service = Service::start();
    let browser = Browser::start();
    let mut found = Vec::new();
    for (name, address) in [
        ("start", "/"),
        ("statute", "/statutes/KAZ-CC-274?dataset=documented-cases"),
        ("statute-refused", "/statutes/IND-IPC-124A?by=year"),
        ("category", "/categories/defamation"),
        ("builder", "/charts/new?dataset=reported-figures&statute=IND-IPC-124A"),
        ("embed", "/embed/reported-figures?by=year,outcome&statute=IND-IPC-124A&measure=cases"),
    ] {
        for scheme in ["light", "dark"] {
            browser.emulate("", &[("forced-colors", "active"), ("prefers-color-scheme", scheme)]);
            browser.resize(1200, 900);
            browser.open(&format!("{}{address}", service.base));
            browser.value("(document.querySelector('details.choose')?.setAttribute('open', ''), true)");
            browser.value(IN_SIGHT);
            browser.wait_until(ALL_DRAWN);
            let lost = browser.run(LOST, Vec::new());
            let lost =
                lost.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned));
            found.extend(lost.map(|what| format!("{name} {scheme}: {what}")));
            browser.screenshot(&format!("forced-{name}-{scheme}"), 1200);
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    service.assert_log_clean();
}

#[test]
fn a_figure_that_is_chosen_in_the_chart_opens_its_evidence() {
    let service = Service::start();
    let browser = Browser::start();
    browser.resize(1200, 800);
    browser.open(&format!("{}/statutes/IND-IPC-124A", service.base));
    let slider = "document.querySelector('statute-chart')?.shadowRoot.querySelector('[role=slider]')";
    browser.wait_until(&format!("!!{slider}?.ariaValueText"));
    browser.value(&format!("{slider}.focus()"));
    browser.press("Home");
    let told = browser.text(&format!("{slider}.ariaValueText"));
    browser.press("Enter");
    browser.wait_until("document.querySelector('dialog[open] .behind li') !== null");
    let panel = browser.text("document.querySelector('dialog').textContent");
    let year = told.split_whitespace().next().unwrap_or_default().trim_end_matches(',');
    assert!(panel.contains(year), "{year} of {told} is not in {panel}");
    browser.press("Escape");
    browser.wait_until(&format!(
        "document.querySelector('dialog') === null && document.activeElement.shadowRoot?.activeElement === {slider}"
    ));
    browser.assert_console_clean();
    service.assert_log_clean();
}
