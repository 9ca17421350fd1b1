//! What the builder offers, what it costs, and how charts lead to it.

use e2e::audit::WCAG;
use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::html;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use serde_json::{Value, json};

use crate::charts::builder::{COMPARED, code};
use crate::charts::chart_reader::Reader;

/// Every choice that a page offers and that can be made, as the address it leads to.
const CHANGES: &str = r##"
const form = document.getElementById("builder");
const found = [];
const address = (change) => { const data = new URLSearchParams(new FormData(form)); change(data); return `/charts/new?${data}`; };
for (const input of form.querySelectorAll("input[type=checkbox], input[type=radio]")) {
  if (input.disabled || (input.type === "radio" && input.checked)) continue;
  found.push([input.name + "=" + input.value, address((data) => {
    if (input.type === "radio") data.set(input.name, input.value);
    else if (input.checked) { const all = data.getAll(input.name).filter((own) => own !== input.value); data.delete(input.name); all.forEach((own) => data.append(input.name, own)); }
    else data.append(input.name, input.value);
  })]);
}
for (const select of form.querySelectorAll("select"))
  for (const option of select.options) if (!option.disabled && !option.selected) found.push([select.name + "=" + option.value, address((data) => data.set(select.name, option.value))]);
return found;
"##;

#[test]
fn every_choice_that_is_offered_leads_to_a_chart() {
    let service = Service::start();
    let browser = Browser::start();
    let mut tried = 0;
    for address in [
        "/charts/new?statute=IND-IPC-124A",
        "/charts/new?dataset=reported-figures&statute=IND-IPC-124A,TUR-TCK-299",
        "/charts/new?dataset=documented-cases&statute=KAZ-CC-274",
        "/charts/new?dataset=russian-courts&statute=RUS-CC-282&outcome=convicted",
        "/charts/new?dataset=russian-courts&statute=RUS-CC-282&rate=1",
        COMPARED,
    ] {
        browser.open(&format!("{}{address}", service.base));
        let changes = browser.run(CHANGES, Vec::new());
        for change in changes.as_array().expect("a list") {
            let (name, to) = (change[0].as_str().unwrap_or_default(), change[1].as_str().unwrap_or_default());
            // The last statute, once it is taken away, leaves nothing to show.
            let is_last = name.starts_with("statute=") && !address.contains(',');
            let page = service.get(to);
            assert_eq!(page.status, 200, "{address} {name}: {}", page.text());
            let page = page.text();
            if is_last {
                continue;
            }
            let is_told = page.contains("class=\"notice\"");
            let told = if is_told { html::inside(&page, "p", "class=\"notice\"") } else { String::new() };
            assert!(page.contains("id=\"copy-html\""), "{address} {name} leads to no chart ({told}): {to}");
            let code = code(&page, "html");
            let source = html::attributes(&code, "src");
            let picture = source.iter().find(|source| source.contains("/chart.svg")).expect("a picture");
            let picture = picture.replace("&#38;", "&").replace("&amp;", "&");
            let reply = service.get(picture.strip_prefix(&service.base).unwrap_or_default());
            assert_eq!(reply.status, 200, "{address} {name}: {picture}: {}", reply.text());
            tried += 1;
        }
    }
    println!("{tried} choices");
    assert!(tried > 150, "{tried}");
    service.assert_log_clean();
}

