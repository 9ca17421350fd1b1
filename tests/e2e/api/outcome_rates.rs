//! How it ended: rates of outcomes, and figures that make none.

use e2e::packages::Package;
use serde_json::{Value, json};

use crate::api::trends::{CASES, FIGURES, charges, serve, steady, trend};

#[test]
fn it_is_told_how_it_ended_with_who_is_open_and_who_is_unknown() {
    let mut rows = charges("2019", 12, "convicted");
    rows.extend(charges("2019", 3, "fined"));
    rows.extend(charges("2019", 4, "acquitted"));
    rows.extend(charges("2019", 2, "suspended-announcement"));
    rows.extend(charges("2020", 5, "dismissed"));
    rows.extend(charges("2020", 7, "pending"));
    rows.extend(charges("2020", 6, "unknown"));
    // The same person once more, fined and acquitted: one person in the whole, and in both parts.
    rows.push("C-more,D2019-fined-0,FRA,FRA-X-1.2,2019,acquitted,".to_owned());
    let service = serve(&Package::cases().rows(rows));
    let answer = service.json(&format!("{CASES}/trend.json?measure=persons"));
    let rates = &answer["rates"];
    assert_eq!([&rates["ended"], &rates["open"], &rates["unknown"]], [&json!(26), &json!(7), &json!(6)]);
    let parts: Vec<[&Value; 3]> = rates["rates"]
        .as_array()
        .expect("a list of rates")
        .iter()
        .map(|rate| [&rate["code"], &rate["numerator"], &rate["denominator"]])
        .collect();
    assert_eq!(
        json!(parts),
        json!([["convicted", 15, 26], ["acquitted", 5, 26], ["without-verdict", 5, 26]])
    );
    assert_eq!(rates["rates"][0]["share"], 0.576_923);
    assert_eq!(
        rates["sentence"],
        "How it ended (persons): with a final outcome 26; among them convicted 15 (57.7%, 95 % interval 38.9 to 74.5%), acquitted \
         5 (19.2%, 95 % interval 8.5 to 37.9%), ended without a verdict 5 (19.2%, 95 % interval 8.5 to 37.9%). Still open 7, \
         outcome unknown 6."
    );
    let russian = service.json(&format!("{CASES}/trend.json?measure=persons&lang=ru"));
    let told = russian["rates"]["sentence"].as_str().unwrap_or_default();
    assert!(
        told.contains("осуждено 15 (57,7\u{a0}%, 95-процентный интервал от 38,9 до 74,5\u{a0}%)"),
        "{told}"
    );
    let kazakh = service.json(&format!("{CASES}/trend.json?measure=persons&lang=kk"));
    let told = kazakh["rates"]["sentence"].as_str().unwrap_or_default();
    assert!(told.contains("сотталғаны 15 (57,7%, 95 пайыздық аралықтың шектері: 38,9 және 74,5%)"), "{told}");
    // Under ten there are counts and no percentage.
    let few = service.json(&format!("{CASES}/trend.json?from=2020"));
    assert!(few["rates"]["rates"][0]["share"].is_null(), "{few}");
    assert_eq!(few["rates"]["rates"][2]["numerator"], 5);
    assert!(few["rates"]["sentence"].as_str().is_some_and(|told| told.contains("No percentages")), "{few}");
    let chosen = service.json(&format!("{CASES}/trend.json?outcome=convicted"));
    assert_eq!(chosen["no_rates"]["code"], "outcomes-chosen");
    service.assert_log_clean();
}

#[test]
fn figures_of_outcomes_that_overlap_make_no_rate() {
    let package = Package::figures().rows(steady(&[20, 30, 40, 50, 60]));
    let service = serve(&package);
    let answer = service.json(&format!("{FIGURES}/trend.json?by=year,outcome&statute=FRA-X-1&measure=cases"));
    assert!(answer["rates"].is_null(), "{answer}");
    assert_eq!(answer["no_rates"]["code"], "outcomes-not-additive");
}

#[test]
fn figures_of_outcomes_that_may_be_added_make_rates_of_what_is_reported() {
    let row = |outcome: &str, value: u64| format!("FRA,FRA-X-1,2019,{outcome},cases,{value},bureau,A,true,");
    let mut package =
        Package::figures().rows([row("convicted", 30), row("dismissed", 20), row("pending", 8)]);
    package.descriptor["chargesheet"]["additive"] = json!(["year", "outcome"]);
    let answer = trend(&package, "by=year&statute=FRA-X-1&measure=cases");
    let rates = &answer["rates"];
    assert_eq!(rates["rates"][0]["share"], 0.6, "{answer}");
    assert!(rates["rates"][1]["numerator"].is_null(), "nobody reports acquittals: {rates}");
    assert!(rates["unknown"].is_null(), "{rates}");
    let told = rates["sentence"].as_str().unwrap_or_default();
    assert!(told.contains("acquitted not reported"), "{told}");
}
