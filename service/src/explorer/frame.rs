//! The frame around every page, and the errors that replace a page.

use askama::Template;

use super::address::{in_language, is_check_offered};
use super::cited::Cited;
use crate::answer::AnswerError;
use crate::catalog::Catalog;
use crate::domain::Language;
use crate::present::texts::{Texts, attribute, fill};
use crate::query::{Params, QueryError};

/// The reason why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The thing that the address names does not exist.
    #[error("no {what} `{id}`")]
    Missing {
        /// The kind of thing, such as "statute".
        what: &'static str,
        /// The id asked for.
        id: String,
        /// The most similar id that exists, if there is one.
        nearest: Option<String>,
        /// Returns the page of a thing from its id and a language.
        page: fn(&str, Language) -> String,
    },
    /// No readable dataset has the statute, but one dataset cannot be read.
    #[error("`{dataset}` cannot be read, and no other dataset has `{id}`")]
    Unread {
        /// The id asked for.
        id: String,
        /// The dataset that cannot be read.
        dataset: String,
    },
    /// The question in the address cannot be answered.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The template failed, which is a bug.
    #[error(transparent)]
    Template(#[from] askama::Error),
}

impl From<QueryError> for PageError {
    fn from(error: QueryError) -> Self {
        Self::Answer(error.into())
    }
}

/// The parts around the content of a page: its language, its title, and links to the page in other languages.
pub struct Frame {
    pub language: &'static str,
    pub title: String,
    /// A summary of the page, for link previews and search engines.
    pub description: String,
    pub languages: Vec<Choice>,
    pub texts: &'static Texts,
    /// Address of the start page in the page's language.
    pub home: String,
    /// Address of the page about the publisher.
    pub about: String,
    /// Address of the builder in the page's language.
    pub builder: String,
    /// Address of the check in the browser, if there is one.
    pub check: Option<String>,
    /// The note that a dataset cannot be read and its figures are missing; empty where all can be read.
    pub unread: String,
    /// Public address of the service, without a final slash. Search engines follow only whole addresses.
    pub base: String,
    /// What other sites show of the page; `None` for an error page.
    pub share: Option<Share>,
    /// Addresses of the feeds that tell of new figures, the page's own first.
    pub feeds: Vec<String>,
    /// How what the page shows is cited, where it is a dataset or an answer.
    pub cited: Option<Cited>,
}

/// What other sites show of a page: the tags in its head.
#[derive(Debug, Clone, Default)]
pub struct Share {
    pub title: String,
    pub description: String,
    /// Address of the page.
    pub url: String,
    /// Address of the preview; empty where no PNG can be painted.
    pub image: String,
    /// What the preview shows, for readers who do not see it.
    pub alt: String,
    pub width: u32,
    pub height: u32,
    /// Address of the page's oEmbed answer; empty where the page is no chart.
    pub oembed: String,
    /// Whether the page shows a dataset or an answer that is cited.
    pub is_cited: bool,
}

impl Share {
    /// Returns the `og:type`. Reference managers take a `website` for a web page, whatever else its head says. Every other site
    /// takes an unknown type for a website.
    pub fn kind(&self) -> &'static str {
        if self.is_cited { "dataset" } else { "website" }
    }
}

/// An option of a form.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Choice {
    pub fn new(value: &str, label: &str, chosen: bool) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), chosen }
    }
}

impl Frame {
    /// Makes the frame of a page. `base` is the public address of the service; `path` and `query` are the address of the page
    /// without its language.
    pub fn new(
        language: Language,
        title: String,
        description: String,
        base: &str,
        [path, query]: [&str; 2],
    ) -> Self {
        let own = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        let choice = |other| Choice::new(&in_language(&own, other), other.own_name(), other == language);
        let url = format!("{base}{}", in_language(&own, language));
        let share = Share { title: title.clone(), description: description.clone(), url, ..Share::default() };
        Self {
            base: base.to_owned(),
            share: Some(share),
            feeds: feeds(path).map(|feed| format!("{base}{}", in_language(&feed, language))).collect(),
            cited: None,
            language: language.code(),
            title,
            description,
            languages: Language::all().map(choice).collect(),
            texts: Texts::of(language),
            home: in_language("/", language),
            about: in_language("/about", language),
            builder: in_language("/charts/new", language),
            check: is_check_offered().then(|| in_language("/check", language)),
            unread: String::new(),
        }
    }

