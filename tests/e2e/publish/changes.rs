//! What differs between two releases: every cell once, and sums that are those of the figures themselves.

use std::collections::BTreeMap;

use e2e::changes::{Changes, Line, Served};
use e2e::packages::Package;

use crate::publish::commands::stdout;

const CASES: &str = "case_id,defendant_id,country,statute,date_charged,outcome,role,region\n";

/// A package of cases with roles and regions.
fn cases(version: &str, rows: &[&str]) -> Package {
    let mut package = Package::cases().version(version);
    *package.records_mut() = CASES.to_owned() + &rows.join("\n") + "\n";
    package
}

fn two_of_cases(name: &str) -> Served {
    let older = cases(
        "1.0.0",
        &[
            "C1,D1,FRA,FRA-X-1,2020-03-01,pending,,North",
            "C1,D2,FRA,FRA-X-1,2020-03-09,pending,,North",
            "C2,D1,FRA,FRA-X-1.2,2021,convicted,,",
            "C3,D3,FRA,FRA-X-1,unknown,acquitted,,South",
            "C4,D4,FRA,FRA-X-1,2019-01,fined,,South",
        ],
    );
    let newer = cases(
        "2.0.0",
        &[
            "C1,D1,FRA,FRA-X-1,2020-03-01,pending,,North",
            "C1,D2,FRA,FRA-X-1,2020-03-09,pending,,North",
            "C5,D5,FRA,FRA-X-1,2020-03,pending,,North",
            "C2,D1,FRA,FRA-X-1.2,2021,convicted,,",
            "C3,D3,FRA,FRA-X-1,unknown,acquitted,,South",
            "C6,D6,FRA,FRA-X-1,unknown,acquitted,,South",
            "C7,D7,FRA,FRA-X-1,2022-12,plea,,West",
        ],
    );
    Served::with(name, &[older, newer])
}

/// Figures of both measures in one cell, and what the newer release makes of them.
fn two_of_figures(name: &str) -> Served {
    let older = Package::figures().rows([
        "FRA,FRA-X-1,2019,registered,cases,0,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,12,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,15,monitor,A,false,counts complaints as well",
        "FRA,FRA-X-1,2020,registered,persons,20,bureau,A,true,",
        "FRA,FRA-X-1,2020,convicted,persons,3,monitor,P,true,",
        "FRA,FRA-X-1,2021,registered,persons,7,bureau,A,true,",
        "FRA,FRA-X-1,2021,registered,cases,5,bureau,A,true,",
    ]);
    let newer = Package::figures().version("2.0.0").rows([
        // The zero is gone, and a zero is new.
        "FRA,FRA-X-1,2018,registered,cases,0,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,13,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,15,monitor,A,false,counts complaints as well",
        "FRA,FRA-X-1,2020,registered,persons,20,bureau,A,true,",
        "FRA,FRA-X-1,2020,convicted,persons,1,monitor,P,true,",
        "FRA,FRA-X-1,2021,registered,persons,7,bureau,A,true,",
        "FRA,FRA-X-1,2021,registered,cases,5,bureau,A,true,",
        "FRA,FRA-X-1.2,2022,convicted,persons,4,monitor,A,true,",
    ]);
    Served::with(name, &[older, newer])
}

#[test]
fn every_changed_cell_of_cases_is_listed_once_and_they_sum_to_the_difference() {
    let served = two_of_cases("store-changes-of-cases");
    let changes = served.changes();
    changes.assert_adds_up();
    changes.assert_recounted(&served, &["charges"]);
    let told: Vec<Vec<&str>> = changes.table.select(&[
        "change",
        "statute",
        "outcome",
        "region",
        "month",
        "before",
        "after",
        "difference",
    ]);
    // By hand: who was charged in the same month, under the same statute, in the same region.
    for line in [
        ["changed", "FRA-X-1", "acquitted", "South", "", "1", "2", "1"],
        ["removed", "FRA-X-1", "fined", "South", "2019-01", "1", "", "-1"],
        ["changed", "FRA-X-1", "pending", "North", "2020-03", "2", "3", "1"],
        ["added", "FRA-X-1", "plea", "West", "2022-12", "", "1", "1"],
    ] {
        assert!(told.contains(&line.to_vec()), "{line:?} in {told:#?}");
    }
    assert_eq!(told.len(), 4, "{told:#?}");
    assert_eq!(changes.totals["charges"], (5, 7, 2));
    served.service.assert_log_clean();
}

