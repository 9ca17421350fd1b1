//! A chart on somebody else's page: with script, without, under a strict policy, and when something fails.

use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::html;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use serde_json::json;

/// What a partner must allow, as `widget/README.md` says, beside its own page.
fn careful_policy(service: &Service) -> String {
    let host = &service.base;
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {host} 'wasm-unsafe-eval'; \
         connect-src {host}; img-src {host} data:"
    )
}

/// A policy that lets no script run at all.
fn policy_without_script(service: &Service) -> String {
    format!("default-src 'none'; style-src 'unsafe-inline'; img-src {} data:", service.base)
}

const PICTURE_LOADED: &str = "document.querySelector('statute-chart img')?.naturalWidth > 0";

/// Copies the snippet out of the explorer's page, as an editor does.
fn snippet(service: &Service, page: &str) -> String {
    let snippet = service.snippet(page);
    assert!(snippet.contains("<img src=\"") && snippet.contains("<script type=\"module\""), "{snippet}");
    snippet
}

/// Returns the texts in the chart that is drawn in the shadow of the element.
fn drawn_texts(browser: &Browser) -> Vec<String> {
    let texts = "JSON.stringify([...document.querySelector('statute-chart').shadowRoot\
                 .querySelectorAll('svg text, svg title, svg desc')].map((text) => text.textContent))";
    serde_json::from_str(&browser.text(texts)).expect("a list of texts")
}

fn assert_says(texts: &[String], words: &[&str]) {
    for word in words {
        assert!(texts.iter().any(|text| text.contains(word)), "no {word} in {texts:#?}");
    }
}

