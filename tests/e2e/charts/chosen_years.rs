//! What a chart tells and keeps: years that are drawn over, a newer release, a network that takes its time.

use e2e::audit::WCAG;
use e2e::browser::Browser;
use e2e::changes::Served;
use e2e::emulation::Network;
use e2e::packages::Package;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use serde_json::json;

use crate::charts::chart_reader::scoped;

/// A page with one chart of an address.
fn page(source: &str) -> Page {
    let host = source.split("/v1/").next().unwrap_or_default();
    Page::html(
        "/news",
        &format!(
            "<statute-chart src=\"{}\" type=\"line\"></statute-chart>\n\
             <script type=\"module\" src=\"{host}/widget/statute-chart.js\"></script>",
            source.replace('&', "&amp;")
        ),
    )
}

const TEXTS: &str = "all('svg text').map((one) => one.textContent)";

#[test]
fn years_that_the_mouse_is_pulled_over_are_shown_alone() {
    let service = Service::start();
    let query = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases";
    let source = format!("{}/v1/datasets/reported-figures/aggregate.json?{query}", service.base);
    let partner = Partner::start(vec![page(&source)]);
    let browser = Browser::start();
    browser.resize(1000, 800);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(&scoped("!!all('svg')[0]"));
    browser.value(
        "document.querySelector('statute-chart').addEventListener('statute-chart-range', \
         ({ detail }) => { globalThis.range = detail; }); true",
    );
    // Where the labels of two years stand is where their figures are.
    let middle = |year: &str| {
        browser.middle_of(&scoped(&format!("all('svg text').find((one) => one.textContent === '{year}')")))
    };
    let ((left, y), (right, _)) = (middle("2016"), middle("2019"));
    let points: Vec<(f64, f64)> = (0..=6)
        .map(|step| (left - 12.0 + (right - left + 24.0) * f64::from(step) / 6.0, y - 120.0))
        .collect();
    browser.pull(&points);
    browser.wait_until("globalThis.range !== undefined");
    assert_eq!(browser.value("globalThis.range"), json!({ "from": "2016", "to": "2019" }));
    browser.wait_until(&scoped(&format!(
        "{TEXTS}.includes('2016') && {TEXTS}.includes('2019') && !{TEXTS}.includes('2014') && !{TEXTS}.includes('2022')"
    )));
    // The picture itself says that it is a part: it may leave the page like this.
    assert_eq!(browser.value(&scoped(&format!("{TEXTS}.some((text) => text.includes('2016–2019'))"))), true);
    browser.screenshot("chosen-years-1000", 1000);
    let found = browser.violations(&WCAG);
    assert!(found.is_empty(), "{found:#?}");
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn the_years_that_a_reader_has_chosen_are_in_all_that_is_copied() {
    let service = Service::start();
    let path =
        "/statutes/IND-IPC-124A?dataset=reported-figures&by=year&outcome=registered&measure=cases&type=line";
    let browser = Browser::start();
    browser.resize(1000, 1200);
    browser.open(&format!("{}{path}", service.base));
    browser.wait_until(&scoped("!!all('svg')[0]"));
    let copied = "[...document.querySelectorAll('textarea[data-copy]')].map((one) => one.value)\
         .concat([...document.querySelectorAll('.copies a')].map((one) => one.href))";
    // What is downloaded, cited, asked by the form and read in other languages.
    let followed = "[...document.querySelectorAll('.downloads a, .short a, .top nav a')].map((one) => one.href)\
         .concat([...document.querySelectorAll('.citation, .short')].map((one) => one.textContent))\
         .concat(new URLSearchParams(new FormData(document.querySelector('form.choose'))).toString())";
    let all = browser.value(copied);
    let all_followed = browser.value(followed);
    assert_eq!(all.as_array().map(Vec::len), Some(8), "{all:#}");
    let choose = |from: &str, to: &str| {
        browser.value(&scoped("all('button[name=years]')[0].click()"));
        browser.wait_until(&scoped("all('select').length === 2"));
        for (number, year) in [from, to].iter().enumerate() {
            browser.value(&scoped(&format!(
                "(() => {{ const end = all('select')[{number}]; end.value = '{year}'; end.dispatchEvent(new Event('change')); }})()"
            )));
        }
        browser.value(&scoped("all('button[name=years]')[0].click()"));
    };
    choose("2016", "2019");
    browser.wait_until("location.search.includes('from=2016') && location.search.includes('to=2019')");
    let chosen = browser.value(copied);
    for text in chosen.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str) {
        assert!(text.contains("from=2016") && text.contains("to=2019"), "{text}");
    }
    browser.value(&scoped("all('button[name=cite]')[0].click()"));
    browser.wait_until(&scoped("!!all('.citation')[0]"));
    let cited = browser.text(&scoped("all('.citation')[0].textContent"));
    assert!(cited.contains("&from=2016&to=2019"), "{cited}");
    browser.value(&scoped("all('button[name=cite]')[0].click()"));
    // They are what the service writes for these years, to the letter: its words for them and the sizes of its pictures too.
    let other = Browser::start();
    other.open(&browser.text("location.href"));
    assert_eq!(other.value(copied), chosen);
    let told = browser.value(followed);
    assert!(told != all_followed && told.to_string().contains("from=2016&to=2019"), "{told:#}");
    let sorted = |told: serde_json::Value| {
        let mut told: Vec<String> = serde_json::from_value(told).expect("a list of texts");
        // The form's fields stand in another order.
        let mut fields: Vec<String> =
            told.pop().iter().flat_map(|form| form.split('&')).map(str::to_owned).collect();
        fields.sort();
        (told, fields)
    };
    assert_eq!(sorted(other.value(followed)), sorted(told));
    assert!(
        chosen[0].as_str().is_some_and(|html| html.contains("2016") && !html.contains("2022")),
        "{chosen:#}"
    );
    // All years again: the code is what it was.
    choose("2014", "2022");
    browser.wait_until("!location.search.includes('from=')");
    assert_eq!(browser.value(copied), all);
    assert_eq!(browser.value(followed), all_followed);
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_pinned_chart_says_that_newer_figures_exist_and_what_changed() {
    let older = Package::figures().rows([
        "FRA,FRA-X-1,2019,registered,cases,10,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,12,bureau,A,true,",
        "FRA,FRA-X-1,2021,registered,cases,5,bureau,A,true,",
    ]);
    let newer = Package::figures().version("2.0.0").rows([
        "FRA,FRA-X-1,2019,registered,cases,10,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,13,bureau,A,true,",
        "FRA,FRA-X-1,2022,registered,cases,7,bureau,A,true,",
    ]);
    let served = Served::with("chosen-newer", &[older, newer]);
    let source = |release: &str| {
        let file = format!(
            "releases/{release}/aggregate.json?by=year&statute=FRA-X-1&outcome=registered&measure=cases"
        );
        format!("{}{}", served.service.base, served.path(&file))
    };
    let partner = Partner::start(vec![page(&source(&served.ids[0]))]);
    let browser = Browser::start();
    browser.watch_for_shifts();
    browser.resize(1000, 800);
    browser.open(&format!("{}/news", partner.base));
    let badge = "all('button[name=newer]')[0]";
    browser.wait_until(&scoped(&format!("!!{badge}")));
    assert_eq!(browser.text(&scoped(&format!("{badge}.textContent"))), "Newer figures exist");
    // The picture is still the pinned one.
    assert_eq!(browser.value(&scoped(&format!("{TEXTS}.includes('2022')"))), false);
    browser.click(&scoped(badge));
    browser.wait_until(&scoped("!!all('[part=panel]')[0]"));
    let told = browser.text(&scoped("all('[part=panel]')[0].innerText"));
    for words in [
        "2 of 3",
        "new in it: 1",
        "2020, Cases: 12 → 13",
        "2021, Cases: 5 → no figure",
        "2022, Cases: no figure → 7",
    ] {
        assert!(told.contains(words), "no {words} in {told}");
    }
    assert!(!told.contains("2019"), "what is the same is no change: {told}");
    browser.screenshot("chosen-newer-1000", 1000);
    let found = browser.violations(&WCAG);
    assert!(found.is_empty(), "{found:#?}");
    let link = browser.text(&scoped("all('[part=panel] a').at(-1).href"));
    assert!(link.starts_with(&format!("{}/embed/{}?", served.service.base, served.dataset)), "{link}");
    browser.assert_console_clean();
    // The newest release says nothing of the kind.
    let partner = Partner::start(vec![page(&source(&served.ids[1]))]);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(&scoped(&format!("{TEXTS}.includes('2022')")));
    assert_eq!(browser.value(&scoped(&format!("!{badge}"))), true);
    served.service.assert_log_clean();
}

#[test]
fn a_chart_that_takes_its_time_says_so_in_the_room_it_will_have() {
    let service = Service::start();
    let source = format!("{}/v1/datasets/documented-cases/aggregate.json?by=year,outcome", service.base);
    let partner = Partner::start(vec![page(&source)]);
    let browser = Browser::start();
    browser.resize(1000, 800);
    // Once the script is there, everything else takes long.
    browser.slow_down(Some(Network { latency: 4000, bits_per_second: 4_000_000 }));
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until("customElements.get('statute-chart') !== undefined");
    let height = "document.querySelector('statute-chart').getBoundingClientRect().height";
    browser.wait_until(&format!("{height} > 400"));
    let before = browser.value(height);
    assert_eq!(
        browser.value(&scoped("all('.skeleton')[0]?.textContent === 'Loading the chart…' && !all('svg')[0]")),
        true
    );
    browser.screenshot("chosen-loading-1000", 1000);
    browser.slow_down(None);
    browser.wait_until(&scoped("!!all('svg')[0]"));
    let after = browser.value(height);
    let grown = after.as_f64().zip(before.as_f64()).map(|(after, before)| after - before);
    assert!(grown.is_some_and(|grown| grown.abs() <= 1.0), "from {before} to {after}");
    browser.assert_console_clean();
    service.assert_log_clean();
}
