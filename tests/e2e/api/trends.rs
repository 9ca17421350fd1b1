//! Trends: what is said of a series, what limits it, and how it ended.

use e2e::packages::Package;
use e2e::service::Service;
use serde_json::{Value, json};

pub const FIGURES: &str = "/v1/datasets/example-figures";
pub const CASES: &str = "/v1/datasets/example-cases";
/// One reported series.
const ONE: &str = "by=year&statute=FRA-X-1&outcome=registered&measure=cases";

/// A line of reported figures: registered cases.
fn figure(year: i32, value: u64, rest: &str) -> String {
    format!("FRA,FRA-X-1,{year},registered,cases,{value},{rest},")
}

/// Reported figures of the years from 2015 on, all from one source.
pub fn steady(values: &[u64]) -> Vec<String> {
    (2015..).zip(values).map(|(year, value)| figure(year, *value, "bureau,A,true")).collect()
}

/// As many charges of a year, each of another person.
pub fn charges(year: &str, number: usize, outcome: &str) -> Vec<String> {
    (0..number)
        .map(|n| format!("C{year}-{outcome}-{n},D{year}-{outcome}-{n},FRA,FRA-X-1,{year},{outcome},"))
        .collect()
}

/// A service that has a package too.
pub fn serve(package: &Package) -> Service {
    let folder = package.write();
    Service::start_with(&["--data", folder.to_str().expect("the path is UTF-8")])
}

pub fn trend(package: &Package, query: &str) -> Value {
    let service = serve(package);
    let answer = service.json(&format!("/v1/datasets/{}/trend.json?{query}", package.dataset()));
    service.assert_log_clean();
    answer
}

/// The years of a limit of the only series; `None` when it is not limited by that.
fn limited(answer: &Value, code: &str) -> Option<Vec<i64>> {
    let series = answer["series"].as_array().expect("a list of series");
    assert_eq!(series.len(), 1, "{answer}");
    let limits = series[0]["limits"].as_array().expect("a list of limits");
    let limit = limits.iter().find(|limit| limit["code"] == code)?;
    assert!(limit["text"].as_str().is_some_and(|text| text.len() > 20), "{limit}");
    Some(limit["years"].as_array().into_iter().flatten().filter_map(Value::as_i64).collect())
}

pub fn sentence(answer: &Value) -> &str {
    answer["series"][0]["sentence"].as_str().expect("a series has a sentence")
}

#[test]
fn a_rise_is_told_in_three_languages_with_numbers_as_they_write_them() {
    let service = serve(&Package::figures().rows(steady(&[1200, 1500, 1800, 2100, 2400])));
    let told = |language: &str| service.json(&format!("{FIGURES}/trend.json?{ONE}&lang={language}"));
    let english = told("en");
    assert_eq!(
        sentence(&english),
        "Cases: 1,200 in 2015 and 2,400 in 2019, a difference of +1,200 (+100.0%). Years compared: 5. The Mann-Kendall test \
         finds a rise (p = 0.0167); Theil-Sen slope 300 a year, 95 % interval 300 to 300."
    );
    let series = &english["series"][0];
    assert_eq!(series["direction"], "rise");
    assert_eq!(series["change"], json!({ "absolute": 1200, "relative": 1.0, "no_relative": null }));
    assert_eq!(series["test"]["s"], 10);
    assert_eq!(series["test"]["method"], "exact");
    assert_eq!(series["test"]["p"], 0.016_666_7);
    assert_eq!(series["slope"]["per_year"], 300.0);
    assert_eq!(
        sentence(&told("ru")),
        "Дела: 1\u{a0}200 в 2015 году и 2\u{a0}400 в 2019 году, разница +1\u{a0}200 (+100,0\u{a0}%). Сравниваемых лет: 5. \
         Критерий Манна–Кендалла обнаруживает рост (p = 0,0167); наклон по Тейлу–Сену 300 в год, 95-процентный интервал от \
         300 до 300."
    );
    let kazakh = told("kk");
    assert!(sentence(&kazakh).starts_with("Істер: 2015 жылы 1\u{a0}200, 2019 жылы 2\u{a0}400"), "{kazakh}");
    assert!(sentence(&kazakh).contains("өсуді анықтайды (p = 0,0167)"), "{kazakh}");
    service.assert_log_clean();
}

#[test]
fn what_the_test_does_not_find_is_not_said_to_be_absent() {
    let answer = trend(&Package::figures().rows(steady(&[20, 40, 30, 25, 35, 28])), ONE);
    assert_eq!(answer["series"][0]["direction"], "unfound");
    assert!(sentence(&answer).contains("The Mann-Kendall test finds no trend (p ="), "{answer}");
    assert!(!sentence(&answer).contains("there is no trend"), "{answer}");
    let falling = trend(&Package::figures().rows(steady(&[60, 50, 40, 30, 20])), ONE);
    assert!(sentence(&falling).contains("finds a fall"), "{falling}");
}

