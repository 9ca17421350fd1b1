//! What is known of a statute in all datasets: its figures by year, its figures of other periods, and its documented charges.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Event, Lists, Measure, Span, Status, Statute};
use crate::ingest::{Figure, FigureSource, Records};
use crate::query::{Query, escape};
use crate::trend::{Limits, Point, last_complete_year};

/// The code of the sum of all outcomes that a dataset declares complete.
pub const ENDED: &str = "ended";

/// What is known of a statute.
pub struct Known<'a> {
    pub statute: &'a Statute,
    pub lines: Vec<Line<'a>>,
    /// Figures of other periods than calendar years.
    pub spans: Vec<Apart<'a>>,
    /// Documented charges of the statute with its parts, by outcome.
    pub charges: BTreeMap<String, u64>,
    /// The events of the statute, in order of time.
    pub history: Vec<&'a Event>,
    /// How many caveats of datasets name the statute.
    pub notes: usize,
}

/// The figures of a statute by year, of one outcome, measure, area and rule.
pub struct Line<'a> {
    pub dataset: &'a Dataset,
    statute: &'a str,
    pub outcome: String,
    pub measure: Measure,
    pub area: &'a str,
    pub rule: &'static str,
    pub points: Vec<Point>,
    /// The source of each point.
    pub sources: Vec<&'a FigureSource>,
    pub facts: Facts,
}

/// A figure of another period than a calendar year.
pub struct Apart<'a> {
    pub dataset: &'a Dataset,
    pub outcome: &'a str,
    pub measure: Measure,
    pub area: &'a str,
    pub span: Span,
    pub value: u64,
}

/// The place of an outcome in the order of a proceeding. The sum of all comes first.
pub fn rank(outcome: &str) -> usize {
    if outcome == ENDED {
        return 0;
    }
    let place = Lists::bundled().outcomes.entries().iter().position(|entry| entry.code == outcome);
    place.map_or(usize::MAX, |place| place + 1)
}

/// The outcome that an outcome is a part of; empty where there is none.
pub fn parent(outcome: &str) -> &'static str {
    let entry = Lists::bundled().outcomes.get(outcome);
    entry.and_then(|entry| entry.parent.as_deref()).unwrap_or_default()
}

impl<'a> Known<'a> {
    /// Collects what is known of a statute.
    ///
    /// # Errors
    /// On a bug.
    pub fn of(catalog: &'a Catalog, statute: &'a Statute) -> Result<Self, AnswerError> {
        let history: Vec<&Event> = catalog.history(&statute.id).into_iter().map(|(_, event)| event).collect();
        let mut known = Self {
            statute,
            lines: Vec::new(),
            spans: Vec::new(),
            charges: BTreeMap::new(),
            history,
            notes: 0,
        };
        for dataset in catalog.datasets() {
            let Some(code) = dataset.release.register().code(&statute.id) else { continue };
            match dataset.release.records() {
                Records::Figures { figures, sources } => {
                    known.add_figures(dataset, code, figures, sources)?
                }
                Records::Charges(_) => known.add_charges(dataset, code)?,
            }
        }
        for line in &mut known.lines {
            let limits = Limits {
                last_complete: last_complete_year(&line.dataset.release),
                in_force_from: statute.in_force_from.map(|day| day.year()),
                breaks: years(&known.history, true),
                ..Limits::default()
            };
            let (events, is_over) = (years(&known.history, false), statute.in_force_to.is_some());
            line.facts = Facts::of(line.points.clone(), &line.sources, &limits, &events, is_over);
        }
        Ok(known)
    }

