//! A chart in every layout that a page can have: as large as its picture without script, and nothing moves.

use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::html;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use serde_json::Value;

const PAGE: &str = "/statutes/IND-IPC-124A?dataset=reported-figures&by=year,outcome&measure=cases&type=line";

/// What stands around a chart, by name; the chart stands where `@` is.
const LAYOUTS: [(&str, &str); 30] = [
    ("block", "@"),
    ("column", "<div style='width: 542px; max-width: 100%'>@</div>"),
    ("sidebar", "<div style='width: 280px; max-width: 100%'>@</div>"),
    ("flex-item", "<div style='display: flex'><div>@</div></div>"),
    ("flex-itself", "<div style='display: flex'>@</div>"),
    ("flex-two", "<div style='display: flex'><div>@</div><p>Words beside it.</p></div>"),
    ("flex-centred", "<div style='display: flex; justify-content: center'>@</div>"),
    ("flex-column", "<div style='display: flex; flex-direction: column; align-items: center'>@</div>"),
    ("inline-flex", "<div style='display: inline-flex'>@</div>"),
    (
        "grid-auto",
        "<div style='display: grid; grid-template-columns: auto auto'><div>@</div><p>Words</p></div>",
    ),
    (
        "grid-fit",
        "<div style='display: grid; grid-template-columns: fit-content(500px) 1fr'><div>@</div><p>Words</p></div>",
    ),
    ("grid-centred", "<div style='display: grid; justify-items: center'>@</div>"),
    ("grid-placed", "<div style='display: grid; place-items: center'><div>@</div></div>"),
    ("inline-grid", "<div style='display: inline-grid'>@</div>"),
    ("cell", "<table><tr><td>@</td></tr></table>"),
    ("two-cells", "<table><tr><td>@</td><td>Words beside it.</td></tr></table>"),
    (
        "fixed-cells",
        "<table style='table-layout: fixed; width: 100%'><tr><td>@</td><td>Words</td></tr></table>",
    ),
    ("table", "<div style='display: table; margin: auto'>@</div>"),
    ("float", "<div style='float: left'>@</div><p>Words that flow around it.</p>"),
    ("float-itself", "<style>statute-chart { float: right; }</style>@<p>Words</p>"),
    ("inline-block", "<div style='display: inline-block'>@</div>"),
    ("inline-block-itself", "<style>statute-chart { display: inline-block; }</style>@"),
    ("fit-content", "<div style='width: fit-content; margin: auto'>@</div>"),
    ("max-content", "<div style='width: max-content; max-width: 100%'>@</div>"),
    (
        "absolute",
        "<div style='position: relative; height: 500px'><div style='position: absolute; left: 20px'>@</div></div>",
    ),
    ("figure", "<figure>@<figcaption>Words</figcaption></figure>"),
    ("columns", "<div style='columns: 2'>@<p>Words</p></div>"),
    ("line-height", "<div style='font-size: 22px; line-height: 2'>@</div>"),
    ("details", "<details open><summary>Figures</summary>@</details>"),
    (
        "reset",
        "<style>* { box-sizing: border-box; } img { display: block; max-width: 100%; height: auto; }</style>@",
    ),
];

const PICTURED: &str = "document.querySelector('img').naturalWidth > 0";

/// Where the picture is and where the page goes on: in CSS pixels, rounded to tenths.
const PLACES: &str = "(() => { const round = (number) => Math.round(number * 10) / 10; \
     const { x, y, width, height } = document.querySelector('img').getBoundingClientRect(); \
     return [...[x, y, width, height].map(round), round(document.querySelector('body > p:last-of-type').getBoundingClientRect().y)]; })()";

/// Where the drawing is.
const DRAWING: &str = "(() => { const { width, height } = \
     document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg').getBoundingClientRect(); return [width, height]; })()";

/// Two browsers: one runs the scripts of pages, the other does not.
struct Readers {
    with: Browser,
    without: Browser,
}

impl Readers {
    fn start() -> Self {
        let (with, without) = (Browser::start(), Browser::start());
        with.watch_for_shifts();
        without.switch_scripts_off();
        Self { with, without }
    }

