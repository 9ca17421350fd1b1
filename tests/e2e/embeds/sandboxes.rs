//! The frame: in WordPress' sandbox, in a sandbox without scripts, on a plain page; wide, narrow, light and dark.

use e2e::audit::WCAG;
use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::html;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use e2e::{wait_for, wordpress};
use serde_json::json;

const SECRET: &str = "aB3dE6gH9j";
const QUERY: &str = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases";
const PAGE: &str =
    "/statutes/IND-IPC-124A?dataset=reported-figures&by=year&outcome=registered&measure=cases&type=line";

/// A post of WordPress with what it keeps of an oEmbed answer in it.
fn post(kept: &str) -> Vec<Page> {
    // Themes keep frames within the column.
    let body = format!(
        "<style>figure {{ margin: 0 0 1em; }} iframe {{ max-width: 100%; }}</style>\n\
         <figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\n{kept}\n</div></figure>\n\
         <script src=\"/wp-embed.js\"></script>"
    );
    vec![
        Page::html("/post", &body),
        Page::answer("/wp-embed.js", "200 OK", "text/javascript", wordpress::SCRIPT),
    ]
}

/// What WordPress keeps of the answer that a page of the service names.
fn kept(service: &Service, page: &str) -> String {
    let found = wordpress::discover(&service.text(page)).unwrap_or_else(|| panic!("no link on {page}"));
    let answer = service.json(&format!("{}&maxwidth=600&maxheight=900", &found[service.base.len()..]));
    let html = answer["html"].as_str().unwrap_or_default();
    wordpress::filter(html, SECRET).unwrap_or_else(|| panic!("WordPress refuses {html}"))
}

const HEIGHT_TOLD: &str = "messages.some(({ message }) => message === 'height')";

/// A frame of somebody else, which behaves: to try the reproduction with.
const WELL_BEHAVED: &str = "<a id=\"on\" href=\"/further\">On</a>\n<script>\
    const secret = /secret=([a-zA-Z0-9]{10})/.exec(location.hash)?.[1];\
    const tell = (message, value) => parent.postMessage({ message, value, secret }, '*');\
    onload = () => tell('height', 4000);\
    document.getElementById('on').onclick = (event) => { event.preventDefault(); tell('link', event.target.href); };\
    </script>";

#[test]
fn the_reproduction_shows_a_frame_that_says_its_height_and_follows_its_links() {
    let provider = Partner::start(vec![Page::html("/frame", WELL_BEHAVED), Page::html("/further", "")]);
    let answer = format!(
        "<blockquote><a href=\"{0}/\">T</a></blockquote><iframe src=\"{0}/frame\" width=\"600\" height=\"400\"></iframe>",
        provider.base
    );
    let partner = Partner::start(post(&wordpress::filter(&answer, SECRET).expect("it has a frame")));
    let browser = Browser::start();
    browser.resize(1200, 1600);
    browser.open(&format!("{}/post", partner.base));
    browser.wait_until(HEIGHT_TOLD);
    assert_eq!(browser.value("document.querySelector('iframe').height"), "1000");
    assert_eq!(browser.value("getComputedStyle(document.querySelector('iframe')).visibility"), "visible");
    assert_eq!(browser.value("getComputedStyle(document.querySelector('blockquote')).display"), "none");
    assert_eq!(browser.inside("self.origin"), "null");
    // A link that nobody touched leads nowhere: the frame has not the focus.
    browser.inside("document.getElementById('on').click()");
    browser.wait_until("messages.some(({ message }) => message === 'link')");
    assert_eq!(browser.text("location.pathname"), "/post");
    click_inside(&browser, "document.getElementById('on')");
    browser.wait_until("location.pathname === '/further'");
    browser.assert_console_clean();
}

/// Clicks, with the mouse, on what an expression gives an element for inside the frame.
fn click_inside(browser: &Browser, element: &str) {
    let frame =
        browser.value("(({ x, y }) => [x, y])(document.querySelector('iframe').getBoundingClientRect())");
    let place = browser.inside(&format!(
        "(({{ x, y, width, height }}) => [x + width / 2, y + height / 2])(({element}).getBoundingClientRect())"
    ));
    let at = |axis: usize| Some(frame[axis].as_f64()? + place[axis].as_f64()?);
    let (x, y) = at(0).zip(at(1)).unwrap_or_else(|| panic!("{element} has no place"));
    assert!(browser.value("innerHeight").as_f64() > Some(y), "{element} is below the window");
    browser.click_at(x, y);
}

