//! The choices of the builder and of the forms of pages: each is offered, or comes with the reason why it cannot be made.

use std::collections::BTreeSet;

use chargesheet_widget::chart::{Kind, SERIES_LIMIT};

use chargesheet_count::picture::Shape;
pub use chargesheet_count::picture::{Judge, statutes_in};

use super::builder::state::State;
use crate::answer::AnswerError;
use crate::domain::{Dimension, Language, Period};
use crate::present::labels::outcome_name;
use crate::present::refusal::{told, told_cause};
use crate::present::texts::{Texts, fill};
use crate::query::{Cause, Query};

/// A choice, with the reason why it cannot be made; the reason is empty where it can.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    pub value: String,
    pub label: String,
    pub chosen: bool,
    pub why: String,
}

impl Offer {
    /// Makes a choice that can always be made.
    pub fn free(value: &str, label: &str, chosen: bool) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), chosen, why: String::new() }
    }
}

/// What a choice would ask.
enum Change {
    /// A question that is grouped further where that is needed, in the best measure unless one is chosen.
    Settled(Query),
    /// The same in its own measure.
    Measured(Query),
    /// A question that stays as it is.
    Exact(Query),
}

/// The offers to one state, for a page in a language.
pub struct Offers<'j, 'a> {
    pub judge: &'j mut Judge<'a>,
    pub state: &'j State,
    pub language: Language,
}

