//! The service's own picture can be read before any program has come: it is known where everything in it is.

use e2e::audit::WCAG;
use e2e::browser::Browser;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use e2e::wait_for;
use serde_json::json;

use crate::charts::chart_reader::{PLOT, TOLD, scoped};

const PAGE: &str =
    "/statutes/IND-IPC-124A?dataset=reported-figures&by=year&outcome=registered&measure=cases&type=line";
/// What the plot of nine years has, from 2014 on.
const CASES: [u32; 9] = [47, 30, 35, 51, 70, 93, 73, 76, 20];
const READ: &str = "chart.shadowRoot.querySelector('.box').classList.contains('read')";

/// A partner's page with a snippet, opened where no program comes.
fn opened(snippet: &str) -> (Partner, Browser) {
    let partner = Partner::start(vec![Page::html("/news", snippet)]);
    let browser = Browser::start();
    browser.block("*.wasm");
    browser.watch_for_shifts();
    browser.run_first(
        "addEventListener('statute-chart-error', ({ detail }) => { globalThis.failed = detail.reason; }, true);",
    );
    browser.resize(1000, 900);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until("globalThis.failed !== undefined");
    (partner, browser)
}

fn value(browser: &Browser, expression: &str) -> serde_json::Value {
    browser.value(&scoped(expression))
}

fn text(browser: &Browser, expression: &str) -> String {
    value(browser, expression).as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_picture_is_read_by_mouse_and_keyboard_before_any_wasm() {
    let service = Service::start();
    let (_partner, browser) = opened(&service.snippet(PAGE));
    assert_eq!(value(&browser, READ), json!(true));
    value(&browser, &format!("{PLOT}.focus()"));
    browser.press("Home");
    for (place, cases) in CASES.iter().enumerate() {
        let year = 2014 + place;
        if year == 2022 {
            // What happened to the law is read before the figure of the year.
            assert!(
                text(&browser, TOLD).starts_with("May 11, 2022. The Supreme Court"),
                "{}",
                text(&browser, TOLD)
            );
            browser.press("ArrowRight");
        }
        let told = text(&browser, TOLD);
        assert!(told.starts_with(&format!("{year}. {cases} cases")), "{year}: {told}");
        browser.press("ArrowRight");
    }
    // The mouse finds the same figures, each at its mark in the picture that is seen.
    let (x, y) = browser.middle_of(&scoped(PLOT));
    let mut seen = Vec::new();
    for step in -45_i32..=45 {
        browser.point_at(x + f64::from(step) * 10.0, y);
        seen.push(text(&browser, "all('[part=tooltip]')[0]?.textContent"));
    }
    for (place, cases) in CASES.iter().enumerate() {
        let told = format!("{}{cases} cases", 2014 + place);
        assert!(seen.iter().any(|tip| tip.starts_with(&told)), "no {told} in {seen:#?}");
    }
    browser.screenshot("readable-1000", 1000);
    // The table, too; and what would draw anew is not offered.
    browser.click(&scoped("all('button[name=table]')[0]"));
    wait_for("the table", || {
        (value(&browser, "all('[part=table] tbody tr').length") == json!(9)).then_some(())
    });
    assert_eq!(value(&browser, "all('button[name=years]').length"), json!(0));
    let found = browser.violations(&WCAG);
    assert!(found.is_empty(), "{found:#?}");
    let (sum, moved) = browser.shifted();
    assert!(sum == 0.0, "moved by {sum}: {moved:#?}");
    service.assert_log_clean();
}

#[test]
fn the_figure_that_is_read_stays_when_the_drawing_comes() {
    let service = Service::start();
    let (_partner, browser) = opened(&service.snippet(PAGE));
    value(&browser, &format!("{PLOT}.focus()"));
    for key in ["Home", "ArrowRight", "ArrowRight"] {
        browser.press(key);
    }
    let told = text(&browser, TOLD);
    assert!(told.starts_with("2016. 35 cases"), "{told}");
    browser.block("");
    browser.value("dispatchEvent(new Event('online'))");
    wait_for("the drawing", || (value(&browser, "!!all('.drawing svg')[0]") == json!(true)).then_some(()));
    assert_eq!(text(&browser, TOLD), told);
    assert_eq!(text(&browser, "chart.shadowRoot.activeElement?.getAttribute('role')"), "slider");
    assert!(text(&browser, "all('[part=tooltip]')[0]?.textContent").contains("35 cases"));
    assert_eq!(value(&browser, READ), json!(false));
    let (sum, moved) = browser.shifted();
    assert!(sum == 0.0, "moved by {sum}: {moved:#?}");
    service.assert_log_clean();
}

#[test]
fn a_picture_of_another_release_is_not_read() {
    let service = Service::start();
    let releases = service.json("/v1/datasets/reported-figures/releases");
    let all = releases["releases"].as_array().expect("a list of releases");
    let old = all.last().and_then(|release| release["id"].as_str()).expect("an older release");
    let pinned = format!("/v1/datasets/reported-figures/releases/{old}/chart.svg");
    let snippet = service.snippet(PAGE).replace("/v1/datasets/reported-figures/chart.svg", &pinned);
    assert!(all.len() > 1 && snippet.contains(&pinned), "{snippet}");
    let (_partner, browser) = opened(&snippet);
    assert_eq!(value(&browser, READ), json!(false));
    // As before: the picture stays, and says at hand why there is no more.
    assert_eq!(value(&browser, "all('summary').length"), json!(1));
    service.assert_log_clean();
}
