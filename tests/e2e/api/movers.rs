//! What grew and what shrank between two periods, and what cannot be compared.

use e2e::packages::Package;
use e2e::service::Service;
use e2e::table::Table;
use serde_json::{Value, json};

const CASES: &str = "/v1/datasets/example-cases";
const FIGURES: &str = "/v1/datasets/example-figures";

fn serve(package: &Package) -> Service {
    let folder = package.write();
    Service::start_with(&["--data", folder.to_str().expect("the path is UTF-8")])
}

/// As many charges of a year, each of another person.
fn charges(statute: &str, year: &str, number: usize) -> Vec<String> {
    let row = |n| format!("C{statute}{year}-{n},D{statute}{year}-{n},FRA,{statute},{year},pending,");
    (0..number).map(row).collect()
}

/// A package of cases in which one statute grew, one shrank, one began and one is small.
fn cases() -> Package {
    let mut package = Package::cases().created("2023-06-01");
    let statutes = package.tables.get_mut("statutes.csv").expect("there are statutes");
    statutes.push_str(
        "FRA-X-2,,FRA,Example Act,2,,=Inert,,,defamation,,,,\nFRA-X-3,,FRA,Example Act,3,,Begun later,,,defamation,2020-06-01,,,\n\
         FRA-X-4,,FRA,Example Act,4,,Small,,,defamation,,,,\n",
    );
    let rows = [
        charges("FRA-X-1", "2018", 20),
        charges("FRA-X-1", "2021", 60),
        charges("FRA-X-1.2", "2018", 40),
        charges("FRA-X-2", "2018", 12),
        charges("FRA-X-2", "2021", 14),
        charges("FRA-X-3", "2021", 30),
        charges("FRA-X-4", "2018", 3),
        charges("FRA-X-1", "2023", 11),
        charges("FRA-X-1", "unknown", 2),
    ];
    package.rows(rows.concat())
}

fn codes(rows: &Value, part: &str) -> Vec<(String, String)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = rows.as_array().expect("a list of rows").iter();
    rows.map(|row| {
        (text(row, "code"), if part == "reason" { text(&row[part], "code") } else { text(row, part) })
    })
    .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
}

