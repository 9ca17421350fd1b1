//! The sources behind an answer, and the way from every number to them.

use std::collections::BTreeMap;

use e2e::browser::Browser;
use e2e::packages::Package;
use e2e::service::Service;
use e2e::table::Table;
use e2e::{FIRST_CASES as CASES, FIRST_FIGURES as FIGURES};

#[test]
fn where_sources_disagree_their_figures_stand_side_by_side() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases&outcome=registered&from=2018&to=2018";
    let reply = service.get(&format!("{FIGURES}/evidence.csv?{query}&lang=ru"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8; header=present");
    let evidence = Table::parse(&reply.text());
    assert_eq!(
        evidence.header.join(","),
        "country,statute,year,outcome,measure,value,used,status,preferred,note,source,publisher,title,url,published,kind,counting_rule,time_basis,measure_type"
    );
    assert_eq!(
        evidence.select(&["country", "statute", "year", "value", "used", "preferred", "source"]),
        [
            ["IND", "IND-IPC-124A", "2018", "70", "true", "true", "journals-of-india-2021"],
            ["IND", "IND-IPC-124A", "2018", "75", "false", "false", "lipr-2018"],
        ]
    );
    for cell in evidence.select(&["publisher", "title", "url", "kind", "note"]).concat() {
        assert!(!cell.is_empty());
    }
    // Asked what the other says, that is the figure used.
    let other = Table::parse(&service.text(&format!("{FIGURES}/evidence.csv?{query}&source=lipr-2018")));
    assert_eq!(other.select(&["value", "used"]), [["75", "true"], ["70", "false"]]);
    service.assert_log_clean();
}

#[test]
fn every_reported_figure_is_behind_the_answer_to_everything() {
    let service = Service::start();
    let query = "by=statute,year,outcome&measure=persons,cases,charges";
    let evidence = Table::parse(&service.text(&format!("{FIGURES}/evidence.csv?{query}&labels=en")));
    let columns = ["statute", "year", "outcome", "measure", "source", "value"];
    let mut all: Vec<Vec<&str>> = evidence.select(&columns);
    all.sort_unstable();
    let source = Table::read(&e2e::repository().join("data/archive/reported-figures-1.1.0/counts.csv"));
    let mut expected = source.select(&["statute", "year", "outcome", "unit", "source", "value"]);
    expected.sort_unstable();
    assert_eq!(all, expected);
    // What is used adds up to what is answered.
    let answer = Table::parse(&service.text(&format!("{FIGURES}/aggregate.csv?{query}")));
    for measure in ["persons", "cases", "charges"] {
        let mut used: BTreeMap<Vec<&str>, u64> = BTreeMap::new();
        for row in evidence.select(&["statute", "year", "outcome", "measure", "used", "value"]) {
            if row[3] == measure && row[4] == "true" {
                *used.entry(row[..3].to_vec()).or_default() +=
                    row[5].parse::<u64>().expect("a figure is a number");
            }
        }
        let answered: BTreeMap<Vec<&str>, u64> = answer
            .select(&["statute", "year", "outcome", measure])
            .into_iter()
            .filter_map(|row| Some((row[..3].to_vec(), row[3].parse().ok()?)))
            .collect();
        assert_eq!(used, answered, "{measure}");
    }
    service.assert_log_clean();
}

#[test]
fn charges_say_where_their_records_come_from() {
    let service = Service::start();
    let query = "by=outcome&statute=KAZ-CC-274&measure=persons";
    let evidence = Table::parse(&service.text(&format!("{CASES}/evidence.csv?{query}")));
    assert_eq!(evidence.header, ["outcome", "source", "url", "charges"]);
    let charges = Table::read(&e2e::repository().join("data/archive/documented-cases-1.0.0/charges.csv"));
    let mut expected: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    for row in charges.select(&["statute", "outcome", "source"]) {
        if row[0].starts_with("KAZ-CC-274") {
            *expected.entry(vec![row[1].to_owned(), row[2].to_owned()]).or_default() += 1;
        }
    }
    let found: Vec<(Vec<String>, u64)> = evidence
        .select(&["outcome", "source", "charges"])
        .into_iter()
        .map(|row| (vec![row[0].to_owned(), row[1].to_owned()], row[2].parse().expect("a count")))
        .collect();
    assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
    for row in evidence.select(&["source", "url"]) {
        assert!(!row[1].is_empty(), "{row:?}");
        for address in row[1].split(' ') {
            assert!(address.starts_with("https://") && row[0].contains(address), "{row:?}");
        }
    }
    service.assert_log_clean();
}

#[test]
fn what_is_refused_or_empty_is_so_here_too() {
    let service = Service::start();
    assert_eq!(service.get(&format!("{FIGURES}/evidence.csv?by=year")).status, 400);
    assert_eq!(service.get(&format!("{FIGURES}/evidence.csv?by=year,statute,outcome&used=true")).status, 400);
    let empty =
        service.text(&format!("{FIGURES}/evidence.csv?by=year,outcome&statute=KAZ-CC-373&measure=cases"));
    assert_eq!(empty.lines().count(), 1, "{empty}");
    assert_eq!(service.text(&format!("{CASES}/evidence.csv?by=&country=FRA")), "source,url,charges\n");
    service.assert_log_clean();
}

#[test]
fn joined_lineages_keep_the_name_that_the_source_gave() {
    let service = Service::start();
    let query = "by=statute,year,outcome&statute=IND-BNS-152&lineage=1&measure=cases&category=sedition";
    let evidence = Table::parse(&service.text(&format!("{FIGURES}/evidence.csv?{query}")));
    assert!(evidence.rows.len() > 5);
    for row in evidence.select(&["statute", "lineage", "category"]) {
        assert_eq!(row, ["IND-IPC-124A", "IND-BNS-152", "sedition"]);
    }
}

#[test]
fn no_cell_of_the_evidence_runs_in_a_spreadsheet() {
    let mut package =
        Package::figures().rows(["FRA,FRA-X-1,2019,registered,cases,10,bureau,A,true,=HYPERLINK(1)"]);
    let sources =
        package.tables["sources.csv"].replace("Example Bureau", "@bureau").replace("Yearbook", "+1");
    package.tables.insert("sources.csv".to_owned(), sources);
    let service = Service::start_with(&["--data", &package.write().to_string_lossy()]);
    let query = "by=year,outcome,statute&measure=cases";
    let path = format!("/v1/datasets/{}/evidence.csv?{query}", package.dataset());
    let evidence = Table::parse(&service.text(&path));
    assert_eq!(evidence.select(&["note", "publisher", "title"]), [["'=HYPERLINK(1)", "'@bureau", "'+1"]]);
    service.assert_log_clean();
}

/// Returns the CSV of the evidence that a page shows.
fn file(page: &str) -> String {
    let (path, query) = page.split_once('?').expect("a page of evidence has a query");
    let query: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=")).collect();
    format!("{}/evidence.csv?{}", path.replacen("/evidence/", "/v1/datasets/", 1), query.join("&"))
}

/// The links of the numbers in the table: visible text, name, address.
const LINKS: &str = "[...document.querySelectorAll('td.number a.evidence')].map((one) => [one.textContent, one.getAttribute('aria-label'), one.getAttribute('href')].join('\\t')).join('\\n')";

#[test]
fn every_number_of_a_statute_leads_to_its_own_evidence() {
    let service = Service::start();
    let browser = Browser::start();
    let page = "/statutes/IND-IPC-124A?dataset=reported-figures&measure=cases";
    for (language, scheme, width) in [("en", "light", 1200), ("ru", "dark", 1200), ("kk", "light", 375)] {
        browser.prefer(scheme);
        browser.resize(width, 900);
        browser.open(&format!("{}{page}&lang={language}", service.base));
        let links = browser.text(LINKS);
        let numbers = browser.value("document.querySelectorAll('td.number:not(.gap)').length");
        assert_eq!(numbers, links.lines().count(), "{language}");
        for link in links.lines().take(if language == "en" { 200 } else { 2 }) {
            let parts: Vec<&str> = link.split('\t').collect();
            assert!(parts[1].starts_with(parts[0]), "the name begins with what is seen: {link}");
            assert!(parts[2].contains("/releases/"), "{link}");
            let evidence = Table::parse(&service.text(&file(parts[2])));
            let used: Vec<Vec<&str>> =
                evidence.select(&["used", "value"]).into_iter().filter(|row| row[0] == "true").collect();
            assert_eq!(used.len(), 1, "{link}: {evidence:?}");
            assert_eq!(used[0][1], parts[0].replace([',', '\u{a0}'], ""), "{link}");
        }
        let found = browser.violations(&e2e::audit::WCAG);
        assert!(found.is_empty(), "{language} {scheme} {width}: {found:#?}");
        browser.value("document.querySelector('.scroll').scrollIntoView(); true");
        browser.screenshot(&format!("evidence-{language}-{scheme}-{width}"), width);
    }
    // Who says something else is a link to where it is said.
    let others = "[...document.querySelectorAll('.other a')].map((one) => one.href).join(' ')";
    assert!(browser.text(others).starts_with("https://"));
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn charges_of_an_unknown_year_lead_to_the_evidence_of_all() {
    let service = Service::start();
    let page = service.text("/statutes/THA-CC-112?dataset=documented-cases&by=year,outcome&measure=persons");
    let links = e2e::html::attributes(&page, "href");
    let (_, tables) = page.split_once("<tbody>").expect("a table");
    let numbers = e2e::html::attributes(tables, "href");
    let number =
        numbers.iter().find(|address| address.starts_with("/evidence/")).expect("a number is a link");
    let address = &file(number);
    assert!(links.contains(address), "one measure is shown, and the file of all has it");
    assert!(!address.contains("from="), "{address}");
    let evidence = Table::parse(&service.text(address));
    assert!(!evidence.rows.is_empty() && evidence.header == ["year", "outcome", "source", "url", "charges"]);
    // The file that asks nobody for anything has no way into the service.
    let file = service.text("/v1/datasets/documented-cases/chart.html?by=outcome&statute=KAZ-CC-274");
    assert!(!file.contains("evidence.csv"));
    service.assert_log_clean();
}
