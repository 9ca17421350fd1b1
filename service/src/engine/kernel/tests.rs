//! Tests of how often counting allocates memory. Unlike time, this number is the same on every machine.

use crate::answer::{Dataset, opened};
use crate::domain::Period;
use crate::ingest::{Rules, ingest};
use crate::present::csv::csv;
use crate::query::Params;
use crate::query::recount::package::{Row, World};
use crate::release::Release;

/// Returns a dataset with `rows` charges and few statutes, days, outcomes and roles.
fn dataset(rows: usize) -> Dataset {
    let row = |fields: &[(&'static str, String)]| -> Row { fields.iter().cloned().collect() };
    let statutes = ["A-1", "A-2", "B-1"].map(|id| {
        let country = if id.starts_with('A') { "KAZ" } else { "TUR" };
        row(&[
            ("statute", id.into()),
            ("country", country.into()),
            ("law", "Code".into()),
            ("title_en", id.into()),
        ])
    });
    let charges = (0..rows).map(|number| {
        row(&[
            ("case_id", format!("C{}", number / 3)),
            ("defendant_id", format!("D{}", number / 2)),
            ("country", "KAZ".into()),
            ("statute", ["A-1", "A-2"][number % 2].into()),
            ("date_charged", format!("{}-{:02}-07", 2015 + number % 6, 1 + number % 12)),
            ("outcome", ["convicted", "acquitted", "pending"][number % 3].into()),
            ("role", ["journalist", "activist"][number / 7 % 2].into()),
        ])
    });
    let world = World {
        reported: false,
        additive: Vec::new(),
        measures: vec!["charges", "persons", "cases"],
        columns: vec!["case_id", "defendant_id", "country", "statute", "date_charged", "outcome", "role"],
        statutes: statutes.to_vec(),
        sources: Vec::new(),
        rows: charges.collect(),
    };
    let rules = Rules::of(Period::parse("2026-11-24").unwrap().first_day());
    let (ingested, report) = ingest(&world.package(), &rules).unwrap();
    assert!(!report.refused(), "{}", report.to_text());
    opened(Release::seal(ingested)).unwrap()
}

fn allocations(dataset: &Dataset, question: &str) -> u64 {
    let query = Params::parse(question).unwrap().take_query(&dataset.release).unwrap();
    let mut rows = 0;
    let measured = allocation_counter::measure(|| rows = dataset.ask(&query).unwrap().rows());
    assert!(rows > 0, "{question}");
    measured.count_total
}

#[test]
fn an_answer_allocates_as_often_over_many_charges_as_over_few() {
    let (few, many) = (dataset(4_000), dataset(60_000));
    for (question, most) in [
        ("by=&measure=charges", 60),
        ("by=year&measure=charges&statute=A-1", 120),
        ("by=country,outcome,year&measure=charges", 220),
        ("by=role,month&measure=charges&outcome=convicted&from=2016-02-03", 700),
        ("by=outcome&measure=persons,cases&from=2017", 120),
        ("by=country,year&measure=charges,persons,cases", 250),
    ] {
        let [of_few, of_many] = [&few, &many].map(|dataset| allocations(dataset, question));
        assert!(of_many <= of_few + 8, "{question}: {of_few} of few charges, {of_many} of many");
        assert!(of_many <= most, "{question}: {of_many}");
    }
}

/// Returns the text of an answer, without the plan.
fn answered(dataset: &Dataset, question: &str) -> String {
    let query = Params::parse(question).unwrap().take_query(&dataset.release).unwrap();
    String::from_utf8(csv(&query, &dataset.release, &dataset.ask(&query).unwrap())).unwrap()
}

#[test]
fn a_bound_that_no_charge_lies_beyond_leaves_nothing_out() {
    // The charges date from January 2015 to 7 December 2020.
    let dataset = dataset(4_000);
    for by in ["", "year", "month", "outcome", "year,role", "country,outcome,year", "statute"] {
        let all = answered(&dataset, &format!("by={by}&measure=charges,persons"));
        for bound in ["to=2020-12-07", "to=2020-12-30", "from=2015-01-07", "from=2015-01-07&to=2020-12-07"] {
            let kept = answered(&dataset, &format!("by={by}&measure=charges,persons&{bound}"));
            assert_eq!(kept, all, "by={by}&{bound}");
        }
        let beyond = answered(&dataset, &format!("by={by}&measure=charges&to=2020-12-06"));
        assert_ne!(beyond, answered(&dataset, &format!("by={by}&measure=charges")), "by={by}");
    }
}
