//! A chart as it is shared: which figures in which form, and the addresses of all that shows it.

use chargesheet_widget::chart::{DrawError, Kind, Spec, Theme};
use chargesheet_widget::wire::Answer;

use super::PageError;
use super::shares::{Shares, page_answer};
use crate::answer::Dataset;
use crate::domain::Language;
use crate::present::coded::in_codes;
use crate::present::fonts::fonts;
use crate::present::svg::{Asked, DEFAULT_SIZE, Height, proportional, refusal, take_plain};
use crate::present::texts::Texts;
use crate::query::{Deadline, Params, QueryError, escape};

/// Width of the picture that other sites show of a link, in pixels: what Open Graph's readers expect.
pub const PREVIEW_WIDTH: u32 = 1200;

/// The parameters of a chart beside those of its query.
pub const PARAMETERS: [&str; 5] = ["type", "theme", "title", "plain", "lang"];

/// A chart.
#[derive(Debug, Clone)]
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
        let published = dataset.ask(&query)?;
        let mut chart = Self { answer: Answer::default(), language, is_pinned, kind, theme, title, is_plain };
        // A title too long, or figures that cannot be drawn like this, are told before anything is shown.
        let asked = chart.asked(DEFAULT_SIZE.0, None)?;
        asked.fits(&query, &dataset.release, &published).map_err(|error| chart.undrawable(&error))?;
        chart.answer = page_answer(dataset, &query, &published, language, base)?;
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
        Deadline::current().keep();
        self.asked(width, height)?.draw(&self.answer).map_err(|error| self.undrawable(&error))
    }

    fn undrawable(&self, error: &DrawError) -> QueryError {
        QueryError::Value {
            parameter: "type",
            value: self.kind.map_or(String::new(), |kind| kind.name().to_owned()),
            problem: error.to_string().trim_end_matches('.').to_owned(),
            expected: Vec::new(),
            nearest: None,
        }
    }

    /// Whether its picture can be painted in pixels here.
    pub fn is_paintable(&self) -> bool {
        self.draw(DEFAULT_SIZE.0, None).is_ok_and(|(svg, _)| fonts().spread(&svg).is_ok())
    }

    /// Returns the path of the picture in pixels that stands for the chart elsewhere, and its height: drawn so that it can
    /// be painted here. `None` where it cannot. Without a height it has the one that it needs, which later figures may change.
    pub fn preview(&self, width: u32, height: Option<u32>) -> Option<(String, u32)> {
        let drawn = |chart: &Self, form: &str| {
            let (svg, own) = chart.draw(width, height).ok()?;
            fonts().spread(&svg).ok()?;
            let height = height.map_or(String::new(), |height| format!("&height={height}"));
            Some((format!("{}{form}&width={width}{height}", chart.picture("chart.png")), own))
        };
        drawn(self, "").or_else(|| {
            // A title that somebody gave it is given up first, then every name.
            let untitled = Self { title: String::new(), ..self.clone() };
            drawn(&untitled, "").or_else(|| {
                let answer = in_codes(untitled.answer.clone(), self.language);
                drawn(&Self { answer, ..untitled }, "&names=codes")
            })
        })
    }

    /// The title that the chart is drawn with.
    pub fn shown_title(&self) -> &str {
        if self.title.trim().is_empty() { &self.answer.text.title } else { &self.title }
    }

    /// Returns what the chart says, for those who do not see it. Shares have what they are shares of, which the
    /// description inside a picture lacks: those of pictures that were cited stay as they are.
    pub fn alt(&self) -> String {
        let alt = &self.answer.text.alt;
        let shares =
            Shares::of(&self.answer, Texts::of(self.language)).filter(|_| !self.answer.rows.is_empty());
        shares.map_or_else(|| alt.clone(), |shares| format!("{alt} {}", shares.to_text()))
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
