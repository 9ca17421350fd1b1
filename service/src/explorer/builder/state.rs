//! The state of the builder: a question to one dataset, the form of its chart, and how it is copied. The address of the builder
//! holds all of it, in the names that the API and the pages have too.

use chargesheet_count::picture::Shape;
use chargesheet_widget::chart::{Spec, Theme, WIDTHS};

use super::super::address::in_language;
use super::colours::Colours;
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language, Measure, Statute};
use crate::ingest::Records;
use crate::present::svg::{self, DEFAULT_SIZE};
use crate::query::{Params, Query, QueryError, escape, value};
use crate::release::Release;

/// A state of the builder.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The id of the dataset.
    pub dataset: String,
    /// What is asked of it.
    pub query: Query,
    /// Whether the measure is the editor's choice; else it is the one that most of the chosen statutes have figures in.
    pub is_measured: bool,
    /// How the chart looks.
    pub form: Form,
    /// Whether the figures are those of this release for ever.
    pub is_pinned: bool,
    /// What is copied.
    pub copied: Copied,
}

/// The form of a chart on an editor's page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Form {
    /// The form of its picture.
    pub shape: Shape,
    /// The width of the chart in pixels; `None` is as wide as its page has room.
    pub width: Option<u32>,
    /// Colours of the editor's page.
    pub colours: Colours,
}

chargesheet_check::words! {
    /// What is copied of a chart, in the order of the page, with the names in addresses.
    #[derive(Default)]
    Copied {
        /// The custom element with the picture in it.
        #[default]
        Html = "html",
        /// A frame.
        Frame = "frame",
        /// An address for WordPress.
        Address = "address",
        /// The address of a picture.
        Picture = "picture",
        /// The address of a file that holds everything.
        File = "file",
        /// The address of the figures.
        Data = "data",
    }
}

/// Parameters of the builder besides those of a query and of a chart.
pub const PARAMETERS: [&str; 19] = [
    "dataset",
    "add",
    "type",
    "theme",
    "title",
    "plain",
    "events",
    "axis",
    "lang",
    "words",
    "width",
    "pinned",
    "copy",
    "background",
    "ink",
    "accent",
    "height",
    "scale",
    "labels",
];

/// What an address leaves open, and what a dataset lacks of it.
#[derive(Debug, Clone, Default)]
pub struct Left {
    /// Whether the address says how figures are grouped.
    pub is_grouped: bool,
    /// Codes and names that the dataset does not have. They are left out, as when another dataset is chosen.
    pub unknown: Vec<String>,
}

impl State {
    /// Reads a state. `page` is the language of the page, which the chart has too unless another is chosen.
    ///
    /// # Errors
    /// When there is no such dataset, or a value is none that the parameter may have.
    pub fn read(mut params: Params, catalog: &Catalog, page: Language) -> Result<(Self, Left), QueryError> {
        let statute = params.peek("statute").and_then(|codes| codes.split(',').next()).unwrap_or_default();
        let covering = catalog.coverage(statute).first().map(|coverage| coverage.dataset.clone());
        let ids = || catalog.datasets().map(|dataset| dataset.release.dataset());
        let id = params.take("dataset").or(covering).or_else(|| largest(catalog).map(str::to_owned));
        let id = id.unwrap_or_default();
        let Some(dataset) = catalog.dataset(&id) else {
            let problem = "is no dataset that is here".to_owned();
            return Err(value("dataset", &id, problem, &ids().collect::<Vec<_>>()));
        };
        let words = params.take_language("words")?;
        let colours = Colours::take(&mut params)?;
        let theme = svg::theme(params.take("theme").filter(|theme| theme != "auto"))?;
        let shape = Shape {
            kind: svg::kind(params.take("type").filter(|kind| kind != "auto"))?,
            // On a ground that does not change with the reader's device, nothing else does.
            theme: theme.or(colours.theme()),
            title: params.take("title").unwrap_or_default().trim().to_owned(),
            is_plain: svg::take_plain(&mut params)?,
            is_without_events: !svg::take_events(&mut params)?,
            is_free: svg::take_free(&mut params)?,
            language: words.unwrap_or(page),
        };
        let width = params.take("width").map(|text| wide(&text)).transpose()?;
        let spec = Spec::new(DEFAULT_SIZE.0, DEFAULT_SIZE.1).and_then(|spec| spec.with_title(&shape.title));
        spec.map_err(|error| svg::refusal(&error, shape.title.clone()))?;
        let form = Form { shape, width, colours };
        let is_pinned = word(&mut params, "pinned", &["1"])?.is_some();
        let copied = word(&mut params, "copy", &Copied::NAMES)?;
        let copied = copied.map_or(Copied::Html, |place| Copied::ALL[place]);
        // An address of a picture may be pasted here: its size and its labels are no part of a chart.
        for name in ["add", "height", "scale", "labels"] {
            params.take(name);
        }
        let mut left = Left { is_grouped: params.peek("by").is_some(), unknown: Vec::new() };
        let (query, is_measured) = question(&mut params, &dataset.release, &mut left)?;
        params.finish(&PARAMETERS)?;
        Ok((Self { dataset: id, query, is_measured, form, is_pinned, copied }, left))
    }