    fn add_figures(
        &mut self,
        dataset: &'a Dataset,
        code: u16,
        figures: &'a [Figure],
        sources: &'a [FigureSource],
    ) -> Result<(), AnswerError> {
        let release = &dataset.release;
        let has = |dimension: &Dimension| release.dimensions().contains(dimension);
        let time = if has(&Dimension::Period) { Dimension::Period } else { Dimension::Year };
        let further = [Dimension::Area, Dimension::Rule].into_iter().filter(has);
        let by = [time, Dimension::Statute, Dimension::Outcome].into_iter().chain(further).collect();
        let mut query = Query::everything(by, release.descriptor().chargesheet.measures.clone());
        query.keep.insert(Dimension::Statute, vec![code.into()]);
        let evidence = dataset.evidence(&query)?;
        let own = evidence.figures().iter().map(|&(place, is_used)| (&figures[place], is_used));
        let own: Vec<(&Figure, bool)> = own.filter(|(figure, _)| figure.statute == code).collect();
        let mut values: BTreeMap<_, BTreeSet<u64>> = BTreeMap::new();
        let cell = |figure: &'a Figure| {
            (figure.outcome, figure.measure, &figure.area, figure.rule, figure.span.order())
        };
        for &(figure, _) in &own {
            values.entry(cell(figure)).or_default().insert(figure.value);
        }
        let first = self.lines.len();
        for &(figure, _) in own.iter().filter(|(_, is_used)| *is_used) {
            let outcome = release.code(Dimension::Outcome, figure.outcome.into());
            let Some(year) = figure.span.year() else {
                let (area, measure) = (figure.area.as_str(), figure.measure);
                self.spans.push(Apart {
                    dataset,
                    outcome,
                    measure,
                    area,
                    span: figure.span,
                    value: figure.value,
                });
                continue;
            };
            let point = Point {
                year,
                value: figure.value,
                status: Some(figure.status),
                sources: vec![figure.source],
                is_disputed: values[&cell(figure)].len() > 1,
            };
            let line = self.line(first, dataset, outcome, figure);
            line.points.push(point);
            line.sources.push(&sources[usize::from(figure.source)]);
        }
        for line in &mut self.lines[first..] {
            let mut order: Vec<usize> = (0..line.points.len()).collect();
            order.sort_by_key(|&place| line.points[place].year);
            line.sources = order.iter().map(|&place| line.sources[place]).collect();
            line.points.sort_by_key(|point| point.year);
        }
        self.add_sum(first, dataset);
        let caveats = release.descriptor().chargesheet.caveats.get("en");
        let named = caveats.into_iter().flatten().flat_map(|caveat| &caveat.statutes);
        self.notes += named.filter(|id| **id == self.statute.id).count();
        Ok(())
    }

    /// Returns the line that a figure belongs to.
    fn line(
        &mut self,
        first: usize,
        dataset: &'a Dataset,
        outcome: &str,
        figure: &'a Figure,
    ) -> &mut Line<'a> {
        let (measure, area, rule) = (figure.measure, figure.area.as_str(), figure.rule);
        let is_it = |line: &Line| {
            line.outcome == outcome && (line.measure, line.area, line.rule) == (measure, area, rule)
        };
        let place = self.lines[first..].iter().position(is_it).map(|place| first + place);
        let place = place.unwrap_or_else(|| {
            self.lines.push(Line {
                dataset,
                statute: &self.statute.id,
                outcome: outcome.to_owned(),
                measure,
                area,
                rule,
                points: Vec::new(),
                sources: Vec::new(),
                facts: Facts::default(),
            });
            self.lines.len() - 1
        });
        &mut self.lines[place]
    }

    /// Adds the sum of all outcomes that the dataset declares complete, in the years in which each of them has a figure. It is the
    /// one sum that is allowed.
    fn add_sum(&mut self, first: usize, dataset: &'a Dataset) {
        let complete = dataset.release.descriptor().complete_outcomes();
        let parts: Vec<&Line> = self.lines[first..]
            .iter()
            .filter(|line| complete.contains(&line.outcome) && line.area.is_empty() && line.rule != "any")
            .collect();
        let Some(whole) = parts.first().filter(|_| parts.len() == complete.len()) else { return };
        let mut sum = Line {
            dataset,
            statute: &self.statute.id,
            outcome: ENDED.to_owned(),
            measure: whole.measure,
            area: "",
            rule: whole.rule,
            points: Vec::new(),
            sources: Vec::new(),
            facts: Facts::default(),
        };
        for (point, &source) in whole.points.iter().zip(&whole.sources) {
            let all: Option<Vec<&Point>> = parts.iter().map(|line| line.of(point.year)).collect();
            let Some(all) = all else { continue };
            let has_break = all.iter().any(|part| part.status == Some(Status::Break));
            sum.points.push(Point {
                value: all.iter().map(|part| part.value).sum(),
                status: Some(if has_break { Status::Break } else { Status::Normal }),
                is_disputed: false,
                ..point.clone()
            });
            sum.sources.push(source);
        }
        self.lines.push(sum);
    }

    fn add_charges(&mut self, dataset: &'a Dataset, code: u16) -> Result<(), AnswerError> {
        let own = &dataset.release.descriptor().chargesheet.measures;
        let measure = *own.iter().find(|measure| **measure == Measure::Charges).unwrap_or(&own[0]);
        let mut query = Query::everything(vec![Dimension::Outcome], vec![measure]);
        query.keep.insert(Dimension::Statute, vec![code.into()]);
        let answer = dataset.ask(&query)?;
        // A number that is withheld would make every total a guess.
        if answer.each_row().any(|row| answer.cell(0, row).is_err()) {
            return Ok(());
        }
        for row in answer.each_row() {
            let outcome = answer.key(0, row).and_then(|key| u32::try_from(key).ok());
            let outcome = outcome.map_or("unknown", |key| dataset.release.code(Dimension::Outcome, key));
            *self.charges.entry(outcome.to_owned()).or_default() += answer.cell(0, row).unwrap_or_default();
        }
        Ok(())
    }

    /// Whether there is a figure.
    pub fn has_figures(&self) -> bool {
        !self.lines.is_empty() || !self.spans.is_empty()
    }

    /// Returns the series that answers the first question: of the whole country before a part, all who ended before one outcome, the
    /// longest before shorter ones, then by the order of a proceeding.
    pub fn lead(&self) -> Option<&Line<'a>> {
        let own = |line: &&Line| {
            let complete = line.dataset.release.descriptor().complete_outcomes();
            let has_sum = || {
                let of_same =
                    |other: &&Line| std::ptr::eq(other.dataset, line.dataset) && other.outcome == ENDED;
                self.lines.iter().any(|other| of_same(&other))
            };
            let is_part = !parent(&line.outcome).is_empty() || line.outcome == "convicted-additional";
            !is_part && (complete.is_empty() || line.outcome == ENDED || !has_sum())
        };
        self.lines.iter().filter(own).min_by_key(|line| {
            let is_of_part = !line.area.is_empty();
            let length = usize::MAX - line.facts.used.len();
            (
                is_of_part,
                line.outcome != ENDED,
                length,
                rank(&line.outcome),
                line.measure,
                line.area,
                line.rule,
            )
        })
    }

    /// Returns the path of the CSV with everything behind the statute's figures in the first dataset that has some.
    pub fn evidence(&self) -> Option<String> {
        let dataset =
            self.lines.first().map(|line| line.dataset).or(self.spans.first().map(|own| own.dataset))?;
        let has_periods = dataset.release.dimensions().contains(&Dimension::Period);
        // Grouped by period, figures of years and of other periods stand together.
        let measures: Vec<&str> =
            dataset.release.descriptor().chargesheet.measures.iter().map(|own| own.name()).collect();
        let all = format!("&measure={}", measures.join(","));
        Some(evidence(dataset, if has_periods { "period" } else { "year" }, &self.statute.id, &all))
    }
}