#[test]
fn four_years_are_too_few_for_a_test_and_that_is_said() {
    let answer = trend(&Package::figures().rows(steady(&[20, 30, 40, 50])), ONE);
    let series = &answer["series"][0];
    assert_eq!(series["direction"], "untested");
    assert_eq!(series["no_test"]["code"], "few-years");
    assert!(series["test"].is_null() && series["slope"].is_null(), "{series}");
    assert!(sentence(&answer).contains("too few for a test"), "{answer}");
}

#[test]
fn there_is_no_percentage_of_zero_nor_under_ten() {
    for (values, code) in [([0, 20, 30, 40, 50], "first-is-zero"), ([9, 20, 30, 40, 50], "under-10")] {
        let answer = trend(&Package::figures().rows(steady(&values)), ONE);
        let change = &answer["series"][0]["change"];
        assert!(change["relative"].is_null(), "{change}");
        assert_eq!(change["no_relative"]["code"], code);
        assert!(!sentence(&answer).contains("%)"), "{answer}");
        assert_eq!(limited(&answer, "small-numbers"), Some(vec![2015]));
    }
}

#[test]
fn a_year_that_had_not_ended_is_not_compared() {
    let package = Package::figures().created("2019-12-31").rows(steady(&[20, 30, 40, 50, 5]));
    let answer = trend(&package, ONE);
    assert_eq!(limited(&answer, "incomplete-years"), Some(vec![2019]));
    assert_eq!(answer["series"][0]["last"]["year"], 2018);
    assert_eq!(answer["series"][0]["figures"][4]["unused"], "incomplete-years");
    let later = trend(&package.created("2020-01-01"), ONE);
    assert_eq!(limited(&later, "incomplete-years"), None);
    assert_eq!(later["series"][0]["last"]["year"], 2019);
}

#[test]
fn nothing_is_compared_across_a_change_of_definition() {
    let mut rows = steady(&[500, 400, 300]);
    rows.push(figure(2018, 20, "bureau,B,true"));
    rows.extend((2019..2023).map(|year| figure(year, 20, "bureau,A,true")));
    let answer = trend(&Package::figures().rows(rows), ONE);
    assert_eq!(limited(&answer, "break"), Some(vec![2015, 2016, 2017]));
    assert_eq!(answer["series"][0]["first"]["year"], 2018);
    assert_eq!(answer["series"][0]["test"]["years"], 5);
    assert!(
        sentence(&answer).contains("Compared are only 2018–2022, because the definition changes in 2018."),
        "{answer}"
    );
}

#[test]
fn missing_and_unsure_years_are_named_and_nothing_is_filled_in() {
    let rows = [
        figure(2015, 20, "bureau,A,true"),
        figure(2017, 40, "bureau,E,true"),
        figure(2018, 50, "bureau,A,true"),
        figure(2019, 60, "bureau,A,true"),
        figure(2020, 70, "bureau,P,true"),
    ];
    let answer = trend(&Package::figures().rows(rows), ONE);
    assert_eq!(limited(&answer, "missing-years"), Some(vec![2016]));
    assert_eq!(limited(&answer, "provisional"), Some(vec![2017, 2020]));
    assert_eq!(answer["series"][0]["figures"].as_array().map(Vec::len), Some(5));
    // The year without a figure is time that passed: from 20 to 40 is 10 a year.
    let slope = &answer["series"][0]["slope"];
    assert_eq!([&slope["low"], &slope["per_year"], &slope["high"]], [&json!(10.0); 3]);
}

#[test]
fn sources_that_disagree_or_count_otherwise_are_told() {
    let mut rows = steady(&[20, 30, 40, 50]);
    rows.push(figure(2016, 33, "monitor,A,false"));
    rows.push(figure(2019, 60, "monitor,A,true"));
    let mut package = Package::figures().rows(rows);
    let answer = trend(&package, ONE);
    assert_eq!(limited(&answer, "sources-disagree"), Some(vec![2016]));
    assert!(limited(&answer, "several-sources").is_some(), "{answer}");
    assert!(limited(&answer, "counting-differs").is_none(), "not stated is no difference: {answer}");
    let sources = package.tables.get_mut("sources.csv").expect("there are sources");
    *sources = sources.replace("ngo,not-stated,not-stated", "ngo,principal-offence,not-stated");
    assert!(limited(&trend(&package, ONE), "counting-differs").is_some());
}

#[test]
fn the_life_of_the_statute_limits_its_series() {
    let mut package = Package::figures().rows(steady(&[20, 30, 40, 50, 60]));
    let statutes = package.tables.get_mut("statutes.csv").expect("there are statutes");
    *statutes = statutes.replacen("defamation,2015-01-01,,", "defamation,2016-07-01,2018-12-31,", 1);
    let answer = trend(&package, ONE);
    assert_eq!(limited(&answer, "before-force"), Some(vec![2015]));
    assert_eq!(limited(&answer, "part-in-force"), Some(vec![2016]));
    assert_eq!(limited(&answer, "after-force"), Some(vec![2019]));
    assert_eq!(answer["series"][0]["first"]["year"], 2016);
}

