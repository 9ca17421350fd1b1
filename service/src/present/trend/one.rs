//! The trend of one series: the years compared, the test, the limits, and the sentence.

use serde::Serialize;

use super::context::Context;
use super::limits::{breaks, limit};
use super::note::{Key, Limit, Note};
use crate::engine::Cell;
use crate::ingest::Records;
use crate::present::numbers::{
    number, percent, probability, signed, significant, slope as slope_text, years as years_text,
};
use crate::present::texts::fill;
use crate::trend::{
    Kendall, Missing, Point, Series, Slope, Unused, mann_kendall, relative_change, theil_sen,
};

/// The level of significance: with p below this value, the test finds a trend.
const FOUND: f64 = 0.05;

/// The trend of one series over time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SeriesTrend {
    /// The keys of the group that the series counts.
    pub keys: Vec<Key>,
    /// The group and what is counted, in words.
    pub name: String,
    /// Every year with a figure.
    pub figures: Vec<YearFigure>,
    /// The figure of the first year that is compared; `null` when no year can be compared.
    pub first: Option<YearFigure>,
    /// The figure of the last year that is compared; `null` when no year can be compared.
    pub last: Option<YearFigure>,
    /// The change from the first to the last of these years; `null` when they are the same year.
    pub change: Option<Change>,
    /// The Theil-Sen slope; `null` with fewer than five years.
    pub slope: Option<SlopeTold>,
    /// The Mann-Kendall test; `null` with fewer than five years.
    pub test: Option<Test>,
    /// The reason why there is no test.
    pub no_test: Option<Note>,
    /// The finding of the test.
    pub direction: Direction,
    /// The limits of the trend.
    pub limits: Vec<Note>,
    /// The whole trend in words.
    pub sentence: String,
}

/// The figure of a year.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct YearFigure {
    /// The calendar year.
    pub year: i32,
    /// The count.
    pub value: u64,
    /// The reason why the year is not compared, as the code of a limit; `null` when the year is compared.
    pub unused: Option<&'static str>,
}

/// The change from one figure to another.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TrendChange)]
pub struct Change {
    /// The last figure minus the first.
    pub absolute: i128,
    /// The change as a share of the first figure: -0.5 is a fall by half.
    pub relative: Option<f64>,
    /// The reason why there is no relative change.
    pub no_relative: Option<Note>,
}

/// A slope in counts per year.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SlopeTold {
    /// The method of the slope.
    pub method: &'static str,
    /// The slope.
    pub per_year: f64,
    /// Lower bound of the 95 % interval.
    pub low: f64,
    /// Upper bound of the 95 % interval.
    pub high: f64,
}

/// A test for a trend.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Test {
    /// The name of the test.
    pub name: &'static str,
    /// The method by which p was computed: `exact` or `normal`.
    pub method: &'static str,
    /// The number of years compared.
    pub years: usize,
    /// The statistic S: rising pairs of years minus falling pairs.
    pub s: i64,
    /// The variance of S, corrected for ties.
    pub variance: f64,
    /// S in standard deviations, corrected for continuity.
    pub z: f64,
    /// Kendall's tau-b; `null` when all figures are equal.
    pub tau_b: Option<f64>,
    /// The two-sided p-value.
    pub p: f64,
}

/// The finding of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// A rise, with p below 0.05.
    Rise,
    /// A fall, with p below 0.05.
    Fall,
    /// No trend was found, which does not prove that there is none.
    Unfound,
    /// There was no test.
    Untested,
}

