//! The pages for people: plain HTML that needs no script. Made from the same answers as everything else.

mod category;
mod chart;
mod dataset;
mod document;
mod embed;
mod evidence;
pub mod example;
mod index;
mod life;
pub mod linked;
mod load;
mod pivot;
mod reference;
mod report;
mod share;
mod shares;
mod snippet;
mod statute;
mod table;
mod trend;
mod view;
mod whole;

use askama::Template;

use crate::answer::AnswerError;
use crate::catalog::Catalog;
use crate::disclosure::Published;
use crate::domain::Language;
use crate::present::texts::{Texts, fill};
use crate::present::within;
use crate::query::{Params, Query, QueryError};

pub use category::{category, category_chart};
pub use chart::Chart;
pub use dataset::{Offered, dataset};
pub use document::document;
pub use embed::embed;
pub use index::index;
pub use reference::reference;
pub use report::{report, report_chart};
pub use share::{Oembed, Room, oembed_address};
pub use statute::{PARAMETERS as STATUTE_PARAMETERS, statute, statute_chart};

/// Why there is no page.
#[derive(Debug)]
pub enum PageError {
    /// There is no such statute.
    NoStatute {
        /// The id asked for.
        id: String,
        /// The id that was perhaps meant.
        nearest: Option<String>,
    },
    /// There is no such category of offence.
    NoCategory {
        /// The code asked for.
        code: String,
        /// The code that was perhaps meant.
        nearest: Option<String>,
    },
    /// No dataset has the statute, and one of them cannot be read.
    Unread {
        /// The id asked for.
        id: String,
        /// The dataset that cannot be read.
        dataset: String,
    },
    /// The address has a parameter that means nothing.
    Query(QueryError),
    /// A bug.
    Failed(String),
}

impl From<QueryError> for PageError {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<AnswerError> for PageError {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Refused(error) => Self::Query(error),
            AnswerError::Failed(error) => Self::Failed(error.to_string()),
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The frame around every page: its language, its title, and the same page in other languages.
struct Frame {
    language: &'static str,
    title: String,
    /// What the page says, for link previews and search engines.
    description: String,
    languages: Vec<Choice>,
    texts: &'static Texts,
    /// Address of the start page in the page's language.
    home: String,
    /// That a dataset cannot be read, so that figures are missing; empty where all can.
    unread: String,
}

/// Something that can be chosen.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

impl Frame {
    /// `path` and `rest` are the address of this page without its language.
    fn new(language: Language, title: String, description: String, path: &str, rest: &str) -> Self {
        let address = |other: Language| {
            let mut parts: Vec<String> = Vec::new();
            if !rest.is_empty() {
                parts.push(rest.to_owned());
            }
            if other != Language::ENGLISH {
                parts.push(format!("lang={other}"));
            }
            if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
        };
        Self {
            language: language.code(),
            title,
            description,
            languages: Language::all()
                .map(|other| Choice {
                    value: address(other),
                    label: other.own_name().to_owned(),
                    chosen: other == language,
                })
                .collect(),
            texts: Texts::of(language),
            home: if language == Language::ENGLISH { "/".to_owned() } else { format!("/?lang={language}") },
            unread: String::new(),
        }
    }

    /// Says on a page about all datasets which of them cannot be read. What it lacks is not what nobody has.
    fn of_all(self, catalog: &Catalog) -> Self {
        let told = |dataset| fill(self.t("unread"), &[("dataset", dataset)]);
        Self { unread: catalog.unread().map(told).unwrap_or_default(), ..self }
    }

    /// The address of this page in its own language, without the service's own.
    fn address(&self) -> &str {
        self.languages.iter().find(|other| other.chosen).map_or("/", |other| &other.value)
    }

    /// A text of pages.
    fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.on_page(key)
    }

    /// A text of the pages of datasets.
    fn d<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.on_dataset_page(key)
    }
}

/// Most rows of an answer that a page tells of: nobody reads more of them there, and a browser takes minutes to lay them out.
const MOST_ROWS: usize = 10_000;

/// Whether a page can tell of an answer.
///
/// # Errors
/// When it has more rows than [`MOST_ROWS`].
fn fits(query: &Query, published: &Published) -> Result<(), QueryError> {
    within(query, (published.rows(), "rows"), "a page shows at most", MOST_ROWS)
}

/// Takes the language of a page out of its parameters.
fn language(params: &mut Params) -> Result<Language, QueryError> {
    Ok(params.take_language("lang")?.unwrap_or_default())
}

#[derive(Template)]
#[template(path = "apology.html")]
struct Apology {
    frame: Frame,
    heading: &'static str,
    detail: String,
    instead: Option<String>,
}

/// Returns a page that says what is wrong with an address.
///
/// # Errors
/// When the template fails, which is a bug.
pub fn apology(is_missing: bool, detail: &str, instead: Option<String>) -> Result<String, askama::Error> {
    let frame = Frame::new(Language::ENGLISH, detail.to_owned(), detail.to_owned(), "/", "");
    let texts = Texts::of(Language::ENGLISH);
    let heading = texts.on_page(if is_missing { "not_found" } else { "bad_address" });
    Apology { frame, heading, detail: detail.to_owned(), instead }.render()
}
