//! Categories of offence: a dimension that the register of statutes gives, across countries.

use std::collections::{BTreeMap, BTreeSet};

use e2e::browser::Browser;
use e2e::packages::Package;
use e2e::service::Service;
use e2e::table::Table;

const CASES: &str = "/v1/datasets/documented-cases";
const FIGURES: &str = "/v1/datasets/reported-figures";

/// The category of each statute of a bundled dataset.
fn categories(dataset: &str) -> BTreeMap<String, String> {
    let table = Table::read(&e2e::repository().join("data").join(dataset).join("statutes.csv"));
    let rows = table.select(&["statute", "offence"]);
    rows.into_iter().map(|row| (row[0].to_owned(), row[1].to_owned())).collect()
}

#[test]
fn which_countries_prosecute_a_category_and_how_it_ends_is_counted_as_by_hand() {
    let service = Service::start();
    let categories = categories("documented-cases");
    let charges = Table::read(&e2e::repository().join("data/documented-cases/charges.csv"));
    let every: BTreeSet<&String> = categories.values().filter(|code| !code.is_empty()).collect();
    let mut found = 0;
    for category in every {
        let mut groups: BTreeMap<Vec<String>, (BTreeSet<String>, u64)> = BTreeMap::new();
        for row in charges.select(&["country", "outcome", "statute", "defendant_id"]) {
            if categories[row[2]] == **category {
                let group = groups.entry(vec![row[0].to_owned(), row[1].to_owned()]).or_default();
                group.0.insert(row[3].to_owned());
                group.1 += 1;
            }
        }
        let expected: Vec<Vec<String>> = groups
            .into_iter()
            .map(|(key, (persons, charges))| {
                [key, vec![persons.len().to_string(), charges.to_string()]].concat()
            })
            .collect();
        found += expected.len();
        let query = format!("by=country,outcome&category={category}&measure=persons,charges");
        let answer = Table::parse(&service.text(&format!("{CASES}/aggregate.csv?{query}")));
        assert_eq!(answer.rows, expected, "{query}");
    }
    assert!(found > 3, "{found}");
    // By category, every charge is in one group.
    let by =
        Table::parse(&service.text(&format!("{CASES}/aggregate.csv?by=category&measure=charges&labels=ru")));
    assert_eq!(by.header, ["category", "category_label", "charges"]);
    let sum: usize =
        by.select(&["charges"]).concat().iter().map(|count| count.parse::<usize>().unwrap_or(0)).sum();
    assert_eq!(sum, charges.rows.len());
    service.assert_log_clean();
}

#[test]
fn reported_figures_of_a_category_stand_by_country_where_nothing_is_added() {
    let service = Service::start();
    // Of false information, Kazakhstan has figures under a criminal and an administrative article, never of one thing.
    let query = "by=country,year,outcome&category=false-information&measure=cases";
    let answer = Table::parse(&service.text(&format!("{FIGURES}/aggregate.csv?{query}")));
    let by_statute = query.replace("by=country", "by=statute");
    let apart = Table::parse(&service.text(&format!("{FIGURES}/aggregate.csv?{by_statute}")));
    assert!(!answer.rows.is_empty());
    assert_eq!(answer.rows.len(), apart.rows.len(), "no two figures became one");
    let sum = |table: &Table| -> u64 {
        table.select(&["cases"]).concat().iter().map(|count| count.parse::<u64>().unwrap_or(0)).sum()
    };
    assert_eq!(sum(&answer), sum(&apart));
    // Where two would be added, the refusal names the group and both.
    let refused = service.get(&format!(
        "{FIGURES}/aggregate.csv?by=category,year,outcome&category=incitement-to-hatred&country=IND&from=2014&to=2014&measure=persons"
    ));
    assert_eq!(refused.status, 400);
    let problem = refused.json();
    assert_eq!(problem["type"], "urn:chargesheet:problem:not-additive");
    let detail = problem["detail"].as_str().unwrap_or_default();
    for word in [
        "may not be summed",
        "Group by it",
        "IND-IPC-153A",
        "IND-IPC-153B",
        "year 2014",
        "category incitement",
    ] {
        assert!(detail.contains(word), "{word} in {detail}");
    }
    service.assert_log_clean();
}

