//! The builder: a chart chosen by hand, with and without script, and the code that shows exactly it.

use std::time::{Duration, Instant};

use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::html;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use e2e::wait_for;
use serde_json::json;

/// Two countries' statutes beside each other, in every way an editor can change them.
pub const COMPARED: &str = "/charts/new?dataset=reported-figures&by=year,statute&outcome=convicted&statute=IND-IPC-124A,TUR-TCK-299\
     &from=2014&to=2021&measure=persons&theme=dark&title=Two%20laws&words=ru";

/// The address of a state as the page spells it.
fn state(page: &str) -> String {
    html::attributes(page, "data-address")
        .pop()
        .unwrap_or_default()
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

pub fn code(page: &str, name: &str) -> String {
    html::inside(page, "textarea", &format!("id=\"copy-{name}\""))
}

#[test]
fn an_address_of_the_builder_is_its_whole_state() {
    let service = Service::start();
    for address in [
        COMPARED.to_owned(),
        format!("{COMPARED}&plain=true&width=640&pinned=1&copy=frame&type=multiples&lang=kk"),
        "/charts/new?dataset=documented-cases&statute=KAZ-CC-274&by=outcome&measure=cases&share=outcome"
            .to_owned(),
        "/charts/new?dataset=russian-courts&statute=RUS-CC-282&rate=1&type=line".to_owned(),
        format!("{COMPARED}&background=%23101820&ink=f0e0d0&accent=%23FFAA00"),
    ] {
        let page = service.text(&address);
        let own = state(&page);
        assert!(own.starts_with("/charts/new?dataset="), "{own}");
        let again = service.text(&own);
        assert_eq!(state(&again), own, "{address}");
        for name in ["html", "frame", "address", "picture", "file", "data"] {
            assert_eq!(code(&again, name), code(&page, name), "{address} {name}");
        }
    }
    let page = service.text(COMPARED);
    let own = state(&page);
    for part in ["theme=dark", "title=Two%20laws", "words=ru", "from=2014&to=2021", "outcome=convicted"] {
        assert!(own.contains(part), "no {part} in {own}");
    }
    for part in ["theme=\"dark\"", "title=\"Two laws\"", "lang=ru", "outcome=convicted", "by=year,statute"] {
        assert!(code(&page, "html").contains(part), "no {part} in {}", code(&page, "html"));
    }
    service.assert_log_clean();
}

#[test]
fn every_address_of_a_chart_is_one_of_the_builder_when_its_path_is_changed() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&outcome=registered&measure=cases";
    for (more, kept) in [
        ("&type=bar&theme=dark&title=X&plain=true&lang=ru", "type=bar"),
        ("&width=640&height=400&scale=2", "width=640"),
        ("&labels=en&from=2016", "from=2016"),
    ] {
        let page = service.get(&format!("/charts/new?dataset=reported-figures&{query}{more}"));
        assert_eq!(page.status, 200, "{more}: {}", page.text());
        let own = state(&page.text());
        assert!(own.contains(kept) && own.contains("outcome=registered"), "{own}");
    }
    for (wrong, words) in [
        ("?dataset=reported-figure", "reported-figures"),
        ("?type=lines&dataset=reported-figures", "line"),
        ("?width=3", "240"),
        ("?copy=everything", "html"),
    ] {
        let reply = service.get(&format!("/charts/new{wrong}"));
        assert_eq!(reply.status, 400, "{wrong}");
        assert!(reply.text().contains(words), "{wrong}: {}", reply.text());
    }
    // What another dataset lacks is left out, and told.
    let page = service.text("/charts/new?dataset=russian-courts&statute=RUS-CC-282&role=journalist");
    assert!(html::inside(&page, "p", "class=\"notice\"").contains("journalist"), "{page}");
    service.assert_log_clean();
}

/// An editor with a mouse and a keyboard, whose actions are counted.
pub struct Editor {
    pub browser: Browser,
    actions: std::cell::Cell<u32>,
}

impl Editor {
    pub fn at(service: &Service, path: &str) -> Self {
        let browser = Browser::start();
        browser.run_first(
            "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { globalThis.taken = text; } } });",
        );
        browser.resize(1440, 1000);
        browser.open(&format!("{}{path}", service.base));
        Self { browser, actions: std::cell::Cell::new(0) }
    }

