//! What the answers need to know of a series: the years that are compared, and what the test finds in them.

use std::collections::BTreeSet;

use crate::domain::Status;
use crate::ingest::FigureSource;
use crate::trend::{Limits, Point, SMALL, Series, mann_kendall, years_needed};

/// The smallest first figure of which a relative change is told.
const LEAST_BASE: u64 = 50;
/// The greatest relative change that is told, in per cent.
const MOST_PERCENT: f64 = 1000.0;
/// How much higher than the first and the last figure a peak must be.
const PEAK: f64 = 1.25;

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// No year can be compared.
    #[default]
    Unusable,
    /// One year.
    One,
    /// Two to four years.
    Few,
    /// All figures are equal.
    Same,
    /// Later figures tend to be higher.
    Rise,
    /// Later figures tend to be lower.
    Fall,
    /// The test found nothing. The number of years that it would take, where it is known.
    Unfound(Option<usize>),
}

/// The facts of a series that the answers are made of.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The points that are compared, in order of time.
    pub used: Vec<Point>,
    pub state: State,
    /// Years in which what is counted changes, in order.
    pub breaks: Vec<i32>,
    /// Whether points beyond a break were left out.
    pub is_cut: bool,
    /// The last point, where it is later than those compared.
    pub newest: Option<Point>,
    /// Years of other events of the law among those compared.
    pub events: Vec<i32>,
    /// Whether the first and the last figure are of different publishers.
    pub sources_differ: bool,
    /// Whether the law is out of force: no more years of it will come.
    pub is_over: bool,
}

impl Facts {
    /// Finds the facts of a series. `events` are the years of events that do not break it; `is_over` says
    /// that the law is out of force.
    pub fn of(
        points: Vec<Point>,
        sources: &[&FigureSource],
        limits: &Limits,
        events: &[i32],
        is_over: bool,
    ) -> Self {
        let series = Series { keys: Vec::new(), points };
        let unused = series.unused(limits);
        let places: Vec<usize> = (0..unused.len()).filter(|&place| unused[place].is_none()).collect();
        let points = &series.points;
        let (Some(&first), Some(&last)) = (places.first(), places.last()) else { return Self::default() };
        let used: Vec<Point> = places.iter().map(|&place| points[place].clone()).collect();
        let breaks = breaks(points, &limits.breaks);
        let between = |year: &&i32| points[first].year < **year && **year <= points[last].year;
        Self {
            state: state(&used),
            is_cut: used.len() < points.len() && !breaks.is_empty(),
            breaks,
            newest: points.last().filter(|point| point.year > points[last].year).cloned(),
            events: events.iter().filter(between).copied().collect(),
            is_over,
            sources_differ: first != last && sources[first].publisher != sources[last].publisher,
            used,
        }
    }

    /// Returns the first and the last point that are compared.
    pub fn ends(&self) -> Option<(&Point, &Point)> {
        self.used.first().zip(self.used.last())
    }

    /// Returns the relative change in whole per cent, where one may be told. A half is rounded up.
    pub fn percent(&self) -> Option<u64> {
        let (first, last) = self.ends()?;
        let is_found = match self.state {
            State::Rise => last.value > first.value,
            State::Fall => last.value < first.value,
            _ => false,
        };
        if !is_found || first.value < LEAST_BASE || last.value < SMALL || self.sources_differ {
            return None;
        }
        let change = first.value.abs_diff(last.value) as f64 / first.value as f64 * 100.0;
        let percent = (change + 0.5).floor();
        // Between 1 and 1,000, so the cast is exact.
        (change <= MOST_PERCENT && percent >= 1.0).then_some(percent as u64)
    }

    /// Returns the highest point, where it stands out between the first and the last.
    pub fn peak(&self) -> Option<&Point> {
        let (first, last) = self.ends()?;
        let top = self.used.iter().max_by_key(|point| point.value)?;
        let is_only = self.used.iter().filter(|point| point.value == top.value).count() == 1;
        let stands_out = top.value >= SMALL && top.value as f64 >= PEAK * first.value.max(last.value) as f64;
        (self.used.len() >= 3 && is_only && top.year != first.year && top.year != last.year && stands_out)
            .then_some(top)
    }
}

/// Returns the years in which what is counted changes between two figures, in order.
fn breaks(points: &[Point], law: &[i32]) -> Vec<i32> {
    let mut breaks = BTreeSet::new();
    for pair in points.windows(2) {
        let (before, here) = (pair[0].year, &pair[1]);
        breaks.extend(law.iter().filter(|&&year| before < year && year <= here.year));
        breaks.extend((here.status == Some(Status::Break)).then_some(here.year));
    }
    breaks.into_iter().collect()
}

fn state(used: &[Point]) -> State {
    let values: Vec<u64> = used.iter().map(|point| point.value).collect();
    match (values.len(), mann_kendall(&values)) {
        (0, _) => State::Unusable,
        (1, _) => State::One,
        (_, None) => State::Few,
        (count, Some(test)) => match test.tau_b {
            None => State::Same,
            Some(tau) if test.p >= 0.05 => State::Unfound(years_needed(count, tau)),
            Some(_) if test.s > 0 => State::Rise,
            Some(_) => State::Fall,
        },
    }
}
