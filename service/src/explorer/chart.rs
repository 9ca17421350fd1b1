//! A chart as it is shared: which figures in which form, and the addresses of all that shows it.

use chargesheet_widget::chart::{Kind, Spec, Theme};
use chargesheet_widget::wire::Answer;

use super::PageError;
use crate::answer::Dataset;
use crate::domain::Language;
use crate::present::svg::{Asked, DEFAULT_SIZE, Height, proportional, refusal, take_plain};
use crate::present::wire;
use crate::query::{Params, QueryError, escape};

/// Width of the picture that other sites show of a link, in pixels: what Open Graph's readers expect.
pub const PREVIEW_WIDTH: u32 = 1200;

/// The parameters of a chart beside those of its query.
pub const PARAMETERS: [&str; 5] = ["type", "theme", "title", "plain", "lang"];

/// A chart.
#[derive(Debug)]
pub struct Chart {
    /// Its figures.
    pub answer: Answer,
    /// Its language.
    pub language: Language,
    /// Whether it is bound to the release of its answer.
    pub is_pinned: bool,
    /// Its kind; `None` leaves it to the answer.
    pub kind: Option<Kind>,
    /// Its colours; `None`: those that the reader's system prefers.
    pub theme: Option<Theme>,
    /// A title of its own, or nothing.
    pub title: String,
    /// Whether it is drawn for a tight place.
    pub is_plain: bool,
}

impl Chart {
    /// Reads a chart out of parameters, and asks for its figures. `base` is the public address of the service.
    ///
    /// # Errors
    /// When a parameter has no meaning for this dataset; or on a bug.
    pub fn read(
        dataset: &Dataset,
        is_pinned: bool,
        mut params: Params,
        base: &str,
    ) -> Result<Self, PageError> {
        let language = params.take_language("lang")?.unwrap_or_default();
        let kind = params.take("type").filter(|kind| !kind.is_empty());
        let kind = kind.map(|kind| Kind::parse(&kind).map_err(|error| refusal(&error, kind))).transpose()?;
        let theme = params.take("theme").filter(|theme| theme != "auto");
        let theme = theme.map(|own| Theme::parse(&own).map_err(|error| refusal(&error, own))).transpose()?;
        let title = params.take("title").unwrap_or_default();
        let is_plain = take_plain(&mut params)?;
        let query = params.take_query(&dataset.release)?;
        params.finish(&PARAMETERS)?;
        let answer = wire(dataset, &query, &dataset.ask(&query)?, language, base)?;
        let chart = Self { answer, language, is_pinned, kind, theme, title, is_plain };
        // A title too long, or figures that cannot be drawn like this, are told before anything is shown.
        chart.asked(DEFAULT_SIZE.0, None)?;
        chart.height_at(DEFAULT_SIZE.0)?;
        Ok(chart)
    }

    fn asked(&self, width: u32, height: Option<u32>) -> Result<Asked, QueryError> {
        let free = if height.is_some() { Height::Fixed } else { Height::Free };
        let default = height.unwrap_or_else(|| proportional(width));
        let spec = Spec::new(width, default).and_then(|spec| spec.with_title(&self.title));
        let mut spec = spec.map_err(|error| refusal(&error, self.title.clone()))?;
        (spec.kind, spec.plain, spec.whole) = (self.kind, self.is_plain, free == Height::Free);
        spec.theme = self.theme.unwrap_or_default();
        Ok(Asked { spec, height: free })
    }

    /// Returns the height that the chart has at a width, both in pixels.
    ///
    /// # Errors
    /// When these figures cannot be drawn like this.
    pub fn height_at(&self, width: u32) -> Result<u32, QueryError> {
        self.draw(width, None).map(|(_, height)| height)
    }

    /// Draws the chart at a width, as high as it needs to be unless a height is given; all in pixels.
    ///
    /// # Errors
    /// When these figures cannot be drawn like this.
    pub fn draw(&self, width: u32, height: Option<u32>) -> Result<(String, u32), QueryError> {
        self.asked(width, height)?.draw(&self.answer).map_err(|error| QueryError::Value {
            parameter: "type",
            value: self.kind.map_or(String::new(), |kind| kind.name().to_owned()),
            problem: error.to_string().trim_end_matches('.').to_owned(),
            expected: Vec::new(),
            nearest: None,
        })
    }

