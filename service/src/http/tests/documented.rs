//! Checks the lists in `API.md` against the code. Every word that an answer or an error can contain must be listed there.

use chargesheet_widget::chart::Kind;

use crate::domain::parameters::KINDS;
use crate::domain::{Dimension, EventKind, Measure, Status};
use crate::present::statute_history::Standing;
use crate::present::trend::Limit;
use crate::release::Reason;
use crate::trend::{Direction, Incomparable, Missing, NoRates};

const HANDBOOK: &str = include_str!("../../../API.md");

/// Returns the text below a heading, up to the next heading of the same level.
fn section(heading: &str) -> &'static str {
    let (_, rest) = HANDBOOK.split_once(&format!("\n## {heading}\n")).expect("API.md has the section");
    rest.split("\n## ").next().unwrap_or_default()
}

fn assert_listed<'a>(heading: &str, words: impl IntoIterator<Item = &'a str>) {
    let text = section(heading);
    let missing: Vec<&str> = words.into_iter().filter(|word| !text.contains(&format!("`{word}`"))).collect();
    assert!(missing.is_empty(), "not in service/API.md under \"{heading}\": {missing:?}");
}

#[test]
fn every_word_of_an_answer_is_in_the_handbook() {
    assert_listed("Trends", Limit::NAMES);
    assert_listed("Trends", Missing::NAMES);
    assert_listed("Trends", NoRates::NAMES);
    assert_listed("Trends", Incomparable::NAMES);
    assert_listed("Trends", Direction::NAMES);
    assert_listed("The life of a statute", EventKind::NAMES);
    assert_listed("The life of a statute", Standing::NAMES);
    assert_listed("Releases", Reason::NAMES);
    assert_listed("The answer", Status::ALL.map(Status::code));
    assert_listed("The query", Dimension::ALL.map(Dimension::name));
    assert_listed("The query", Measure::NAMES);
    assert_eq!(Kind::ALL.map(Kind::name), KINDS);
    assert_listed("The query", KINDS);
}

#[test]
fn every_kind_of_problem_is_in_the_handbook() {
    // The kind of a problem is the first text in its constructor call, or is given by the fault of a question.
    let source = include_str!("../problem.rs");
    let made = source.split("Self::new(").skip(1);
    let later = source.split("Self::unavailable(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let first = made.filter_map(|call| {
        let (_status, rest) = call.split_once(',')?;
        rest.trim_start().strip_prefix('"')?.split('"').next()
    });
    let questions = include_str!("../../../count/src/query/error.rs")
        .split_once("fn kind(")
        .expect("a fault has a kind")
        .1;
    let own = questions.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next());
    let kinds: Vec<&str> = first.chain(later).chain(own).collect();
    assert!(kinds.len() > 25, "{kinds:?}");
    assert_listed("When the service says no", kinds);
}
