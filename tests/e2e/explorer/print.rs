//! The sheet of a statute on paper: one page of A4 with all that belongs to it.

use e2e::audit;
use e2e::browser::Browser;
use e2e::service::Service;

/// How many pages a PDF has: Chromium writes every page as an object of its own.
fn pages(pdf: &[u8]) -> usize {
    let mark = b"/Type /Page\n";
    pdf.windows(mark.len()).filter(|part| part == mark).count()
}

/// Sheets with much on them: many caveats, many sources, many years, many outcomes.
const SHEETS: [&str; 6] = [
    "/report/reported-figures?by=year,outcome&statute=KAZ-CC-274&measure=cases",
    "/report/reported-figures?by=year,outcome&statute=IND-IPC-124A&measure=cases",
    "/report/reported-figures?by=year,outcome&statute=TUR-TCK-299&measure=persons",
    "/report/reported-figures?by=year,outcome&statute=GBR-CA2003-127&measure=persons",
    "/report/documented-cases?by=year,outcome&statute=KAZ-CC-274&measure=persons",
    "/report/documented-cases?by=outcome&measure=persons,cases,charges",
];

#[test]
fn a_sheet_is_one_page_with_chart_table_caveats_sources_and_citation() {
    let service = Service::start();
    let browser = Browser::start();
    for (number, sheet) in SHEETS.iter().enumerate() {
        for language in ["en", "ru", "kk"] {
            let address = format!("{sheet}&lang={language}");
            assert_eq!(service.get(&address).status, 200, "{address}: {}", service.get(&address).text());
            browser.open(&format!("{}{address}", service.base));
            browser.wait_until(
                "[...document.images].every((image) => image.complete && image.naturalWidth > 0)",
            );
            let shown = browser.text("document.querySelector('main').innerText");
            assert!(shown.contains("/releases/"), "{address}: the address is pinned: {shown}");
            for part in ["h1", "figure img[alt]", "table", "ul li", "ol.sources li", ".citation"] {
                assert_eq!(
                    browser.value(&format!("!!document.querySelector('main {part}')")),
                    true,
                    "{address}: {part}"
                );
            }
            let pdf = browser.print(&format!("sheet-{number}-{language}"));
            assert_eq!(pages(&pdf), 1, "{address}");
        }
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn a_sheet_can_be_read_on_a_screen_too() {
    let service = Service::start();
    let browser = Browser::start();
    for width in [375, 1200] {
        browser.resize(width, 900);
        browser.open(&format!("{}{}", service.base, SHEETS[1]));
        let found = browser.violations(&audit::WCAG);
        assert!(found.is_empty(), "{width}: {found:#?}");
        assert_eq!(browser.value("document.documentElement.scrollWidth <= innerWidth"), true, "{width}");
        browser.screenshot(&format!("sheet-screen-{width}"), width);
    }
}

#[test]
fn a_sheet_that_cannot_be_says_why() {
    let service = Service::start();
    let summed = service.get("/report/reported-figures?by=year&statute=IND-IPC-124A");
    assert_eq!(summed.status, 400);
    assert!(summed.text().contains("Figures of different outcomes overlap"), "{}", summed.text());
    assert_eq!(service.get("/report/reported-figure").status, 404);
    let empty = service.get("/report/documented-cases?by=year&statute=KAZ-CC-274&from=1950&to=1951");
    assert_eq!(empty.status, 200);
    assert!(empty.text().contains("not a zero"), "{}", empty.text());
}
