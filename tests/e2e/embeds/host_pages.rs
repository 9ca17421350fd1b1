//! A chart on pages of every kind: read from right to left, in their own colours, in the language of page or reader,
//! hidden, and in frames that let nothing be saved.

use e2e::browser::Browser;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use serde_json::json;

const QUERY: &str = "by=year,outcome&amp;statute=IND-IPC-124A&amp;measure=cases";

/// The start tag of a chart with more attributes, and its end.
fn chart(service: &Service, attributes: &str) -> String {
    format!(
        "<statute-chart type=\"line\" {attributes} src=\"{}/v1/datasets/reported-figures/aggregate.json?{QUERY}\"></statute-chart>",
        service.base
    )
}

fn page(service: &Service, body: &str) -> Page {
    Page::html(
        "/news",
        &format!(
            "{body}\n<script type=\"module\" src=\"{}/widget/statute-chart.js\"></script>",
            service.base
        ),
    )
}

/// The pictures that are drawn, in order.
const DRAWINGS: &str = "[...document.querySelectorAll('statute-chart')].map((one) => one.shadowRoot?.querySelector('.drawing svg'))";

fn open(browser: &Browser, partner: &Partner) {
    browser.resize(1000, 900);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(&format!("{DRAWINGS}.every(Boolean)"));
}