#[test]
fn documented_cases_are_said_to_be_those() {
    let mut rows = charges("2019-05-01", 12, "convicted");
    rows.extend(charges("2020-05-01", 14, "pending"));
    rows.extend(charges("2021-05-01", 16, "pending"));
    rows.extend(charges("unknown", 3, "pending"));
    let package = Package::cases().created("2022-03-01").rows(rows);
    let answer = trend(&package, "");
    assert_eq!(limited(&answer, "open-outcomes"), Some(vec![2021]));
    assert_eq!(limited(&answer, "unknown-year"), Some(vec![]));
    let texts = answer["series"][0]["limits"].to_string();
    assert!(texts.contains("in none of these years: 3 (persons)"), "{texts}");
    assert!(sentence(&answer).contains("documented cases, not all cases"), "{answer}");
    assert_eq!(answer["limits"][0]["code"], "documented-only");
    // A year of which the query keeps a part is no year; and who has no date is told whatever the bounds are.
    let part = trend(&package, "from=2019-03");
    assert_eq!(limited(&part, "cut-years"), Some(vec![2019]));
    assert_eq!(limited(&part, "unknown-year"), Some(vec![]));
    let whole = trend(&package, "from=2019&to=2020-12-31");
    assert_eq!(limited(&whole, "cut-years"), None);
}

#[test]
fn a_question_without_data_gets_an_empty_answer_that_says_so() {
    let answer =
        trend(&Package::figures().rows(steady(&[20, 30])), "by=year&statute=FRA-X-1.2&outcome=convicted");
    assert_eq!(answer["series"], json!([]));
    assert_eq!(answer["limits"][0]["code"], "nothing-recorded");
}

#[test]
fn several_tests_are_said_to_be_several() {
    let mut rows = steady(&[20, 30, 40, 50, 60]);
    rows.extend((2015..2020).map(|year| format!("FRA,FRA-X-1,{year},convicted,cases,30,bureau,A,true,")));
    let answer = trend(
        &Package::figures().rows(rows),
        "by=outcome,year&statute=FRA-X-1&measure=cases&share=outcome&labels=ru",
    );
    assert!(answer["status"].is_null(), "{answer}");
    assert_eq!(answer["limits"][0]["code"], "several-series");
    let codes: Vec<&Value> = answer["series"]
        .as_array()
        .expect("a list of series")
        .iter()
        .map(|series| &series["keys"][0]["code"])
        .collect();
    assert_eq!(json!(codes), json!(["registered", "convicted"]), "in the order of a proceeding");
}

#[test]
fn a_question_that_is_not_about_years_is_refused_with_what_to_ask() {
    let service = Service::start();
    for (query, said) in
        [("by=outcome", "add `year`"), ("by=month", "group by `year`"), ("lang=xx", "no language")]
    {
        let reply = service.get(&format!("/v1/datasets/documented-cases/trend.json?{query}"));
        assert_eq!(reply.status, 400, "{query}");
        assert!(reply.json()["detail"].as_str().is_some_and(|told| told.contains(said)), "{}", reply.text());
    }
}

#[test]
fn the_pinned_address_in_the_answer_gives_the_same_for_ever() {
    let service = Service::start();
    for file in [
        "reported-figures/trend.json?by=year,outcome&statute=IND-IPC-124A",
        "documented-cases/movers.json?of=country&before=2020&after=2023&min=1",
    ] {
        let first = service.text(&format!("/v1/datasets/{file}"));
        let url = serde_json::from_str::<Value>(&first).expect("the answer is JSON")["url"].clone();
        let pinned = service.get(url.as_str().unwrap_or_default());
        assert_eq!(pinned.text(), first, "{url}");
        assert_eq!(pinned.header("cache-control"), "public, max-age=31536000, immutable");
    }
}

#[test]
fn the_page_of_a_statute_tells_its_trends_and_links_to_all_of_it() {
    let service = Service::start();
    for (language, title) in
        [("en", "Trend"), ("ru", "Изменение во времени"), ("kk", "Уақыт бойынша өзгеріс")]
    {
        let page = service.text(&format!("/statutes/IND-IPC-124A?measure=cases&lang={language}"));
        assert!(page.contains(&format!("<h2 id=\"trend\">{title}</h2>")), "{language}");
        let data = page.split("href=\"").find(|link| link.contains("/trend.json?")).unwrap_or_default();
        let address = data.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&");
        let answer = service.json(&address);
        assert_eq!(answer["language"], language);
        assert!(page.contains(sentence(&answer)), "{language}: {}", sentence(&answer));
    }
    let by_outcome = service.text("/statutes/KAZ-CC-274?dataset=documented-cases&by=outcome");
    assert!(!by_outcome.contains("trend.json"), "without years there is nothing to tell");
    service.assert_log_clean();
}
