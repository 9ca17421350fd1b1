//! Rates per 100,000 people: what they are divided by, how sure they are, and when there is none.

use e2e::packages::Package;
use e2e::service::Service;
use e2e::store::Store;
use e2e::table::Table;

use crate::publish::rulebook_background::POPULATION;

const PEOPLE: [&str; 2] = [
    "FRA,2019,50000000,A made-up office,https://example.org/people",
    "FRA,2020,60000000,A made-up office,https://example.org/people",
];

/// A service of invented figures and cases with populations of France in 2019 and 2020, and nothing else.
pub fn service() -> Service {
    let figures = Package::figures().with_table("population", POPULATION, &PEOPLE);
    let cases = Package::cases().with_table("population", POPULATION, &PEOPLE).rows([
        "C1,D1,FRA,FRA-X-1,2019-03-01,pending,",
        "C2,D2,FRA,FRA-X-1,2019-04,pending,",
        "C3,D3,FRA,FRA-X-1,2021-04,pending,",
        "C4,D4,FRA,FRA-X-1,unknown,pending,",
    ]);
    let folders = [figures.write(), cases.write()].map(|folder| folder.display().to_string());
    Service::start_with(&["--no-bundled", "--data", &folders[0], "--data", &folders[1]])
}

fn csv(service: &Service, dataset: &str, query: &str) -> String {
    service.text(&format!("/v1/datasets/{dataset}/aggregate.csv?{query}"))
}

#[test]
fn a_rate_is_the_count_by_the_people_of_its_country_and_year() {
    let service = service();
    // scipy.stats.chi2: 12 cases have the exact bounds 6.200575 and 20.961585, 0 have 0 and 3.688879.
    assert_eq!(
        csv(&service, "example-figures", "by=year&statute=FRA-X-1&outcome=registered&measure=cases&rate=1"),
        "year,cases,cases_per_100000,cases_per_100000_low,cases_per_100000_high,status,sources\n\
         2019,0,0,0,0.00737776,A,bureau\n\
         2020,12,0.02,0.0103343,0.034936,A,bureau monitor\n"
    );
    // Grouped by country, kept to one country, settled by the statute, or by the statute's own column: the same rates.
    let of = |query: &str| {
        let query = format!("{query}&outcome=registered&measure=cases&rate=1");
        let table = Table::parse(&csv(&service, "example-figures", &query));
        let columns = ["year", "cases_per_100000", "cases_per_100000_high"];
        let rates: Vec<Vec<String>> = table
            .select(&columns)
            .iter()
            .map(|row| row.iter().map(|&cell| cell.to_owned()).collect())
            .collect();
        rates
    };
    let first = of("by=country,year&statute=FRA-X-1");
    assert_eq!(first.len(), 2);
    assert_eq!(of("by=year&country=FRA&statute=FRA-X-1"), first);
    assert_eq!(of("by=statute,year"), first);
    service.assert_log_clean();
}

#[test]
fn without_a_population_or_a_year_there_is_no_rate_and_no_zero() {
    let service = service();
    let table = csv(&service, "example-cases", "by=year&country=FRA&measure=persons&rate=1");
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert!(rows[0].starts_with(",1,,,"), "{table}");
    assert!(rows[1].starts_with("2019,2,0.004,"), "{table}");
    assert_eq!(rows[2], "2021,1,,,", "{table}");
    // One year kept in the place of a column of years.
    let one = csv(&service, "example-cases", "by=outcome&country=FRA&from=2019&to=2019&rate=1");
    assert!(one.lines().nth(1).is_some_and(|row| row.starts_with("pending,2,0.004,")), "{one}");
    service.assert_log_clean();
}

#[test]
fn charges_of_two_countries_are_divided_by_the_people_of_neither() {
    const STATUTES: &str = "statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url";
    // A law that another country's replaced, as happens when countries become one.
    let statutes =
        ["FRA-X-1,,FRA,Example Act,1,,Example,,,,,,,", "DEU-Y-2,,DEU,Other Act,2,,Other,,,,,,FRA-X-1,"];
    let people =
        ["FRA,2019,50000000,Office,https://example.org/", "DEU,2019,80000000,Office,https://example.org/"];
    let folder = Package::cases()
        .with_table("statutes", STATUTES, &statutes)
        .with_table("population", POPULATION, &people)
        .rows(["C1,D1,FRA,FRA-X-1,2019-03-01,pending,", "C2,D2,DEU,DEU-Y-2,2019-04,pending,"])
        .write();
    let service = Service::start_with(&["--no-bundled", "--data", &folder.to_string_lossy()]);
    let ask = |query: &str| {
        service.get(&format!("/v1/datasets/example-cases/aggregate.csv?measure=charges&rate=1&{query}"))
    };
    for query in ["by=year&statute=FRA-X-1&lineage=1", "by=statute,year&lineage=1"] {
        let refused = ask(query);
        assert_eq!(refused.status, 400, "{query}: {}", refused.text());
        assert!(refused.text().contains("each row must be of one country"), "{}", refused.text());
    }
    for (query, row) in [
        ("by=year&statute=FRA-X-1", "2019,1,0.002,"),
        ("by=year&statute=FRA-X-1&lineage=1&country=DEU", "2019,1,0.00125,"),
        ("by=country,year&lineage=1", "DEU,2019,1,0.00125,"),
        ("by=statute,year", "DEU-Y-2,2019,1,0.00125,"),
    ] {
        let text = ask(query).text();
        assert!(text.lines().nth(1).is_some_and(|first| first.starts_with(row)), "{query}: {text}");
    }
    service.assert_log_clean();
}

