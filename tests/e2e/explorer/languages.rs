//! A page, an answer and a refusal are in the language that was asked for.

use e2e::html;
use e2e::service::Service;

/// Whether a text has a word in the letters of English, outside what was typed.
fn is_english(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|letter| {
        run = if letter.is_ascii_alphabetic() { run + 1 } else { 0 };
        run >= 3
    })
}

/// Returns a page's text about what is wrong, without what was typed.
fn lead(page: &str) -> String {
    let lead = page.split("<p class=\"lead\">").nth(1).and_then(|rest| rest.split("</p>").next());
    let lead = lead.unwrap_or_else(|| panic!("no lead in {page}"));
    lead.split("<code>").map(|part| part.rsplit("</code>").next().unwrap_or_default()).collect()
}

#[test]
fn a_wrong_address_is_answered_in_its_language() {
    let service = Service::start();
    for (path, status) in [
        ("/statutes/NOWHERE", 404),
        ("/statutes/KAZ-CC-247", 404),
        ("/categories/false-info", 404),
        ("/countries/KAS", 404),
        ("/datasets/reported-figure", 404),
        ("/datasets/reported-figures/releases/x", 404),
        ("/nothing", 404),
        ("/s/x", 400),
        ("/?country=KAS", 400),
        ("/?sort=name", 400),
        ("/?contry=KAZ", 400),
        ("/statutes/KAZ-CC-274?by=yaer", 400),
        ("/statutes/KAZ-CC-274?type=pie", 400),
        ("/statutes/KAZ-CC-274?dataset=nothing", 400),
        ("/statutes/KAZ-CC-274?outcome=convictd", 400),
        ("/statutes/KAZ-CC-274?from=2020-13", 400),
        ("/report/reported-figures?by=year", 400),
    ] {
        for language in ["ru", "kk"] {
            let joint = if path.contains('?') { '&' } else { '?' };
            let address = format!("{path}{joint}lang={language}");
            let reply = service.get(&address);
            assert_eq!(reply.status, status, "{address}");
            let page = reply.text();
            assert!(page.contains(&format!("<html lang=\"{language}\">")), "{address}: {page}");
            let told = lead(&page);
            assert!(!is_english(&told) && told.contains(' '), "{address}: {told}");
        }
    }
    // The nearest right page is in the same language.
    let page = service.get("/statutes/KAZ-CC-247?lang=kk").text();
    assert!(page.contains("href=\"/statutes/KAZ-CC-274?lang=kk\""), "{page}");
    service.assert_log_clean();
}

#[test]
fn a_refused_view_says_why_without_names_of_parameters() {
    let service = Service::start();
    for (query, english) in [
        ("by=year", "Figures of different outcomes overlap"),
        ("by=outcome", "The same case can be in the figures of several years"),
        ("by=year,outcome&type=stacked", "they may not be added"),
        ("by=outcome&from=2015&to=2015&type=line", "A line needs years"),
    ] {
        for language in ["en", "ru", "kk"] {
            let page = service.text(&format!("/statutes/IND-IPC-124A?{query}&lang={language}"));
            let notice = html::inside(&page, "p", "class=\"notice\"");
            assert!(!notice.contains(['`', '=', '_', '{']), "{query} {language}: {notice}");
            assert_eq!(notice.contains(english), language == "en", "{query}: {notice}");
            assert_eq!(is_english(&notice), language == "en", "{query}: {notice}");
        }
    }
    service.assert_log_clean();
}

#[test]
fn a_problem_says_what_is_wrong_in_the_language_that_was_asked_for() {
    let service = Service::start();
    let path = "/v1/datasets/reported-figures/aggregate.json?by=year&statute=IND-IPC-124A";
    let plain = service.get(path).json();
    assert!(plain["told"].is_null(), "{plain}");
    for (language, words) in [("ru", "пересекаются"), ("kk", "қиылысады"), ("en", "overlap")]
    {
        let told = service.get(&format!("{path}&labels={language}")).json();
        assert_eq!(told["detail"], plain["detail"], "{language}");
        assert!(told["told"].as_str().is_some_and(|text| text.contains(words)), "{told}");
    }
    let drawn = "/v1/datasets/documented-cases/chart.svg?by=outcome&type=line&lang=ru";
    let drawn = service.get(drawn).json();
    assert!(drawn["told"].as_str().is_some_and(|text| text.contains("годы")), "{drawn}");
    service.assert_log_clean();
}
