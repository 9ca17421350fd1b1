//! The figures themselves, as the founding article and the published sources have them.

use e2e::service::Service;
use e2e::table::Table;
pub use e2e::{FIRST_CASES as CASES, FIRST_FIGURES as FIGURES};

#[test]
fn the_founding_article_counts_four_persons_in_three_cases() {
    let service = Service::start();
    let all = "statute=KAZ-CC-274&measure=persons,cases,charges";
    assert_eq!(
        service.text(&format!("{CASES}/aggregate.csv?by=outcome&{all}")),
        "outcome,persons,cases,charges\n\
         convicted,1,1,1\n\
         pending,3,2,3\n"
    );
    assert_eq!(service.text(&format!("{CASES}/aggregate.csv?by=&{all}")), "persons,cases,charges\n4,3,4\n");
    // A part belongs to its article, and can be asked for by itself.
    assert_eq!(
        service.text(&format!("{CASES}/aggregate.csv?by=statute,role&{all}")),
        "statute,role,persons,cases,charges\n\
         KAZ-CC-274,activist,1,1,1\n\
         KAZ-CC-274,blogger,1,1,1\n\
         KAZ-CC-274.4,activist,2,1,2\n"
    );
    assert_eq!(
        service.text(&format!("{CASES}/aggregate.csv?by=&statute=KAZ-CC-274.4&measure=persons,cases")),
        "persons,cases\n2,1\n"
    );
    service.assert_log_clean();
}

#[test]
fn the_newest_releases_have_the_story_of_the_founding_article_and_the_results_of_russian_trials() {
    let service = Service::start();
    let all = "statute=KAZ-CC-274&measure=persons,cases,charges";
    assert_eq!(
        service.text(&format!("/v1/datasets/documented-cases/aggregate.csv?by=outcome&{all}")),
        "outcome,persons,cases,charges\nconvicted,4,4,4\npending,12,9,12\n"
    );
    let of_274 = "by=period,outcome&statute=KAZ-CC-274&measure=cases&outcome=investigated,dismissed";
    let csv = service.text(&format!("/v1/datasets/reported-figures/aggregate.csv?{of_274}"));
    for row in [
        "2020/2021-06-11:running,2020,2021-06-11,running,dismissed,87,A,24-kz-2021",
        "2020/2021-06-11:running,2020,2021-06-11,running,investigated,103,A,24-kz-2021",
    ] {
        assert!(csv.lines().any(|line| line == row), "{row} in {csv}");
    }
    // Of 4,598 persons whose case under article 129 ended in 2010, 314 were convicted and 1,414 acquitted.
    let results = "acquitted,convicted,discontinued-no-offence,discontinued-other-grounds,medical-measures";
    let of_129 = format!("by=outcome&statute=RUS-CC-129&from=2010&to=2010&outcome={results}&share=outcome");
    let csv = service.text(&format!("/v1/datasets/russian-courts/aggregate.csv?{of_129}"));
    let table = Table::parse(&csv);
    let shares = table.select(&["outcome", "persons", "share"]);
    assert_eq!(shares[..2], [["acquitted", "1414", "0.307525"], ["convicted", "314", "0.068291"]]);
    let whole: u64 = shares.iter().map(|row| row[1].parse::<u64>().expect("a count")).sum();
    assert_eq!(whole, 4598);
    let trend = service.json("/v1/datasets/russian-courts/trend.json?statute=RUS-CC-129&from=2010&to=2010");
    let sentence = trend["rates"]["sentence"].as_str().expect("there are rates");
    assert!(
        sentence.starts_with("Of 4,598 persons whose case ended in 2010: convicted 314 (6.8%"),
        "{sentence}"
    );
    service.assert_log_clean();
}

#[test]
fn sedition_in_india_is_the_series_that_the_sources_publish() {
    let service = Service::start();
    let csv =
        service.text(&format!("{FIGURES}/aggregate.csv?by=year,outcome&statute=IND-IPC-124A&measure=cases"));
    let answer = Table::parse(&csv);
    let source = Table::read(&e2e::repository().join("data/archive/reported-figures-1.1.0/counts.csv"));
    let mut expected: Vec<Vec<&str>> = source
        .select(&["statute", "unit", "preferred", "year", "outcome", "value"])
        .into_iter()
        .filter(|row| row[..2] == ["IND-IPC-124A", "cases"] && row[2] != "false")
        .map(|row| row[3..].to_vec())
        .collect();
    expected.sort_unstable();
    assert_eq!(answer.select(&["year", "outcome", "cases"]), expected);
    // The registered cases as the National Crime Records Bureau counted them, to be seen here once.
    let registered: Vec<String> = answer
        .select(&["outcome", "year", "cases"])
        .into_iter()
        .filter(|row| row[0] == "registered")
        .map(|row| format!("{} {}", row[1], row[2]))
        .collect();
    assert_eq!(
        registered,
        ["2014 47", "2015 30", "2016 35", "2017 51", "2018 70", "2019 93", "2020 73", "2021 76", "2022 20"]
    );
    service.assert_log_clean();
}

