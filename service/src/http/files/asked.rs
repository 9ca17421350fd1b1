//! What a file is asked, and what it answers with.

use std::sync::Arc;

use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::disclosure::Published;
use crate::domain::Language;
use crate::domain::parameters::{BY, FIGURES, FILTERS, Group, LANG, MOVED};
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::query::{Params, Query, QueryError};

/// The parameters of a question about two periods.
pub const MOVERS: &[Group] = &[MOVED, BY, FILTERS, FIGURES, LANG];

/// What a request for a file is about.
#[derive(Debug)]
pub struct Asked {
    /// The release that is asked.
    pub dataset: Arc<Dataset>,
    /// The query as it was asked, without `?`.
    pub query: String,
    /// The question, where it was taken out of the query already.
    pub taken: Option<Query>,
    /// Everything that is served at this moment.
    pub catalog: Arc<Catalog>,
    /// Public address of the service, without a final slash.
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
    /// Takes the question, and the language of texts where `lang` is among the `others`: the parameters that the file takes
    /// besides those of a question.
    ///
    /// # Errors
    /// When a parameter has no meaning here.
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

    /// Takes the question as [`Asked::question`], and answers it.
    ///
    /// # Errors
    /// When the question is refused; or on a bug.
    pub fn answer(&self, params: Params, others: &[&'static str]) -> Result<Answered, Problem> {
        let (query, language) = self.question(params, others)?;
        let published = self.dataset.ask(&query)?;
        Ok(Answered { query, language, published })
    }
}

/// A file before it is sent.
pub struct Output {
    /// Its content, and what is known of it.
    pub body: Body,
    /// Which way was taken to count, for `Server-Timing`.
    pub plan: Option<String>,
}

impl<B: Into<Body>> From<B> for Output {
    fn from(body: B) -> Self {
        Self { body: body.into(), plan: None }
    }
}