#[test]
fn a_page_that_is_read_from_right_to_left_leaves_the_chart_as_it_is() {
    let service = Service::start();
    let body = format!("{}<div dir=\"rtl\">{}</div>", chart(&service, ""), chart(&service, ""));
    let partner = Partner::start(vec![page(&service, &body)]);
    let browser = Browser::start();
    open(&browser, &partner);
    // Every text stands at the same place of its picture as on a page that is read from left to right.
    let places = "((svgs) => svgs.map((svg) => [...svg.querySelectorAll('text')].map((text) => \
         Math.round(text.getBoundingClientRect().left - svg.getBoundingClientRect().left))))";
    let found = browser.value(&format!("{places}({DRAWINGS})"));
    assert!(found[0].as_array().is_some_and(|texts| texts.len() > 10), "{found}");
    assert_eq!(found[0], found[1]);
    browser.screenshot("placed-rtl-1000", 1000);
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_page_gives_the_chart_its_colours_and_its_font() {
    let service = Service::start();
    let style = "<style>.own { --statute-chart-series-1: rgb(1, 2, 3); --statute-chart-background: rgb(250, 240, 230); \
         --statute-chart-font: monospace; } .own::part(button) { border-top-width: 7px; }</style>";
    let body = format!("{style}{}{}", chart(&service, "class=\"own\""), chart(&service, ""));
    let partner = Partner::start(vec![page(&service, &body)]);
    let browser = Browser::start();
    open(&browser, &partner);
    let seen = |number: usize, what: &str| browser.value(&format!("((svg) => {what})({DRAWINGS}[{number}])"));
    let strokes = |number| {
        let all = "[...svg.querySelectorAll('polyline[stroke-width=\"2\"]')].map((one) => getComputedStyle(one).stroke)";
        seen(number, all).as_array().cloned().unwrap_or_default()
    };
    assert!(strokes(0).contains(&json!("rgb(1, 2, 3)")), "{:?}", strokes(0));
    assert!(!strokes(1).contains(&json!("rgb(1, 2, 3)")), "{:?}", strokes(1));
    assert_eq!(seen(0, "getComputedStyle(svg.querySelector('rect')).fill"), "rgb(250, 240, 230)");
    assert_eq!(seen(0, "getComputedStyle(svg).fontFamily"), "monospace");
    let border = "getComputedStyle(svg.getRootNode().querySelector('button[name=table]')).borderTopWidth";
    assert_eq!((seen(0, border), seen(1, border)), (json!("7px"), json!("1px")));
    browser.screenshot("placed-own-colours-1000", 1000);
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn the_language_is_that_of_the_element_the_page_or_the_reader() {
    let service = Service::start();
    let of = |page: &str, element: &str, reader: &str| {
        let partner = Partner::start(vec![self::page(&service, &chart(&service, element))]);
        let browser = Browser::start();
        browser.run_first(&format!(
            "Object.defineProperty(navigator, 'languages', {{ get: () => {reader} }}); \
             new MutationObserver(() => {{ document.documentElement.lang = '{page}'; }}).observe(document, {{ childList: true }});"
        ));
        open(&browser, &partner);
        let words = browser.text(
            "document.querySelector('statute-chart').shadowRoot.querySelector('button[name=table]').title",
        );
        let picture = browser.text(&format!("{DRAWINGS}[0].getAttribute('xml:lang')"));
        browser.assert_console_clean();
        (picture, words)
    };
    let pair = |language: &str, words: &str| (language.to_owned(), words.to_owned());
    assert_eq!(of("ru-RU", "lang=\"kk\"", "['en-US']"), pair("kk", "Кесте"));
    assert_eq!(of("ru-RU", "", "['en-US']"), pair("ru", "Таблица"));
    // A page in a language that there is not leaves it to the reader.
    assert_eq!(of("fr", "", "['de', 'kk-KZ', 'en']"), pair("kk", "Кесте"));
    assert_eq!(of("fr", "lang=\"xx\"", "['de']"), pair("en", "Table"));
    service.assert_log_clean();
}

#[test]
fn the_language_of_the_element_wins_over_the_one_in_its_address() {
    let service = Service::start();
    let snippet = service.snippet("/statutes/IND-IPC-124A?dataset=reported-figures");
    assert!(snippet.contains("&amp;lang=en\""), "{snippet}");
    let partner = Partner::start(vec![
        Page::html("/news", &snippet.replace("<statute-chart ", "<statute-chart lang=\"ru\" ")),
        // The page's own does not: whoever copied a chart chose its language.
        Page::html("/kk", &format!("<div lang=\"kk\">{snippet}</div>")),
    ]);
    let browser = Browser::start();
    open(&browser, &partner);
    let words =
        "document.querySelector('statute-chart').shadowRoot.querySelector('button[name=table]').title";
    assert_eq!(browser.text(words), "Таблица");
    assert_eq!(browser.text(&format!("{DRAWINGS}[0].getAttribute('xml:lang')")), "ru");
    browser.open(&format!("{}/kk", partner.base));
    browser.wait_until(&format!("{DRAWINGS}.every(Boolean)"));
    assert_eq!(browser.text(words), "Table");
    browser.value("document.querySelector('statute-chart').lang = 'kk'; true");
    browser.wait_until(&format!("{words} === 'Кесте'"));
    browser.assert_console_clean();
    service.assert_log_clean();
}

/// What a page may say of its own text, all of it inherited.
const TEXT_OF_THE_PAGE: &str = "letter-spacing: 3px; text-transform: uppercase; text-shadow: 2px 2px red; word-spacing: 9px; \
     text-indent: 40px; font: italic 900 condensed 40px/3 monospace; font-variant: small-caps; font-feature-settings: 'smcp'; \
     font-kerning: none; font-size-adjust: .9; white-space: pre; hyphens: auto; word-break: break-all; overflow-wrap: anywhere; \
     text-align: right; text-wrap: balance; text-decoration: underline; text-emphasis: dot; -webkit-text-stroke: 1px red; \
     -webkit-text-fill-color: blue; text-rendering: optimizeSpeed; color: red; fill: green; fill-opacity: .3; stroke: red; \
     stroke-width: 3; stroke-dasharray: 3; text-anchor: end; dominant-baseline: hanging; paint-order: stroke; \
     shape-rendering: crispEdges; cursor: wait; list-style: square; quotes: none; tab-size: 1; direction: rtl; border-collapse: collapse; \
     writing-mode: horizontal-tb; text-orientation: upright; caption-side: bottom; visibility: visible";

#[test]
fn what_a_page_says_of_its_own_text_does_not_reach_the_chart() {
    let service = Service::start();
    let snippet = service.snippet("/statutes/IND-IPC-124A?dataset=reported-figures");
    let (element, script) = snippet.split_once("<script").unwrap_or_default();
    let body = format!(
        "{element}<div style=\"{TEXT_OF_THE_PAGE}\">{element}</div><div style=\"visibility: hidden\">{element}</div><script{script}"
    );
    let partner = Partner::start(vec![Page::html("/news", &body)]);
    let browser = Browser::start();
    browser.resize(1000, 3000);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(&format!("{DRAWINGS}.every(Boolean)"));
    // Every property of everything in the chart, with a panel open, and where every text stands.
    let looks = |number: usize| {
        browser.value(&format!(
            "(() => {{ const root = document.querySelectorAll('statute-chart')[{number}].shadowRoot; const stage = root.querySelector('.stage'); \
             root.querySelector('button[name=cite]').click(); const found = []; const start = stage.getBoundingClientRect(); \
             for (const one of stage.querySelectorAll('*')) {{ const style = getComputedStyle(one); \
             const {{ left, top, width, height }} = one.getBoundingClientRect(); const place = [left - start.left, top - start.top, width, height]; \
             found.push([one.tagName, ...place.map((side) => (width || height ? Math.round(side) : 0)), \
             ...[...style].filter((name) => !/origin|inset|^(block|inline|perspective)|width|height|size/.test(name)).map((name) => name + ': ' + style.getPropertyValue(name))]); }} \
             root.querySelector('button[name=cite]').click(); return found; }})()"
        ))
    };
    let (plain, styled) = (looks(0), looks(1));
    let (plain, styled) = (plain.as_array().expect("a list"), styled.as_array().expect("a list"));
    assert!(plain.len() > 100 && plain.len() == styled.len(), "{} {}", plain.len(), styled.len());
    for (before, after) in plain.iter().zip(styled) {
        let pairs = before.as_array().into_iter().flatten().zip(after.as_array().into_iter().flatten());
        let changed: Vec<_> = pairs.filter(|(before, after)| before != after).collect();
        assert!(changed.is_empty(), "{} {changed:?}", before[0]);
    }
    // What hides a part of the page hides the chart with it.
    let hidden = "getComputedStyle(document.querySelectorAll('statute-chart')[2].shadowRoot.querySelector('.drawing text')).visibility";
    assert_eq!(browser.text(hidden), "hidden");
    browser.screenshot("placed-text-of-the-page-1000", 1000);
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_chart_that_nobody_can_see_asks_for_nothing() {
    let service = Service::start();
    let body = format!(
        "<div hidden>{}</div><div style=\"height: 6000px\">Long.</div>{}",
        chart(&service, ""),
        chart(&service, "")
    );
    let partner = Partner::start(vec![page(&service, &body)]);
    let browser = Browser::start();
    browser.resize(1000, 900);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until("customElements.get('statute-chart') !== undefined");
    browser.run(
        "await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));",
        Vec::new(),
    );
    let asked = browser.requests();
    assert!(asked.iter().all(|url| !url.contains("aggregate.json") && !url.ends_with(".wasm")), "{asked:#?}");
    browser.value("window.scrollTo(0, 6000); true");
    browser.wait_until(&format!("!!{DRAWINGS}[1]"));
    assert_eq!(browser.value(&format!("!!{DRAWINGS}[0]")), false);
    service.assert_log_clean();
}

#[test]
fn where_nothing_can_be_saved_the_addresses_that_are_shown_lead_somewhere() {
    let service = Service::start();
    let partner = Partner::start(vec![page(&service, &chart(&service, ""))]);
    let browser = Browser::start();
    // As in the sandbox that WordPress puts a frame into.
    browser.run_first("Object.defineProperty(globalThis, 'origin', { value: 'null' });");
    open(&browser, &partner);
    let root = "document.querySelector('statute-chart').shadowRoot";
    browser.value(&format!("{root}.querySelector('button[name=download]').click(); true"));
    browser.wait_until(&format!("{root}.querySelectorAll('[part=panel] a').length === 3"));
    let answers = browser.run(
        &format!(
            "return await Promise.all([...{root}.querySelectorAll('[part=panel] a')].map(async (link) => {{ \
             const answer = await fetch(link.href); return [link.textContent === link.href, answer.status, answer.headers.get('content-type')]; }}));"
        ),
        Vec::new(),
    );
    assert_eq!(
        answers,
        json!([
            [true, 200, "image/png"],
            [true, 200, "image/svg+xml"],
            [true, 200, "text/csv; charset=utf-8; header=present"]
        ])
    );
    service.assert_log_clean();
}