#[test]
fn sources_that_disagree_are_shown_beside_the_figure_and_each_by_itself() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases&outcome=registered&from=2018&to=2018";
    let answer = service.json(&format!("{FIGURES}/aggregate.json?{query}"));
    let row = &answer["rows"][0];
    assert_eq!(row["cases"], 70);
    assert_eq!(
        row["disagreements"],
        serde_json::json!([{ "measure": "cases", "value": 75, "source": "lipr-2018" }])
    );
    let sources: Vec<&str> = answer["sources"]
        .as_array()
        .expect("a list of sources")
        .iter()
        .filter_map(|source| source["id"].as_str())
        .collect();
    assert!(sources.contains(&"lipr-2018"), "{sources:?}");
    // Where all sources agree there is nothing to show.
    let agreed = service.json(&format!("{FIGURES}/aggregate.json?{}", query.replace("2018", "2019")));
    assert!(agreed["rows"][0]["disagreements"].is_null(), "{}", agreed["rows"][0]);
    // Asked for by source, each says its own.
    let own = service.text(&format!("{FIGURES}/aggregate.csv?{query}&source=lipr-2018"));
    let own = Table::parse(&own);
    assert_eq!(own.select(&["cases"]), [["75"]]);
    // The source of the figure comes first, behind it those that say something else.
    assert_eq!(own.select(&["sources"]), [["lipr-2018 journals-of-india-2021"]]);
    let apart = Table::parse(
        &service.text(&format!("{FIGURES}/aggregate.csv?{}", query.replacen("outcome", "outcome,source", 1))),
    );
    assert_eq!(apart.select(&["source", "cases"]), [["journals-of-india-2021", "70"], ["lipr-2018", "75"]]);
}

#[test]
fn a_share_comes_with_its_wilson_interval() {
    let service = Service::start();
    let csv = service
        .text(&format!("{CASES}/aggregate.csv?by=outcome&statute=KAZ-CC-274&measure=persons&share=outcome"));
    // Wilson's score interval for 1 of 4 and 3 of 4 at 95 %, computed by hand to six decimals.
    assert_eq!(
        csv,
        "outcome,persons,share,share_low,share_high\n\
         convicted,1,0.25,0.045587,0.699358\n\
         pending,3,0.75,0.300642,0.954413\n"
    );
    // Within the groups of the other dimensions, shares add up to one.
    let csv =
        service.text(&format!("{CASES}/aggregate.csv?by=country,outcome&measure=charges&share=outcome"));
    let table = Table::parse(&csv);
    for country in ["KAZ", "POL", "RUS", "THA"] {
        let sum: f64 = table
            .select(&["country", "share"])
            .into_iter()
            .filter(|row| row[0] == country)
            .map(|row| row[1].parse::<f64>().expect("a share is a number"))
            .sum();
        assert!((sum - 1.0).abs() < 1e-5, "{country}: {sum}");
    }
}

#[test]
fn from_and_to_keep_what_lies_inside_with_both_ends() {
    let service = Service::start();
    let persons = |dates: &str| {
        let query = format!("by=&statute=KAZ-CC-274&measure=persons&{dates}");
        service.text(&format!("{CASES}/aggregate.csv?{query}"))
    };
    // Charged on 2020-04-17, twice on 2020-04-20, and one known only to be of 2020.
    for (dates, expected) in [
        ("from=2020&to=2020", "4"),
        ("from=2020", "4"),
        ("to=2020", "4"),
        ("from=2020-01-01&to=2020-12-31", "4"),
        ("from=2020-04&to=2020-04", "3"),
        ("from=2020-04-18", "2"),
        ("to=2020-04-17", "1"),
        ("from=2020-04-17&to=2020-04-17", "1"),
        ("from=2020-04-20&to=2020-04-20", "2"),
    ] {
        assert_eq!(persons(dates), format!("persons\n{expected}\n"), "{dates}");
    }
    for dates in ["from=2021", "to=2019"] {
        assert_eq!(persons(dates), "persons\n", "{dates}: nothing is known, which is not zero");
    }
    // A record of an unknown date is in no period, and in every answer that asks for none.
    let csv = service.text(&format!("{CASES}/aggregate.csv?by=year&country=THA"));
    assert_eq!(csv, "year,persons\n,2\n");
    let csv = service.text(&format!("{CASES}/aggregate.csv?by=year&country=THA&from=1900"));
    assert_eq!(csv, "year,persons\n");
}

#[test]
fn a_year_without_a_report_is_absent_and_not_zero() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases&outcome=acquitted";
    let table = Table::parse(&service.text(&format!("{FIGURES}/aggregate.csv?{query}")));
    let years = table.select(&["year"]).concat();
    assert_eq!(years, ["2017", "2018"]);
}
