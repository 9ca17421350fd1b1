//! The preview in the page: each chart is, byte for byte, the picture that the page of its statute begins with once the package is
//! published.

use std::path::Path;

use e2e::browser::Browser;
use e2e::draft::Draft;
use e2e::html::attributes;
use e2e::packages::Package;
use e2e::service::{Service, run};
use e2e::{case, empty_folder, repository};
use serde_json::Value;

use super::{FOLDER, checked, opened};

/// Draws the preview of what was checked. Returns statute, picture and words of each chart; no picture where there is none.
pub fn drawn(browser: &Browser) -> Vec<(String, String, String)> {
    browser.click("document.querySelector('#preview button')");
    browser.wait_until("document.querySelector('#preview figure') !== null && document.querySelector('#preview button') === null");
    let all = "[...document.querySelectorAll('#preview figure')].map((one) => { const picture = one.querySelector('img'); \
               return [one.querySelector('figcaption').textContent, picture ? decodeURIComponent(picture.src.split(',')[1]) : '', picture?.alt ?? '']; })";
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let charts = browser.value(all);
    let charts = charts.as_array().expect("the page has figures").iter();
    charts
        .map(|chart| {
            let caption = text(&chart[0]);
            let statute = caption.rsplit_once('(').map_or("", |(_, id)| id.trim_end_matches(')'));
            (statute.to_owned(), text(&chart[1]), text(&chart[2]))
        })
        .collect()
}

/// Returns the picture that the page of a statute begins with, without the mark of who published it; empty where it has none.
fn published(service: &Service, dataset: &str, statute: &str, language: &str) -> String {
    let page = format!("/statutes/{}?dataset={dataset}&lang={language}", statute.replace('/', "%2F"));
    let page = service.text(&page);
    let picture = attributes(&page, "src").into_iter().find(|source| source.contains("/chart.svg?"));
    let Some(picture) = picture else { return String::new() };
    let svg = service.text(&picture);
    let (before, mark) = svg.split_once("<metadata>").expect("a published picture has a mark");
    let (_, after) = mark.split_once("</metadata>\n").expect("the mark ends");
    format!("{before}{after}")
}

fn assert_drawn_as_published(
    service: &Service,
    folder: &Path,
    dataset: &str,
    verdict: &str,
    language: &str,
) -> usize {
    let browser = opened(service, language);
    assert_eq!(checked(&browser, FOLDER, &[folder.to_owned()]), verdict);
    let charts = drawn(&browser);
    for (statute, svg, alt) in &charts {
        let expected = published(service, dataset, statute, language);
        assert!(*svg == expected, "{dataset} {statute} {language}:\n{svg}\n{expected}");
        assert_eq!(alt.is_empty(), svg.is_empty(), "{dataset} {statute}");
    }
    let marks = "[...document.querySelectorAll('#preview figcaption strong')].every((mark) => mark.checkVisibility())";
    assert_eq!(browser.value(marks), true);
    browser.assert_console_clean();
    charts.iter().filter(|(_, svg, _)| !svg.is_empty()).count()
}

#[test]
fn what_is_bundled_is_previewed_as_it_is_published() {
    let service = Service::start();
    for (dataset, verdict) in [
        ("documented-cases", "accept_with_warning"),
        ("reported-figures", "accept"),
        ("russian-courts", "accept"),
    ] {
        for language in ["en", "ru", "kk"] {
            let folder = repository().join("data").join(dataset);
            let count = assert_drawn_as_published(&service, &folder, dataset, verdict, language);
            assert!(count > 0, "{dataset} has charts");
        }
    }
    service.assert_log_clean();
}

#[test]
fn gaps_sources_that_disagree_and_refused_rows_are_drawn_as_they_will_be() {
    let figures = [
        "FRA,FRA-X-1,2016,registered,cases,7,bureau,A,true,",
        "FRA,FRA-X-1,2019,registered,cases,0,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,12,bureau,B,true,",
        "FRA,FRA-X-1,2020,registered,cases,15,monitor,A,false,counts complaints as well",
        "FRA,FRA-X-1,2020,convicted,persons,3,monitor,P,true,",
    ];
    let figures = Package::figures().rows(figures);
    let cases = Draft::new("preview-cases")
        .charge(&[("date_charged", "2017"), ("outcome", "pending")])
        .charge(&[("date_charged", "2021-05-02")])
        .charge(&[("country", "Kazakhstan")]);
    let store = empty_folder("preview-store");
    for (folder, verdict) in [(figures.write(), "accept"), (cases.write(), "reject_rows")] {
        run(&["publish", &folder.display().to_string(), "--store", &store.display().to_string()]);
        let service = Service::start_with(&["--store", &store.display().to_string()]);
        let descriptor = std::fs::read_to_string(folder.join("datapackage.json")).expect("it is there");
        let descriptor: Value = serde_json::from_str(&descriptor).expect("it is JSON");
        let dataset = descriptor["name"].as_str().unwrap_or_default();
        assert!(assert_drawn_as_published(&service, &folder, dataset, verdict, "en") > 0, "{dataset}");
    }
}

#[test]
fn nothing_is_previewed_of_a_package_that_is_refused() {
    let service = Service::start();
    let browser = opened(&service, "en");
    assert_eq!(checked(&browser, FOLDER, &[case("bad-rows")]), "reject_file");
    assert_eq!(browser.value("document.getElementById('preview')"), Value::Null);
}