    /// Returns the size of the picture that other sites show of a link, in pixels. Its address has no height: figures
    /// that come later may need more.
    pub fn preview_size(&self) -> (u32, u32) {
        (
            PREVIEW_WIDTH,
            self.height_at(PREVIEW_WIDTH).unwrap_or(PREVIEW_WIDTH * DEFAULT_SIZE.1 / DEFAULT_SIZE.0),
        )
    }

    /// The title that the chart is drawn with.
    pub fn shown_title(&self) -> &str {
        if self.title.trim().is_empty() { &self.answer.text.title } else { &self.title }
    }

    fn dataset(&self) -> String {
        let id = &self.answer.dataset.id;
        if self.is_pinned { format!("{id}/releases/{}", self.answer.release.id) } else { id.clone() }
    }

    /// The query with its language, without `?`.
    pub fn query(&self) -> String {
        format!("{}&lang={}", self.answer.query, self.language)
    }

    /// The form of the chart as parameters, each with `&` in front.
    fn form(&self) -> String {
        let mut form = String::new();
        if let Some(kind) = self.kind {
            form.push_str(&format!("&type={}", kind.name()));
        }
        if !self.title.is_empty() {
            form.push_str(&format!("&title={}", escape(&self.title)));
        }
        if self.is_plain {
            form.push_str("&plain=true");
        }
        form
    }

    fn colours(&self) -> &'static str {
        match self.theme {
            None => "",
            Some(Theme::Light) => "&theme=light",
            Some(Theme::Dark) => "&theme=dark",
        }
    }

    /// Returns the path of a file of the dataset that has nothing to do with the form: `aggregate.csv`.
    pub fn file(&self, name: &str) -> String {
        let has_words = !name.ends_with(".csv") && !name.ends_with(".parquet");
        let query = if has_words { self.query() } else { self.answer.query.clone() };
        format!("/v1/datasets/{}/{name}?{query}", self.dataset())
    }

    /// Returns the path of the chart as a file: `chart.svg`, `chart.png`, `chart.html`.
    pub fn picture(&self, name: &str) -> String {
        format!("{}{}{}", self.file(name), self.form(), self.colours())
    }

    /// Returns the path of the picture in the colours of a theme.
    pub fn picture_in(&self, name: &str, theme: Theme) -> String {
        let theme = if theme == Theme::Dark { "&theme=dark" } else { "" };
        format!("{}{}{theme}", self.file(name), self.form())
    }

    /// Returns the path of the page for a frame.
    pub fn frame(&self) -> String {
        format!("/embed/{}?{}{}{}", self.dataset(), self.query(), self.form(), self.colours())
    }

    /// Returns the path of the sheet to print.
    pub fn report(&self) -> String {
        let kind = self.kind.map_or(String::new(), |kind| format!("&type={}", kind.name()));
        format!("/report/{}?{}{kind}", self.dataset(), self.query())
    }

    /// Returns the path of the page with the figures behind the chart: the statute's or the category's, where it is one.
    pub fn page(&self) -> String {
        let of = |name: &str| {
            let pairs = self.answer.query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.clone().find(|(own, _)| *own == name).map(|(_, value)| value)
        };
        let language = if self.language == Language::ENGLISH {
            String::new()
        } else {
            format!("&lang={}", self.language)
        };
        let one = |name: &str| of(name).filter(|codes| !codes.contains(','));
        match one("statute") {
            None => {
                let page = one("category").map_or("/".to_owned(), |code| format!("/categories/{code}"));
                page + &language.replacen('&', "?", 1)
            }
            Some(statute) => {
                let mut page =
                    format!("/statutes/{}?dataset={}", statute.replace('/', "%2F"), self.answer.dataset.id);
                for name in [
                    "by", "measure", "country", "category", "outcome", "role", "region", "source", "lineage",
                    "from", "to", "share",
                ] {
                    page.push_str(&of(name).map_or(String::new(), |value| format!("&{name}={value}")));
                }
                page + &self.kind.map_or(String::new(), |kind| format!("&type={}", kind.name())) + &language
            }
        }
    }

    /// Returns the same chart bound to its release, or always the newest.
    pub fn pinned(self, is_pinned: bool) -> Self {
        Self { is_pinned, ..self }
    }
}