    fn counted(&self) {
        self.actions.set(self.actions.get() + 1);
    }

    pub fn click(&self, element: &str) {
        self.counted();
        self.browser.click(element);
    }

    /// Types into a field, and presses Enter where that is meant.
    pub fn write(&self, id: &str, text: &str, enters: bool) {
        self.counted();
        self.browser.value(&format!("document.getElementById('{id}').focus()"));
        self.browser.write(text);
        if enters {
            self.browser.press("Enter");
        }
    }

    fn select(&self, id: &str, value: &str) {
        self.counted();
        self.browser.value(&format!(
            "((field) => {{ field.value = '{value}'; field.dispatchEvent(new Event('change', {{ bubbles: true }})); }})\
             (document.getElementById('{id}'))"
        ));
    }

    /// Waits until the address of the page holds some words, so its answer has been taken.
    pub fn until(&self, words: &str) {
        self.browser.wait_until(&format!("decodeURIComponent(location.search).includes({})", json!(words)));
    }

    pub fn code(&self, name: &str) -> String {
        self.browser.text(&format!("document.getElementById('copy-{name}').value"))
    }

    /// The drawing of the preview, as text.
    pub fn drawing(&self) -> String {
        self.browser.wait_until(DRAWN);
        self.browser.text(
            "document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg').outerHTML",
        )
    }
}

/// The choice of a code in a group.
fn choice(name: &str, value: &str) -> String {
    format!("document.querySelector('input[name={name}][value=\"{value}\"]')")
}

#[test]
fn two_countries_in_twelve_actions_and_a_minute() {
    let service = Service::start();
    let editor = Editor::at(&service, "/");
    let begun = Instant::now();
    editor.click("document.querySelector('a[href^=\"/charts/new\"]')");
    editor.browser.wait_until("!!document.getElementById('add')");
    editor.write("add", "sedition india", true);
    editor.until("statute=IND-IPC-124A");
    editor.write("add", "299 türkiye", true);
    editor.until("TUR-TCK-299");
    editor.click(&choice("outcome", "convicted"));
    editor.until("outcome=convicted");
    editor.select("from", "2014");
    editor.until("from=2014");
    editor.select("to", "2021");
    editor.until("to=2021");
    editor.write("title", "Два закона", false);
    editor.until("title=Два закона");
    editor.click(&choice("words", "ru"));
    editor.until("words=ru");
    editor.click(&choice("theme", "dark"));
    editor.until("theme=dark");
    let drawn = editor.drawing();
    editor.click("document.querySelector('[data-copies=copy-html]')");
    editor.browser.wait_until("globalThis.taken !== undefined");
    let (actions, took) = (editor.actions.get(), begun.elapsed());
    println!("{actions} actions, {took:?}");
    assert!(actions <= 12, "{actions} actions");
    assert!(took < Duration::from_secs(60), "{took:?}");
    let taken = editor.browser.text("taken");
    assert_eq!(taken, editor.code("html"));
    for part in ["Два закона", "outcome=convicted", "from=2014&amp;to=2021", "lang=ru", "theme=\"dark\""]
    {
        assert!(taken.contains(part), "no {part} in {taken}");
    }
    // Both countries stand in the chart, in Russian, under the editor's own title.
    for word in ["Два закона", "IND-IPC-124A", "TUR-TCK-299"] {
        assert!(drawn.contains(word), "no {word} in {drawn}");
    }
    editor.browser.screenshot("builder-journey-1440", 1440);
    editor.browser.assert_console_clean();
    assert_same(&editor, &service, &taken);
    service.assert_log_clean();
}

