//! The page in each of its states: axe finds nothing, nothing is wider than the screen, and there is a picture to look at.

use e2e::audit::WCAG;
use e2e::browser::Browser;
use e2e::case;
use e2e::draft::Draft;
use e2e::service::Service;

use super::{ENDED, FOLDER};

/// The states of the page, and the package that leads to each.
fn states() -> Vec<(&'static str, Option<std::path::PathBuf>)> {
    let warned = Draft::new("check-looks").line("").charge(&[("country", "Kazakhstan")]);
    let unreadable = Draft::new("check-looks-unreadable").saying("version", serde_json::json!(1)).write();
    vec![
        ("empty", None),
        ("checking", Some(case("good-cases"))),
        ("accept", Some(case("good-cases"))),
        ("previewed", Some(case("good-figures"))),
        ("reject_rows", Some(warned.write())),
        ("reject_file", Some(case("bad-rows"))),
        ("unreadable", Some(unreadable)),
        ("failed", Some(case("good-cases"))),
    ]
}

/// A worker that never begins.
const STOPPED: &str = "Worker.prototype.postMessage = () => {};";
/// A program that cannot be compiled.
const BROKEN: &str = "WebAssembly.compile = () => Promise.reject();";

fn state(browser: &Browser, address: &str, name: &str, package: Option<&std::path::PathBuf>) {
    browser.open(address);
    match name {
        "checking" => _ = browser.value(STOPPED),
        "failed" => _ = browser.value(BROKEN),
        _ => {}
    }
    if let Some(package) = package {
        browser.choose(FOLDER, std::slice::from_ref(package));
        let ended = if name == "checking" { "document.querySelector('#said h2') !== null" } else { ENDED };
        browser.wait_until(ended);
        let verdict = if name == "previewed" { "accept" } else { name };
        assert_eq!(browser.text("document.getElementById('said').dataset.verdict"), verdict);
        if name == "previewed" {
            super::preview::drawn(browser);
        }
    }
}

#[test]
fn axe_finds_nothing_in_any_state() {
    let service = Service::start();
    let browser = Browser::start();
    let tags: Vec<&str> = WCAG.into_iter().chain(["best-practice"]).collect();
    let mut found = Vec::new();
    let states = states();
    for (language, scheme, width) in
        [("en", "light", 1200), ("ru", "dark", 320), ("kk", "light", 768), ("en", "forced", 1440)]
    {
        match scheme {
            "forced" => browser.emulate("", &[("forced-colors", "active")]),
            scheme => browser.prefer(scheme),
        }
        for (name, package) in &states {
            browser.resize(width, 900);
            state(&browser, &format!("{}/check?lang={language}", service.base), name, package.as_ref());
            let place = format!("check-{name}-{language}-{scheme}-{width}");
            let wide = "document.scrollingElement.scrollWidth <= innerWidth";
            assert_eq!(browser.value(wide), true, "{place} is wider than the screen");
            found.extend(browser.violations(&tags).into_iter().map(|one| format!("{place}: {one}")));
            browser.screenshot(&place, width);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    service.assert_log_clean();
}
