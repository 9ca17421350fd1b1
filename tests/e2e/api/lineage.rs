//! Renumbered statutes join their successors where that is asked for.

use e2e::browser::Browser;
use e2e::packages::Package;
use e2e::service::Service;
use e2e::table::Table;

const FIGURES: &str = "/v1/datasets/reported-figures";

#[test]
fn sedition_in_india_is_one_series_under_its_successor() {
    let service = Service::start();
    let query = "by=statute,year,outcome&measure=cases";
    let own = Table::parse(&service.text(&format!("{FIGURES}/aggregate.csv?{query}&statute=IND-IPC-124A")));
    assert!(own.rows.len() > 5);
    let mut renamed = own.clone();
    for row in &mut renamed.rows {
        assert_eq!(row[0], "IND-IPC-124A");
        row[0] = "IND-BNS-152".to_owned();
    }
    // Any member of the lineage asks for all of it.
    for member in ["IND-IPC-124A", "IND-BNS-152"] {
        let asked = format!("{query}&statute={member}&lineage=1");
        assert_eq!(
            Table::parse(&service.text(&format!("{FIGURES}/aggregate.csv?{asked}"))),
            renamed,
            "{member}"
        );
        let answer = service.json(&format!("{FIGURES}/aggregate.json?{asked}"));
        let title = answer["text"]["title"].as_str().unwrap_or_default();
        assert!(title.contains("152") && title.contains("124A"), "{title}");
        assert!(answer["text"]["notes"].to_string().contains("IND-IPC-124A"), "{}", answer["text"]["notes"]);
        assert!(answer["caveats"].to_string().contains("IND-IPC-124A"), "{}", answer["caveats"]);
        // Nobody wrote down since when the first was in force, and the last has not ended.
        assert!(answer["in_force"].is_null(), "{}", answer["in_force"]);
        assert!(answer["query"].as_str().is_some_and(|query| query.contains("&lineage=1&measure=")));
    }
    // Without being asked for, nothing is joined, and nothing says so.
    let answer = service.json(&format!("{FIGURES}/aggregate.json?{query}&statute=IND-BNS-152"));
    assert_eq!(answer["rows"], serde_json::json!([]));
    assert!(!answer.to_string().contains("124A"), "{answer}");
    service.assert_log_clean();
}

#[test]
fn a_lineage_is_joined_or_not_and_nothing_else() {
    let service = Service::start();
    for value in ["0", "2", "true", ""] {
        let reply = service.get(&format!("{FIGURES}/aggregate.csv?by=statute,year,outcome&lineage={value}"));
        assert_eq!(reply.status, 400, "{value}");
        let problem = reply.json();
        assert_eq!(problem["parameter"], "lineage");
        assert_eq!(problem["expected"], serde_json::json!(["1"]), "{value}");
    }
    service.assert_log_clean();
}

const STATUTES: &str = "\
statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url
FRA-A,,FRA,Old Act,1,,Old offence,,,insult,1990-01-01,2009-12-31,FRA-B,
FRA-A.1,FRA-A,FRA,Old Act,1,1,Old offence in part,,,insult,,,,
FRA-B,,FRA,Middle Act,2,,Middle offence,,,insult,2010-01-01,2019-12-31,FRA-C,
FRA-C,,FRA,New Act,3,,New offence,,,defamation,2020-01-01,2023-12-31,,
";

/// A reported package whose statutes were renumbered twice.
fn package(rows: &[&str]) -> Package {
    let mut package = Package::figures().rows(rows);
    package.tables.insert("statutes.csv".to_owned(), STATUTES.to_owned());
    package
}

#[test]
fn a_chain_of_successors_is_shaded_from_its_first_to_its_last() {
    let package = package(&[
        "FRA,FRA-A,2008,registered,cases,10,bureau,A,true,",
        "FRA,FRA-A.1,2009,registered,cases,4,bureau,A,true,",
        "FRA,FRA-B,2012,registered,cases,12,bureau,A,true,",
        "FRA,FRA-C,2021,registered,cases,5,bureau,A,true,",
    ]);
    let service = Service::start_with(&["--data", &package.write().to_string_lossy()]);
    let dataset = format!("/v1/datasets/{}", package.dataset());
    let query = "by=statute,year,outcome&measure=cases&lineage=1";
    let all = Table::parse(&service.text(&format!("{dataset}/aggregate.csv?{query}")));
    assert_eq!(
        all.select(&["statute", "year", "cases"]),
        [["FRA-C", "2008", "10"], ["FRA-C", "2009", "4"], ["FRA-C", "2012", "12"], ["FRA-C", "2021", "5"]]
    );
    for member in ["FRA-A", "FRA-A.1", "FRA-B", "FRA-C"] {
        let answer = service.json(&format!("{dataset}/aggregate.json?{query}&statute={member}"));
        assert_eq!(
            answer["in_force"],
            serde_json::json!({ "from": "1990-01-01", "to": "2023-12-31" }),
            "{member}"
        );
        assert_eq!(answer["rows"].as_array().map(Vec::len), Some(4), "{member}");
    }
    // What stands for another has the other's category.
    let by =
        service.text(&format!("{dataset}/aggregate.csv?by=category,year,outcome&measure=cases&lineage=1"));
    assert!(!by.contains("insult"), "{by}");
    let kept = |category: &str| {
        let query = format!("{query}&category={category}");
        Table::parse(&service.text(&format!("{dataset}/aggregate.csv?{query}"))).rows.len()
    };
    assert_eq!((kept("insult"), kept("defamation")), (0, 4));
    service.assert_log_clean();
}