#[test]
fn a_pasted_address_becomes_a_chart_in_wordpress_sandbox() {
    let service = Service::start();
    let partner = Partner::start(post(&kept(&service, PAGE)));
    let browser = Browser::start();
    for width in [1200, 375] {
        browser.resize(width, 1600);
        browser.open(&format!("{}/post", partner.base));
        browser.wait_until(HEIGHT_TOLD);
        browser.wait_inside(DRAWN);
        assert_eq!(browser.inside("self.origin"), "null");
        assert_eq!(browser.value("getComputedStyle(document.querySelector('iframe')).visibility"), "visible");
        assert_eq!(browser.value("getComputedStyle(document.querySelector('blockquote')).display"), "none");
        assert_heights(&browser);
        let stored = "(() => { try { return localStorage.length + sessionStorage.length; } catch { return 'refused'; } })()";
        assert_eq!(browser.inside(stored), "refused", "the sandbox has no storage");
        browser.assert_fits(width);
        browser.screenshot(&format!("wordpress-IND-IPC-124A-{width}"), width);
    }
    browser.assert_console_clean();
    let sent = browser.sent();
    let (own, partners) = (format!("{}/", service.base), format!("{}/", partner.base));
    for request in &sent {
        assert!(
            request.url.starts_with(&own) || request.url.starts_with(&partners),
            "a request to {}",
            request.url
        );
        assert_eq!(request.header("cookie"), None, "{request:?}");
    }
    // The sandbox has no origin; the chart is there all the same.
    let fetched = sent.iter().find(|request| request.url.contains("/aggregate.json"));
    let fetched = fetched.unwrap_or_else(|| panic!("the figures are not asked for: {sent:#?}"));
    assert_eq!(fetched.header("origin"), Some("null"), "{fetched:?}");
    assert!(browser.cookies().is_empty());
    service.assert_log_clean();
}

/// Every height that was told has the secret, is one that WordPress takes, and in the end nothing is cut off.
fn assert_heights(browser: &Browser) {
    wait_for("the frame to be as high as its content", || {
        let high =
            browser.value("document.querySelector('iframe').getBoundingClientRect().height").as_f64()?;
        let needed = browser.inside("document.documentElement.scrollHeight").as_f64()?;
        // Parts of a pixel are rounded up by the one and down by the other.
        (needed <= high + 1.0).then_some(())
    });
    let told = browser.value("messages");
    for message in told.as_array().expect("messages are a list") {
        assert_eq!(message["secret"], SECRET, "{told:#}");
        if message["message"] == "height" {
            let height = message["value"].as_f64().unwrap_or_else(|| panic!("{told:#}"));
            assert!((200.0..=1000.0).contains(&height), "{told:#}");
        }
    }
}

#[test]
fn a_link_in_the_sandbox_leads_the_reader_to_the_figures() {
    let service = Service::start();
    let partner = Partner::start(post(&kept(&service, PAGE)));
    let browser = Browser::start();
    browser.resize(1200, 1600);
    browser.open(&format!("{}/post", partner.base));
    browser.wait_until(HEIGHT_TOLD);
    browser.wait_inside(DRAWN);
    assert_heights(&browser);
    let shadow = "document.querySelector('statute-chart').shadowRoot";
    click_inside(&browser, &format!("{shadow}.querySelector('button[name=cite]')"));
    let link = format!(
        "[...{shadow}.querySelectorAll('[part=panel] a[href]')].find((link) => link.pathname.startsWith('/statutes/'))"
    );
    browser.wait_inside(&format!("!!{link}?.checkVisibility()"));
    // A panel in a low frame has to be scrolled.
    browser.inside(&format!("({link}).scrollIntoView({{ block: 'nearest', behavior: 'instant' }})"));
    click_inside(&browser, &link);
    browser
        .wait_until(&format!("location.href.startsWith({})", json!(format!("{}/statutes/", service.base))));
    service.assert_log_clean();
}

