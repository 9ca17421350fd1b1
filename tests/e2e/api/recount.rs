//! The bundled data counted again, by the slow and plain code of the test, and compared with the answers.

use std::collections::{BTreeMap, BTreeSet};

use e2e::service::Service;
use e2e::table::Table;

/// The parent of every statute that has one.
fn parents(dataset: &str) -> BTreeMap<String, String> {
    let table = read(dataset, "statutes.csv");
    table
        .select(&["statute", "parent"])
        .into_iter()
        .filter(|row| !row[1].is_empty())
        .map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect()
}

fn read(dataset: &str, file: &str) -> Table {
    Table::read(&e2e::repository().join("data").join(dataset).join(file))
}

/// Whether a statute is another, or a part of it, or a part of a part.
fn belongs(parents: &BTreeMap<String, String>, statute: &str, to: &str) -> bool {
    let mut next = Some(statute);
    while let Some(own) = next {
        if own == to {
            return true;
        }
        next = parents.get(own).map(String::as_str);
    }
    false
}

/// Returns a charge's value of a dimension.
fn value_of(table: &Table, row: &[String], dimension: &str) -> String {
    let date = &row[table.column("date_charged")];
    match dimension {
        "year" if date == "unknown" => String::new(),
        "year" => date[..4].to_owned(),
        // A charge known only to the year has no month.
        "month" if date == "unknown" || date.len() < 7 => String::new(),
        "month" => date[..7].to_owned(),
        _ => row[table.column(dimension)].clone(),
    }
}

/// The code of the period of each figure.
fn periods(table: &Table) -> Vec<String> {
    let code = |row: Vec<&str>| match row[..] {
        [year, _, _, ""] => year.to_owned(),
        [_, _, to, "stock"] => format!("{to}:stock"),
        [_, from, to, "running"] => format!("{from}/{to}:running"),
        [_, from, to, _] => format!("{from}/{to}"),
        _ => unreachable!("four columns"),
    };
    table.select(&["year", "from", "to", "span"]).into_iter().map(code).collect()
}

#[test]
fn every_grouping_of_documented_cases_is_what_counting_by_hand_gives() {
    let service = Service::start();
    let table = read("documented-cases", "charges.csv");
    let parents = parents("documented-cases");
    let dimensions = ["country", "statute", "outcome", "role", "year", "month"];
    let statutes: BTreeSet<String> = parents.values().chain(parents.keys()).cloned().collect();
    let mut compared = 0;
    for first in dimensions {
        for second in dimensions {
            let by: Vec<&str> = if first == second { vec![first] } else { vec![first, second] };
            for statute in [None].into_iter().chain(statutes.iter().map(Some)) {
                let kept = table.rows.iter().filter(|row| {
                    statute.is_none_or(|kept| belongs(&parents, &row[table.column("statute")], kept))
                });
                let mut groups: BTreeMap<Vec<String>, Vec<&Vec<String>>> = BTreeMap::new();
                for row in kept {
                    let key = by.iter().map(|dimension| value_of(&table, row, dimension)).collect();
                    groups.entry(key).or_default().push(row);
                }
                let expected: Vec<Vec<String>> = groups
                    .into_iter()
                    .map(|(key, rows)| {
                        let distinct = |column: &str| {
                            let place = table.column(column);
                            let all: BTreeSet<&str> = rows.iter().map(|row| row[place].as_str()).collect();
                            all.len().to_string()
                        };
                        let mut line = key;
                        line.extend([distinct("defendant_id"), distinct("case_id"), rows.len().to_string()]);
                        line
                    })
                    .collect();
                let mut query = format!("by={}&measure=persons,cases,charges", by.join(","));
                if let Some(statute) = statute {
                    query.push_str(&format!("&statute={statute}"));
                }
                let answer = service.get(&format!("/v1/datasets/documented-cases/aggregate.csv?{query}"));
                // A statute of the register that has no charge is an empty table, not an error.
                let mut rows = Table::parse(&answer.text()).rows;
                // The order is its own test: an unknown year has its own place.
                rows.sort();
                assert_eq!(rows, expected, "{query}");
                compared += 1;
            }
        }
    }
    assert!(compared > 70, "only {compared} queries");
    service.assert_log_clean();
}

