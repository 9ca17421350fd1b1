//! What a page is about, and the question that it asks first.

use chargesheet_widget::chart::Kind;

use super::drawn::{Picture, Shape};
use super::judge::Judge;
use crate::answer::{AnswerError, Dataset};
use crate::coverage::Coverage;
use crate::domain::{Dimension, Language, Localized, Measure};
use crate::ingest::Records;
use crate::present::svg;
use crate::query::{Params, Query, QueryError};

/// Parameters of the page of a statute.
pub const PARAMETERS: [&str; 18] = [
    "dataset", "measure", "outcome", "by", "type", "country", "category", "role", "region", "source",
    "period", "area", "rule", "lineage", "from", "to", "share", "lang",
];

/// Parameters of the page of a category: the same, with the statute in the place of the category.
pub const CATEGORY_PARAMETERS: [&str; 18] = {
    let mut all = PARAMETERS;
    all[6] = "statute";
    all
};

/// The one thing that a page is about, with what a dataset has on it.
pub struct Topic {
    /// [`Dimension::Statute`] or [`Dimension::Category`].
    pub dimension: Dimension,
    /// The code of the statute or category.
    pub code: String,
    /// The grouping to begin with.
    pub by: String,
    /// The measure to begin with.
    pub measure: Option<Measure>,
    /// The outcomes that occur, in display order, with their labels.
    pub outcomes: Vec<(String, Localized)>,
}

impl Topic {
    /// Returns what a dataset has on a statute, and what is shown of it first.
    pub fn of_statute(covering: &Coverage, dataset: &Dataset, id: &str) -> Self {
        let is_reported = matches!(dataset.release.records(), Records::Figures { .. });
        // A single year makes no line; its outcomes side by side show more.
        let several_years = covering.years.is_some_and(|(first, last)| first < last);
        let first = if is_reported { &*covering.first_grouping } else { "year,outcome" };
        Self {
            dimension: Dimension::Statute,
            code: id.to_owned(),
            by: if is_reported || several_years { first } else { "outcome" }.to_owned(),
            measure: covering.measures.first().copied(),
            outcomes: covering.outcomes.clone(),
        }
    }

    /// Returns the parameters of the page.
    pub fn parameters(&self) -> &'static [&'static str] {
        if self.dimension == Dimension::Category { &CATEGORY_PARAMETERS } else { &PARAMETERS }
    }

    /// Reads the question of the page and the kind of chart from its parameters, with defaults for what is not given.
    ///
    /// # Errors
    /// When a parameter is not known for the dataset.
    pub fn question(
        &self,
        dataset: &Dataset,
        mut params: Params,
    ) -> Result<(Query, Option<Kind>), QueryError> {
        let kind = svg::kind(params.take("type").filter(|kind| kind != "auto"))?;
        if params.peek("by").is_none() {
            params.set("by", &self.by);
        }
        if let (None, Some(measure)) = (params.peek("measure"), self.measure) {
            params.set("measure", measure.name());
        }
        params.forgive();
        params.set(self.dimension.name(), &self.code);
        let query = params.take_query(&dataset.release)?;
        params.finish_with(self.parameters())?;
        Ok((query, kind))
    }

    /// Returns the form of the chart. A category over years is shown in panels, unless another kind is chosen.
    pub fn shape(&self, query: &Query, kind: Option<Kind>, language: Language) -> Shape {
        let panels = self.dimension == Dimension::Category && query.by.contains(&Dimension::Year);
        Shape { kind: kind.or(panels.then_some(Kind::Multiples)), language, ..Shape::default() }
    }
}

/// Returns the question in which nothing is added that may not be, and the reason where it is not what was asked. Where an
/// article and its parts have figures of their own, they stand side by side.
pub fn settled(judge: &mut Judge<'_>, query: &Query) -> Result<(Query, Option<QueryError>), AnswerError> {
    let mut query = query.clone();
    // A series must be of the same statute throughout, so the statute and its parts are shown apart.
    let is_of_one = query.keep.get(&Dimension::Statute).is_some_and(|kept| kept.len() == 1);
    if is_of_one && !query.lineage && judge.dataset.mixes_statutes(&query) {
        query.by.push(Dimension::Statute);
    }
    let refused = judge.published(&query)?.err();
    Ok((judge.settled(&query)?, refused))
}

/// Returns the chart that a page shows of a dataset.
///
/// # Errors
/// When a parameter is not known, or nothing can be drawn; or on a bug.
pub fn chart(
    judge: &mut Judge<'_>,
    topic: &Topic,
    params: Params,
    language: Language,
) -> Result<Picture, AnswerError> {
    let (query, kind) = topic.question(judge.dataset, params)?;
    let (query, _) = settled(judge, &query)?;
    Ok(judge.best(&query, &topic.shape(&query, kind, language))?.0?)
}
