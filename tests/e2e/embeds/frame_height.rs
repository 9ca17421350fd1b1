//! The frame shows the whole chart at its own size, whatever that is, and tells its height to whoever listens, whenever.

use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::html;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use e2e::wait_for;
use serde_json::Value;

/// Charts of every form: lines, bars with long names in Kazakh, and a ranking that needs more height than others.
const CHARTS: [&str; 3] = [
    "/embed/reported-figures?by=year,outcome&measure=cases&statute=IND-IPC-124A&lang=en",
    "/embed/documented-cases?by=statute,outcome&country=BLR,POL,RUS,THA,NIC&lang=kk",
    "/embed/documented-cases?by=statute&type=horizontal&country=BLR,POL,RUS,THA,NIC&lang=ru",
];

/// The frame on the page of somebody else, at a size.
fn frame(service: &Service, chart: &str, size: &str) -> String {
    let address = format!("{}{chart}", service.base).replace('&', "&amp;");
    format!(
        "<iframe src=\"{address}\" title=\"A chart\" {size} style=\"border: 0; display: block\"></iframe>"
    )
}

/// Width and height of the window, of what could be scrolled in it, and the right and bottom end of what an expression names.
fn ends(browser: &Browser, shown: &str) -> Vec<f64> {
    let value = browser.inside(&format!(
        "(({{ scrollWidth, scrollHeight }}, {{ right, bottom }}) => [innerWidth, innerHeight, scrollWidth, scrollHeight, right, bottom])\
         (document.scrollingElement, ({shown}).getBoundingClientRect())"
    ));
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

fn assert_whole(browser: &Browser, shown: &str, what: &str) {
    let ends = ends(browser, shown);
    let [width, height, scroll_width, scroll_height, right, bottom] = ends[..] else {
        panic!("{what}: {ends:?}");
    };
    assert!(scroll_width <= width && scroll_height <= height, "{what} can be scrolled: {ends:?}");
    assert!(right <= width + 0.5 && bottom <= height + 0.5, "{what} is cut off: {ends:?}");
    assert!(right > width - 2.0 && bottom > height - 2.0, "{what} leaves room: {ends:?}");
}

#[test]
fn a_frame_shows_the_whole_chart_at_every_width_and_height() {
    let service = Service::start();
    let mut pages = Vec::new();
    let widths = [240, 280, 320, 375, 480, 542, 599, 600, 640, 800, 1000, 1200, 1600];
    for (number, chart) in CHARTS.iter().enumerate() {
        for (width, height) in
            widths.map(|width| (width, 450)).into_iter().chain([(600, 338), (320, 240), (200, 200)])
        {
            let size = format!("width=\"{width}\" height=\"{height}\"");
            pages.push(Page::html(&format!("/{number}-{width}-{height}"), &frame(&service, chart, &size)));
        }
    }
    let paths: Vec<String> = pages.iter().map(|page| page.path().to_owned()).collect();
    let partner = Partner::start(pages);
    let browser = Browser::start();
    browser.resize(1700, 900);
    for path in &paths {
        browser.open(&format!("{}{path}", partner.base));
        browser.wait_inside(DRAWN);
        let drawing = "document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg')";
        assert_whole(&browser, drawing, path);
        // The axes are in it, and all of their texts inside. In the smallest frame other words give way.
        let texts =
            "[...document.querySelector('statute-chart').shadowRoot.querySelectorAll('.drawing text')]";
        let lowest = format!(
            "{texts}.length > 5 && {texts}.every((one) => one.getBoundingClientRect().bottom <= innerHeight)"
        );
        assert_eq!(browser.inside(&lowest), true, "{path}");
        let controls = "[...document.querySelector('statute-chart').shadowRoot.querySelectorAll('.controls .button')]\
             .every((one) => one.getBoundingClientRect().right <= innerWidth && one.getBoundingClientRect().left >= 0)";
        assert_eq!(browser.inside(controls), true, "{path}");
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_frame_shows_the_whole_picture_without_script() {
    let service = Service::start();
    let sizes = [(240, 450), (375, 300), (542, 450), (800, 450), (1200, 450), (320, 200)];
    let browser = Browser::start();
    browser.switch_scripts_off();
    for chart in CHARTS {
        for (width, height) in sizes {
            // What a frame of this size shows, as its own page.
            browser.resize(width, height);
            browser.open(&format!("{}{chart}", service.base));
            browser.wait_until("document.querySelector('img').naturalWidth > 0");
            let seen = browser.value(
                "(({ scrollWidth, scrollHeight }, { right, bottom }) => scrollWidth <= innerWidth && scrollHeight <= innerHeight \
                 && right <= innerWidth && bottom <= innerHeight && getComputedStyle(document.querySelector('img')).objectFit === 'contain')\
                 (document.scrollingElement, document.querySelector('img').getBoundingClientRect())",
            );
            assert_eq!(seen, true, "{chart} at {width} by {height}");
        }
    }
    service.assert_log_clean();
}

/// A page that listens as `widget/README.md` says, and remembers what it was told.
fn listening() -> String {
    let readme = std::fs::read_to_string(e2e::repository().join("widget/README.md")).expect("it is there");
    let (_, rest) = readme.split_once("```js\naddEventListener(\"message\"").expect("it shows how to listen");
    let (script, _) = rest.split_once("```").expect("the example ends");
    format!(
        "globalThis.told = []; addEventListener(\"message\", ({{ data }}) => told.push(data.height));\naddEventListener(\"message\"{script}"
    )
}

#[test]
fn a_page_that_listens_is_told_one_height_for_a_width_whatever_it_does_with_it() {
    let service = Service::start();
    let body = format!(
        "{}<script>{}</script>",
        frame(&service, CHARTS[0], "width=\"100%\" height=\"450\""),
        listening()
    );
    let partner = Partner::start(vec![Page::html("/news", &body)]);
    let browser = Browser::start();
    for width in [1200, 800, 700, 600, 375, 280] {
        browser.resize(width, 1400);
        browser.open(&format!("{}/news", partner.base));
        browser.wait_inside(DRAWN);
        browser.wait_until("told.length > 2");
        let told = browser.value("[...new Set(told)]");
        assert_eq!(told.as_array().map(Vec::len), Some(1), "at {width}: {told}");
        let high = browser.value("document.querySelector('iframe').getBoundingClientRect().height");
        assert_eq!(high.as_f64(), told[0].as_f64(), "at {width}");
        let drawing = "document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg')";
        wait_for("the chart to take the new height", || {
            let ends = ends(&browser, drawing);
            ((ends[5] - ends[1]).abs() < 1.0).then_some(())
        });
        assert_whole(&browser, drawing, &format!("listening at {width}"));
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn who_listens_late_is_told_the_height_too() {
    let service = Service::start();
    let framed = frame(&service, CHARTS[0], "width=\"600\" height=\"300\"");
    // A sandboxed frame, as WordPress makes it.
    let secret = framed.replace("\" title=", "#?secret=aB3dE6gH9j\" sandbox=\"allow-scripts\" title=");
    let partner = Partner::start(vec![Page::html("/news", &framed), Page::html("/post", &secret)]);
    let browser = Browser::start();
    browser.resize(1200, 900);
    let listen = "globalThis.told = []; addEventListener('message', ({ data }) => told.push(data)); true";
    browser.open(&format!("{}/news", partner.base));
    browser.run("await new Promise((done) => setTimeout(done, 2500));", Vec::new());
    // Long after the frame was there, and without a word to it.
    browser.value(listen);
    browser.wait_until("told.some(({ type, height }) => type === 'chargesheet-height' && height > 200)");
    browser.value("told.length = 0; document.querySelector('iframe').contentWindow.postMessage({ type: 'chargesheet-height' }, '*'); true");
    browser.wait_until("told.length > 0");
    // WordPress asks when its own script is there, however late that is; each question has its answer.
    browser.open(&format!("{}/post", partner.base));
    browser.wait_inside("document.readyState === 'complete'");
    browser.value(listen);
    let ask = |secret: &str| {
        format!(
            "told.length = 0; for (let turn = 0; turn < 20; turn += 1) \
             document.querySelector('iframe').contentWindow.postMessage({{ message: 'ready', secret: '{secret}' }}, '*'); true"
        )
    };
    browser.value(&ask("aB3dE6gH9j"));
    browser.wait_until("told.filter(({ message, value, secret }) => message === 'height' && value >= 200 && secret === 'aB3dE6gH9j').length >= 20");
    // A stranger's question has none.
    browser.value(&ask("another"));
    browser.run("await new Promise((done) => setTimeout(done, 300));", Vec::new());
    let answers = browser.value("told.filter(({ message }) => message === 'height').length");
    assert!(answers.as_u64() < Some(5), "{answers}");
    service.assert_log_clean();
}

#[test]
fn frames_that_are_handed_out_never_scroll() {
    let service = Service::start();
    for (width, height) in [(600, 900), (320, 240), (200, 200), (1200, 300)] {
        let url =
            format!("{}/statutes/IND-IPC-124A?dataset=reported-figures", service.base).replace('&', "%26");
        let answer = service.json(&format!("/oembed?url={url}&maxwidth={width}&maxheight={height}"));
        let html = answer["html"].as_str().unwrap_or_default();
        assert_eq!(html::attributes(html, "scrolling"), ["no"], "{html}");
        assert_eq!(html::attributes(html, "height"), [answer["height"].to_string()], "{html}");
    }
    service.assert_log_clean();
}