#[test]
fn every_reported_figure_is_answered_once_and_as_it_was_published() {
    let service = Service::start();
    let table = read("reported-figures", "counts.csv");
    let measures = ["persons", "cases", "charges"];
    // The preferred figure of each cell; a figure without a rival needs no mark.
    let [mut expected, mut by_source, mut of_years] =
        [(); 3].map(|()| BTreeMap::<Vec<String>, [String; 3]>::new());
    let columns = ["statute", "outcome", "source", "unit", "value", "preferred", "year", "area", "rule"];
    for (row, period) in table.select(&columns).into_iter().zip(periods(&table)) {
        let place = measures.iter().position(|&measure| measure == row[3]).expect("a unit is a measure");
        let or = |text: &str, empty: &str| if text.is_empty() { empty } else { text }.to_owned();
        let (statute, outcome) = (row[0].to_owned(), row[1].to_owned());
        let key = vec![
            statute.clone(),
            period,
            or(row[7], "whole-country"),
            outcome.clone(),
            or(row[8], "not-stated"),
        ];
        let own = [&key[..], &[row[2].to_owned()]].concat();
        let put = |all: &mut BTreeMap<Vec<String>, [String; 3]>, key| {
            all.entry(key).or_default()[place] = row[4].to_owned();
        };
        put(&mut by_source, own);
        if row[5] != "false" {
            put(&mut expected, key);
        }
        if row[5] != "false" && !row[6].is_empty() && row[7].is_empty() {
            put(&mut of_years, vec![statute, row[6].to_owned(), outcome]);
        }
    }
    let by = vec!["statute", "period", "area", "outcome", "rule"];
    for (by, expected) in [
        (vec!["statute", "year", "outcome"], of_years),
        (by.clone(), expected),
        ([&by[..], &["source"]].concat(), by_source),
    ] {
        let query = format!("by={}&measure={}", by.join(","), measures.join(","));
        let csv = service.text(&format!("/v1/datasets/reported-figures/aggregate.csv?{query}"));
        let answer = Table::parse(&csv);
        let mut columns = by.clone();
        columns.extend(measures);
        let expected: Vec<Vec<String>> = expected
            .into_iter()
            .map(|(mut key, values)| {
                key.extend(values);
                key
            })
            .collect();
        let rows: Vec<Vec<String>> = answer
            .select(&columns)
            .into_iter()
            .map(|row| row.into_iter().map(str::to_owned).collect())
            .collect();
        assert!(rows.len() > 200, "{query}: {} rows", rows.len());
        assert_eq!(rows, expected, "{query}");
    }
    service.assert_log_clean();
}

#[test]
fn a_filter_keeps_exactly_the_figures_that_it_names() {
    let service = Service::start();
    let table = read("reported-figures", "counts.csv");
    let parents = parents("reported-figures");
    let statutes: BTreeSet<&str> = table.select(&["statute"]).into_iter().flatten().collect();
    for statute in statutes {
        for (from, to) in [("1900", "2100"), ("2017", "2019")] {
            for measure in ["persons", "cases", "charges"] {
                let mut expected: Vec<Vec<&str>> = table
                    .select(&["statute", "year", "outcome", "value", "unit", "preferred", "area"])
                    .into_iter()
                    .filter(|row| {
                        belongs(&parents, row[0], statute)
                            && (from..=to).contains(&row[1])
                            && row[6].is_empty()
                            && row[4] == measure
                            && row[5] != "false"
                    })
                    .map(|row| row[..4].to_vec())
                    .collect();
                expected.sort_unstable();
                let query = format!(
                    "by=statute,year,outcome&statute={statute}&from={from}&to={to}&measure={measure}"
                );
                let csv = service.text(&format!("/v1/datasets/reported-figures/aggregate.csv?{query}"));
                let answer = Table::parse(&csv);
                assert_eq!(answer.select(&["statute", "year", "outcome", measure]), expected, "{query}");
            }
        }
    }
    service.assert_log_clean();
}