impl Offers<'_, '_> {
    fn texts(&self) -> &'static Texts {
        Texts::of(self.language)
    }

    /// Returns why a change leads to no chart; an empty text where it leads to one.
    fn why(&mut self, change: Change, shape: &Shape) -> Result<String, AnswerError> {
        if self.judge.is_tired() {
            return Ok(String::new());
        }
        let is_exact = matches!(change, Change::Exact(_));
        let query = match change {
            Change::Exact(query) => query,
            Change::Settled(query) if self.state.is_measured => self.judge.settled(&query)?,
            Change::Settled(query) => self.judge.measured(&query, shape)?,
            Change::Measured(query) => self.judge.settled(&query)?,
        };
        let counted = self.judge.counted(&query)?;
        // Few figures can always be told apart. What is shown of the same groups can be as now.
        let is_seen = |rows| self.judge.fixed.is_some() && (rows <= SERIES_LIMIT || !is_exact);
        let refused = match counted {
            Err(refused) => Some(refused),
            Ok(published) if is_seen(published.rows()) => None,
            Ok(_) => self.judge.best(&query, shape)?.0.err(),
        };
        Ok(refused.map_or(String::new(), |refused| told(&refused, self.language)))
    }

    fn judged(&mut self, offer: Offer, change: Change) -> Result<Offer, AnswerError> {
        let shape = self.state.form.shape.clone();
        Ok(Offer { why: self.why(change, &shape)?, ..offer })
    }

    /// Returns the codes of a dimension, or the years, that have figures with the other filters.
    fn occurring(&mut self, dimension: Dimension) -> Result<BTreeSet<u32>, AnswerError> {
        let mut others = self.state.query.clone();
        others.keep.remove(&dimension);
        if dimension == Dimension::Year {
            (others.from, others.to) = (None, None);
        }
        if self.judge.fixed.is_some() {
            // One answer has the codes of all groups. It has no figures that another grouping would not show.
            let mut apart = Query { share: None, ..others.clone() };
            let own = apart.by.iter().position(|own| *own == dimension);
            let place = own.unwrap_or(apart.by.len());
            if own.is_none() {
                apart.by.push(dimension);
            }
            if let Ok(published) = self.judge.published(&apart)? {
                let keys =
                    published.each_row().filter_map(|row| u32::try_from(published.key(place, row)?).ok());
                return Ok(keys.collect());
            }
        }
        let counts = self.judge.dataset.facets(&others, dimension)?;
        Ok(counts.each_row().filter_map(|row| u32::try_from(counts.key(0, row)?).ok()).collect())
    }

    /// Returns the codes of a dimension as choices of a filter, without those that never occur with the other filters; and the
    /// names of these. On the page of one thing, only what it has figures of is named.
    ///
    /// # Errors
    /// On a bug.
    pub fn codes(&mut self, dimension: Dimension) -> Result<(Vec<Offer>, Vec<String>), AnswerError> {
        let release = std::sync::Arc::clone(&self.judge.dataset.release);
        let query = &self.state.query;
        let occurring = self.occurring(dimension)?;
        let kept = query.keep.get(&dimension).cloned().unwrap_or_default();
        let mut all: Vec<u32> = occurring.iter().chain(&kept).copied().collect();
        if self.judge.fixed.is_none() {
            let everything = Query::everything(Vec::new(), query.measures.clone());
            let everything = self.judge.dataset.facets(&everything, dimension)?;
            all.extend(everything.each_row().filter_map(|row| u32::try_from(everything.key(0, row)?).ok()));
        }
        all.sort_by_key(|&number| release.place(dimension, number));
        all.dedup();
        let (mut offers, mut without) = (Vec::new(), Vec::new());
        for number in all {
            let code = release.code(dimension, number);
            let label = match dimension {
                Dimension::Outcome => outcome_name(&release.lists().outcomes, code, self.language),
                _ => release.label(dimension, number, self.language).to_owned(),
            };
            let chosen = kept.contains(&number);
            if !occurring.contains(&number) && !chosen {
                without.push(label);
                continue;
            }
            let mut changed = query.clone();
            let codes = changed.keep.entry(dimension).or_default();
            if chosen {
                codes.retain(|own| *own != number)
            } else {
                codes.push(number)
            }
            codes.sort_unstable();
            if codes.is_empty() {
                changed.keep.remove(&dimension);
            }
            let offer = Offer::free(code, &label, chosen);
            // What has figures is shown on a page, unless shares ask for more.
            let is_known = chosen || self.judge.fixed.is_some() && query.share.is_none();
            offers.push(if is_known { offer } else { self.judged(offer, Change::Settled(changed))? });
        }
        if dimension != Dimension::Outcome {
            offers.sort_by_cached_key(|offer| offer.label.to_lowercase());
        }
        Ok((offers, without))
    }

    /// Returns the names of chosen codes of a dimension that never occur with the other filters.
    ///
    /// # Errors
    /// On a bug.
    pub fn lacking(&mut self, dimension: Dimension) -> Result<Vec<String>, AnswerError> {
        let Some(kept) = self.state.query.keep.get(&dimension) else { return Ok(Vec::new()) };
        let occurring = self.occurring(dimension)?;
        let release = &self.judge.dataset.release;
        let lacks = kept.iter().filter(|number| !occurring.contains(number));
        Ok(lacks.map(|&number| release.label(dimension, number, self.language).to_owned()).collect())
    }

    /// Returns the measures.
    ///
    /// # Errors
    /// On a bug.
    pub fn measures(&mut self) -> Result<Vec<Offer>, AnswerError> {
        let (state, texts) = (self.state, self.texts());
        let shown: Vec<&str> = state.query.measures.iter().map(|&own| texts.measure(own)).collect();
        let best = fill(texts.builder.get("best_measure"), &[("measure", &shown.join(", ").to_lowercase())]);
        let mut offers = vec![Offer::free("", &best, !state.is_measured)];
        for measure in self.judge.dataset.release.descriptor().chargesheet.measures.clone() {
            let chosen = state.is_measured && state.query.measures == [measure];
            let offer = Offer::free(measure.name(), texts.measure(measure), chosen);
            let change = Change::Measured(Query { measures: vec![measure], ..state.query.clone() });
            offers.push(if chosen { offer } else { self.judged(offer, change)? });
        }
        Ok(offers)
    }

    /// Returns the dimensions that figures may be kept apart by.
    ///
    /// # Errors
    /// On a bug.
    pub fn groupings(&mut self) -> Result<Vec<Offer>, AnswerError> {
        let state = self.state;
        // Those chosen stand first, in their order, so that a form keeps it.
        let others = self.judge.dataset.release.askable().into_iter();
        let others = others.filter(|dimension| !state.query.by.contains(dimension));
        let fixed = self.judge.fixed.clone().unwrap_or_default();
        let all = state.query.by.iter().copied().chain(others);
        let all: Vec<Dimension> = all.filter(|dimension| !fixed.contains(dimension)).collect();
        let offer = |dimension: Dimension| {
            let chosen = state.query.by.contains(&dimension);
            let mut query = state.query.clone();
            if chosen {
                query.by.retain(|own| *own != dimension);
                query.share = query.share.filter(|share| *share != dimension);
            } else {
                query.by.push(dimension);
            }
            let offer = Offer::free(dimension.name(), self.texts().dimension(dimension), chosen);
            self.judged(offer, Change::Exact(query))
        };
        all.into_iter().map(offer).collect()
    }

    /// Returns the dimensions that shares can be made of.
    ///
    /// # Errors
    /// On a bug.
    pub fn shares(&mut self) -> Result<Vec<Offer>, AnswerError> {
        let state = self.state;
        let none = Offer::free("", self.texts().builder.get("no_share"), state.query.share.is_none());
        let mut offers = vec![none];
        for &dimension in state.query.by.iter().filter(|dimension| !dimension.is_time()) {
            let share = Some(dimension);
            let offer =
                Offer::free(dimension.name(), self.texts().dimension(dimension), state.query.share == share);
            offers.push(self.judged(offer, Change::Exact(Query { share, ..state.query.clone() }))?);
        }
        Ok(offers)
    }

    /// Returns the choice of rates.
    ///
    /// # Errors
    /// On a bug.
    pub fn rate(&mut self) -> Result<Offer, AnswerError> {
        let query = Query { rate: true, ..self.state.query.clone() };
        let offer = Offer::free("1", self.texts().builder.get("rate"), self.state.query.rate);
        self.judged(offer, Change::Exact(query))
    }

    /// Returns the choice of counting statutes under those that replaced them; `None` where no statute was replaced.
    ///
    /// # Errors
    /// On a bug.
    pub fn lineage(&mut self) -> Result<Option<Offer>, AnswerError> {
        let release = &self.judge.dataset.release;
        let register = release.register();
        let kept = self.state.query.keep.get(&Dimension::Statute).into_iter().flatten();
        let mut codes = kept.filter_map(|&number| u16::try_from(number).ok());
        let is_alone = codes.all(|code| register.predecessors(register.heir(code)).is_empty());
        if is_alone && !self.state.query.lineage {
            return Ok(None);
        }
        let joined = self.state.query.lineage;
        let mut query = Query { lineage: !joined, ..self.state.query.clone() };
        let offer = Offer::free("1", self.texts().lineage.get("join"), joined);
        let change = if joined || self.judge.fixed.is_none() {
            Change::Settled(query)
        } else {
            // The page keeps statutes apart by itself, except where they are joined.
            query.by.retain(|dimension| *dimension != Dimension::Statute);
            Change::Exact(query)
        };
        self.judged(offer, change).map(Some)
    }

    /// Returns the years that can be first, and those that can be last.
    ///
    /// # Errors
    /// On a bug.
    pub fn years(&mut self) -> Result<[Vec<Offer>; 2], AnswerError> {
        let query = &self.state.query;
        let recorded =
            self.occurring(Dimension::Year)?.into_iter().filter_map(|year| i32::try_from(year).ok());
        let recorded: BTreeSet<i32> = recorded.collect();
        let (Some(&first), Some(&last)) = (recorded.first(), recorded.last()) else {
            return Ok([Vec::new(), Vec::new()]);
        };
        let nothing = told_cause(&Cause::NoFigures, self.language);
        let (texts, wrong) = (self.texts(), self.texts().builder.get("ends_cross"));
        let is_within = |from: i32, to: i32| recorded.range(from.min(to)..=to.max(from)).next().is_some();
        let of = |chosen: Option<Period>, open: &str, why: &dyn Fn(i32) -> &'static str| {
            let mut offers = vec![Offer::free("", texts.builder.get(open), chosen.is_none())];
            let own = chosen.map(|chosen| chosen.to_string());
            for year in first..=last {
                let value = year.to_string();
                let why = why(year);
                let chosen = own.as_ref() == Some(&value);
                let why = if chosen {
                    ""
                } else if why == "nothing" {
                    &nothing
                } else {
                    why
                };
                offers.push(Offer { why: why.to_owned(), ..Offer::free(&value, &value, chosen) });
            }
            // A month or a day that an address asked for stays.
            if let Some(own) = own.filter(|own| offers.iter().all(|offer| offer.value != *own)) {
                offers.push(Offer::free(&own, &own, true));
            }
            offers
        };
        let (from, to) = (query.from.map(|from| from.year()), query.to.map(|to| to.year()));
        let end = to.unwrap_or(last);
        let start = from.unwrap_or(first);
        let why = |from: i32, to: i32| {
            if from > to {
                wrong
            } else if is_within(from, to) {
                ""
            } else {
                "nothing"
            }
        };
        Ok([
            of(query.from, "first_year", &|year| why(year, end)),
            of(query.to, "last_year", &|year| why(start, year)),
        ])
    }

    /// Returns the kinds of charts.
    ///
    /// # Errors
    /// On a bug.
    pub fn kinds(&mut self) -> Result<Vec<Offer>, AnswerError> {
        let state = self.state;
        let chosen = state.form.shape.kind;
        let mut offers = vec![Offer::free("", self.texts().on_page("automatic"), chosen.is_none())];
        for kind in Kind::ALL {
            let shape = Shape { kind: Some(kind), ..state.form.shape.clone() };
            let drawn = self.judge.chart(&state.query, &shape)?;
            let why = drawn.err().map_or(String::new(), |refused| told(&refused, self.language));
            let label = self.texts().on_page(kind.name());
            offers.push(Offer { why, ..Offer::free(kind.name(), label, chosen == Some(kind)) });
        }
        Ok(offers)
    }
}
