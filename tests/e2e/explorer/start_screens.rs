//! The start page as it stands on a screen: how long it is on a phone, and who makes it.

use e2e::browser::Browser;
use e2e::html;
use e2e::service::Service;

/// Width and height of a phone's screen, in CSS pixels.
const PHONE: (u32, u32) = (375, 812);

#[test]
fn the_start_page_is_three_screens_of_a_phone() {
    let service = Service::start();
    let browser = Browser::start();
    browser.resize(PHONE.0, PHONE.1);
    for language in ["en", "ru", "kk"] {
        browser.open(&format!("{}/?lang={language}", service.base));
        browser.wait_until("document.querySelector('img.chart').complete");
        let screens = browser.value(&format!("document.documentElement.scrollHeight / {}", PHONE.1));
        let screens = screens.as_f64().expect("a height");
        println!("the start page in {language}: {screens:.2} screens");
        assert!(screens <= 3.0, "{language}: {screens}");
        let search = browser.value(&format!(
            "document.querySelector('form.search').getBoundingClientRect().bottom / {}",
            PHONE.1
        ));
        assert!(search.as_f64().expect("a height") <= 1.5, "{language}: {search}");
        browser.assert_fits(PHONE.0);
    }
    // On a wide screen the picture is not scaled, and its words with it.
    browser.resize(1440, 900);
    browser.open(&format!("{}/", service.base));
    browser.wait_until("document.querySelector('img.chart').currentSrc.endsWith('&width=550')");
    let shown = browser.value("document.querySelector('img.chart').getBoundingClientRect().width");
    assert!((540.0..560.0).contains(&shown.as_f64().expect("a width")), "{shown}");
    browser.assert_console_clean();
}

#[test]
fn the_list_is_short_until_all_of_it_is_asked_for() {
    let service = Service::start();
    let browser = Browser::start();
    let shown =
        "[...document.querySelectorAll('.laws tbody tr')].filter((row) => row.checkVisibility()).length";
    for (width, rows) in [(PHONE.0, 5), (1200, 10)] {
        browser.resize(width, PHONE.1);
        browser.open(&format!("{}/", service.base));
        assert_eq!(browser.value(shown), rows, "at {width}");
        browser.run("document.querySelector('.all a').click()", Vec::new());
        browser.wait_until(&format!("{shown} > 50"));
        // No area of its own is scrolled in the page.
        let is_whole = "(({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight + 1)(document.querySelector('.laws'))";
        assert_eq!(browser.value(is_whole), true, "at {width}");
        assert_eq!(browser.value("document.querySelector('.all').checkVisibility()"), false, "at {width}");
        // What a search finds is all shown, or there is a link to the rest.
        browser.open(&format!("{}/?country=KAZ", service.base));
        assert_eq!(browser.value("document.querySelector('.all a').checkVisibility()"), true, "at {width}");
    }
    // Rows of figures without a line begin where those with one do.
    browser.resize(1200, PHONE.1);
    browser.open(&format!("{}/#laws", service.base));
    let starts = "new Set([...document.querySelectorAll('.newest span')].map((own) => Math.round(own.getBoundingClientRect().left))).size";
    assert_eq!(browser.value(starts), 1);
    browser.assert_console_clean();
}

#[test]
fn every_page_says_who_makes_it() {
    let service = Service::start();
    for language in ["en", "ru", "kk"] {
        let page = service.text(&format!("/?lang={language}"));
        let who =
            page.split("<section class=\"who\"").nth(1).and_then(|rest| rest.split("</section>").next());
        let who = who.unwrap_or_else(|| panic!("nobody in {language}"));
        assert!(who.contains("Chargesheet") && who.contains("/about"), "{who}");
    }
    for path in
        ["/", "/?q=sedition", "/statutes/KAZ-CC-274", "/countries/KAZ", "/charts/new", "/about", "/api"]
    {
        let page = service.text(path);
        let top = html::inside(&page, "header", "class=\"top\"");
        assert!(top.contains("<a href=\"/about\">About</a>"), "{path}: {top}");
    }
    let browser = Browser::start();
    browser.resize(320, PHONE.1);
    for language in ["en", "ru", "kk"] {
        browser.open(&format!("{}/?lang={language}", service.base));
        browser.assert_fits(320);
    }
    // An operator's own title says who they are.
    let folder = std::env::temp_dir().join(format!("chargesheet-who-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("about.md");
    std::fs::write(&file, "# The Register of Charges\n\nWe count.\n").expect("a file");
    let own = Service::start_with(&["--about", file.to_str().expect("the path is UTF-8")]);
    assert!(own.text("/").contains("<a href=\"/about\" lang=\"en\">The Register of Charges</a>"));
    assert!(own.text("/?lang=kk").contains(" lang=\"en\">The Register of Charges</a>"));
    let _ = std::fs::remove_dir_all(&folder);
}
