//! What a file is asked, and what it answers with, before HTTP says anything about it.

use std::sync::Arc;

use chargesheet_widget::chart::DrawError;

use crate::answer::{Dataset, RecordsError};
use crate::catalog::Catalog;
use crate::disclosure::Published;
use crate::domain::Language;
use crate::explorer::PageError;
use crate::present::Written;
use crate::present::archive::ArchiveError;
use crate::present::xlsx::SheetError;
use crate::query::{AnswerError, Params, Query, QueryError};

/// What a request for a file is about.
#[derive(Debug)]
pub struct Asked {
    /// The release that is asked.
    pub dataset: Arc<Dataset>,
    /// The query as it was asked, without `?`.
    pub query: String,
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
        let query = params.take_query(&self.dataset.release)?;
        params.finish(others)?;
        Ok((query, language.unwrap_or_default()))
    }

    /// Takes the question as [`Asked::question`], and answers it.
    ///
    /// # Errors
    /// When the question is refused; or on a bug.
    pub fn answer(&self, params: Params, others: &[&'static str]) -> Result<Answered, FileError> {
        let (query, language) = self.question(params, others)?;
        let published = self.dataset.ask(&query)?;
        Ok(Answered { query, language, published })
    }
}

/// A file before it is sent.
pub struct Output {
    /// Its content: bytes, or a text that is written while it is read.
    pub content: Content,
    /// How many rows it has, where it is a table.
    pub rows: Option<usize>,
    /// Which way was taken to count, for `Server-Timing`.
    pub plan: Option<String>,
    /// Whether a browser is to save it, whatever it does with the other forms of the file.
    pub is_saved: bool,
    /// Whether another service may have other bytes for the same release.
    pub is_passing: bool,
}

/// The content of a file.
pub enum Content {
    /// All of its bytes.
    Bytes(Vec<u8>),
    /// A text that may be too large to be held.
    Text(Box<dyn Written>),
}

impl Output {
    fn of(content: Content) -> Self {
        Self { content, rows: None, plan: None, is_saved: false, is_passing: false }
    }

    /// Makes a file of a text that is written while it is read.
    pub fn text(text: impl Written) -> Self {
        Self::of(Content::Text(Box::new(text)))
    }

    /// Says how many rows a table has.
    pub fn with_rows(self, rows: usize) -> Self {
        Self { rows: Some(rows), ..self }
    }
}

impl From<Vec<u8>> for Output {
    fn from(bytes: Vec<u8>) -> Self {
        Self::of(Content::Bytes(bytes))
    }
}

/// Why a file is not made.
#[derive(Debug)]
pub enum FileError {
    /// The question is refused, or could not be answered.
    Answer(AnswerError),
    /// The file of a chart could not be made.
    Page(PageError),
    /// The workbook could not be made.
    Sheet(SheetError),
    /// The answer cannot be drawn.
    Undrawable(DrawError),
    /// It could be asked for, and is not made here.
    NotMade(String),
    /// The records cannot be read.
    Records(RecordsError),
    /// It could not be written, which is a bug.
    Unwritten(String),
    /// An archive could not be written, which is a bug.
    Archive(ArchiveError),
}

macro_rules! from {
    ($($error:ty => $variant:ident),*) => {
        $(impl From<$error> for FileError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*
    };
}

from!(AnswerError => Answer, PageError => Page, SheetError => Sheet, DrawError => Undrawable, RecordsError => Records);

impl From<QueryError> for FileError {
    fn from(error: QueryError) -> Self {
        Self::Answer(error.into())
    }
}

impl From<ArchiveError> for FileError {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Answer(error) => Self::Answer(error),
            error => Self::Archive(error),
        }
    }
}

impl Written for Box<dyn Written> {
    fn write(&self, place: usize, enough: usize, out: &mut Vec<u8>) -> Option<usize> {
        (**self).write(place, enough, out)
    }

    fn weight(&self) -> u64 {
        (**self).weight()
    }
}
