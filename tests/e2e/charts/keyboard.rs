//! A chart that is read with the keyboard, and told by a screen reader.

use std::collections::BTreeSet;

use e2e::wait_for;
use serde_json::json;

use crate::charts::chart_reader::{PLOT, Reader, TOLD};

/// Nine years of one series.
const SERIES: &str = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases";
/// Several series, which are told apart by a legend.
const SEVERAL: &str = "by=year,outcome&statute=IND-UAPA&measure=cases";

#[test]
fn the_keyboard_reads_every_figure_and_says_it_aloud() {
    let reader = Reader::open(SERIES, "");
    let focused = "chart.shadowRoot.activeElement?.getAttribute('role')";
    wait_for("the plot to have the focus", || {
        reader.browser.press("Tab");
        (reader.text(focused) == "slider").then_some(())
    });
    reader.browser.press("Home");
    let mut told = Vec::new();
    for _ in 0..10 {
        told.push(reader.tip());
        reader.browser.press("ArrowRight");
    }
    // Between the figures stands what happened to the law, with its source.
    let event = told.remove(8);
    assert!(event.contains("May 11, 2022") && event.contains("Source"), "{event}");
    let expected = [47, 30, 35, 51, 70, 93, 73, 76, 20];
    for (place, cases) in expected.iter().enumerate() {
        let year = (2014 + place).to_string();
        assert!(told[place].contains(&year) && told[place].contains(&cases.to_string()), "{year}: {told:#?}");
    }
    wait_for("the last figure to be said", || {
        let said = reader.text(TOLD);
        (said.contains("2022") && said.contains("20")).then_some(())
    });
    assert!(reader.text(&format!("{PLOT}.ariaLabel")).contains("124A"));
    assert_eq!(reader.text(&format!("{PLOT}.ariaRoleDescription")), "Chart");
    reader.browser.screenshot("reading-keyboard-1000", 1000);
    reader.assert_well("read with the keyboard");
    // Enter tells the page which figure was picked.
    reader.value("(chart.addEventListener('statute-chart-select', ({ detail }) => { globalThis.picked = detail; }), true)");
    reader.browser.press("Enter");
    reader.browser.wait_until("globalThis.picked !== undefined");
    assert!(
        reader.browser.value("picked").to_string().contains("2022"),
        "{}",
        reader.browser.value("picked")
    );
    reader.browser.press("Escape");
    wait_for("the figure to go", || reader.tip().is_empty().then_some(()));
    // Tab leads on to the controls, and out of the chart.
    reader.browser.press("Tab");
    wait_for("the focus to go on", || (reader.text(focused) != "slider").then_some(()));
    wait_for("the focus to leave the chart", || {
        reader.browser.press("Tab");
        (reader.value("document.activeElement !== chart") == json!(true)).then_some(())
    });
}

#[test]
fn every_key_of_the_slider_is_handled() {
    let reader = Reader::open(SEVERAL, "");
    reader.value(&format!("{PLOT}.focus()"));
    // The page would scroll or the browser would act on a key that is left to it.
    reader.browser.value(
        "globalThis.left = []; addEventListener('keydown', (event) => { left.push([event.key, event.defaultPrevented]); }); true",
    );
    let at = || reader.text(&format!("{PLOT}.ariaValueNow"));
    let most = reader.text(&format!("{PLOT}.ariaValueMax")).parse::<u32>().expect("a number");
    let mut seen = BTreeSet::new();
    for key in ["Home", "ArrowRight", "End", "ArrowLeft", "ArrowUp", "ArrowDown", "PageDown", "PageUp"] {
        reader.browser.press(key);
        seen.insert(at());
        let now = at().parse::<u32>().expect("a number");
        assert!((1..=most).contains(&now), "{key}: {now} of {most}");
        assert!(reader.text(TOLD).contains("case"), "{key}: {}", reader.text(TOLD));
    }
    assert!(seen.len() > 3, "{seen:?}");
    // Up and down lead to another series at the same time.
    reader.browser.press("Home");
    let (year, told) = (reader.tip().chars().take(4).collect::<String>(), reader.text(TOLD));
    reader.browser.press("ArrowDown");
    let other = reader.text(TOLD);
    assert!(other != told && reader.tip().starts_with(&year), "{told} {other}");
    reader.browser.press("Escape");
    wait_for("the figure to go", || reader.tip().is_empty().then_some(()));
    assert_eq!(reader.browser.value("left"), json!([]), "no key is left to the page");
    reader.assert_well("read as a slider");
}
