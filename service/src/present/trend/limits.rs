//! What limits the trend of a series, each as a code and a sentence.

use std::collections::BTreeSet;

use super::one::Context;
use super::{Limit, Note, statute_of, words};
use crate::domain::{Period, Status};
use crate::ingest::{FigureSource, Records};
use crate::present::number;
use crate::trend::{
    Limits, Point, SMALL, Series, Unused, in_force_between, last_complete_year, law_breaks, law_events,
};

/// The years of a series that begin a new definition: of its figures, or of the law itself.
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
    /// Returns the limits of a series. `unused` says of each point why it is not compared, `used` are the others, and `undated` those of
    /// unknown year.
    pub(super) fn limits(
        &self,
        series: &Series,
        unused: &[Option<Unused>],
        used: &[&Point],
        undated: Option<u64>,
    ) -> Vec<Note> {
        let mut limits = Vec::new();
        let mut note = |code: Limit, years: Vec<i32>, values: &[(&str, &str)]| {
            if !years.is_empty() {
                limits.push(Note::limit(code, self.texts, years, values));
            }
        };
        let breaks = words::years(&breaks(series, &self.law(series)));
        for why in [Unused::Incomplete, Unused::Cut, Unused::BeforeForce, Unused::BeyondBreak] {
            let left_out = series.points.iter().zip(unused).filter(|(_, own)| **own == Some(why));
            note(why.limit(), years(left_out.map(|(point, _)| point)), &[("breaks", &breaks)]);
        }
        let of = |wanted: &dyn Fn(&Point) -> bool| -> Vec<i32> {
            years(used.iter().copied().filter(|point| wanted(point)))
        };
        let span = used.first().zip(used.last()).map(|(first, last)| first.year..=last.year);
        let missing = span.into_iter().flatten().filter(|year| used.iter().all(|point| point.year != *year));
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
        let statute = statute_of(series, self.query, self.release);
        let events = statute.map_or(Vec::new(), |code| law_events(self.query, self.release, code));
        let (first, last) = (used.first().map(|point| point.year), used.last().map(|point| point.year));
        let within =
            |year: &i32| first.is_some_and(|first| first <= *year) && last.is_some_and(|last| *year <= last);
        note(Limit::LawChanged, events.into_iter().filter(within).collect(), &[]);
        note(Limit::AfterForce, of(&|point| to.is_some_and(|to| point.year > to.year())), &[]);
        if matches!(self.release.records(), Records::Charges(_)) {
            let last = last_complete_year(self.release);
            note(Limit::OpenOutcomes, of(&|point| Some(point.year) == last), &[]);
        }
        let is_unsure = |point: &Point| matches!(point.status, Some(Status::Provisional | Status::Estimated));
        note(Limit::Provisional, of(&is_unsure), &[]);
        note(Limit::SmallNumbers, of(&|point| point.value < SMALL), &[]);
        note(Limit::SourcesDisagree, of(&|point| point.is_disputed), &[]);
        limits.extend(self.counted_apart(used));
        if let Some(undated) = undated.filter(|undated| *undated > 0) {
            let measure = self.texts.measure(self.query.measures[0]).to_lowercase();
            let values = [("count", &*number(undated, self.texts)), ("measure", &measure)];
            limits.push(Note::limit(Limit::UnknownYear, self.texts, Vec::new(), &values));
        }
        limits
    }

    fn in_force(&self, series: &Series) -> (Option<Period>, Option<Period>) {
        let statute = statute_of(series, self.query, self.release);
        statute.map_or((None, None), |code| in_force_between(self.query, self.release, code))
    }

    /// The years in which the law itself begins a new definition.
    pub(super) fn law(&self, series: &Series) -> Vec<i32> {
        let statute = statute_of(series, self.query, self.release);
        statute.map_or(Vec::new(), |code| law_breaks(self.query, self.release, code))
    }

    /// What decides which years of a series can be compared.
    pub(super) fn comparable(&self, series: &Series) -> Limits {
        let (from, _) = self.in_force(series);
        Limits {
            in_force_from: from.map(Period::year),
            breaks: self.law(series),
            ..Limits::of(self.query, self.release)
        }
    }

    /// What is to be said where a series is made from several sources.
    fn counted_apart(&self, used: &[&Point]) -> Vec<Note> {
        let Records::Figures { sources, .. } = self.release.records() else {
            return Vec::new();
        };
        // Behind the source of a figure stand others that report the same cell; of a sum, all may be its own.
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