impl Context<'_> {
    /// Describes the trend of a series. `undated` is the count for which no year is known.
    pub fn tell(&self, series: &Series, undated: Option<Cell>) -> SeriesTrend {
        let unused = series.unused(&self.comparable(series));
        let points = || series.points.iter().zip(&unused);
        let figure = |(point, why): (&Point, &Option<Unused>)| YearFigure {
            year: point.year,
            value: point.value,
            unused: why.map(|why| limit(why).name()),
        };
        let figures: Vec<YearFigure> = points().map(figure).collect();
        let used: Vec<&Point> = points().filter(|(_, why)| why.is_none()).map(|(point, _)| point).collect();
        let pairs: Vec<(i32, u64)> = used.iter().map(|point| (point.year, point.value)).collect();
        let values: Vec<u64> = used.iter().map(|point| point.value).collect();
        let (test, slope) = (mann_kendall(&values), theil_sen(&pairs));
        let direction = test.map_or(Direction::Untested, direction);
        let keys = self.keys(series);
        let name = self.name(&keys);
        let limits = self.limits(series, &unused, &used, undated);
        let compared = || figures.iter().filter(|figure| figure.unused.is_none());
        let (first, last) = (compared().next().cloned(), compared().next_back().cloned());
        let breaks = breaks(series, &self.law(series));
        let sentence = self.sentence(&name, &pairs, test.zip(slope), direction, &limits, &breaks);
        SeriesTrend {
            keys,
            name,
            change: (pairs.len() > 1).then(|| self.change(pairs[0].1, pairs[pairs.len() - 1].1)),
            slope: slope.map(|slope| SlopeTold {
                method: "theil-sen",
                per_year: significant(slope.slope),
                low: significant(slope.low),
                high: significant(slope.high),
            }),
            test: test.map(|test| Test {
                name: "mann-kendall",
                method: test.method.name(),
                years: values.len(),
                s: test.s,
                variance: significant(test.variance),
                z: significant(test.z),
                tau_b: test.tau_b.map(significant),
                p: significant(test.p),
            }),
            no_test: test.is_none().then(|| Note::of("reason", Missing::FewYears.name(), self.texts)),
            direction,
            limits,
            sentence,
            figures,
            first,
            last,
        }
    }

    /// Returns the labels of the group, and the measure.
    fn name(&self, keys: &[Key]) -> String {
        let measure = self.texts.measure(self.query.measures[0]);
        if keys.is_empty() {
            return measure.to_owned();
        }
        let labels: Vec<&str> = keys.iter().map(|key| key.label.as_str()).collect();
        let parts = [("name", &*labels.join(", ")), ("measure", &measure.to_lowercase())];
        fill(self.texts.on_trend("measured"), &parts)
    }

    fn change(&self, first: u64, last: u64) -> Change {
        let relative = relative_change(first, last);
        Change {
            absolute: i128::from(last) - i128::from(first),
            relative: relative.ok().map(significant),
            no_relative: relative.err().map(|why| Note::of("reason", why.name(), self.texts)),
        }
    }

    fn sentence(
        &self,
        name: &str,
        used: &[(i32, u64)],
        found: Option<(Kendall, Slope)>,
        direction: Direction,
        limits: &[Note],
        breaks: &[i32],
    ) -> String {
        let texts = self.texts;
        let mut told = Vec::new();
        match used {
            [] => told.push(fill(texts.on_trend("unusable"), &[("name", name)])),
            [(year, value)] => {
                let values =
                    [("name", name), ("first", &number(*value, texts)), ("first_year", &year.to_string())];
                told.push(fill(texts.on_trend("single"), &values));
            }
            [(first_year, first), .., (last_year, last)] => {
                let relative = relative_change(*first, *last).ok();
                let key = if relative.is_some() { "span_percent" } else { "span" };
                let values = [
                    ("name", name),
                    ("first", &number(*first, texts)),
                    ("first_year", &first_year.to_string()),
                    ("last", &number(*last, texts)),
                    ("last_year", &last_year.to_string()),
                    ("change", &signed(i128::from(*last) - i128::from(*first), texts)),
                    ("percent", &relative.map_or(String::new(), |share| percent(share, true, texts))),
                ];
                told.push(fill(texts.on_trend(key), &values));
                told.push(self.finding(used.len(), found, direction));
            }
        }
        if limits.iter().any(|limit| limit.code == Limit::Break.name()) && !used.is_empty() {
            // The limit names the years left out; the sentence names the years that remain.
            let own: Vec<i32> = used.iter().map(|(year, _)| *year).collect();
            let parts = [("years", &*years_text(&own)), ("breaks", &years_text(breaks))];
            told.push(fill(texts.on_trend("compared"), &parts));
        }
        for wanted in [Limit::PartInForce, Limit::LawChanged, Limit::Provisional] {
            let limit = limits.iter().find(|limit| limit.code == wanted.name());
            told.extend(limit.map(|limit| limit.text.clone()));
        }
        if matches!(self.release.records(), Records::Charges(_)) && !used.is_empty() {
            told.push(texts.on_trend("documented").to_owned());
        }
        told.join(" ")
    }

    /// Returns the sentence with the finding of the test, which claims no more than the test shows.
    fn finding(&self, count: usize, found: Option<(Kendall, Slope)>, direction: Direction) -> String {
        let texts = self.texts;
        let key = match direction {
            Direction::Rise => "rise",
            Direction::Fall => "fall",
            Direction::Unfound => "unfound",
            Direction::Untested => "few",
        };
        let number = |of: fn(&Slope) -> f64| {
            found.as_ref().map_or(String::new(), |(_, slope)| slope_text(of(slope), texts))
        };
        let p = found.map_or(String::new(), |(test, _)| probability(test.p, texts));
        let values = [
            ("count", &*count.to_string()),
            ("p", &p),
            ("slope", &number(|slope| slope.slope)),
            ("low", &number(|slope| slope.low)),
            ("high", &number(|slope| slope.high)),
        ];
        fill(texts.on_trend(key), &values)
    }
}

fn direction(test: Kendall) -> Direction {
    if test.p >= FOUND {
        Direction::Unfound
    } else if test.s > 0 {
        Direction::Rise
    } else {
        Direction::Fall
    }
}