#[test]
fn what_grew_and_what_shrank_stands_by_size_with_its_ratio() {
    let service = serve(&cases());
    let answer = service.json(&format!("{CASES}/movers.json?before=2018&after=2021"));
    assert_eq!(
        codes(&answer["rows"], "direction"),
        pairs(&[("FRA-X-1", "grew"), ("FRA-X-1.2", "shrank"), ("FRA-X-2", "unclear")])
    );
    // A case-level count without records, in years that the dataset covers, is a zero.
    assert_eq!(answer["rows"][1]["after"], 0);
    assert_eq!(answer["rows"][1]["ratio"], 0.0);
    let first = &answer["rows"][0];
    assert_eq!(
        [&first["before"], &first["after"], &first["difference"]],
        [&json!(20), &json!(60), &json!(40)]
    );
    assert_eq!(first["ratio"], 3.0);
    assert!(first["ratio_low"].as_f64().is_some_and(|low| low > 1.8 && low < 1.9), "{first}");
    // A statute that came later did not grow from zero.
    assert_eq!(codes(&answer["not_comparable"], "reason"), pairs(&[("FRA-X-3", "before-force")]));
    assert_eq!(answer["under_min"], 1);
    let limits = answer["limits"].to_string();
    assert!(limits.contains("unknown-year") && limits.contains("documented-only"), "{limits}");
    let told = answer["sentence"].as_str().unwrap_or_default();
    assert!(
        told.starts_with(
            "2018 and 2021 compared (persons): grew 1, shrank 1, unclear 1, not comparable 1. Grew most: "
        ),
        "{told}"
    );
    let russian = service.json(&format!("{CASES}/movers.json?before=2018&after=2021&lang=ru"));
    let told = russian["sentence"].as_str().unwrap_or_default();
    assert!(told.contains("выросло 1, снизилось 1, неясно 1, несопоставимо 1"), "{told}");
    let kazakh = service.json(&format!("{CASES}/movers.json?before=2018&after=2021&lang=kk"));
    assert!(kazakh["sentence"].as_str().is_some_and(|told| told.contains("өскені 1")), "{kazakh}");
    let limited = service.json(&format!("{CASES}/movers.json?before=2018&after=2021&limit=1"));
    assert_eq!((&limited["beyond_limit"], limited["rows"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    assert!(limited["sentence"].as_str().is_some_and(|told| told.contains("shrank 1")), "{limited}");
    service.assert_log_clean();
}

#[test]
fn the_table_says_the_same_and_runs_nothing() {
    let service = serve(&cases());
    let table = Table::parse(&service.text(&format!("{CASES}/movers.csv?before=2018&after=2021")));
    assert_eq!(
        table.header.join(","),
        "statute,label,before,after,difference,difference_per_year,ratio,ratio_low,ratio_high,direction,reason"
    );
    assert_eq!(
        table.select(&["statute", "before", "after", "difference", "direction", "reason"]),
        [
            ["FRA-X-1", "20", "60", "40", "grew", ""],
            ["FRA-X-1.2", "40", "0", "-40", "shrank", ""],
            ["FRA-X-2", "12", "14", "2", "unclear", ""],
            ["FRA-X-3", "", "30", "", "not-comparable", "before-force"],
        ]
    );
    assert!(table.select(&["label"])[2][0].starts_with("'="), "{table:?}");
}

#[test]
fn periods_of_different_length_are_compared_per_year_and_what_is_not_covered_is_not() {
    let service = serve(&cases());
    let answer =
        service.json(&format!("{CASES}/movers.json?before=2018..2019&after=2020..2022&statute=FRA-X-1"));
    // 20 a year became none; 10 a year became 20.
    assert_eq!(codes(&answer["rows"], "direction"), pairs(&[("FRA-X-1.2", "shrank"), ("FRA-X-1", "grew")]));
    let own = &answer["rows"][1];
    assert!(own["difference"].is_null(), "{own}");
    assert_eq!([&own["difference_per_year"], &own["ratio"]], [&json!(10.0), &json!(2.0)]);
    assert!(answer["limits"].to_string().contains("unequal-periods"), "{answer}");
    let before = service.json(&format!("{CASES}/movers.json?before=2017&after=2021&statute=FRA-X-2"));
    assert_eq!(codes(&before["not_comparable"], "reason"), pairs(&[("FRA-X-2", "not-covered")]));
    let unfinished = service.json(&format!("{CASES}/movers.json?before=2018&after=2023&statute=FRA-X-2"));
    assert_eq!(codes(&unfinished["not_comparable"], "reason"), pairs(&[("FRA-X-2", "incomplete-years")]));
    assert!(unfinished["limits"].to_string().contains("incomplete-years"), "{unfinished}");
}

#[test]
fn what_nobody_reports_is_no_zero_and_a_break_is_not_crossed() {
    let row = |outcome: &str, year: i32, value: u64, status: &str| {
        format!("FRA,FRA-X-1,{year},{outcome},cases,{value},bureau,{status},true,")
    };
    let rows = [
        row("registered", 2018, 20, "A"),
        row("registered", 2020, 30, "B"),
        row("registered", 2021, 60, "A"),
        row("convicted", 2018, 20, "A"),
        row("acquitted", 2018, 15, "A"),
        row("acquitted", 2021, 45, "A"),
        row("charged", 2017, 10, "A"),
        row("charged", 2018, 10, "A"),
        row("charged", 2020, 50, "A"),
    ];
    let service = serve(&Package::figures().rows(rows));
    let asked = |before: &str, after: &str| {
        let query = format!("of=outcome&statute=FRA-X-1&measure=cases&before={before}&after={after}");
        service.json(&format!("{FIGURES}/movers.json?{query}"))
    };
    let answer = asked("2018", "2021");
    assert_eq!(codes(&answer["rows"], "direction"), pairs(&[("acquitted", "grew")]));
    assert_eq!(
        codes(&answer["not_comparable"], "reason"),
        pairs(&[("charged", "not-reported"), ("convicted", "not-reported"), ("registered", "break")])
    );
    // Some of the years are no sum of them.
    let several = asked("2017..2018", "2020..2021");
    assert_eq!(several["not_comparable"][1]["code"], "charged", "{several}");
    assert_eq!(several["not_comparable"][1]["reason"]["code"], "years-missing", "{several}");
    service.assert_log_clean();
}

#[test]
fn a_question_that_cannot_be_answered_is_refused_with_what_to_ask() {
    let service = Service::start();
    let ask =
        |dataset: &str, query: &str| service.get(&format!("/v1/datasets/{dataset}/movers.json?{query}"));
    for (dataset, query, parameter, said) in [
        ("documented-cases", "after=2021", "before", "`2014..2016`"),
        ("documented-cases", "before=2021&after=2020", "before", "begins"),
        ("documented-cases", "before=2020&after=2021&of=year", "of", "country"),
        ("documented-cases", "before=2020&after=2021&from=2020", "from", "leave it out"),
        ("documented-cases", "before=2020&after=2021&limit=0", "limit", "from 1 to 1000"),
        ("documented-cases", "before=2020&after=2021&min=-1", "min", "from 0 up"),
        ("reported-figures", "before=2014..2016&after=2021&outcome=convicted", "before", "name one year"),
        ("reported-figures", "before=2014&after=2021", "outcome", "overlap"),
    ] {
        let reply = ask(dataset, query);
        assert_eq!(reply.status, 400, "{query}: {}", reply.text());
        let problem = reply.json();
        assert_eq!(problem["parameter"], parameter, "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|told| told.contains(said)), "{problem}");
    }
    service.assert_log_clean();
}

#[test]
fn what_the_law_itself_parts_is_not_compared() {
    let history = "statute,date,kind,breaks_series,related,text_en,text_ru,text_kk,url";
    let widened = "FRA-X-1,2020-07,amended,true,,The offence was widened.,,,https://example.org/law";
    let rows = [
        charges("FRA-X-1", "2018", 20),
        charges("FRA-X-1", "2021", 60),
        charges("FRA-X-2", "2018", 30),
        charges("FRA-X-3", "2021", 1),
    ];
    let mut package = Package::cases().created("2023-06-01").with_table("history", history, &[widened]);
    let statutes = package.tables.get_mut("statutes.csv").expect("there are statutes");
    statutes.push_str(
        "FRA-X-2,,FRA,Example Act,2,,Repealed,,,defamation,2010,2019-12-31,,\n\
         FRA-X-3,,FRA,Example Act,3,,Other,,,defamation,,,,\n",
    );
    let service = serve(&package.rows(rows.concat()));
    let answer = service.json(&format!("{CASES}/movers.json?before=2018&after=2021"));
    assert_eq!(
        codes(&answer["not_comparable"], "reason"),
        pairs(&[("FRA-X-1", "break"), ("FRA-X-2", "after-force")]),
        "{answer}"
    );
    assert_eq!(codes(&answer["rows"], "direction"), pairs(&[]), "{answer}");
    // The trend of the same statute stops at the same change.
    let trend = service.json(&format!("{CASES}/trend.json?by=year&statute=FRA-X-1"));
    let limits: Vec<&str> = trend["series"][0]["limits"]
        .as_array()
        .expect("a list of limits")
        .iter()
        .filter_map(|limit| limit["code"].as_str())
        .collect();
    assert!(limits.contains(&"break"), "{limits:?}");
    service.assert_log_clean();
}

#[test]
fn figures_of_different_sources_are_told() {
    let rows = [
        "FRA,FRA-X-1,2018,registered,cases,20,bureau,A,true,",
        "FRA,FRA-X-1,2021,registered,cases,60,monitor,A,true,",
    ];
    let service = serve(&Package::figures().rows(rows));
    let answer = service
        .json(&format!("{FIGURES}/movers.json?before=2018&after=2021&outcome=registered&measure=cases"));
    let codes: Vec<&str> = answer["limits"]
        .as_array()
        .expect("a list of limits")
        .iter()
        .filter_map(|limit| limit["code"].as_str())
        .collect();
    assert!(codes.contains(&"sources-differ"), "{answer}");
    service.assert_log_clean();
}
