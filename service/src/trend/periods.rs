//! The comparison of two periods of a dataset, code by code: the codes that can be compared, and why the others cannot.

use std::collections::{BTreeMap, BTreeSet};

use super::comparable::{Incomparable, Years};
use super::movers::{Mover, rank};
use super::question::{Question, Span};
use super::series::last_complete_year;
use crate::answer::{AnswerError, Dataset};
use crate::engine::{Cell, Gap};
use crate::query::Deadline;
use crate::release::Release;

/// A code whose counts cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// The key of the code; `None` where the code is not known.
    pub key: Option<i32>,
    /// The count in the earlier period, or the reason why there is none.
    pub before: Cell,
    /// The count in the later period, or the reason why there is none.
    pub after: Cell,
    /// The reason why the counts cannot be compared.
    pub reason: Incomparable,
}

/// The result of comparing two periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Movers {
    /// The codes that can be compared, the largest difference first. The limit of the question is not applied here.
    pub rows: Vec<Mover>,
    /// The codes that cannot be compared, in order of the codes.
    pub apart: Vec<Apart>,
    /// The number of codes left out because both counts are small.
    pub under_min: usize,
    /// Years that had not ended when the package was made.
    pub incomplete: Vec<i32>,
    /// The count for which no year is known. It belongs to neither period.
    pub undated: Cell,
    /// The number of rows whose two figures come from different sources.
    pub from_others: usize,
}

/// Counts of the codes of a dimension in one period, each with its source if it has one.
type Counts = BTreeMap<Option<i32>, (Cell, Option<u16>)>;

/// Compares two periods.
///
/// # Errors
/// As [`Dataset::ask`].
pub fn movers(dataset: &Dataset, question: &Question) -> Result<Movers, AnswerError> {
    let release = &dataset.release;
    let count = |span: Span| -> Result<Counts, AnswerError> {
        let answer = dataset.ask(&question.asking(vec![question.of], span.first, span.last))?;
        let count = |row| {
            let source = answer.evidence(row).and_then(|evidence| evidence.sources.first().copied());
            (answer.key(0, row), (answer.cell(0, row), source))
        };
        Ok(answer.each_row().map(count).collect())
    };
    let (before, after) = (count(question.before)?, count(question.after)?);
    let years = Years::of(dataset, question)?;
    let keys: BTreeSet<Option<i32>> = before.keys().chain(after.keys()).copied().collect();
    let mut found = Movers {
        rows: Vec::new(),
        apart: Vec::new(),
        under_min: 0,
        incomplete: incomplete(question, release),
        undated: years.undated,
        from_others: 0,
    };
    for key in keys {
        Deadline::current().keep();
        let both = [before.get(&key), after.get(&key)];
        let counts = both.map(|own| own.map_or(Err(Gap::NotReported), |(count, _)| *count));
        let is_small =
            |count: &Cell| count.map_or_else(|gap| gap != Gap::Withheld, |count| count < question.min);
        if counts.iter().all(is_small) {
            found.under_min += 1;
        } else if let Some(reason) = years.against(key, counts, question, release) {
            let [before, after] = counts.map(|count| reason.instead_of(count));
            found.apart.push(Apart { key, before, after, reason });
        } else {
            let [before, after] = counts.map(Cell::unwrap_or_default);
            let (before, after) = ((before, question.before.years()), (after, question.after.years()));
            let sources = both.map(|own| own.and_then(|(_, source)| *source));
            found.from_others += usize::from(sources[0] != sources[1]);
            found.rows.extend(Mover::of(key, before, after));
        }
    }
    rank(&mut found.rows);
    Ok(found)
}

fn incomplete(question: &Question, release: &Release) -> Vec<i32> {
    let Some(complete) = last_complete_year(release) else { return Vec::new() };
    let years = [question.before, question.after].into_iter().flat_map(|span| {
        // A period can reach far into the future, so no more years are named than a person reads.
        (span.first.year().max(complete + 1)..=span.last.year()).take(20)
    });
    years.collect()
}