    /// Adds a note on datasets that cannot be read, for a page about all datasets. The figures missing here may still exist.
    pub fn of_all(self, catalog: &Catalog) -> Self {
        let sentence = |dataset| fill(self.t("unread"), &[("dataset", dataset)]);
        Self { unread: catalog.unread().map(sentence).unwrap_or_default(), ..self }
    }

    /// Lets other sites show something else of the page, if there is something.
    pub fn shared(self, share: Option<Share>) -> Self {
        match share {
            Some(share) => Self { description: share.description.clone(), share: Some(share), ..self },
            None => self,
        }
    }

    /// Says how what the page shows is cited.
    pub fn cited(self, cited: Cited) -> Self {
        let share = self.share.map(|share| Share { is_cited: true, ..share });
        Self { cited: Some(cited), share, ..self }
    }

    /// Returns the address of this page in its own language, relative to the service.
    pub fn address(&self) -> &str {
        self.languages.iter().find(|other| other.chosen).map_or("/", |other| &other.value)
    }

    /// Returns the page in each language, with the language's code.
    pub fn translations(&self) -> impl Iterator<Item = (&'static str, &Choice)> {
        Language::all().map(Language::code).zip(&self.languages)
    }

    /// Returns a text of pages.
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.on_page(key)
    }

    /// Returns a text of the pages of datasets.
    pub fn d<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.on_dataset_page(key)
    }
}

/// Returns the feeds of what a page is about, by its path.
fn feeds(path: &str) -> impl Iterator<Item = String> {
    let has_one = ["/datasets/", "/statutes/", "/countries/", "/categories/"];
    let own = has_one.iter().any(|start| path.starts_with(start));
    let own = own.then(|| path.split("/releases/").next().unwrap_or(path));
    own.into_iter().chain([""]).map(|page| format!("{page}/feed.atom"))
}

/// Reads the parameters of a page, and takes the language out of them.
pub fn read(query: &str) -> Result<(Params, Language), QueryError> {
    let mut params = Params::parse_form(query)?;
    let language = params.take_language("lang")?.unwrap_or_default();
    Ok((params, language))
}

/// Reads the language of a page that has no other parameter.
pub fn read_language(query: &str) -> Result<Language, QueryError> {
    let (params, language) = read(query)?;
    params.finish_with(&["lang"])?;
    Ok(language)
}

/// Returns a page with the note that it does not exist in the language that was asked for.
pub fn noted(page: &str, language: &str) -> String {
    let names: Vec<&str> = Language::all().map(Language::own_name).collect();
    let words = [("language", language), ("languages", &names.join(", "))];
    let note = attribute(&fill(Texts::of(Language::ENGLISH).on_page("no_language"), &words));
    page.replacen(
        "<main",
        &format!("<p class=\"notice screen\" lang=\"en\" role=\"status\">{note}</p>\n<main"),
        1,
    )
}

#[derive(Template)]
#[template(path = "apology.html")]
struct Apology<'a> {
    frame: Frame,
    heading: &'static str,
    /// What is wrong, in pieces: every second one was typed.
    pieces: Vec<&'a str>,
    instead: Option<String>,
}

/// Returns an error page that says what is wrong with an address. `told` has what was typed between backticks.
///
/// # Errors
/// When the template fails, which is a bug.
pub fn apology(
    is_missing: bool,
    told: &str,
    instead: Option<String>,
    language: Language,
) -> Result<String, askama::Error> {
    let heading = Texts::of(language).on_page(if is_missing { "not_found" } else { "bad_address" });
    let title = format!("{heading} – Chargesheet");
    let frame = Frame {
        share: None,
        feeds: Vec::new(),
        ..Frame::new(language, title, heading.to_owned(), "", ["/", ""])
    };
    Apology { frame, heading, pieces: told.split('`').collect(), instead }.render()
}