#[test]
fn every_changed_figure_is_listed_once_and_they_sum_to_the_difference() {
    let served = two_of_figures("store-changes-of-figures");
    let changes = served.changes();
    changes.assert_adds_up();
    changes.assert_recounted(&served, &["persons", "cases"]);
    let told = changes.table.select(&["change", "year", "outcome", "source", "measure", "before", "after"]);
    for line in [
        ["added", "2018", "registered", "bureau", "cases", "", "0"],
        ["removed", "2019", "registered", "bureau", "cases", "0", ""],
        ["changed", "2020", "registered", "bureau", "cases", "12", "13"],
        ["changed", "2020", "convicted", "monitor", "persons", "3", "1"],
        ["added", "2022", "convicted", "monitor", "persons", "", "4"],
    ] {
        assert!(told.contains(&line.to_vec()), "{line:?} in {told:#?}");
    }
    assert_eq!(told.len(), 5, "{told:#?}");
    assert_eq!(changes.totals["persons"], (30, 32, 2));
    assert_eq!(changes.totals["cases"], (32, 33, 1));
    served.service.assert_log_clean();
}

#[test]
fn a_figure_that_is_less_reliable_now_has_changed_and_its_neighbour_has_not() {
    let of = |version: &str, status: &str| {
        Package::figures().version(version).rows([
            format!("FRA,FRA-X-1,2020,registered,cases,12,bureau,{status},true,"),
            "FRA,FRA-X-1,2020,registered,persons,20,bureau,A,true,".to_owned(),
        ])
    };
    let served = Served::with("store-changed-status", &[of("1.0.0", "A"), of("2.0.0", "P")]);
    let changes = served.changes();
    changes.assert_adds_up();
    let told = changes.table.select(&["measure", "before", "after", "status_before", "status_after"]);
    assert_eq!(told, [["cases", "12", "12", "A", "P"]]);
}

#[test]
fn another_preference_is_a_change_of_both_figures() {
    let of = |version: &str, bureau: bool| {
        let monitor = !bureau;
        Package::figures().version(version).rows([
            format!("FRA,FRA-X-1,2020,registered,cases,12,bureau,A,{bureau},"),
            format!("FRA,FRA-X-1,2020,registered,cases,15,monitor,A,{monitor},"),
        ])
    };
    let served = Served::with("store-changed-preference", &[of("1.0.0", true), of("2.0.0", false)]);
    let changes = served.changes();
    changes.assert_adds_up();
    let told = changes.table.select(&["source", "difference", "preferred_before", "preferred_after"]);
    assert_eq!(told, [["bureau", "0", "true", "false"], ["monitor", "0", "false", "true"]]);
}

#[test]
fn a_dimension_that_only_one_release_has_does_not_break_the_sums() {
    let plain = Package::cases();
    let with_regions = cases("2.0.0", &["C1,D1,FRA,FRA-X-1,2020-03-01,pending,blogger,North"]);
    let served = Served::with("store-changed-dimensions", &[plain, with_regions]);
    let changes = served.changes();
    changes.assert_adds_up();
    changes.assert_recounted(&served, &["charges"]);
    assert_eq!(changes.totals["charges"], (4, 1, -3));
    served.service.assert_log_clean();
}

