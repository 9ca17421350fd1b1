//! Nothing moves: a chart that loads and is drawn leaves every line of the page where it was.

use e2e::browser::Browser;
use e2e::drawing::ALL_DRAWN;
use e2e::partner::{Page, Partner};
use e2e::service::Service;

/// Statutes' pages whose snippets a partner uses: a line, bars, and more names than fit beside each other.
const PAGES: [&str; 3] = [
    "/statutes/IND-IPC-124A?dataset=reported-figures&by=year&outcome=registered&measure=cases&type=line",
    "/statutes/KAZ-CC-274?dataset=documented-cases",
    "/statutes/IND-IPC-124A?dataset=reported-figures&by=year,outcome&measure=cases&type=stacked",
];

/// Fails when the page that is open has moved at all.
fn assert_still(browser: &Browser, what: &str) {
    let (sum, moved) = browser.shifted();
    assert!(sum == 0.0, "{what} moved by {sum}: {moved:#?}");
}

#[test]
fn a_shift_is_noticed() {
    let late = "<div id=\"late\"></div><p>What was read.</p><script type=\"module\">\
                await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));\
                document.getElementById('late').style.height = '200px';</script>";
    let partner = Partner::start(vec![Page::html("/late", late)]);
    let browser = Browser::start();
    browser.watch_for_shifts();
    browser.open(&format!("{}/late", partner.base));
    browser.wait_until("movedOnThisPage.sum > 0");
    let (sum, what) = browser.shifted();
    assert!(sum > 0.01 && !what.is_empty(), "{sum} {what:?}");
}

#[test]
fn the_snippet_moves_nothing_on_a_partners_page() {
    let service = Service::start();
    let browser = Browser::start();
    browser.watch_for_shifts();
    for page in PAGES {
        let partner = Partner::start(vec![Page::html("/news", &service.snippet(page))]);
        for width in [1200, 800, 375, 320] {
            browser.resize(width, 2400);
            browser.open(&format!("{}/news", partner.base));
            browser.wait_until(ALL_DRAWN);
            assert_still(&browser, &format!("{page} at {width}"));
            browser.assert_fits(width);
        }
    }
    service.assert_log_clean();
}

#[test]
fn many_charts_on_a_page_move_nothing() {
    let service = Service::start();
    let all: Vec<String> = PAGES.iter().map(|page| service.snippet(page)).collect();
    let partner = Partner::start(vec![Page::html("/news", &all.join("\n<p>Between two charts.</p>\n"))]);
    let browser = Browser::start();
    browser.watch_for_shifts();
    for width in [1200, 375] {
        browser.resize(width, 4000);
        browser.open(&format!("{}/news", partner.base));
        browser.wait_until(ALL_DRAWN);
        assert_still(&browser, &format!("three charts at {width}"));
    }
}

#[test]
fn the_explorers_pages_move_nothing() {
    let service = Service::start();
    let browser = Browser::start();
    browser.watch_for_shifts();
    for page in PAGES.into_iter().chain(["/", "/statutes/KAZ-CC-378"]) {
        for (width, scheme) in [(1200, "light"), (1200, "dark"), (375, "light")] {
            browser.prefer(scheme);
            browser.resize(width, 2400);
            browser.open(&format!("{}{page}", service.base));
            browser.wait_until(ALL_DRAWN);
            assert_still(&browser, &format!("{page} at {width}, {scheme}"));
        }
    }
}