#[test]
fn without_scripts_the_quotation_or_the_picture_remains() {
    let service = Service::start();
    let embedded = format!("{}/embed/reported-figures?{QUERY}&type=line", service.base);
    let address = embedded.replace('&', "&amp;");
    let mut pages = post(&kept(&service, PAGE));
    let frame =
        format!("<iframe sandbox src=\"{address}\" width=\"600\" height=\"400\" title=\"A chart\"></iframe>");
    pages.push(Page::html("/framed", &frame));
    let partner = Partner::start(pages);
    let browser = Browser::start();
    browser.switch_scripts_off();
    browser.open(&format!("{}/post", partner.base));
    let quotation = "document.querySelector('blockquote')";
    assert_eq!(browser.value(&format!("{quotation}.checkVisibility()")), true);
    assert!(browser.text(&format!("{quotation}.textContent")).contains("124A"));
    let link = browser.text(&format!("{quotation}.querySelector('a').href"));
    assert!(link.starts_with(&format!("{}/statutes/IND-IPC-124A", service.base)), "{link}");
    browser.screenshot("wordpress-without-script-600", 600);
    // The frame's own page, as it is.
    browser.open(&embedded);
    browser.wait_until("document.querySelector('img')?.naturalWidth > 0");
    assert!(!browser.text("document.querySelector('img').alt").is_empty());
    browser.screenshot("embed-without-script-600", 600);
    // And in a frame that lets nothing run.
    browser.open(&format!("{}/framed", partner.base));
    browser.screenshot("framed-without-script-600", 600);
    service.assert_log_clean();
}

#[test]
fn the_frames_page_may_be_framed_by_anybody_and_runs_only_what_is_ours() {
    let service = Service::start();
    let release = service.json("/v1/datasets/reported-figures")["release"].clone();
    let release = release["id"].as_str().or(release.as_str()).expect("a dataset has a release").to_owned();
    for path in [
        format!("/embed/reported-figures?{QUERY}"),
        format!("/embed/reported-figures/releases/{release}?{QUERY}"),
        "/embed/documented-cases?by=outcome&statute=KAZ-CC-274&lang=ru".to_owned(),
    ] {
        let reply = service.get(&path);
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("'wasm-unsafe-eval'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert!(!policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!((reply.header("x-frame-options"), reply.header("set-cookie")), ("", ""), "{path}");
        let text = reply.text();
        assert!(text.contains("<img ") && text.contains("/statutes/"), "{text}");
        assert!(!text.contains("<style") && !text.contains(" style=\""), "{path} has a style of its own");
    }
    for (path, status) in [
        ("/embed/nothing?by=year", 404),
        ("/embed/reported-figures?by=yaer", 400),
        ("/embed/reported-figures/releases/2020-01-01-000000000000?by=year", 404),
    ] {
        assert_eq!(service.get(path).status, status, "{path}");
    }
    service.assert_log_clean();
}

#[test]
fn axe_finds_nothing_in_the_frames_page_and_nothing_moves_in_it() {
    let service = Service::start();
    let browser = Browser::start();
    browser.watch_for_shifts();
    for query in
        [format!("reported-figures?{QUERY}"), "documented-cases?by=outcome&statute=KAZ-CC-274".to_owned()]
    {
        for (language, scheme, width) in [("en", "light", 600), ("ru", "dark", 1200), ("kk", "light", 375)] {
            browser.prefer(scheme);
            browser.resize(width, 1000);
            browser.open(&format!("{}/embed/{query}&lang={language}", service.base));
            browser.wait_until(DRAWN);
            let (sum, moved) = browser.shifted();
            assert!(sum == 0.0, "{query} {language} {width} moved by {sum}: {moved:#?}");
            let found = browser.violations(&WCAG);
            assert!(found.is_empty(), "{query} {language} {scheme} {width}: {found:#?}");
            let name = query.split('?').next().unwrap_or_default();
            browser.screenshot(&format!("embed-{name}-{language}-{scheme}-{width}"), width);
        }
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_frame_on_a_plain_page_needs_no_script_of_that_page() {
    let service = Service::start();
    let address = format!("{}/embed/reported-figures?{QUERY}&type=line", service.base).replace('&', "&amp;");
    let frame = format!("<iframe src=\"{address}\" width=\"800\" height=\"520\" title=\"A chart\"></iframe>");
    let policy =
        format!("default-src 'none'; frame-src {}; img-src data:; style-src 'unsafe-inline'", service.base);
    let partner = Partner::start(vec![Page::html("/news", &frame).with_policy(&policy)]);
    let browser = Browser::start();
    browser.open(&format!("{}/news", partner.base));
    browser.wait_inside(DRAWN);
    let texts = browser.inside(
        "document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg').textContent",
    );
    assert!(html::text(texts.as_str().unwrap_or_default()).contains("124A"), "{texts}");
    browser.assert_console_clean();
    service.assert_log_clean();
}
