//! The element in a React application: props reach it, its events come back, and it goes without a trace.

use e2e::browser::Browser;
use e2e::npm;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use serde_json::json;

/// An application that shows one chart, in React's strict mode: everything is mounted twice.
const APPLICATION: &str = "\
const React = require('react');
const { createRoot } = require('react-dom/client');
globalThis.heard = [];
function Chart({ src, type, theme }) {
  const [told, setTold] = React.useState('waiting');
  const hear = (event) => { heard.push(event.type); setTold(event.type.replace('statute-chart-', '')); };
  return React.createElement('figure', null,
    React.createElement('statute-chart', {
      src, type, theme, 'onstatute-chart-ready': hear, 'onstatute-chart-error': hear,
    }),
    React.createElement('figcaption', { id: 'told' }, told));
}
const root = createRoot(document.getElementById('application'));
globalThis.show = (props) => root.render(
  React.createElement(React.StrictMode, null, props && React.createElement(Chart, props)));";

const SVG: &str =
    "(document.querySelector('statute-chart')?.shadowRoot?.querySelector('.drawing svg')?.outerHTML ?? '')";

fn react() -> String {
    npm::script(&[
        ("scheduler", "scheduler/cjs/scheduler.development.js"),
        ("react", "react/cjs/react.development.js"),
        ("react-dom", "react-dom/cjs/react-dom.development.js"),
        ("react-dom/client", "react-dom/cjs/react-dom-client.development.js"),
    ])
}

/// A browser that has a React application open, with the element's script loaded before or after it.
fn open_application(service: &Service, element_first: bool) -> (Browser, Partner) {
    let element =
        format!("<script type=\"module\" src=\"{}/widget/statute-chart.js\"></script>", service.base);
    let application = "<div id=\"application\"></div><script src=\"/react.js\"></script>\
                       <script type=\"module\" src=\"/application.js\"></script>";
    let body = if element_first { format!("{element}{application}") } else { application.to_owned() };
    let partner = Partner::start(vec![
        Page::html("/application", &body),
        Page::file("/react.js", "text/javascript", react().into_bytes()),
        Page::answer("/application.js", "200 OK", "text/javascript", APPLICATION),
    ]);
    let browser = Browser::start();
    browser.open(&format!("{}/application", partner.base));
    browser.wait_until("typeof show === 'function'");
    (browser, partner)
}

fn source(service: &Service, query: &str) -> String {
    format!("{}/v1/datasets/reported-figures/aggregate.json?{query}", service.base)
}

const SEDITION: &str = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases";

fn show(browser: &Browser, props: &serde_json::Value) {
    browser.value(&format!("show({props})"));
}

/// Waits until another picture than `before` is drawn, and returns it.
fn next_drawing(browser: &Browser, before: &str) -> String {
    browser.wait_until(&format!("{SVG} !== '' && {SVG} !== {}", json!(before)));
    browser.text(SVG)
}

#[test]
fn a_changed_prop_draws_the_chart_again_and_its_events_arrive() {
    let service = Service::start();
    let (browser, _partner) = open_application(&service, true);
    let src = source(&service, SEDITION);
    show(&browser, &json!({ "src": src, "type": "line", "theme": "light" }));
    let line = next_drawing(&browser, "");
    browser.wait_until("document.getElementById('told').textContent === 'ready'");
    show(&browser, &json!({ "src": src, "type": "bar", "theme": "light" }));
    let bar = next_drawing(&browser, &line);
    show(&browser, &json!({ "src": src, "type": "bar", "theme": "dark" }));
    let dark = next_drawing(&browser, &bar);
    let fined = source(&service, "by=year,outcome&statute=IND-IPC-124A&measure=cases");
    show(&browser, &json!({ "src": fined, "type": "bar", "theme": "dark" }));
    let other = next_drawing(&browser, &dark);
    // What was there before comes back as it was.
    show(&browser, &json!({ "src": src, "type": "line", "theme": "light" }));
    assert_eq!(next_drawing(&browser, &other), line);
    let ready = browser.value("heard.filter((name) => name === 'statute-chart-ready').length");
    assert!(ready.as_u64() >= Some(5), "{ready} drawings were told of");
    // A prop that is taken away is an attribute that is gone.
    show(&browser, &json!({ "src": src, "theme": "light" }));
    browser.wait_until("!document.querySelector('statute-chart').type");
    show(&browser, &json!(null));
    browser.wait_until("!document.querySelector('statute-chart')");
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_refused_query_is_told_to_the_application() {
    let service = Service::start();
    let (browser, _partner) = open_application(&service, true);
    show(&browser, &json!({ "src": source(&service, "by=year&statute=IND-IPC-142A") }));
    browser.wait_until("document.getElementById('told')?.textContent === 'error'");
    // The application corrects itself.
    show(&browser, &json!({ "src": source(&service, SEDITION) }));
    browser.wait_until("document.getElementById('told').textContent === 'ready'");
    service.assert_log_clean();
}

#[test]
fn an_element_that_is_defined_later_takes_the_props_that_were_set() {
    let service = Service::start();
    let (browser, _partner) = open_application(&service, false);
    show(&browser, &json!({ "src": source(&service, SEDITION), "type": "bar", "theme": "dark" }));
    browser.wait_until("document.querySelector('statute-chart')?.getAttribute('type') === 'bar'");
    assert_eq!(browser.value("customElements.get('statute-chart') === undefined"), true);
    browser
        .run("await import(arguments[0]);", vec![json!(format!("{}/widget/statute-chart.js", service.base))]);
    let drawn = next_drawing(&browser, "");
    browser.wait_until("document.getElementById('told').textContent === 'ready'");
    show(&browser, &json!({ "src": source(&service, SEDITION), "type": "line", "theme": "dark" }));
    next_drawing(&browser, &drawn);
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_chart_that_is_removed_while_it_loads_draws_nothing_and_says_nothing() {
    let service = Service::start();
    let (browser, _partner) = open_application(&service, true);
    for _ in 0..5 {
        let src = source(&service, SEDITION);
        browser.value(&format!(
            "show({}); queueMicrotask(() => requestAnimationFrame(() => show(null)))",
            json!({ "src": src, "type": "line" })
        ));
        browser.wait_until("!document.querySelector('statute-chart')");
    }
    show(&browser, &json!({ "src": source(&service, SEDITION), "type": "line" }));
    next_drawing(&browser, "");
    browser.assert_console_clean();
    service.assert_log_clean();
}