#[test]
fn the_snippet_shows_the_founding_articles_figures_on_another_origin() {
    let service = Service::start();
    let snippet = snippet(&service, "/statutes/KAZ-CC-274?dataset=documented-cases");
    let partner = Partner::start(vec![Page::html("/news", &snippet).with_policy(&careful_policy(&service))]);
    let browser = Browser::start();
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(DRAWN);
    let texts = drawn_texts(&browser);
    assert_says(&texts, &["Pending", "Convicted", "Persons", "Kazakhstan", "274"]);
    for figure in ["3", "1"] {
        assert!(texts.iter().any(|text| text == figure), "no {figure} in {texts:#?}");
    }
    let label = browser.text("document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg').getAttribute('aria-label') || document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg').textContent");
    assert!(label.contains("274"), "{label}");
    browser.assert_console_clean();
    assert_only_two_origins(&browser, &service, &partner);
    take_pictures(&browser, &partner, "partner-KAZ-CC-274");
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn the_snippet_shows_a_series_of_years_on_another_origin() {
    let service = Service::start();
    let address =
        "/statutes/IND-IPC-124A?dataset=reported-figures&by=year&outcome=registered&measure=cases&type=line";
    let snippet = snippet(&service, address);
    let partner = Partner::start(vec![Page::html("/news", &snippet).with_policy(&careful_policy(&service))]);
    let browser = Browser::start();
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(DRAWN);
    let texts = drawn_texts(&browser);
    assert_says(&texts, &["2014", "2022", "Cases", "India", "124A", "Source"]);
    // What the picture says in words has the first and the last figure of the series.
    let alt = html::attributes(&snippet, "alt").concat();
    assert!(alt.contains("47") && alt.contains("20"), "{alt}");
    browser.assert_console_clean();
    assert_only_two_origins(&browser, &service, &partner);
    take_pictures(&browser, &partner, "partner-IND-IPC-124A");
    service.assert_log_clean();
}

/// Takes pictures of the partner's page on a wide screen and on a phone.
fn take_pictures(browser: &Browser, partner: &Partner, name: &str) {
    for width in [1200, 375] {
        browser.resize(width, 800);
        browser.open(&format!("{}/news", partner.base));
        browser.wait_until(DRAWN);
        browser.screenshot(&format!("{name}-{width}"), width);
    }
}

/// Nobody is tracked: no cookie, no request elsewhere, no word of where the reader is.
fn assert_only_two_origins(browser: &Browser, service: &Service, partner: &Partner) {
    let requests = browser.requests();
    assert!(requests.iter().any(|url| url.starts_with(&service.base)), "{requests:?}");
    for url in &requests {
        assert!(
            url.starts_with(&format!("{}/", service.base)) || url.starts_with(&format!("{}/", partner.base)),
            "a request to {url}"
        );
    }
    assert!(browser.cookies().is_empty(), "{:?}", browser.cookies());
    let stored = browser.value("localStorage.length + sessionStorage.length");
    assert_eq!(stored, 0, "something is stored");
}

#[test]
fn two_charts_on_one_page_load_the_program_once() {
    let service = Service::start();
    let one = snippet(&service, "/statutes/KAZ-CC-274?dataset=documented-cases");
    let other = snippet(&service, "/statutes/IND-IPC-124A?dataset=reported-figures");
    let partner = Partner::start(vec![Page::html("/news", &format!("{one}\n{other}"))]);
    let browser = Browser::start();
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(
        "[...document.querySelectorAll('statute-chart')].filter((chart) => chart.shadowRoot?.querySelector('.drawing svg')).length === 2",
    );
    let requests = browser.requests();
    let programs = requests.iter().filter(|url| url.ends_with(".wasm")).count();
    assert_eq!(programs, 1, "{requests:#?}");
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn without_javascript_the_picture_is_there() {
    let service = Service::start();
    let snippet = snippet(&service, "/statutes/KAZ-CC-274?dataset=documented-cases");
    let partner = Partner::start(vec![Page::html("/news", &snippet)]);
    let browser = Browser::start();
    browser.switch_scripts_off();
    browser.resize(375, 800);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(PICTURE_LOADED);
    assert_eq!(browser.value("!!document.querySelector('statute-chart').shadowRoot"), false);
    browser.screenshot("partner-without-script-375", 375);
    browser.assert_fits(375);
    service.assert_log_clean();
}

#[test]
fn a_policy_against_scripts_leaves_the_picture() {
    let service = Service::start();
    let snippet = snippet(&service, "/statutes/KAZ-CC-274?dataset=documented-cases");
    let partner =
        Partner::start(vec![Page::html("/news", &snippet).with_policy(&policy_without_script(&service))]);
    let browser = Browser::start();
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(PICTURE_LOADED);
    assert_eq!(browser.value("customElements.get('statute-chart') === undefined"), true);
    service.assert_log_clean();
}

#[test]
fn a_policy_against_webassembly_leaves_the_picture_which_can_be_read() {
    let service = Service::start();
    let snippet = snippet(&service, "/statutes/KAZ-CC-274?dataset=documented-cases");
    let policy = careful_policy(&service).replace(" 'wasm-unsafe-eval'", "");
    let partner = Partner::start(vec![Page::html("/news", &snippet).with_policy(&policy)]);
    let browser = Browser::start();
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(PICTURE_LOADED);
    let plot = "document.querySelector('statute-chart').shadowRoot.querySelector('[role=slider]')";
    browser.wait_until(&format!("{plot}?.ariaValueText?.includes('person') && {plot}.checkVisibility()"));
    assert_eq!(
        browser.value("document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg')"),
        json!(null)
    );
    service.assert_log_clean();
}

#[test]
fn an_error_of_the_service_leaves_the_picture_and_says_why() {
    let service = Service::start();
    let snippet = snippet(&service, "/statutes/KAZ-CC-274?dataset=documented-cases");
    let source = html::attributes(&snippet, "src").remove(0);
    // The same snippet, with an answer that a service gives on a bad day.
    let problem = r#"{"title":"Internal error","status":500,"detail":"the answer could not be computed"}"#;
    let mut pages = vec![
        Page::answer("/bad-day", "500 Internal Server Error", "application/problem+json", problem),
        Page::answer("/no-json", "200 OK", "text/html", "<p>a captive portal</p>"),
    ];
    let escaped = source.replace('&', "&amp;");
    assert!(snippet.contains(&escaped), "{snippet}");
    let replaced = |address: &str| snippet.replacen(&escaped, address, 1);
    let wrong = replaced(&escaped.replace("KAZ-CC-274", "KAZ-CC-247"));
    for (path, address) in [("/one", "/bad-day"), ("/two", "/no-json")] {
        pages.push(Page::html(path, &replaced(address)));
    }
    pages.push(Page::html("/three", &wrong));
    let partner = Partner::start(pages);
    let browser = Browser::start();
    for (path, reason) in [
        ("/one", "the answer could not be computed"),
        ("/two", "The interactive chart could not be shown."),
        ("/three", "did you mean `KAZ-CC-274`?"),
    ] {
        browser.open(&format!("{}{path}", partner.base));
        assert_picture_and_message(&browser, reason);
    }
    service.assert_log_clean();
}

/// The picture is in the page and visible, and a sentence below it has the words.
fn assert_picture_and_message(browser: &Browser, words: &str) {
    let message = "document.querySelector('statute-chart')?.shadowRoot?.querySelector('[role=status]')?.textContent ?? ''";
    browser.wait_until(&format!("({message}) !== ''"));
    let message = browser.text(message);
    assert!(message.contains(words), "{message}");
    browser.wait_until(PICTURE_LOADED);
    let height = browser.value("document.querySelector('statute-chart img').getBoundingClientRect().height");
    assert!(height.as_f64() > Some(100.0), "the picture is {height} high");
}

#[test]
fn an_attribute_that_changes_draws_the_chart_again() {
    let service = Service::start();
    let snippet = snippet(&service, "/statutes/IND-IPC-124A?dataset=reported-figures&type=line");
    let partner = Partner::start(vec![Page::html("/news", &snippet)]);
    let browser = Browser::start();
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(DRAWN);
    let svg =
        "document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg')?.outerHTML ?? ''";
    let line = browser.text(svg);
    browser.value("document.querySelector('statute-chart').type = 'bar'");
    browser.wait_until(&format!("({svg}) !== '' && !({svg}).includes({})", serde_json::json!(line)));
    let bar = browser.text(svg);
    browser.value("document.querySelector('statute-chart').theme = 'dark'");
    browser.wait_until(&format!("({svg}) !== '' && !({svg}).includes({})", serde_json::json!(bar)));
    browser.value("document.querySelector('statute-chart').src = ''");
    assert_picture_and_message(&browser, "src");
    service.assert_log_clean();
}

#[test]
fn a_chosen_outcome_is_named_at_every_width() {
    let service = Service::start();
    let question = "by=year,statute&outcome=convicted&measure=persons&statute=IND-IPC-124A,TUR-TCK-299";
    for width in (320..=1200).step_by(40) {
        for height in ["".to_owned(), format!("&height={}", (width * 9 / 16).max(380))] {
            let picture = format!("/v1/datasets/reported-figures/chart.svg?{question}&width={width}{height}");
            let svg = service.text(&picture);
            let texts = svg.split("<text ").skip(1).filter_map(|text| text.split("</text>").next());
            assert!(texts.into_iter().any(|text| text.contains("Convicted")), "{picture}");
        }
    }
}

#[test]
fn what_happened_to_the_law_stands_in_every_picture() {
    let service = Service::start();
    let question = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let file = |name: &str| format!("/v1/datasets/reported-figures/{name}?{question}");
    let without = |name: &str| format!("{}&events=false", file(name));
    let sheet = service.text(&format!("/report/reported-figures?{question}"));
    let in_sheet =
        html::attributes(&sheet, "src").into_iter().find(|address| address.contains("/chart.svg?"));
    for picture in [file("chart.svg"), in_sheet.expect("a picture")] {
        assert!(service.text(&picture).contains(">Suspended</text>"), "{picture}");
    }
    assert!(service.text(&file("chart.html")).contains("\"label\":\"Suspended\""));
    assert!(!service.text(&without("chart.svg")).contains(">Suspended</text>"));
    assert_ne!(service.get(&file("chart.png")).body, service.get(&without("chart.png")).body);
}

#[test]
fn pictures_of_the_explorer_are_there_to_be_looked_at() {
    let service = Service::start();
    let browser = Browser::start();
    for (name, path) in [
        ("explorer-start", "/"),
        ("explorer-start-ru", "/?lang=ru"),
        ("explorer-KAZ-CC-274", "/statutes/KAZ-CC-274"),
        ("explorer-KAZ-CC-274-cases", "/statutes/KAZ-CC-274?dataset=documented-cases"),
        ("explorer-IND-IPC-124A", "/statutes/IND-IPC-124A"),
        ("explorer-TUR-TCK-299-kk", "/statutes/TUR-TCK-299?lang=kk"),
        ("explorer-without-figures", "/statutes/KAZ-CC-378"),
    ] {
        for (width, scheme) in
            [(1440, "light"), (1200, "dark"), (768, "light"), (375, "light"), (320, "dark")]
        {
            browser.prefer(scheme);
            browser.resize(width, 800);
            browser.open(&format!("{}{path}", service.base));
            // On a phone the chart lies below the answers: it loads when a reader comes near.
            browser.run("document.querySelector('statute-chart')?.scrollIntoView()", Vec::new());
            browser.wait_until(&format!("!document.querySelector('statute-chart') || {DRAWN}"));
            browser.assert_fits(width);
            browser.screenshot(&format!("{name}-{width}-{scheme}"), width);
        }
    }
    browser.assert_console_clean();
    for url in browser.requests() {
        assert!(url.starts_with(&format!("{}/", service.base)), "a request to {url}");
    }
    assert!(browser.cookies().is_empty());
    service.assert_log_clean();
}
