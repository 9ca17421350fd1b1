//! Colours of an editor's page: chosen by hand, copied with the chart, and told where they cannot be seen.

use std::time::Duration;

use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use e2e::wait_for;
use serde_json::json;

use crate::charts::builder::Editor;

#[test]
fn a_chart_takes_the_colours_of_its_page() {
    let service = Service::start();
    let one =
        "/charts/new?dataset=reported-figures&by=year&statute=IND-IPC-124A&outcome=registered&measure=cases";
    let editor = Editor::at(&service, one);
    editor.drawing();
    editor.browser.value("document.getElementById('further-colours').open = true");
    editor.write("background", "#10", false);
    std::thread::sleep(Duration::from_millis(600));
    assert!(!editor.browser.text("location.search").contains("background"), "half a colour is none");
    editor.write("background", "1820", false);
    editor.until("background=#101820");
    editor.write("accent", "#ffaa00", false);
    editor.until("accent=#ffaa00");
    // On a dark ground the chart is dark for every reader.
    editor.until("theme=dark");
    let colours = "((root) => [getComputedStyle(root.querySelector('.drawing svg > rect')).fill, \
                   [...root.querySelectorAll('.drawing [stroke]')].some((line) => getComputedStyle(line).stroke === 'rgb(255, 170, 0)')])\
                   (document.querySelector('statute-chart').shadowRoot)";
    let chosen = json!(["rgb(16, 24, 32)", true]);
    wait_for("the colours", || (editor.browser.value(colours) == chosen).then_some(()));
    editor.browser.screenshot("builder-colours-1440", 1440);
    let code = editor.code("html");
    let partner = Partner::start(vec![Page::html("/news", &code)]);
    let browser = Browser::start();
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(DRAWN);
    assert_eq!(browser.value(colours), chosen, "{code}");
    editor.browser.assert_console_clean();
    // What cannot be seen is said, in words.
    let page = service.text(&format!("{one}&background=%23101820&theme=light"));
    assert!(page.contains("Hard to see on this background: Text."), "{page}");
    assert!(service.get(&format!("{one}&accent=red")).text().contains("#1a2b3c"));
    service.assert_log_clean();
}