#[test]
fn an_answer_of_several_statutes_says_so() {
    let statutes = "statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url\n\
        FRA-X-1,,FRA,Example Act,1,,One,,,defamation,,,,\n\
        FRA-X-2,,FRA,Example Act,2,,Two,,,defamation,,,,\n\
        FRA-X-3,,FRA,Example Act,3,,Three,,,,,,,\n";
    let mut package = Package::figures().rows([
        "FRA,FRA-X-1,2019,registered,cases,10,bureau,A,true,",
        "FRA,FRA-X-2,2020,registered,cases,12,bureau,A,true,",
        "FRA,FRA-X-3,2021,registered,cases,7,bureau,A,true,",
    ]);
    package.tables.insert("statutes.csv".to_owned(), statutes.to_owned());
    let folder = package.write();
    let service = Service::start_with(&["--data", &folder.to_string_lossy()]);
    let dataset = format!("/v1/datasets/{}", package.dataset());
    let query = "by=country,year,outcome&category=defamation&measure=cases";
    let answer = service.json(&format!("{dataset}/aggregate.json?{query}"));
    assert_eq!(answer["rows"].as_array().map(Vec::len), Some(2));
    let caveats = answer["caveats"].to_string();
    assert!(
        caveats.contains("FRA-X-1") && caveats.contains("FRA-X-2") && !caveats.contains("FRA-X-3"),
        "{caveats}"
    );
    // A statute without a category is in a group that has no name, and is never asked for.
    let by = service.text(&format!("{dataset}/aggregate.csv?by=category,year,outcome&measure=cases"));
    assert!(by.starts_with("category,year,outcome,cases,status,sources\n,2021,registered,7,"), "{by}");
    let facets = service.json(&format!("{dataset}/facets.json?of=category&lang=en"));
    let values = &facets["facets"][0]["values"];
    assert_eq!(values[0], serde_json::json!({ "value": null, "label": null, "records": 1 }));
    assert_eq!(values[1], serde_json::json!({ "value": "defamation", "label": "Defamation", "records": 2 }));
    service.assert_log_clean();
}

#[test]
fn a_category_is_a_dimension_of_what_is_asked_and_none_of_what_is_recorded() {
    let service = Service::start();
    let names = |path: &str| -> Vec<String> {
        let described = service.json(path);
        let all = described["dimensions"].as_array().cloned().unwrap_or_default();
        all.iter().filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
    };
    let release = service.json(&format!("{CASES}/releases"))["releases"][0]["id"].as_str().map(str::to_owned);
    let pinned = format!("{CASES}/releases/{}", release.unwrap_or_default());
    assert!(names(CASES).contains(&"category".to_owned()));
    assert!(!names(&pinned).contains(&"category".to_owned()), "what describes a release stays the same");
    let canonical = service.json(&format!(
        "{CASES}/aggregate.json?outcome=convicted&category=false-information,defamation&by=category&lineage=1&country=KAZ&from=2019"
    ));
    assert_eq!(
        canonical["query"],
        "by=category&country=KAZ&category=defamation,false-information&outcome=convicted&lineage=1&from=2019&measure=persons"
    );
    let wrong = service.get(&format!("{CASES}/aggregate.csv?category=false-informatoin"));
    assert_eq!(wrong.status, 400);
    assert_eq!(wrong.json()["nearest"], "false-information");
    service.assert_log_clean();
}

#[test]
fn the_page_of_a_category_shows_its_countries_and_statutes_without_scripts() {
    let service = Service::start();
    let browser = Browser::start();
    for (language, width) in [("en", 1200), ("ru", 375), ("kk", 375)] {
        let address = format!("{}/categories/false-information?lang={language}", service.base);
        browser.resize(width, 900);
        browser.open(&address);
        let links = "[...document.querySelectorAll('main a[href^=\"/statutes/\"]')].map((one) => one.getAttribute('href')).join(' ')";
        let links = browser.text(links);
        for statute in ["KAZ-CC-274", "KAZ-KOAP-456-2", "RUS-CC-207.3"] {
            assert!(links.contains(&format!("/statutes/{statute}")), "{statute} in {links}");
        }
        assert!(!links.contains("IND-"), "{links}");
        browser.value("document.querySelector('statute-chart').scrollIntoView()");
        browser.wait_until("!!document.querySelector('statute-chart').shadowRoot?.querySelector('svg')");
        assert_eq!(
            browser.value("document.documentElement.scrollWidth <= innerWidth"),
            true,
            "{language} {width}"
        );
        let found = browser.violations(&e2e::audit::WCAG);
        assert!(found.is_empty(), "{language} {width}: {found:#?}");
        browser.screenshot(&format!("category-{language}-{width}"), width);
    }
    browser.assert_console_clean();
    let page = service.text("/statutes/KAZ-CC-274");
    assert!(page.contains("href=\"/categories/false-information\""));
    // Cases are registered and persons are convicted: both can be chosen.
    let sedition = service.text("/categories/sedition");
    for measure in ["cases", "persons"] {
        let choice = format!("name=\"measure\" value=\"{measure}\"");
        let (_, rest) = sedition.split_once(&choice).unwrap_or_else(|| panic!("no {choice}"));
        assert!(!rest.split('>').next().unwrap_or_default().contains("disabled"), "{measure}");
    }
    let missing = service.get("/categories/false-informatoin");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("/categories/false-information"));
    service.assert_log_clean();
}