    fn resize(&self, width: u32) {
        self.with.resize(width, 1200);
        self.without.resize(width, 1200);
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

fn layouts(chart: &str) -> Partner {
    Partner::start(
        LAYOUTS
            .iter()
            .map(|(name, around)| Page::html(&format!("/{name}"), &around.replace('@', chart)))
            .collect(),
    )
}

/// The snippet as it was copied before the picture kept room of its own, with the newest script.
fn older(service: &Service) -> String {
    let snippet = service.snippet(PAGE);
    let own = html::attributes(&snippet, "style").remove(0);
    let (element, _) = snippet.split_once("<script").expect("it has a script");
    format!(
        "{}<script type=\"module\" src=\"{}/widget/statute-chart.js\"></script>",
        element.replace(&own, "width:100%;height:auto"),
        service.base
    )
}

#[test]
fn a_chart_is_as_large_as_its_picture_without_script_and_nothing_moves() {
    let service = Service::start();
    let partner = layouts(&service.snippet(PAGE));
    let readers = Readers::start();
    // 300 pixels are 1200 at a zoom of 400 %.
    for width in [1200, 300, 280] {
        readers.resize(width);
        for (name, _) in LAYOUTS {
            let address = format!("{}/{name}", partner.base);
            readers.without.open(&address);
            readers.without.wait_until(PICTURED);
            readers.with.open(&address);
            readers.with.wait_until(DRAWN);
            let (before, after) = (readers.without.value(PLACES), readers.with.value(PLACES));
            assert_eq!(before, after, "{name} at {width}");
            let (picture, drawing) = (numbers(&after), numbers(&readers.with.value(DRAWING)));
            assert!(picture[2] > 100.0 && picture[3] > 100.0, "{name} at {width}: {picture:?}");
            assert!(drawing[0] > picture[2] - 1.5, "{name} at {width}: {drawing:?} of {picture:?}");
            assert!((drawing[1] - picture[3]).abs() < 3.0, "{name} at {width}: {drawing:?} of {picture:?}");
            let (sum, moved) = readers.with.shifted();
            assert!(sum == 0.0, "{name} at {width} moved by {sum}: {moved:#?}");
        }
    }
    readers.with.resize(1200, 1200);
    readers.with.open(&format!("{}/column", partner.base));
    readers.with.wait_until(DRAWN);
    readers.with.screenshot("hosted-column-1200", 1200);
    readers.with.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_snippet_copied_earlier_keeps_the_size_of_its_picture_with_the_newest_script() {
    let service = Service::start();
    let partner = layouts(&older(&service));
    let readers = Readers::start();
    for width in [1200, 375] {
        readers.resize(width);
        for (name, _) in LAYOUTS {
            let address = format!("{}/{name}", partner.base);
            readers.without.open(&address);
            readers.without.wait_until(PICTURED);
            readers.with.open(&address);
            readers.with.wait_until(&format!("{PICTURED} && {DRAWN}"));
            assert_eq!(readers.without.value(PLACES), readers.with.value(PLACES), "{name} at {width}");
            let (sum, moved) = readers.with.shifted();
            // Where its width comes from the picture, that moves by itself when it is there, without script too.
            let is_given = ["block", "column", "sidebar", "figure", "details", "reset"].contains(&name);
            assert!(sum == 0.0 || !is_given, "{name} at {width} moved by {sum}: {moved:#?}");
        }
    }
    readers.with.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_chart_without_a_picture_is_seen_in_every_layout() {
    let service = Service::start();
    let source = html::attributes(&service.snippet(PAGE), "src").remove(0).replace('&', "&amp;");
    let partner = layouts(&format!(
        "<statute-chart src=\"{source}\"></statute-chart><script type=\"module\" src=\"{}/widget/statute-chart.js\"></script>",
        service.base
    ));
    let browser = Browser::start();
    for width in [1200, 375] {
        browser.resize(width, 1200);
        for (name, _) in LAYOUTS {
            browser.open(&format!("{}/{name}", partner.base));
            browser.wait_until(DRAWN);
            let drawing = numbers(&browser.value(DRAWING));
            assert!(drawing[0] > 110.0 && drawing[1] > 110.0, "{name} at {width}: {drawing:?}");
            browser.assert_fits(width);
        }
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn what_is_opened_later_has_its_room_before_the_chart_is_drawn() {
    let service = Service::start();
    let snippet = service.snippet(PAGE);
    let partner = Partner::start(vec![
        Page::html("/details", &format!("<details><summary>Figures</summary>{snippet}</details>")),
        Page::html("/tab", &format!("<div id=\"tab\" hidden>{snippet}</div>")),
    ]);
    let browser = Browser::start();
    browser.watch_for_shifts();
    for (path, open) in [
        ("details", "document.querySelector('details').open = true"),
        ("tab", "!(document.querySelector('#tab').hidden = false)"),
    ] {
        for width in [1200, 375] {
            browser.resize(width, 1200);
            browser.open(&format!("{}/{path}", partner.base));
            browser.wait_until("customElements.get('statute-chart') !== undefined");
            browser.value(open);
            let first = browser.value(PLACES);
            assert!(numbers(&first)[2] > 300.0, "{path} at {width}: {first}");
            // What opens moves what is below it; from then on nothing moves.
            let (before, _) = browser.shifted();
            browser.wait_until(DRAWN);
            assert_eq!(first, browser.value(PLACES), "{path} at {width}");
            let (sum, moved) = browser.shifted();
            assert!(sum == before, "{path} at {width} moved by {}: {moved:#?}", sum - before);
        }
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}