impl Line<'_> {
    /// Returns the figure of a year.
    pub fn of(&self, year: i32) -> Option<&Point> {
        self.points.iter().find(|point| point.year == year)
    }

    /// Returns the path of the CSV with the figures of the line.
    pub fn evidence(&self) -> String {
        let outcome = if self.outcome == ENDED {
            self.dataset.release.descriptor().complete_outcomes().join(",")
        } else {
            self.outcome.clone()
        };
        evidence(
            self.dataset,
            "year",
            self.statute,
            &format!("&outcome={}&measure={}", escape(&outcome), self.measure),
        )
    }
}

fn evidence(dataset: &Dataset, time: &str, statute: &str, more: &str) -> String {
    let release = &dataset.release;
    let further =
        [Dimension::Area, Dimension::Rule].into_iter().filter(|own| release.dimensions().contains(own));
    let further: String = further.map(|own| format!(",{own}")).collect();
    format!(
        "/v1/datasets/{}/releases/{}/evidence.csv?by={time},statute,outcome{further}&statute={}{more}",
        release.dataset(),
        release.id(),
        escape(statute)
    )
}

/// Returns the years of events that break the series, or of the others, in order.
fn years(history: &[&Event], breaks: bool) -> Vec<i32> {
    let of = history.iter().filter(|event| event.breaks_series == breaks).map(|event| event.date.year());
    of.collect::<BTreeSet<i32>>().into_iter().collect()
}
