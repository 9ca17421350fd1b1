//! Every kind of chart in every state, for people to look at: `target/screenshots/gallery-*`.
//!
//! No test knows what is ugly. These know that everything was drawn, that nothing is wider than the screen, and that the
//! browser had nothing to complain about.

use e2e::browser::Browser;
use e2e::drawing::ALL_DRAWN;
use e2e::partner::{Page, Partner};
use e2e::service::Service;

/// A chart: its kind, the dataset and what is asked of it.
const CHARTS: [(&str, &str, &str); 6] = [
    ("line", "reported-figures", "by=year,outcome&statute=IND-UAPA&measure=cases"),
    (
        "bar",
        "reported-figures",
        "by=year,outcome&statute=TUR-TCK-299&outcome=prosecuted,convicted&measure=persons",
    ),
    (
        "horizontal",
        "reported-figures",
        "by=statute&country=IND&outcome=registered&from=2020&to=2020&measure=cases",
    ),
    ("stacked", "documented-cases", "by=statute,outcome&measure=charges"),
    ("share", "documented-cases", "by=statute,outcome&measure=charges"),
    ("multiples", "reported-figures", "by=year,outcome&statute=IND-IPC-124A&measure=cases"),
];

/// States that have signs of their own: shares with their interval, provisional figures, one group, nothing at all.
const PARTICULAR: [(&str, &str, &str); 4] = [
    ("horizontal", "documented-cases", "by=outcome&measure=charges&share=outcome"),
    ("line", "reported-figures", "by=year,statute&country=RUS&outcome=convicted&measure=persons"),
    ("bar", "documented-cases", "by=outcome&statute=KAZ-CC-274&measure=persons"),
    ("bar", "documented-cases", "by=outcome&statute=KAZ-CC-274&measure=persons&from=1999&to=1999"),
];

/// One chart as a snippet has it, in a language.
fn chart(service: &Service, (kind, dataset, query): (&str, &str, &str), language: &str) -> String {
    let files = format!("/v1/datasets/{dataset}");
    let query = format!("{query}&lang={language}");
    let picture = format!("{files}/chart.svg?{query}&type={kind}");
    let sizes = [(800, 450), (375, 420)].map(|(width, height)| {
        let height = fitting(service, &format!("{picture}&width={width}"), height);
        (
            width,
            height,
            format!("{}{picture}&width={width}&height={height}", service.base).replace('&', "&amp;"),
        )
    });
    let [(width, height, wide), (narrow_width, narrow_height, narrow)] = sizes;
    format!(
        "<h2>{kind}</h2>\n<statute-chart src=\"{}{files}/aggregate.json?{}\" type=\"{kind}\" height=\"{height}\">\
         <picture><source media=\"(max-width: 599px)\" srcset=\"{narrow}\" width=\"{narrow_width}\" height=\"{narrow_height}\">\
         <img src=\"{wide}\" alt=\"{kind}\" width=\"{width}\" height=\"{height}\" style=\"max-width: 100%; height: auto\">\
         </picture></statute-chart>\n",
        service.base,
        query.replace('&', "&amp;")
    )
}

