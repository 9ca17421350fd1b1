//! The rule book, the two tables that a package may bring: the history of statutes, and populations.

use e2e::draft::Checked;
use e2e::packages::Package;
use serde_json::Value;

pub const HISTORY: &str = "statute,date,kind,breaks_series,related,text_en,text_ru,text_kk,url";
pub const POPULATION: &str = "country,year,population,source,url";

const EVENT: &str = "FRA-X-1,2019-05,amended,true,,The offence was widened.,,,https://example.org/amended";
const PEOPLE: &str = "FRA,2020,67000000,A made-up office,https://example.org/people";

/// Checks a package with one of the tables. One row of two may be wrong: a small file must not be refused whole.
fn check(table: (&str, &str), rows: &[&str]) -> Checked {
    let package = Package::figures().with_table(table.0, table.1, rows);
    // Two more statutes: one that the first goes on as, and one of another country.
    let mut package = package;
    let statutes = package.tables.get_mut("statutes.csv").expect("there is a register");
    *statutes = statutes.replace(
        "FRA-X-1,,FRA,Example Act,1,,Example offence,Пример правонарушения,Құқық бұзушылық мысалы,defamation,2015-01-01,,,",
        "FRA-X-1,,FRA,Example Act,1,,Example offence,Пример правонарушения,Құқық бұзушылық мысалы,defamation,2015-01-01,,FRA-Y-2,",
    );
    statutes.push_str("FRA-Y-2,,FRA,Other Act,2,,Example offence,,,defamation,2023-01-01,,,\n");
    statutes.push_str("DEU-Z-3,,DEU,Third Act,3,,Example offence,,,defamation,,,,\n");
    assert!(statutes.contains(",FRA-Y-2,https"), "{statutes}");
    Checked::of(&package.write(), &["--max-rejected", "100"])
}

fn history(rows: &[&str]) -> Checked {
    check(("history", HISTORY), rows)
}

fn population(rows: &[&str]) -> Checked {
    check(("population", POPULATION), rows)
}

/// Fails unless the row behind the right one, and no other, is refused for one reason in one column.
fn assert_refused(checked: &Checked, file: &str, column: &str, reason: &str) -> Value {
    assert_eq!(checked.verdict(), "reject_rows", "{checked:?}");
    let problem = checked.only(reason).clone();
    assert_eq!((&problem["file"], &problem["column"]), (&file.into(), &column.into()), "{problem}");
    assert_eq!((&problem["line"], &problem["severity"]), (&3.into(), &"error".into()), "{problem}");
    problem
}

#[test]
fn right_tables_are_taken_without_a_word_and_counted() {
    let row =
        "FRA-X-1,2023-01-01,renumbered,true,FRA-Y-2,It goes on there.,Там.,Сонда.,https://example.org/n";
    history(&[EVENT, row, "FRA-Y-2,2024,parallel,false,FRA-X-1,Beside it.,,,http://example.org/p"])
        .accepted();
    let checked = population(&[PEOPLE, "DEU,1999,82000000,A made-up office,https://example.org/people"]);
    checked.accepted();
    let files = checked.json["files"].as_array().expect("a list of files");
    let counted = files.iter().find(|file| file["name"] == "population.csv").expect("it is told of");
    assert_eq!((&counted["read"], &counted["accepted"]), (&2.into(), &2.into()), "{counted}");
}

#[test]
fn an_event_names_statutes_of_the_register_on_both_sides() {
    let problem = assert_refused(
        &history(&[EVENT, "FRA-X-l,2020,amended,false,,Text.,,,https://example.org/"]),
        "history.csv",
        "statute",
        "unknown_statute",
    );
    assert_eq!(problem["suggestion"], "FRA-X-1");
    let problem = assert_refused(
        &history(&[EVENT, "FRA-X-1,2020,other,false,FRA-Y-3,Text.,,,https://example.org/"]),
        "history.csv",
        "related",
        "unknown_statute",
    );
    assert_eq!(problem["suggestion"], "FRA-Y-2");
    for (kind, related) in [
        // Itself; another country's; neither its successor nor its predecessor.
        ("other", "FRA-X-1"),
        ("parallel", "DEU-Z-3"),
        ("renumbered", "FRA-X-1.2"),
    ] {
        let row = format!("FRA-X-1,2020,{kind},false,{related},Text.,,,https://example.org/");
        assert_refused(&history(&[EVENT, &row]), "history.csv", "related", "related_mismatch");
    }
    let nameless = "FRA-X-1,2020,parallel,false,,Text.,,,https://example.org/";
    assert_refused(&history(&[EVENT, nameless]), "history.csv", "related", "missing_value");
}

