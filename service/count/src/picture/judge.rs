//! The judge of questions: answers each one once, draws its chart, and says why there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chargesheet_widget::chart::Kind;
use chargesheet_widget::wire::{Answer, Value};

use super::drawn::{Picture, Shape};
use super::page_answer::page_answer;
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::Dimension;
use crate::ingest::Records;
use crate::present::svg::DEFAULT_SIZE;
use crate::present::within;
use crate::query::{Cause, Query, QueryError, check_rate, value};

/// Kinds to try where none is chosen and the usual one cannot show all series: panels, then rankings.
const INSTEAD: [Kind; 3] = [Kind::Multiples, Kind::Horizontal, Kind::Bar];

/// Most questions that are answered for one page.
const MOST: usize = 600;

/// Most dimensions that a question is grouped by further, so that nothing is added that may not be.
const TURNS: usize = 8;

/// The judge of questions to one dataset.
pub struct Judge<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    base: &'a str,
    /// On the page of one thing, the dimensions that it leaves no choice of. Such a page shows a table where nothing can be drawn, so
    /// figures are enough there; `None` where a choice has to lead to a chart.
    pub fixed: Option<Vec<Dimension>>,
    known: BTreeMap<String, Result<Rc<Published>, QueryError>>,
    answers: BTreeMap<String, Rc<Answer>>,
}

impl<'a> Judge<'a> {
    /// Makes a judge. `base` is the public address of the service.
    pub fn new(dataset: &'a Dataset, base: &'a str) -> Self {
        Self { dataset, base, fixed: None, known: BTreeMap::new(), answers: BTreeMap::new() }
    }

    /// Makes a judge for the page of one thing, which leaves no choice of some dimensions.
    pub fn of_page(dataset: &'a Dataset, base: &'a str, fixed: &[Dimension]) -> Self {
        Self { fixed: Some(fixed.to_vec()), ..Self::new(dataset, base) }
    }

    /// Whether no more questions are answered for this page.
    pub fn is_tired(&self) -> bool {
        self.known.len() >= MOST
    }

    /// Returns the counts that a question has.
    ///
    /// # Errors
    /// The outer error is a bug; the inner one says why the question is refused.
    pub fn published(&mut self, query: &Query) -> Result<Result<Rc<Published>, QueryError>, AnswerError> {
        let key = query.canonical(&self.dataset.release);
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let published = match self.asked(query) {
            Err(AnswerError::Refused(error)) => Err(error),
            other => Ok(Rc::new(other?)),
        };
        self.known.insert(key, published.clone());
        Ok(published)
    }

    fn asked(&self, query: &Query) -> Result<Published, AnswerError> {
        check_rate(query, &self.dataset.release)?;
        if self.mixes_statutes(query) {
            let problem = "has figures of several statutes in one series".to_owned();
            return Err(value("by", "", problem, &[]).because(Cause::Overlaps(Dimension::Statute)).into());
        }
        let published = self.dataset.ask(query)?;
        fits(query, &published)?;
        Ok(published)
    }

    /// Returns the counts that a question has; where there are none, this is the reason.
    ///
    /// # Errors
    /// As [`Self::published`].
    pub fn counted(&mut self, query: &Query) -> Result<Result<Rc<Published>, QueryError>, AnswerError> {
        let nothing = || value("by", "", "has no figures".to_owned(), &[]).because(Cause::NoFigures);
        let published = self.published(query)?;
        Ok(published.and_then(|published| if published.rows() == 0 { Err(nothing()) } else { Ok(published) }))
    }

    /// Returns the answer to a question, in the language of a chart.
    ///
    /// # Errors
    /// The outer error is a bug; the inner one says why there is no answer.
    fn answer(
        &mut self,
        query: &Query,
        shape: &Shape,
    ) -> Result<Result<Rc<Answer>, QueryError>, AnswerError> {
        let published = match self.counted(query)? {
            Ok(published) => published,
            Err(refused) => return Ok(Err(refused)),
        };
        let key = query.canonical(&self.dataset.release);
        if let Some(known) = self.answers.get(&key) {
            return Ok(Ok(Rc::clone(known)));
        }
        let answer = Rc::new(page_answer(self.dataset, query, &published, shape.language, self.base)?);
        self.answers.insert(key, Rc::clone(&answer));
        Ok(Ok(answer))
    }

    /// Whether reported figures of several chosen statutes would make one series. Where no two of them are of one year nothing
    /// would be added, but a line would run from one law to the other.
    fn mixes_statutes(&self, query: &Query) -> bool {
        let several = query.keep.get(&Dimension::Statute).is_some_and(|chosen| chosen.len() > 1);
        let is_reported = matches!(self.dataset.release.records(), Records::Figures { .. });
        several && is_reported && !query.lineage && !query.by.contains(&Dimension::Statute)
    }