#[test]
fn json_names_the_columns_in_words_and_the_source_of_the_people() {
    let service = service();
    let query = "by=year&country=FRA&statute=FRA-X-1&outcome=registered&measure=cases&rate=1";
    for (language, title) in [
        ("en", "Cases per 100,000 people"),
        ("ru", "Дела на 100 000 человек"),
        ("kk", "Істер, 100 000 адамға шаққанда"),
    ] {
        let path = format!("/v1/datasets/example-figures/aggregate.json?{query}&lang={language}");
        let answer = service.json(&path);
        let columns = answer["columns"].as_array().expect("a list of columns");
        let rate = columns.iter().find(|column| column["name"] == "cases_per_100000").expect("its column");
        assert_eq!(rate["title"], title);
        assert_eq!(rate["role"], "label");
        assert_eq!(answer["rows"][1]["cases_per_100000"], 0.02);
        let sources = answer["sources"].as_array().expect("a list of sources");
        assert!(sources.iter().any(|source| source["url"] == "https://example.org/people"), "{sources:?}");
        assert!(
            answer["query"].as_str().is_some_and(|query| query.ends_with("&rate=1")),
            "{}",
            answer["query"]
        );
        assert!(answer["release"]["url"].as_str().is_some_and(|url| url.contains("&rate=1")));
    }
    // The answer without rates has none of it, and the chart with rates is that without.
    let plain = service
        .text(&format!("/v1/datasets/example-figures/aggregate.json?{}", query.replace("&rate=1", "")));
    assert!(!plain.contains("per_100000") && !plain.contains("/people"), "{plain}");
    assert_eq!(service.get(&format!("/v1/datasets/example-figures/chart.svg?{query}")).status, 200);
    service.assert_log_clean();
}

#[test]
fn a_rate_that_would_be_of_nobody_is_refused_with_what_to_ask_instead() {
    let service = service();
    for (query, told) in [
        ("by=year&rate=1", "add `country` to `by`"),
        ("by=country&rate=1", "add `year` to `by`"),
        ("by=country&from=2019&to=2020&rate=1", "add `year` to `by`"),
        ("by=country,month&rate=1", "group by year"),
        ("by=country,year&from=2019-03&rate=1", "let `from` begin a year"),
        ("by=country,year&rate=yes", "rate=1"),
    ] {
        let reply = service.get(&format!("/v1/datasets/example-cases/aggregate.csv?{query}"));
        assert_eq!(reply.status, 400, "{query}");
        let problem = reply.json();
        assert_eq!(problem["parameter"], "rate", "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(told)), "{query}: {problem}");
    }
    service.assert_log_clean();
    // A release without populations says so.
    let bundled = Service::start();
    let first = e2e::FIRST_FIGURES;
    let reply = bundled.get(&format!("{first}/aggregate.csv?by=year&statute=IND-IPC-124A&rate=1"));
    assert_eq!(reply.status, 400);
    assert!(reply.json()["detail"].as_str().is_some_and(|detail| detail.contains("no populations")));
}

#[test]
fn a_store_keeps_the_people_and_the_id_tells_them_apart() {
    let store = Store::empty("store-of-rates");
    let without = store.add(&Package::figures());
    let with = store.add(&Package::figures().with_table("population", POPULATION, &PEOPLE));
    assert_ne!(without, with);
    store.assert_whole();
    let service = store.serve();
    let path = |release: &str| format!("/v1/datasets/example-figures/releases/{release}/");
    let query = "aggregate.csv?by=year&country=FRA&statute=FRA-X-1&outcome=registered&measure=cases&rate=1";
    assert_eq!(service.get(&format!("{}{query}", path(&without))).status, 400);
    assert!(service.text(&format!("{}{query}", path(&with))).contains("2020,12,0.02,"));
    let tables = |release: &str| {
        let manifest = service.json(&format!("{}manifest.json", path(release)));
        let tables = manifest["tables"].as_array().expect("a list of tables").clone();
        tables.iter().filter_map(|table| table["name"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(tables(&without), ["statutes", "counts", "sources"]);
    assert_eq!(tables(&with), ["statutes", "counts", "sources", "population"]);
}
