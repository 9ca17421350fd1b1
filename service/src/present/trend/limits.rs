//! What limits the trend of a series, each as a code and a sentence.

use std::collections::BTreeSet;

use super::one::Context;
use super::{Note, statute_of, words};
use crate::domain::{Period, Status};
use crate::ingest::{FigureSource, Records};
use crate::present::number;
use crate::trend::{Point, SMALL, Series, Unused, last_complete_year};

/// The years of a series that begin a new definition.
pub(super) fn breaks(series: &Series) -> Vec<i32> {
    years(series.points.iter().filter(|point| point.status == Some(Status::Break)))
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
        let mut note = |code: &'static str, years: Vec<i32>, values: &[(&str, &str)]| {
            if !years.is_empty() {
                limits.push(Note::limit(code, self.texts, years, values));
            }
        };
        let breaks = words::years(&breaks(series));
        for why in [Unused::Incomplete, Unused::Cut, Unused::BeforeForce, Unused::BeyondBreak] {
            let left_out = series.points.iter().zip(unused).filter(|(_, own)| **own == Some(why));
            note(why.code(), years(left_out.map(|(point, _)| point)), &[("breaks", &breaks)]);
        }
        let of = |wanted: &dyn Fn(&Point) -> bool| -> Vec<i32> {
            years(used.iter().copied().filter(|point| wanted(point)))
        };
        let span = used.first().zip(used.last()).map(|(first, last)| first.year..=last.year);
        let missing = span.into_iter().flatten().filter(|year| used.iter().all(|point| point.year != *year));
        note("missing-years", missing.collect(), &[]);
        let (from, to) = self.in_force(series);
        let in_part = |point: &Point| {
            let starts =
                from.is_some_and(|from| from.year() == point.year && from.first_day().day_of_year() > 1);
            let ends =
                to.is_some_and(|to| to.year() == point.year && to.last_day() != to.last_day().last_of_year());
            starts || ends
        };
        note("part-in-force", of(&in_part), &[]);
        note("after-force", of(&|point| to.is_some_and(|to| point.year > to.year())), &[]);
        if matches!(self.release.records(), Records::Charges(_)) {
            let last = last_complete_year(self.release);
            note("open-outcomes", of(&|point| Some(point.year) == last), &[]);
        }
        let is_unsure = |point: &Point| matches!(point.status, Some(Status::Provisional | Status::Estimated));
        note("provisional", of(&is_unsure), &[]);
        note("small-numbers", of(&|point| point.value < SMALL), &[]);
        note("sources-disagree", of(&|point| point.is_disputed), &[]);
        limits.extend(self.counted_apart(used));
        if let Some(undated) = undated.filter(|undated| *undated > 0) {
            let measure = self.texts.measure(self.query.measures[0]).to_lowercase();
            let values = [("count", &*number(undated, self.texts)), ("measure", &measure)];
            limits.push(Note::limit("unknown-year", self.texts, Vec::new(), &values));
        }
        limits
    }

    fn in_force(&self, series: &Series) -> (Option<Period>, Option<Period>) {
        let statute = statute_of(series, self.query, self.release);
        statute.map_or((None, None), |statute| (statute.in_force_from, statute.in_force_to))
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
            notes.push(Note::limit("several-sources", self.texts, Vec::new(), &[("count", &count)]));
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
            notes.push(Note::limit("counting-differs", self.texts, Vec::new(), &[]));
        }
        notes
    }
}