    /// Returns the address of the state, for a page in a language. Defaults are left out.
    pub fn address(&self, release: &Release, page: Language) -> String {
        let Form { shape, width, colours } = &self.form;
        let mut query = self.query.canonical(release);
        if !self.is_measured {
            let measure = self.query.measures.iter().map(|own| own.name()).collect::<Vec<_>>().join(",");
            query = query.replace(&format!("&measure={measure}"), "");
        }
        let mut parts = vec![format!("dataset={}", self.dataset), query];
        parts.extend(shape.kind.map(|kind| format!("type={}", kind.name())));
        parts.extend(shape.theme.map(|theme| format!("theme={}", theme_name(theme))));
        parts.extend((!shape.title.is_empty()).then(|| format!("title={}", escape(&shape.title))));
        parts.extend(shape.is_plain.then(|| "plain=true".to_owned()));
        parts.extend(shape.is_without_events.then(|| "events=false".to_owned()));
        parts.extend(shape.is_free.then(|| "axis=free".to_owned()));
        parts.extend((shape.language != page).then(|| format!("words={}", shape.language)));
        parts.extend(width.map(|width| format!("width={width}")));
        let colours = colours.texts().into_iter().filter(|(_, text)| !text.is_empty());
        parts.extend(colours.map(|(name, text)| format!("{name}={}", escape(&text))));
        parts.extend(self.is_pinned.then(|| "pinned=1".to_owned()));
        parts.extend((self.copied != Copied::Html).then(|| format!("copy={}", self.copied.name())));
        in_language(&format!("/charts/new?{}", parts.join("&")), page)
    }
}

/// Returns the name of a theme in addresses.
pub fn theme_name(theme: Theme) -> &'static str {
    if theme == Theme::Dark { "dark" } else { "light" }
}

fn wide(text: &str) -> Result<u32, QueryError> {
    let known = text.parse().ok().filter(|width| WIDTHS.contains(width));
    let problem = || format!("is no number of pixels from {} to {}", WIDTHS.start(), WIDTHS.end());
    known.ok_or_else(|| value("width", text, problem(), &[]))
}

/// Takes out a parameter that has one of some words, and returns the place of the word.
fn word(params: &mut Params, name: &'static str, words: &[&str]) -> Result<Option<usize>, QueryError> {
    let Some(text) = params.take(name) else { return Ok(None) };
    let place = words.iter().position(|word| *word == text);
    let problem = || format!("is none of {}", words.join(", "));
    place.map(Some).ok_or_else(|| value(name, &text, problem(), words))
}

/// Returns the dataset that has figures on most statutes.
fn largest(catalog: &Catalog) -> Option<&str> {
    let all: Vec<&str> = catalog.datasets().map(|dataset| dataset.release.dataset()).collect();
    let statutes = catalog.statutes();
    let covered = |id: &&str| {
        let has = |statute: &&&Statute| catalog.coverage(&statute.id).iter().any(|own| own.dataset == **id);
        statutes.iter().filter(has).count()
    };
    // The first of several.
    all.into_iter().rev().max_by_key(covered)
}

/// Reads the question. What the dataset does not have is left out and noted. Ends that are in the wrong order change places.
fn question(params: &mut Params, release: &Release, left: &mut Left) -> Result<(Query, bool), QueryError> {
    for dimension in Dimension::ALL.into_iter().filter(|dimension| !dimension.is_time()) {
        let name = dimension.name();
        let Some(codes) = params.take(name) else { continue };
        let has =
            |code: &&str| release.askable().contains(&dimension) && release.number(dimension, code).is_some();
        keep(params, left, name, &codes, has);
    }
    let names = |own: &str| release.askable().iter().any(|dimension| dimension.name() == own);
    let measures = &release.descriptor().chargesheet.measures;
    let is_measure = |own: &str| Measure::from_name(own).is_some_and(|own| measures.contains(&own));
    for (name, has) in [("by", &names as &dyn Fn(&str) -> bool), ("measure", &is_measure)] {
        if let Some(words) = params.take(name) {
            keep(params, left, name, &words, |word| has(word));
        }
    }
    if params.peek("by").is_none() {
        left.is_grouped = false;
        let is_of_cases = matches!(release.records(), Records::Charges(_));
        params.set("by", if is_of_cases { "year,outcome" } else { "year" });
    }
    let is_measured = params.peek("measure").is_some();
    params.forgive();
    // Whether there can be rates is told with the chart, and refuses no page.
    let is_rate = word(params, "rate", &["1"])?.is_some();
    Ok((Query { rate: is_rate, labels: None, ..params.take_query(release)? }, is_measured))
}

/// Sets a parameter to those of its words that the dataset has, and notes the others.
fn keep(params: &mut Params, left: &mut Left, name: &str, words: &str, has: impl Fn(&&str) -> bool) {
    let mut known: Vec<&str> = Vec::new();
    for word in words.split(',') {
        if !has(&word) {
            left.unknown.push(word.to_owned());
        } else if !known.contains(&word) {
            known.push(word);
        }
    }
    if !known.is_empty() {
        params.set(name, &known.join(","));
    }
}