/// Fails unless the code shows on another page what the preview shows.
fn assert_same(editor: &Editor, service: &Service, code: &str) {
    let drawn = editor.drawing();
    let wide = editor.browser.value("document.querySelector('statute-chart').getBoundingClientRect().width");
    let partner = Partner::start(vec![Page::html(
        "/news",
        &format!("<div style=\"width: {wide}px; max-width: none\">{code}</div>"),
    )]);
    let browser = Browser::start();
    browser.resize(1440, 1000);
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(DRAWN);
    let there = browser
        .text("document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg').outerHTML");
    assert!(there == drawn, "the code shows another chart:\n{there}\n{drawn}");
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn the_code_equals_what_is_seen_in_every_tab() {
    let service = Service::start();
    let editor = Editor::at(&service, COMPARED);
    let drawn = editor.drawing();
    assert_same(&editor, &service, &editor.code("html"));
    // The frame and the address show the same page; picture, file and figures are of the same answer.
    let frame = editor.code("frame");
    let source = html::attributes(&frame, "src").pop().unwrap_or_default().replace("&amp;", "&");
    assert_eq!(source, editor.code("address"));
    let size = "(({ width, height }) => [Math.round(width), Math.round(height)])\
                (document.querySelector('statute-chart').getBoundingClientRect())";
    let size = editor.browser.value(size);
    let browser = Browser::start();
    let side = |place: usize| u32::try_from(size[place].as_u64().unwrap_or(800)).unwrap_or(800);
    browser.resize(side(0), side(1));
    browser.open(&source);
    browser.wait_until(DRAWN);
    let framed = browser
        .text("document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg').textContent");
    let own = editor
        .browser
        .text("document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg').textContent");
    assert_eq!(framed, own);
    let path = |address: &str| address.trim().strip_prefix(&service.base).unwrap_or_default().to_owned();
    let picture = service.get(&path(&editor.code("picture")));
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    let file = service.get(&path(&editor.code("file")));
    assert!(file.text().contains("Two laws") && file.text().contains("theme=\"dark\""));
    let data = editor.code("data");
    let mut data = data.lines().map(|line| service.get(&path(line)));
    let (csv, json) = (data.next().expect("a CSV").text(), data.next().expect("a JSON").json());
    assert_eq!(csv.lines().count() - 1, json["rows"].as_array().map_or(0, Vec::len));
    assert!(drawn.contains("Two laws"));
    service.assert_log_clean();
}

#[test]
fn the_builder_without_script_shows_what_its_form_says() {
    let service = Service::start();
    let browser = Browser::start();
    browser.switch_scripts_off();
    browser.resize(1200, 900);
    browser.open(&format!("{}/charts/new?lang=ru", service.base));
    let sent = |fill: &str, shown: &str| {
        browser.value(&format!("{fill}; document.getElementById('builder').requestSubmit();"));
        wait_for(shown, || (browser.value(shown) == json!(true)).then_some(()));
    };
    sent(
        "document.getElementById('add').value = '124A Индия'",
        "!!document.querySelector('input[name=statute][value=IND-IPC-124A]')",
    );
    sent(
        "document.getElementById('add').value = '299 Турция'",
        "!!document.querySelector('input[name=statute][value=TUR-TCK-299]')",
    );
    sent(
        "document.querySelector('input[name=outcome][value=convicted]').checked = true; \
         document.getElementById('from').value = '2014'; document.getElementById('to').value = '2021'; \
         document.getElementById('title').value = 'Два закона'; document.querySelector('input[name=theme][value=dark]').checked = true",
        "document.getElementById('title')?.value === 'Два закона' && document.querySelector('.preview img')?.naturalWidth > 0",
    );
    let source = browser.text("document.querySelector('.preview img').src");
    for part in ["outcome=convicted", "from=2014&to=2021", "lang=ru", "theme=dark"] {
        assert!(source.contains(part), "no {part} in {source}");
    }
    assert_eq!(browser.value("document.querySelector('input[name=outcome][value=convicted]').checked"), true);
    let code = browser.text("document.getElementById('copy-html').value");
    let copied = html::attributes(&code, "src");
    let picture = copied.iter().find(|own| own.contains("/chart.svg")).expect("a picture");
    assert_eq!(*picture, source);
    // What cannot be chosen says why, in the reader's words.
    let barred = "[...document.querySelectorAll('input:disabled')].map((input) => \
                  document.getElementById(input.getAttribute('aria-describedby'))?.textContent ?? '')";
    let barred = browser.value(barred);
    let barred = barred.as_array().expect("a list");
    assert!(!barred.is_empty());
    for why in barred {
        let why = why.as_str().unwrap_or_default();
        assert!(why.len() > 20 && !why.contains(['`', '=', '_']), "{why}");
        assert!(!why.contains(|letter: char| letter.is_ascii_alphabetic()), "{why}");
    }
    for width in [320, 768, 1200] {
        browser.screenshot(&format!("builder-without-script-{width}"), width);
    }
    service.assert_log_clean();
}