#[test]
fn the_other_way_round_every_difference_is_negated() {
    for served in [two_of_cases("store-negated-cases"), two_of_figures("store-negated-figures")] {
        let forth = served.changes();
        let back = Changes::of(&served, &served.ids[1], &served.ids[0]);
        let turned = |(change, before, after, difference): &Line| {
            let change = match change.as_str() {
                "added" => "removed",
                "removed" => "added",
                other => other,
            };
            (change.to_owned(), *after, *before, -difference)
        };
        let expected: BTreeMap<Vec<String>, Line> =
            forth.lines.iter().map(|(key, line)| (key.clone(), turned(line))).collect();
        assert_eq!(back.lines, expected);
        back.assert_adds_up();
        let same = Changes::of(&served, &served.ids[0], &served.ids[0]);
        assert_eq!(same.table.rows.len(), 0);
        assert!(same.totals.values().all(|(before, after, difference)| before == after && *difference == 0));
    }
}

#[test]
fn without_names_the_newest_is_compared_with_the_one_before() {
    let packages = [1, 2, 3].map(|number| Package::cases().with_charges(number));
    let served = Served::with("store-changes-by-default", &packages);
    let [first, second, third] = [0, 1, 2].map(|place| served.ids[place].as_str());
    for (query, from, to) in [
        (String::new(), second, third),
        (format!("to={second}"), first, second),
        (format!("from={first}"), first, third),
        (format!("from={third}"), third, third),
        (format!("from={third}&to={first}"), third, first),
    ] {
        for file in ["changes.json", "changes.csv"] {
            let reply = served.service.get(&served.path(&format!("{file}?{query}")));
            let named = served.service.get(&served.path(&format!("{file}?from={from}&to={to}")));
            assert_eq!((reply.status, reply.text()), (200, named.text()), "{query}");
            assert_eq!(named.header("cache-control"), "public, max-age=31536000, immutable");
            let both = query.contains("from") && query.contains("to");
            assert_eq!(reply.header("cache-control").contains("immutable"), both, "{query}");
            assert_eq!(reply.header("chargesheet-release"), to, "{query}");
            assert_eq!(reply.header("etag"), named.header("etag"));
        }
    }
    let reply = served.service.get(&served.path(&format!("changes.json?to={first}")));
    assert_eq!((reply.status, &reply.json()["parameter"]), (400, &"from".into()), "{}", reply.text());
    // One that is withdrawn is not compared with; who names it is told so.
    assert!(stdout(&served.store.withdraw("example-cases", &[second], "error")).contains(second));
    e2e::wait_for("the release to be gone", || {
        (served.service.get(&served.path(&format!("changes.json?to={second}"))).status == 410).then_some(())
    });
    assert_eq!(
        served.service.get(&served.path(&format!("changes.csv?from={second}&to={third}"))).status,
        410
    );
    let left = served.service.text(&served.path("changes.csv"));
    assert_eq!(left, served.service.text(&served.path(&format!("changes.csv?from={first}&to={third}"))));
    served.service.assert_log_clean();
}

#[test]
fn a_release_that_is_not_there_is_refused_with_the_nearest() {
    let served = two_of_cases("store-changes-refused");
    let right = &served.ids[0];
    let mut wrong = right.clone();
    let last = wrong.pop().expect("an id has digits");
    wrong.push(if last == '0' { '1' } else { '0' });
    for (parameter, query) in
        [("from", format!("from={wrong}&to={}", served.ids[1])), ("to", format!("to={wrong}"))]
    {
        let reply = served.service.get(&served.path(&format!("changes.csv?{query}")));
        assert_eq!(reply.status, 400, "{query}: {}", reply.text());
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let problem = reply.json();
        assert_eq!((&problem["parameter"], &problem["value"]), (&parameter.into(), &wrong.as_str().into()));
        assert_eq!(problem["nearest"], right.as_str(), "{problem}");
    }
    for (query, parameter) in [("since=2020", "since"), ("form=x", "form"), ("from=nowhere", "from")] {
        let reply = served.service.get(&served.path(&format!("changes.json?{query}")));
        assert_eq!((reply.status, &reply.json()["parameter"]), (400, &parameter.into()), "{query}");
    }
    let reply = served.service.get("/v1/datasets/example-case/changes.json");
    assert_eq!((reply.status, &reply.json()["nearest"]), (404, &"example-cases".into()));
    assert_eq!(served.service.get(&served.path("changes.cvs")).json()["nearest"], "changes.csv");
    served.service.assert_log_clean();
}