#[test]
fn every_choice_that_is_barred_would_be_refused() {
    let service = Service::start();
    let browser = Browser::start();
    let mut tried = 0;
    for (address, files) in [
        ("/charts/new?dataset=reported-figures&statute=IND-IPC-124A", "reported-figures"),
        ("/charts/new?dataset=russian-courts&statute=RUS-CC-282", "russian-courts"),
        ("/charts/new?dataset=documented-cases&statute=KAZ-CC-274", "documented-cases"),
    ] {
        browser.open(&format!("{}{address}", service.base));
        let own =
            browser.text("new URL(document.getElementById('builder').dataset.address, location).search");
        let barred = browser.value(
            "[...document.querySelectorAll('#builder input:disabled')].map(({ name, value, checked }) => [name, value, checked])",
        );
        for one in barred.as_array().expect("a list") {
            let (name, value) = (one[0].as_str().unwrap_or_default(), one[1].as_str().unwrap_or_default());
            let mut pairs: Vec<(String, String)> = own
                .trim_start_matches('?')
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .filter(|(own, _)| *own != "dataset")
                .map(|(own, value)| (own.to_owned(), value.to_owned()))
                .collect();
            match pairs.iter_mut().find(|(own, _)| own == name) {
                Some((_, list)) if one[2] == Value::Bool(true) => {
                    *list = list.split(',').filter(|own| *own != value).collect::<Vec<_>>().join(",");
                }
                Some((_, list)) if name == "by" => *list = format!("{list},{value}"),
                Some((_, list)) if name == "outcome" => *list = format!("{list},{value}"),
                Some((_, own)) => value.clone_into(own),
                None => pairs.push((name.to_owned(), value.to_owned())),
            }
            let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let picture = format!("/v1/datasets/{files}/chart.svg?{}", query.join("&"));
            let reply = service.get(&picture);
            if ["events", "axis"].contains(&name) {
                let without = picture.replace(&format!("&{name}={value}"), "");
                assert_eq!(
                    reply.body,
                    service.get(&without).body,
                    "{address}: {name}={value} changes something"
                );
                continue;
            }
            let rows = service.get(&format!("/v1/datasets/{files}/aggregate.csv?{}", query.join("&"))).text();
            assert!(
                reply.status == 400 || rows.lines().count() < 2,
                "{address}: {name}={value} could be drawn"
            );
            tried += 1;
        }
    }
    println!("{tried} barred choices");
    assert!(tried > 5, "{tried}");
    service.assert_log_clean();
}

