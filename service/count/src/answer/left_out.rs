//! What an answer leaves out of the figures that match its filters: those that would not fit its rows.

use std::collections::{BTreeMap, BTreeSet};

use super::dataset::Dataset;
use super::error::AnswerError;
use crate::disclosure::protect_evidence;
use crate::domain::Dimension;
use crate::engine::{Kept, Selection, main_rules};
use crate::ingest::Records;
use crate::query::Query;

/// The figures that match the filters of a query and stand in no row of its answer, by reason. Each figure is counted for the
/// first of its reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Figures of other periods than calendar years, in an answer without periods.
    pub periods: Left,
    /// Figures of periods that lie only partly between the bounds of the query.
    pub cut: Left,
    /// Figures of parts of a country.
    pub areas: Left,
    /// Figures by another counting rule than the main one of their series.
    pub rules: Left,
}

/// Some figures that are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Their number.
    pub count: usize,
    /// Their codes in the dimension that an answer would have to have, in order, with the numbers of the codes.
    pub codes: BTreeMap<String, u32>,
    /// The calendar years that they are of, wholly or partly.
    pub years: BTreeSet<i32>,
}

impl Dataset {
    /// Returns what the answer to a query leaves out. It is nothing in a dataset whose figures are all of calendar years, of
    /// whole countries and counted by one rule.
    ///
    /// # Errors
    /// As [`Dataset::ask`].
    pub fn left_out(&self, query: &Query) -> Result<LeftOut, AnswerError> {
        let mut left_out = LeftOut::default();
        let release = &self.release;
        let further = [Dimension::Period, Dimension::Area, Dimension::Rule];
        let Records::Figures { figures, .. } = release.records() else { return Ok(left_out) };
        if !release.dimensions().iter().any(|dimension| further.contains(dimension)) {
            return Ok(left_out);
        }
        let selection = Selection::of(query, release);
        let kept = selection.figures;
        let all = Kept { every_source: kept.every_source, ..Kept::ALL };
        let wide = Selection { figures: all, from: None, to: None, ..selection.clone() };
        let behind = protect_evidence(self.engine.evidence(&wide)?, release.disclosure());
        let main_rules = main_rules(figures);
        for &(place, _) in behind.figures().iter().filter(|(_, is_used)| *is_used) {
            let figure = &figures[place];
            let (first, last) = (figure.span.first_day(), figure.span.last_day());
            let begins = query.from.map(|from| from.first_day());
            let ends = query.to.map(|to| to.last_day());
            if begins.is_some_and(|begins| last < begins) || ends.is_some_and(|ends| first > ends) {
                continue;
            }
            let is_cut = begins.is_some_and(|begins| first < begins) || ends.is_some_and(|ends| last > ends);
            let is_year = figure.span.year().is_some();
            let (left, dimension) = if !is_year && !kept.every_period {
                (&mut left_out.periods, Dimension::Period)
            } else if !is_year && is_cut {
                (&mut left_out.cut, Dimension::Period)
            } else if !figure.area.is_empty() && !kept.every_area {
                (&mut left_out.areas, Dimension::Area)
            } else if !main_rules[place] && !kept.every_rule {
                (&mut left_out.rules, Dimension::Rule)
            } else {
                continue;
            };
            left.count += 1;
            left.years.extend(i32::from(first.year())..=i32::from(last.year()));
            let number = release.key(figure, dimension).and_then(|key| u32::try_from(key).ok());
            left.codes.extend(number.map(|number| (release.code(dimension, number).to_owned(), number)));
        }
        Ok(left_out)
    }
}
