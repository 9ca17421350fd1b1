//! The explorer as a reader without JavaScript has it: plain pages, whose every link works.

use std::collections::BTreeSet;

use e2e::html;
use e2e::packages::Package;
use e2e::service::Service;
use e2e::store::Store;

/// A page with everything, one without figures, one with parts, one in Russian, one in Kazakh.
const PAGES: [&str; 5] = [
    "/statutes/KAZ-CC-274",
    "/statutes/KAZ-CC-373",
    "/statutes/POL-KK-212",
    "/statutes/IND-IPC-124A?lang=ru",
    "/statutes/TUR-TCK-299?lang=kk",
];

/// Returns the addresses of the statutes that a list shows.
fn listed(page: &str) -> BTreeSet<String> {
    html::attributes(page, "href")
        .into_iter()
        .filter_map(|address| address.strip_prefix("/statutes/").map(str::to_owned))
        .map(|address| address.split('?').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn the_start_page_lists_every_statute_of_the_register() {
    let service = Service::start();
    let register = service.json("/v1/statutes");
    let all: BTreeSet<String> = register["statutes"]
        .as_array()
        .expect("a list of statutes")
        .iter()
        .filter_map(|statute| statute["id"].as_str().map(str::to_owned))
        .collect();
    assert!(all.len() > 50, "{}", all.len());
    for language in ["", "?lang=ru", "?lang=kk"] {
        assert_eq!(listed(&service.text(&format!("/{language}"))), all, "{language}");
    }
    service.assert_log_clean();
}

#[test]
fn a_statute_is_found_by_words_country_and_category() {
    let service = Service::start();
    let find = |query: &str| listed(&service.text(&format!("/?{query}")));
    let all = find("").len();
    for (query, statute) in [
        ("q=sedition", "IND-IPC-124A"),
        ("q=SEDITION+india", "IND-IPC-124A"),
        ("q=124A", "IND-IPC-124A"),
        ("q=%D0%9A%D0%B0%D0%B7%D0%B0%D1%85%D1%81%D1%82%D0%B0%D0%BD", "KAZ-CC-274"), // Казахстан
        ("q=%D2%9A%D0%B0%D0%B7%D0%B0%D2%9B%D1%81%D1%82%D0%B0%D0%BD&lang=kk", "KAZ-CC-274"), // Қазақстан
        ("q=%D0%B7%D0%B0%D0%B2%D0%B5%D0%B4%D0%BE%D0%BC%D0%BE&lang=ru", "KAZ-CC-274"), // заведомо
        ("country=KAZ", "KAZ-CC-274"),
        ("category=false-information", "KAZ-CC-274"),
        ("q=274&country=KAZ&category=false-information", "KAZ-CC-274"),
    ] {
        let found = find(query);
        assert!(found.contains(statute), "{query}: {found:?}");
        assert!(found.len() < all, "{query} leaves everything");
    }
    assert!(find("country=KAZ").iter().all(|id| id.starts_with("KAZ-")));
    // Nothing found is said, not shown as an empty page.
    let page = service.text("/?q=zzzzzz");
    assert!(listed(&page).is_empty());
    assert!(page.contains("Nothing"), "{page}");
    // What was searched for stands in its fields.
    let page = service.text("/?q=sedition&country=IND");
    assert!(page.contains("value=\"sedition\"") && page.contains("value=\"IND\" selected"), "{page}");
    // An empty field, as a form sends it, is no filter.
    assert_eq!(find("q=&country=&category=").len(), all);
    service.assert_log_clean();
}

#[test]
fn a_country_or_category_that_does_not_exist_is_refused() {
    let service = Service::start();
    for query in ["country=KAS", "category=false-info", "contry=KAZ", "q=%FF"] {
        let reply = service.get(&format!("/?{query}"));
        assert_eq!(reply.status, 400, "{query}");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{query}");
    }
    for query in
        ["dataset=nothing", "by=yaer", "measure=people", "outcome=convictd", "type=pie", "outcom=convicted"]
    {
        let reply = service.get(&format!("/statutes/KAZ-CC-274?{query}"));
        assert_eq!(reply.status, 400, "{query}");
        let value = query.split('=').next_back().unwrap_or_default();
        let named = if query.starts_with("outcom=") { "outcom" } else { value };
        assert!(reply.text().contains(named), "{query}: {}", reply.text());
    }
    let reply = service.get("/statutes/KAZ-CC-247");
    assert_eq!(reply.status, 404);
    assert!(reply.text().contains("href=\"/statutes/KAZ-CC-274\""), "{}", reply.text());
    service.assert_log_clean();
}

#[test]
fn every_link_of_the_pages_works() {
    let service = Service::start();
    let mut links = BTreeSet::new();
    for page in ["/", "/?lang=ru", "/?q=sedition&country=IND&lang=kk"].into_iter().chain(PAGES) {
        let text = service.text(page);
        for name in ["href", "src", "srcset", "action"] {
            links.extend(html::attributes(&text, name));
        }
    }
    let mut followed = 0;
    for link in links.iter().filter(|link| link.starts_with('/') || link.starts_with(&service.base)) {
        let path = link.strip_prefix(&service.base).unwrap_or(link);
        let reply = service.get(path);
        // A short address leads to the sheet of the answer.
        let reply = if path.starts_with("/s/") { service.get(reply.header("location")) } else { reply };
        assert_eq!(reply.status, 200, "{link}: {}", reply.text());
        followed += 1;
    }
    assert!(followed > 80, "only {followed} links");
    // Every other one leads to a source or a law, or stays on the page.
    for link in links.iter().filter(|link| !link.starts_with('/') && !link.starts_with(&service.base)) {
        assert!(
            link.starts_with("https://") || link.starts_with("http://") || link.starts_with('#'),
            "{link}"
        );
    }
    service.assert_log_clean();
}

#[test]
fn a_page_shows_the_figures_with_their_caveats_sources_and_downloads() {
    let service = Service::start();
    let page = service.text("/statutes/IND-IPC-124A");
    for word in [
        "<h1>",
        "Sedition",
        "India",
        "<table class=\"figures\">",
        "<caption",
        "National Crime Records Bureau",
        "aggregate.csv?",
        "aggregate.json?",
        "chart.svg?",
        "<textarea",
        "releases/",
    ] {
        assert!(page.contains(word), "no {word} on the page");
    }
    // Both figures where sources disagree.
    assert!(page.contains("70") && page.contains("75"), "the disagreement of 2018");
    let page = service.text("/statutes/KAZ-CC-274?dataset=documented-cases");
    assert!(page.contains("not all cases"), "the first caveat");
    let elsewhere = |link: &&String| link.starts_with("http") && !link.starts_with(&service.base);
    for source in html::attributes(&page, "href").iter().filter(elsewhere) {
        // The address of a source is the one under which it was read.
        let is_of_data =
            ["documented-cases/charges.csv", "reported-figures/history.csv"].iter().any(|file| {
                let file = e2e::repository().join("data").join(file);
                std::fs::read_to_string(file).expect("the data are there").contains(source.as_str())
            });
        assert!(source.starts_with("https://") || is_of_data, "{source}");
    }
    service.assert_log_clean();
}

#[test]
fn a_dataset_that_is_added_changes_no_page_that_was_there() {
    // Much to see on a statute that bundled datasets cover, from two datasets whose names stand before theirs.
    let titled =
        "KAZ-CC-274,,KAZ,Criminal Code 2014,274,,Another title,Другое,Басқа,false-information,2015-01-01,,,";
    let covering = |name: &str, title: &str| {
        let rows = (0..500).map(|row| format!("C{row},D{row},KAZ,KAZ-CC-274,2020-03-01,pending,"));
        let mut package = Package::cases().saying("name", name).saying("title", title).rows(rows);
        let statutes = package.tables.get_mut("statutes.csv").expect("a case has statutes");
        *statutes = format!("{}\n{titled}\n", statutes.lines().next().unwrap_or_default());
        package
    };
    let store = Store::empty("store-tabs");
    store.add(&covering("b-added-first", "Added first"));
    store.add(&covering("a-added-later", "Added later"));
    let folder = covering("aa-given", "Given as a folder").write();
    let (alone, service) = (
        Service::start(),
        Service::start_with(&[
            "--store",
            store.text(),
            "--data",
            folder.to_str().expect("the path is UTF-8"),
        ]),
    );
    let tabs = |service: &Service| -> Vec<String> {
        let page = service.text("/statutes/KAZ-CC-274");
        let tabs = html::inside(&page, "nav", "class=\"datasets\"");
        html::attributes(&tabs, "href")
    };
    let (before, after) = (tabs(&alone), tabs(&service));
    assert_eq!(before.len(), 2, "{before:?}");
    let named = |name: &str| format!("/statutes/KAZ-CC-274?dataset={name}");
    let added = ["b-added-first", "a-added-later", "aa-given"].map(named);
    assert_eq!(after, [before, added.to_vec()].concat());
    let shown = |service: &Service| {
        let page = service.text("/statutes/KAZ-CC-274");
        (html::inside(&page, "h1", ""), html::inside(&page, "title", ""), html::attributes(&page, "src"))
    };
    assert_eq!(shown(&alone), shown(&service), "title, name and chart are those that were there");
    let ids = |service: &Service| -> Vec<String> {
        let all = service.json("/v1/datasets");
        let all = all["datasets"].as_array().cloned().unwrap_or_default();
        all.iter().filter_map(|dataset| dataset["id"].as_str().map(str::to_owned)).collect()
    };
    let own = ["b-added-first", "a-added-later", "aa-given"].map(str::to_owned);
    assert_eq!(ids(&service), [ids(&alone), own.to_vec()].concat());
    let told = service.json("/v1/statutes/KAZ-CC-274");
    assert_eq!(told["title"], alone.json("/v1/statutes/KAZ-CC-274")["title"]);
    service.assert_log_clean();
}

#[test]
fn a_statute_without_figures_says_so() {
    let service = Service::start();
    for (page, words) in [
        ("/statutes/KAZ-CC-373", "figure"),
        ("/statutes/KAZ-CC-375?lang=ru", "данных"),
        ("/statutes/KAZ-CC-376?lang=kk", "дерек"),
    ] {
        let text = service.text(page);
        let notice = html::inside(&text, "p", "class=\"notice\"");
        assert!(notice.to_lowercase().contains(words), "{page}: {notice}");
        assert!(!text.contains("<statute-chart") && !text.contains("<textarea"), "{page}");
    }
}

#[test]
fn no_page_runs_a_script_or_style_of_its_own_or_sets_a_cookie() {
    let service = Service::start();
    for page in
        ["/", "/?lang=ru", "/?q=nothing-like-this", "/statutes/NOWHERE", "/?lang=de"].into_iter().chain(PAGES)
    {
        let reply = service.get(page);
        let policy = reply.header("content-security-policy");
        for directive in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(directive), "{page}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{page}: {policy}");
        assert_eq!(reply.header("set-cookie"), "", "{page}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{page}");
        let text = reply.text();
        assert!(!text.contains("<style") && !text.contains(" style=\""), "{page} has a style of its own");
        for (place, _) in text.match_indices("<script") {
            // What search engines read is data: no browser runs it.
            let is_data = text[place..].starts_with("<script type=\"application/ld+json\">");
            let is_file = text[place..].starts_with("<script type=\"module\" src=\"/");
            assert!(is_data || is_file, "{page} has an inline script");
        }
        for handler in [" onclick=", " onload=", " onerror=", "javascript:"] {
            assert!(!text.contains(handler), "{page} has {handler}");
        }
        assert!(text.starts_with("<!doctype html>"), "{page}");
    }
    service.assert_log_clean();
}

#[test]
fn a_page_is_in_the_language_asked_for() {
    let service = Service::start();
    for (query, language, word) in
        [("", "en", "All statutes"), ("?lang=ru", "ru", "Казахстан"), ("?lang=kk", "kk", "Қазақстан")]
    {
        let page = service.text(&format!("/statutes/KAZ-CC-274{query}"));
        assert!(page.contains(&format!("<html lang=\"{language}\">")), "{query}");
        assert!(page.contains(word), "{query}: no {word}");
        assert!(page.contains(&format!("lang={language}")), "{query}: the snippet is in the page's language");
    }
}

#[test]
fn the_page_of_a_country_begins_with_a_chart() {
    let service = Service::start();
    let page = service.text("/countries/KAZ");
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not on {page}"));
    assert!(at("<img class=\"chart\"") < at("<ul class=\"statutes\">"), "{page}");
    assert_eq!(page.matches("<ul class=\"statutes\">").count(), 1);
    service.assert_log_clean();
}
