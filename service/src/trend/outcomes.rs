//! The outcomes of a question: rates among charges with a final outcome, with each number counted anew.

use std::collections::BTreeMap;

use crate::answer::{AnswerError, Dataset};
use crate::domain::{Dimension, Entry, Period};
use crate::engine::{Cell, Gap};
use crate::ingest::Records;
use crate::query::Query;
use crate::release::Release;

use super::rates::{Rate, rate};

/// Outcomes that are convictions. A verdict whose announcement is suspended is not a conviction, because it lapses.
pub const CONVICTED: [&str; 9] = [
    "convicted",
    "plea",
    "sentenced-prison",
    "suspended-sentence",
    "restriction-of-freedom",
    "forced-labour",
    "correctional-labour",
    "public-works",
    "fined",
];

/// Outcomes that are acquittals.
pub const ACQUITTED: [&str; 1] = ["acquitted"];

/// Outcomes that end a case without a verdict.
pub const ENDED: [&str; 9] = [
    "discontinued-rehabilitating",
    "discontinued-non-rehabilitating",
    "discontinued-no-offence",
    "discontinued-other-grounds",
    "diverted",
    "dismissed",
    "withdrawn",
    "not-charged",
    "administrative-diversion",
];

/// The code of an outcome that is not known.
pub const UNKNOWN: &str = "unknown";

/// How many ended in which way. An outcome without charges counts as 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcomes {
    /// The year of reported figures: the last in which every outcome that the dataset declares complete is reported. `None`
    /// where the numbers are of everything that the query keeps.
    pub year: Option<i32>,
    /// The number with any final outcome: the denominator of the rates.
    pub ended: u64,
    /// The rate of convictions.
    pub convicted: Cell<Rate>,
    /// The rate of acquittals.
    pub acquitted: Cell<Rate>,
    /// The rate of cases that ended without a verdict.
    pub without_verdict: Cell<Rate>,
    /// The number with another final outcome, such as a verdict whose announcement is suspended.
    pub other: Cell,
    /// The number with an outcome that is not final.
    pub open: Cell,
    /// The number whose outcome is not known.
    pub unknown: Cell,
    /// The number with any outcome. Persons and cases can have several outcomes, and then the numbers above add up to more.
    pub all: Cell,
}

chargesheet_check::words! {
    /// The reason why there are no rates.
    NoRates {
        /// The figures of different outcomes overlap and may not be added.
        NotAdditive = "outcomes-not-additive",
        /// The query keeps only some outcomes.
        OutcomesChosen = "outcomes-chosen",
        /// The dataset declares which outcomes are complete, and in no year all of them are reported.
        Incomplete = "outcomes-incomplete",
        /// There is no record or figure.
        Nothing = "nothing-recorded",
    }
}