/// The height that a picture needs: the one wanted, or what the service says instead.
fn fitting(service: &Service, picture: &str, wanted: u32) -> u32 {
    let reply = service.get(&format!("{picture}&height={wanted}"));
    if reply.status == 200 {
        return wanted;
    }
    let said = reply.text();
    let needed = said.split("a height of ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
    needed.unwrap_or_else(|| panic!("{picture}: {said}"))
}

/// A page with charts, on the background that the reader prefers.
fn sheet(service: &Service, path: &str, charts: &[(&str, &str, &str)], language: &str) -> Page {
    let all: String = charts.iter().map(|one| chart(service, *one, language)).collect();
    let style = "<style>:root { color-scheme: light dark; } body { margin: 8px; }</style>";
    let script =
        format!("<script type=\"module\" src=\"{}/widget/statute-chart.js\"></script>", service.base);
    Page::html(path, &format!("{style}\n{all}\n{script}"))
}

/// Draws every chart of a page that is open, and fails when one cannot be.
fn draw_all(browser: &Browser) {
    let told = "[...document.querySelectorAll('statute-chart')].map((chart) => \
                chart.shadowRoot?.querySelector('[role=status]')?.textContent ?? '').join('')";
    browser.wait_until(&format!("{ALL_DRAWN} || ({told}) !== ''"));
    assert_eq!(browser.text(told), "", "{}", browser.text("location.href"));
}

#[test]
fn every_kind_in_every_language_scheme_and_width() {
    let service = Service::start();
    let languages = ["en", "ru", "kk"];
    let pages = languages.map(|language| sheet(&service, &format!("/{language}"), &CHARTS, language));
    let partner = Partner::start(pages.to_vec());
    let browser = Browser::start();
    for language in languages {
        for scheme in ["light", "dark"] {
            for width in [1200, 375] {
                browser.prefer(scheme);
                browser.resize(width, 6000);
                browser.open(&format!("{}/{language}", partner.base));
                draw_all(&browser);
                browser.assert_fits(width);
                browser.screenshot(&format!("gallery-{language}-{scheme}-{width}"), width);
            }
        }
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn particular_states_have_signs_of_their_own() {
    let service = Service::start();
    let partner = Partner::start(vec![sheet(&service, "/particular", &PARTICULAR, "en")]);
    let browser = Browser::start();
    for (scheme, width) in [("light", 1200), ("dark", 375)] {
        browser.prefer(scheme);
        browser.resize(width, 4000);
        browser.open(&format!("{}/particular", partner.base));
        draw_all(&browser);
        browser.assert_fits(width);
        browser.screenshot(&format!("gallery-particular-{scheme}-{width}"), width);
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn every_kind_is_a_picture_without_javascript() {
    let service = Service::start();
    let partner = Partner::start(vec![sheet(&service, "/all", &CHARTS, "en")]);
    let browser = Browser::start();
    browser.switch_scripts_off();
    for width in [1200, 375] {
        browser.resize(width, 4000);
        browser.open(&format!("{}/all", partner.base));
        browser
            .wait_until("[...document.querySelectorAll('img')].every((picture) => picture.naturalWidth > 0)");
        browser.assert_fits(width);
        browser.screenshot(&format!("gallery-without-script-{width}"), width);
    }
    service.assert_log_clean();
}

#[test]
fn every_kind_is_drawn_under_a_strict_policy() {
    let service = Service::start();
    let host = &service.base;
    let policy = format!(
        "default-src 'none'; style-src 'none'; script-src {host} 'wasm-unsafe-eval'; connect-src {host}; \
         img-src {host} data:"
    );
    let page = sheet(&service, "/all", &CHARTS, "en");
    let partner = Partner::start(vec![page.with_policy(&policy)]);
    let browser = Browser::start();
    browser.resize(1200, 6000);
    browser.open(&format!("{}/all", partner.base));
    draw_all(&browser);
    browser.screenshot("gallery-strict-policy-1200", 1200);
    // The page's own `<style>` is what the policy is meant to refuse; the element has no part in it.
    let complaints: Vec<_> = browser
        .console()
        .into_iter()
        .filter(|line| !line.message.contains(&format!("{}/all", partner.base)))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
    service.assert_log_clean();
}

#[test]
fn every_kind_is_printed_in_the_light() {
    let service = Service::start();
    let partner = Partner::start(vec![sheet(&service, "/all", &CHARTS, "en")]);
    let browser = Browser::start();
    browser.prefer("dark");
    browser.resize(800, 6000);
    browser.open(&format!("{}/all", partner.base));
    draw_all(&browser);
    let printed = browser.print("gallery-printed");
    assert!(printed.starts_with(b"%PDF") && printed.len() > 10_000, "{} bytes", printed.len());
    browser.emulate("print", &[("prefers-color-scheme", "dark")]);
    let background =
        "document.querySelector('statute-chart').shadowRoot.querySelector('svg > rect').getAttribute('fill')";
    browser.wait_until(&format!("/^#f/i.test({background})"));
    browser.screenshot("gallery-print-800", 800);
    browser.emulate("", &[("prefers-color-scheme", "dark")]);
    browser.wait_until(&format!("!/^#f/i.test({background})"));
    browser.assert_console_clean();
    service.assert_log_clean();
}