#[test]
fn predecessor_and_successor_are_not_added_in_the_year_of_the_change() {
    let package = package(&[
        "FRA,FRA-B,2020,registered,cases,12,bureau,A,true,",
        "FRA,FRA-C,2020,registered,cases,5,bureau,A,true,",
    ]);
    let service = Service::start_with(&["--data", &package.write().to_string_lossy()]);
    let dataset = format!("/v1/datasets/{}", package.dataset());
    let query = "by=statute,year,outcome&measure=cases";
    assert_eq!(service.get(&format!("{dataset}/aggregate.csv?{query}")).status, 200);
    let refused = service.get(&format!("{dataset}/aggregate.csv?{query}&lineage=1"));
    assert_eq!(refused.status, 400);
    let problem = refused.json();
    assert_eq!(problem["parameter"], "lineage");
    let detail = problem["detail"].as_str().unwrap_or_default();
    for word in ["FRA-B and FRA-C", "year 2020", "Leave `lineage` out"] {
        assert!(detail.contains(word), "{word} in {detail}");
    }
    service.assert_log_clean();
}

#[test]
fn people_charged_under_both_numbers_are_counted_once() {
    let mut package = Package::cases();
    let header = package.records_mut().lines().next().unwrap_or_default().to_owned();
    let columns: Vec<&str> = header.split(',').collect();
    let row = |case: &str, person: &str, statute: &str| -> String {
        let cell = |column: &&str| match *column {
            "case_id" => case,
            "defendant_id" => person,
            "country" => "FRA",
            "statute" => statute,
            "date_charged" => "2020-05-05",
            "outcome" => "pending",
            "role" => "other",
            "charge_id" => "",
            _ => "",
        };
        columns.iter().map(cell).collect::<Vec<_>>().join(",")
    };
    package = package.rows([row("C1", "P1", "FRA-B"), row("C1", "P1", "FRA-C"), row("C2", "P2", "FRA-C")]);
    package.tables.insert("statutes.csv".to_owned(), STATUTES.to_owned());
    let service = Service::start_with(&["--data", &package.write().to_string_lossy()]);
    let dataset = format!("/v1/datasets/{}", package.dataset());
    let counted =
        service.text(&format!("{dataset}/aggregate.csv?by=statute&measure=persons,cases,charges&lineage=1"));
    assert_eq!(counted, "statute,persons,cases,charges\nFRA-C,2,2,3\n");
    service.assert_log_clean();
}

#[test]
fn the_page_of_a_renumbered_statute_offers_the_whole_lineage() {
    let service = Service::start();
    let plain = service.text("/statutes/IND-IPC-124A?dataset=reported-figures");
    assert!(plain.contains("name=\"lineage\" value=\"1\">"), "the choice is there and not made");
    let joined = service.text("/statutes/IND-IPC-124A?dataset=reported-figures&lineage=1");
    assert!(joined.contains("name=\"lineage\" value=\"1\" checked>"));
    let asked = e2e::html::attributes(&joined, "href");
    // The years in the life of a statute are its own, and so are its plain answers.
    let of_the_answer = |address: &&String| {
        let is_of_life = |time| address.contains(&format!("?by={time},statute,outcome"));
        address.starts_with("/v1/datasets/") && !is_of_life("year") && !is_of_life("period")
    };
    let asked = asked.iter().filter(of_the_answer);
    assert!(
        asked.clone().count() > 3 && asked.clone().all(|address| address.contains("&lineage=1&")),
        "downloads and evidence ask for the same"
    );
    assert!(
        service.snippet("/statutes/IND-IPC-124A?dataset=reported-figures&lineage=1").contains("lineage=1")
    );
    let other = service.text("/statutes/KAZ-CC-274");
    assert!(!other.contains("name=\"lineage\""));
    let browser = Browser::start();
    browser.resize(375, 900);
    browser
        .open(&format!("{}/statutes/IND-IPC-124A?dataset=reported-figures&lineage=1&lang=kk", service.base));
    browser.screenshot("lineage-kk-375", 375);
    assert!(browser.violations(&e2e::audit::WCAG).is_empty());
    service.assert_log_clean();
}