/// Counts the outcomes of everything that a question keeps, whatever the question is grouped by.
///
/// Persons are counted once: a person with two final outcomes counts once in the denominator, and once in the part of each outcome.
///
/// # Errors
/// On a bug.
pub fn outcomes(dataset: &Dataset, query: &Query) -> Result<Result<Outcomes, NoRates>, AnswerError> {
    let release = &dataset.release;
    let is_reported = matches!(release.records(), Records::Figures { .. });
    let complete = if is_reported { release.complete_outcomes() } else { Vec::new() };
    // Whoever chooses the complete outcomes chooses all that ended.
    let keeps_all =
        |chosen: &Vec<u32>| !complete.is_empty() && complete.iter().all(|own| chosen.contains(own));
    if query.keep.get(&Dimension::Outcome).is_some_and(|chosen| !keeps_all(chosen)) {
        return Ok(Err(NoRates::OutcomesChosen));
    }
    if is_reported && complete.is_empty() && !release.descriptor().additive().contains(&Dimension::Outcome) {
        return Ok(Err(NoRates::NotAdditive));
    }
    let mut query = query.clone();
    let mut year = None;
    if !complete.is_empty() {
        // A case ends in one year, but its figures of several years may still overlap, so one year is taken.
        year = match last_complete_year(dataset, &query, &complete) {
            Err(AnswerError::Refused(_)) => return Ok(Err(NoRates::NotAdditive)),
            found => found?,
        };
        let Some(year) = year else { return Ok(Err(NoRates::Incomplete)) };
        (query.from, query.to) = (Period::of_year(year), Period::of_year(year));
    }
    let count = |wanted: &dyn Fn(&Entry) -> bool| -> Result<Cell, AnswerError> {
        let mut asked = Query { by: Vec::new(), share: None, rate: false, labels: None, ..query.clone() };
        asked.measures.truncate(1);
        let mut wanted = numbers(release, wanted);
        wanted.retain(|number| complete.is_empty() || complete.contains(number));
        if wanted.is_empty() {
            return Ok(Err(Gap::NotReported));
        }
        asked.keep.insert(Dimension::Outcome, wanted);
        let answer = dataset.ask(&asked)?;
        Ok(match answer.rows() {
            0 if is_reported => Err(Gap::NotReported),
            0 => Ok(0),
            _ => answer.cell(0, 0),
        })
    };
    let counted = || -> Result<Option<Outcomes>, AnswerError> {
        let ended = match count(&|outcome| outcome.is_final)? {
            Err(Gap::Withheld) => return Ok(None),
            ended => ended.unwrap_or_default(),
        };
        let of = |codes: &'static [&str]| -> Result<Cell<Rate>, AnswerError> {
            let part = count(&|outcome| outcome.is_final && codes.contains(&outcome.code.as_str()))?;
            Ok(part.map(|part| rate(part, ended)))
        };
        Ok(Some(Outcomes {
            year,
            ended,
            convicted: of(&CONVICTED)?,
            acquitted: of(&ACQUITTED)?,
            without_verdict: of(&ENDED)?,
            other: count(&|outcome| outcome.is_final && !is_named(&outcome.code))?,
            open: count(&|outcome| !outcome.is_final && outcome.code != UNKNOWN)?,
            unknown: count(&|outcome| outcome.code == UNKNOWN)?,
            all: count(&|_| true)?,
        }))
    };
    match counted() {
        // Reported figures that may be added over outcomes may still be refused, because years may not be added.
        Err(AnswerError::Refused(_)) => Ok(Err(NoRates::NotAdditive)),
        counts => {
            let is_any =
                |of: &Outcomes| of.ended + of.open.unwrap_or_default() + of.unknown.unwrap_or_default() > 0;
            Ok(counts?.filter(is_any).ok_or(NoRates::Nothing))
        }
    }
}

/// Returns the last year in which every outcome of the list is reported.
fn last_complete_year(
    dataset: &Dataset,
    query: &Query,
    complete: &[u32],
) -> Result<Option<i32>, AnswerError> {
    let by = vec![Dimension::Year, Dimension::Outcome];
    let mut asked = Query { by, share: None, rate: false, labels: None, ..query.clone() };
    asked.measures.truncate(1);
    asked.keep.insert(Dimension::Outcome, complete.to_vec());
    let answer = dataset.ask(&asked)?;
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for row in answer.each_row().filter(|&row| answer.cell(0, row).is_ok()) {
        if let Some(year) = answer.key(0, row) {
            *years.entry(year).or_default() += 1;
        }
    }
    Ok(years.into_iter().rev().find(|(_, outcomes)| *outcomes == complete.len()).map(|(year, _)| year))
}

/// Whether an outcome belongs to one of the rates.
fn is_named(code: &str) -> bool {
    CONVICTED.iter().chain(&ACQUITTED).chain(&ENDED).any(|named| *named == code)
}

/// Returns the numbers of the wanted outcomes, ascending.
fn numbers(release: &Release, wanted: &dyn Fn(&Entry) -> bool) -> Vec<u32> {
    let list = &release.lists().outcomes;
    let mut numbers: Vec<u32> = list
        .entries()
        .iter()
        .filter(|outcome| wanted(outcome))
        .filter_map(|outcome| list.number(&outcome.code).map(u32::from))
        .collect();
    numbers.sort_unstable();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_of_a_rate_is_a_final_one_of_the_list() {
        for code in CONVICTED.iter().chain(&ACQUITTED).chain(&ENDED) {
            let outcome = crate::domain::outcomes().get(code);
            assert!(outcome.is_some_and(|outcome| outcome.is_final), "{code}");
        }
        // Whatever part of a conviction the list has, it is a conviction.
        let list = crate::domain::outcomes();
        for part in list
            .entries()
            .iter()
            .filter(|entry| list.ancestors(&entry.code).any(|whole| whole == "convicted"))
        {
            assert!(CONVICTED.contains(&part.code.as_str()), "{}", part.code);
        }
        assert!(crate::domain::outcomes().get(UNKNOWN).is_some_and(|outcome| !outcome.is_final));
    }
}