#[test]
fn every_field_of_an_event_is_held_against_its_rule() {
    for (row, column, reason) in [
        ("FRA-X-1,,amended,true,,Text.,,,https://example.org/", "date", "missing_value"),
        ("FRA-X-1,01.02.2020,amended,true,,Text.,,,https://example.org/", "date", "date_format"),
        ("FRA-X-1,2020-02-30,amended,true,,Text.,,,https://example.org/", "date", "date_impossible"),
        ("FRA-X-1,2999,amended,true,,Text.,,,https://example.org/", "date", "date_in_future"),
        ("FRA-X-1,1899,amended,true,,Text.,,,https://example.org/", "date", "date_out_of_range"),
        ("FRA-X-1,2020,amendment,true,,Text.,,,https://example.org/", "kind", "unknown_word"),
        ("FRA-X-1,2020,amended,,,Text.,,,https://example.org/", "breaks_series", "missing_value"),
        ("FRA-X-1,2020,amended,yes,,Text.,,,https://example.org/", "breaks_series", "unknown_word"),
        ("FRA-X-1,2020,amended,true,,,Текст.,,https://example.org/", "text_en", "missing_value"),
        ("FRA-X-1,2020,amended,true,,Text.,,,", "url", "missing_value"),
        ("FRA-X-1,2020,amended,true,,Text.,,,example.org", "url", "bad_address"),
    ] {
        assert_refused(&history(&[EVENT, row]), "history.csv", column, reason);
    }
}

#[test]
fn every_field_of_a_population_is_held_against_its_rule() {
    for (row, column, reason) in [
        ("FRX,2021,67000000,Office,https://example.org/", "country", "unknown_country"),
        ("FRA,2021-05,67000000,Office,https://example.org/", "year", "date_format"),
        ("FRA,2999,67000000,Office,https://example.org/", "year", "date_in_future"),
        ("FRA,2021,67.5,Office,https://example.org/", "population", "bad_number"),
        ("FRA,2021,\"67,500,000\",Office,https://example.org/", "population", "bad_number"),
        ("FRA,2021,-1,Office,https://example.org/", "population", "negative_value"),
        ("FRA,2021,0,Office,https://example.org/", "population", "bad_number"),
        ("FRA,2021,67000000,,https://example.org/", "source", "missing_value"),
        ("FRA,2021,67000000,Office,", "url", "missing_value"),
        ("FRA,2021,67000000,Office,www.example.org", "url", "bad_address"),
    ] {
        assert_refused(&population(&[PEOPLE, row]), "population.csv", column, reason);
    }
}

#[test]
fn the_same_row_twice_is_one_and_two_that_differ_are_none() {
    let checked = history(&[EVENT, EVENT]);
    assert_eq!((checked.verdict(), checked.reasons()), ("accept_with_warning", vec!["duplicate"]));
    let checked = population(&[PEOPLE, PEOPLE]);
    assert_eq!((checked.verdict(), checked.reasons()), ("accept_with_warning", vec!["duplicate"]));
    let other = EVENT.replace("widened", "narrowed");
    assert_eq!(history(&[EVENT, &other]).reasons(), ["conflicting_duplicate"; 2]);
    let other = PEOPLE.replace("67000000", "68000000");
    assert_eq!(population(&[PEOPLE, &other]).reasons(), ["conflicting_duplicate"; 2]);
}

#[test]
fn a_table_that_is_declared_must_be_one() {
    for (name, header, reason) in [
        ("history", "statute,date,kind", "missing_column"),
        ("population", "country,year,people,source,url", "missing_column"),
    ] {
        let checked = check((name, header), &["a,b,c,d,e"]);
        assert_eq!(checked.verdict(), "reject_file", "{checked:?}");
        assert!(checked.reasons().contains(&reason), "{checked:?}");
    }
    assert_eq!(history(&[]).verdict(), "reject_file");
}