    /// Returns the question in which nothing is added that may not be: grouped by what would be.
    ///
    /// # Errors
    /// On a bug.
    pub fn settled(&mut self, query: &Query) -> Result<Query, AnswerError> {
        let mut query = query.clone();
        for _ in 0..TURNS {
            let Err(refused) = self.published(&query)? else { break };
            match refused.cause() {
                Some(Cause::Overlaps(dimension)) if !query.by.contains(&dimension) => {
                    query.by.push(dimension)
                }
                Some(Cause::PartOfSum { .. }) if !query.by.contains(&Dimension::Outcome) => {
                    query.by.push(Dimension::Outcome);
                }
                Some(Cause::Joined) if query.lineage => query.lineage = false,
                _ => break,
            }
        }
        Ok(query)
    }

    /// Returns the question in the measure in which most of its statutes have figures; of several, the first of the dataset.
    ///
    /// # Errors
    /// On a bug.
    pub fn measured(&mut self, query: &Query, shape: &Shape) -> Result<Query, AnswerError> {
        let mut best: Option<(usize, Query)> = None;
        let mut query = query.clone();
        for measure in self.dataset.release.descriptor().chargesheet.measures.clone() {
            let asked = self.settled(&Query { measures: vec![measure], ..query.clone() })?;
            query.by.clone_from(&asked.by);
            let count = self.answer(&asked, shape)?.map_or(0, |answer| statutes_in(&answer).len().max(1));
            if best.as_ref().is_none_or(|(most, _)| count > *most) {
                best = Some((count, asked));
            }
        }
        Ok(best.map_or(query, |(_, query)| query))
    }

    /// Returns the chart of a question in a shape. Where no kind is chosen, it is the first that can be drawn; where the one
    /// chosen cannot be, the reason is returned.
    ///
    /// # Errors
    /// The outer error is a bug; the inner one says why there is no chart.
    pub fn chart(
        &mut self,
        query: &Query,
        shape: &Shape,
    ) -> Result<Result<Picture, QueryError>, AnswerError> {
        let answer = match self.answer(query, shape)? {
            Ok(answer) => Answer::clone(&answer),
            Err(refused) => return Ok(Err(refused)),
        };
        let mut chart = Picture { answer, shape: shape.clone() };
        let Err(refused) = chart.height_at(DEFAULT_SIZE.0) else { return Ok(Ok(chart)) };
        if shape.kind.is_none() {
            for kind in INSTEAD {
                chart.shape.kind = Some(kind);
                if chart.height_at(DEFAULT_SIZE.0).is_ok() {
                    return Ok(Ok(chart));
                }
            }
        }
        Ok(Err(refused))
    }

    /// Returns the chart of a question that has figures, without asking whether it can be drawn.
    ///
    /// # Errors
    /// When the question has none; or on a bug.
    pub fn undrawn(&mut self, query: &Query, shape: &Shape) -> Result<Picture, AnswerError> {
        let answer = self.answer(query, shape)??;
        Ok(Picture { answer: Answer::clone(&answer), shape: Shape { kind: None, ..shape.clone() } })
    }

    /// Returns the chart of a question, in a kind that the figures decide where the one chosen cannot be drawn. The second value
    /// says why it cannot.
    ///
    /// # Errors
    /// As [`Self::chart`].
    pub fn best(
        &mut self,
        query: &Query,
        shape: &Shape,
    ) -> Result<(Result<Picture, QueryError>, Option<QueryError>), AnswerError> {
        match self.chart(query, shape)? {
            Err(refused) if shape.kind.is_some() => {
                let free = Shape { kind: None, ..shape.clone() };
                let chart = self.chart(query, &free)?;
                let instead = chart.is_ok().then_some(refused);
                Ok((chart, instead))
            }
            chart => Ok((chart, None)),
        }
    }
}

/// Returns the ids of the statutes that an answer has figures of; none where it does not tell them apart.
pub fn statutes_in(answer: &Answer) -> BTreeSet<&str> {
    let Some(place) = answer.columns.iter().position(|column| column.name == Dimension::Statute.name())
    else {
        return BTreeSet::new();
    };
    let ids = answer.rows.iter().filter_map(|row| match row.values.get(place) {
        Some(Value::Text(id)) => Some(id.as_str()),
        _ => None,
    });
    ids.collect()
}

/// Most rows of an answer on a page. Nobody reads more rows there, and a browser takes minutes to lay them out.
const MOST_ROWS: usize = 10_000;

/// Refuses an answer with more rows than a page shows.
///
/// # Errors
/// When the answer has more.
pub fn fits(query: &Query, published: &Published) -> Result<(), QueryError> {
    within(query, (published.rows(), "rows"), "a page shows at most", MOST_ROWS)
}
