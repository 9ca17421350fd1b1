//! The limits of a series' trend, each as a code and a sentence.

use std::collections::BTreeSet;

use super::context::Context;
use super::note::{Limit, Note};
use crate::domain::Status;
use crate::engine::Cell;
use crate::ingest::{FigureSource, Records};
use crate::present::numbers::{self, number};
use crate::trend::{Point, SMALL, Series, Unused, last_complete_year, law_events};

/// Returns the limit for the reason why a year is not compared.
pub(super) fn limit(why: Unused) -> Limit {
    match why {
        Unused::Incomplete => Limit::IncompleteYears,
        Unused::Cut => Limit::CutYears,
        Unused::BeforeForce => Limit::BeforeForce,
        Unused::BeyondBreak => Limit::Break,
    }
}

/// Returns the years in which a new definition begins, either of the series' figures or of the law.
pub(super) fn breaks(series: &Series, law: &[i32]) -> Vec<i32> {
    let mut all = years(series.points.iter().filter(|point| point.status == Some(Status::Break)));
    let (first, last) = (series.points.first(), series.points.last());
    let within = |year: i32| {
        first.is_some_and(|point| point.year < year) && last.is_some_and(|point| year <= point.year)
    };
    all.extend(law.iter().copied().filter(|&year| within(year)));
    all.sort_unstable();
    all.dedup();
    all
}

fn years<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<i32> {
    points.map(|point| point.year).collect()
}

impl Context<'_> {
    /// Returns the limits of a series. `unused` has, for each point, the reason why it is not compared. `used` are the other points.
    /// `undated` is the count for which no year is known.
    pub(super) fn limits(
        &self,
        series: &Series,
        unused: &[Option<Unused>],
        used: &[&Point],
        undated: Option<Cell>,
    ) -> Vec<Note> {
        let mut limits = Vec::new();
        let mut note = |code: Limit, years: Vec<i32>, values: &[(&str, &str)]| {
            if !years.is_empty() {
                limits.push(Note::limit(code, self.texts, years, values));
            }
        };
        let breaks = numbers::years(&breaks(series, &self.law(series)));
        for why in [Unused::Incomplete, Unused::Cut, Unused::BeforeForce, Unused::BeyondBreak] {
            let left_out = series.points.iter().zip(unused).filter(|(_, own)| **own == Some(why));
            note(limit(why), years(left_out.map(|(point, _)| point)), &[("breaks", &breaks)]);
        }
        let of = |wanted: &dyn Fn(&Point) -> bool| -> Vec<i32> {
            years(used.iter().copied().filter(|point| wanted(point)))
        };
        let span = used.first().zip(used.last()).map(|(first, last)| first.year..=last.year);
        let missing = span.clone().into_iter().flatten();
        let missing = missing.filter(|year| used.iter().all(|point| point.year != *year));
        note(Limit::MissingYears, missing.collect(), &[]);
        let (from, to) = self.in_force(series);
        let in_part = |point: &Point| {
            let starts =
                from.is_some_and(|from| from.year() == point.year && from.first_day().day_of_year() > 1);
            let ends =
                to.is_some_and(|to| to.year() == point.year && to.last_day() != to.last_day().last_of_year());
            starts || ends
        };
        note(Limit::PartInForce, of(&in_part), &[]);
        let statute = self.statute(series);
        let events = statute.map_or(Vec::new(), |code| law_events(self.query, self.release, code));
        let within = |year: &i32| span.as_ref().is_some_and(|span| span.contains(year));
        note(Limit::LawChanged, events.into_iter().filter(within).collect(), &[]);
        note(Limit::AfterForce, of(&|point| to.is_some_and(|to| point.year > to.year())), &[]);
        let is_of_cases = matches!(self.release.records(), Records::Charges(_));
        let last = last_complete_year(self.release).filter(|_| is_of_cases);
        note(Limit::OpenOutcomes, of(&|point| Some(point.year) == last), &[]);
        let is_unsure = |point: &Point| matches!(point.status, Some(Status::Provisional | Status::Estimated));
        note(Limit::Provisional, of(&is_unsure), &[]);
        note(Limit::SmallNumbers, of(&|point| point.value < SMALL), &[]);
        note(Limit::SourcesDisagree, of(&|point| point.is_disputed), &[]);
        limits.extend(self.counted_apart(used));
        if let Some(Ok(undated @ 1..)) = undated {
            let measure = self.texts.measure(self.query.measures[0]).to_lowercase();
            let values = [("count", &*number(undated, self.texts)), ("measure", &measure)];
            limits.push(Note::limit(Limit::UnknownYear, self.texts, Vec::new(), &values));
        }
        limits
    }

    /// Returns the limits of a series that combines several sources.
    fn counted_apart(&self, used: &[&Point]) -> Vec<Note> {
        let Records::Figures { sources, .. } = self.release.records() else {
            return Vec::new();
        };
        // The first source is the figure's own; the others report the same cell. A sum can have every source as its own.
        let is_sum = !self.release.descriptor().additive().is_empty();
        let own =
            |point: &Point| point.sources.iter().copied().take(if is_sum { usize::MAX } else { 1 }).collect();
        let own: BTreeSet<u16> = used.iter().flat_map(|point| -> Vec<u16> { own(point) }).collect();
        let mut notes = Vec::new();
        if own.len() > 1 {
            let count = own.len().to_string();
            notes.push(Note::limit(Limit::SeveralSources, self.texts, Vec::new(), &[("count", &count)]));
        }
        let own: Vec<&FigureSource> =
            own.iter().filter_map(|&place| sources.get(usize::from(place))).collect();
        let parts: [fn(&FigureSource) -> &'static str; 3] =
            [|source| source.counting_rule, |source| source.time_basis, |source| source.measure_type];
        let differ = |part: fn(&FigureSource) -> &'static str| {
            let stated = own.iter().map(|source| part(source));
            let stated: BTreeSet<&str> =
                stated.filter(|word| !word.is_empty() && *word != "not-stated").collect();
            stated.len() > 1
        };
        if parts.into_iter().any(differ) {
            notes.push(Note::limit(Limit::CountingDiffers, self.texts, Vec::new(), &[]));
        }
        notes
    }
}