#[test]
fn axe_finds_nothing_in_any_state_of_the_builder() {
    let service = Service::start();
    let browser = Browser::start();
    let tags: Vec<&str> = WCAG.into_iter().chain(["best-practice"]).collect();
    for (name, address) in [
        ("empty", "/charts/new?"),
        ("one", "/charts/new?statute=IND-IPC-124A"),
        ("two", COMPARED),
        ("typed", "/charts/new?add=defamation"),
        (
            "refused",
            "/charts/new?dataset=reported-figures&statute=IND-IPC-124A&by=year,outcome&share=outcome&type=stacked",
        ),
    ] {
        for (language, scheme, width) in [
            ("en", "light", 1440),
            ("ru", "dark", 1200),
            ("kk", "light", 768),
            ("en", "dark", 375),
            ("ru", "light", 320),
        ] {
            browser.prefer(scheme);
            browser.resize(width, 900);
            browser.open(&format!("{}{address}&lang={language}", service.base));
            if browser.value("!!document.querySelector('statute-chart')") == json!(true) {
                browser.wait_until(DRAWN);
            }
            let found = browser.violations(&tags);
            assert!(found.is_empty(), "{name} {language} {scheme} {width}: {found:#?}");
            browser.assert_fits(width);
            browser.screenshot(&format!("builder-{name}-{language}-{scheme}-{width}"), width);
        }
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn the_builder_costs_at_most_fifteen_kilobytes() {
    let service = Service::start();
    let size = |path: &str| {
        let reply = service.ask("GET", path, &[("accept-encoding", "br")]);
        assert_eq!(reply.status, 200, "{path}");
        println!("{path}: {} over the wire", reply.body.len());
        reply.body.len()
    };
    let bytes = size("/assets/builder.css") + size("/assets/builder.js");
    assert!(bytes <= 15_000, "{bytes} bytes");
    // Nothing but its own page asks for it.
    for page in
        ["/", "/statutes/IND-IPC-124A", "/embed/reported-figures?statute=IND-IPC-124A&outcome=registered"]
    {
        assert!(!service.text(page).contains("/assets/builder"), "{page}");
    }
}

#[test]
fn every_chart_leads_to_the_builder_with_its_question() {
    // On pages of the service, by a link.
    let service = Service::start();
    for page in [
        "/statutes/IND-IPC-124A?lang=ru",
        "/categories/defamation",
        "/countries/KAZ",
        "/datasets/russian-courts?lang=kk",
    ] {
        let html = service.text(page);
        let links = html::attributes(&html, "href")
            .into_iter()
            .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"));
        let links: Vec<String> = links.filter(|link| link.starts_with("/charts/new?dataset=")).collect();
        assert!(!links.is_empty(), "{page}");
        for link in links {
            let builder = service.get(&link);
            assert_eq!(builder.status, 200, "{page}: {link}");
            assert!(
                page.starts_with("/datasets") || builder.text().contains("id=\"copy-html\""),
                "{page}: {link}"
            );
        }
    }
    service.assert_log_clean();
    // In a chart on another page, by a button, with what the page and the reader have chosen.
    let query = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases";
    let reader = Reader::open(query, "title=\"Own\" theme=\"dark\"");
    reader.click("all('button[name=sharing]')[0]");
    reader.wait("all('[part=panel] a').length === 1");
    reader.browser.screenshot("reading-share-1000", 1000);
    reader.assert_well("shared");
    let link = reader.text("all('[part=panel] a')[0].href");
    let own = link.strip_prefix(&reader.service.base).unwrap_or_else(|| panic!("{link} is not ours"));
    for part in [
        "dataset=reported-figures",
        "statute=IND-IPC-124A",
        "outcome=registered",
        "title=Own",
        "theme=dark",
        "type=line",
    ] {
        assert!(own.contains(part), "no {part} in {own}");
    }
    let page = reader.service.text(own);
    let shown = code(&page, "html").replace("&#38;", "&");
    for part in [
        "title=\"Own\"",
        "theme=\"dark\"",
        "type=\"line\"",
        "by=year&amp;statute=IND-IPC-124A&amp;outcome=registered&amp;measure=cases",
    ] {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
    // Nobody but us was asked, and nothing was told.
    for request in reader.browser.sent() {
        assert!(
            request.url.starts_with(&reader.service.base) || request.url.contains("/news"),
            "{}",
            request.url
        );
        assert_eq!(request.header("cookie"), None, "{}", request.url);
    }
}

#[test]
fn a_chart_that_holds_its_own_figures_offers_no_service() {
    let service = Service::start();
    let answer = service.text("/v1/datasets/reported-figures/aggregate.json?by=year&statute=IND-IPC-124A&outcome=registered&measure=cases");
    let body = format!(
        "<statute-chart src=\"#own\"></statute-chart><script type=\"application/json\" id=\"own\">{answer}</script>\
         <script type=\"module\" src=\"{}/widget/statute-chart.js\"></script>",
        service.base
    );
    let partner = Partner::start(vec![Page::html("/news", &body)]);
    let browser = Browser::start();
    browser.resize(1000, 900);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(DRAWN);
    let hidden =
        "document.querySelector('statute-chart').shadowRoot.querySelector('button[name=sharing]').hidden";
    assert_eq!(browser.value(hidden), true);
    service.assert_log_clean();
}

#[test]
fn figures_of_two_laws_never_make_one_line() {
    let service = Service::start();
    // Belarus has figures of 2023 and 2024, Türkiye of years before: nothing would be added, and a line would lead from one to the other.
    let page = service.text(
        "/charts/new?dataset=reported-figures&statute=BLR-CC-368,TUR-TCK-299&outcome=convicted&measure=persons&by=year",
    );
    let sources = html::attributes(&page, "src");
    let figures = sources.iter().find(|own| own.contains("/aggregate.json?")).expect("there is a chart");
    assert!(figures.contains("by=year,statute"), "{figures}");
    // What makes the choice impossible is said beside it.
    let input =
        page.split("<input ").find(|own| own.contains("name=\"by\" value=\"statute\"")).expect("the choice");
    assert!(input.contains("disabled") && input.contains("checked"), "{input}");
    // The chart leads to its own figures and sources, not to the start page.
    let links = html::attributes(&page, "href");
    assert!(links.iter().any(|own| own.contains("/report/reported-figures?by=year,statute")), "{links:#?}");
    assert!(page.contains("/report/reported-figures?by=year,statute"), "the copied code: {page}");
    service.assert_log_clean();
}

#[test]
fn a_series_that_lies_flat_is_told_with_the_way_out() {
    let service = Service::start();
    // Hundreds of cases of extremism a year stand beside one to four of false information.
    let compared = "/charts/new?dataset=reported-figures&outcome=registered&measure=cases&statute=KAZ-CC-EXTREMISM,KAZ-CC-274";
    let told = |address: &str| html::inside(&service.text(address), "div", "data-part=\"notes\"");
    let note = told(&format!("{compared}&type=line"));
    assert!(note.contains("Beside 208, these lie flat:") && note.contains("Small multiples"), "{note}");
    let note = told(&format!("{compared}&type=multiples&axis=free"));
    assert!(!note.contains("lie flat"), "each panel has its own scale: {note}");
    let alone = told(
        "/charts/new?dataset=reported-figures&statute=IND-IPC-124A&outcome=registered&measure=cases&type=line",
    );
    assert!(!alone.contains("lie flat"), "one series lies beside no other: {alone}");
}
