//! The request for a file, and the result of making it.

use std::sync::Arc;

use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::disclosure::Published;
use crate::domain::Language;
use crate::domain::parameters::{BY, FIGURES, FILTERS, Group, LANG, MOVED};
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::query::{Params, Query, QueryError};

/// The parameters of a question that compares two periods.
pub const MOVERS: &[Group] = &[MOVED, BY, FILTERS, FIGURES, LANG];

/// A request for a file.
#[derive(Debug)]
pub struct Asked {
    /// The dataset, in the requested release.
    pub dataset: Arc<Dataset>,
    /// The query as it was sent, without `?`.
    pub query: String,
    /// The question, if it was parsed from the query already.
    pub taken: Option<Query>,
    /// The catalog that is served now.
    pub catalog: Arc<Catalog>,
    /// Public address of the service, without a trailing slash.
    pub base: Arc<str>,
}

/// A question with its answer.
pub struct Answered {
    /// The question.
    pub query: Query,
    /// Language of texts.
    pub language: Language,
    /// The answer.
    pub published: Published,
}

impl Asked {
    /// Parses the question. `others` are the parameters that the file takes besides those of a question. If `lang` is among them,
    /// the language of texts is parsed too.
    ///
    /// # Errors
    /// When a parameter is unknown or not valid here.
    pub fn question(
        &self,
        mut params: Params,
        others: &[&'static str],
    ) -> Result<(Query, Language), QueryError> {
        let has_language = others.contains(&"lang");
        let language = has_language.then(|| params.take_language("lang")).transpose()?.flatten();
        let query = match &self.taken {
            Some(query) => query.clone(),
            None => params.take_query(&self.dataset.release)?,
        };
        params.finish(others)?;
        Ok((query, language.unwrap_or_default()))
    }

    /// Parses the question like [`Asked::question`], and answers it.
    ///
    /// # Errors
    /// When the question is refused, or because of a bug.
    pub fn answer(&self, params: Params, others: &[&'static str]) -> Result<Answered, Problem> {
        let (query, language) = self.question(params, others)?;
        let published = self.dataset.ask(&query)?;
        Ok(Answered { query, language, published })
    }
}

/// The result of making a file, before it is sent.
pub struct Output {
    /// The body of the response.
    pub body: Body,
    /// How the engine counted, for `Server-Timing`.
    pub plan: Option<String>,
}

impl<B: Into<Body>> From<B> for Output {
    fn from(body: B) -> Self {
        Self { body: body.into(), plan: None }
    }
}
