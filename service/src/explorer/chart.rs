//! A shared chart: its figures, its form, and the addresses of everything that shows it.

use std::ops::Deref;

use chargesheet_count::picture::{Picture, Shape, page_answer};
use chargesheet_widget::chart::{Kind, Theme};
use chargesheet_widget::wire::Answer;

use super::address::{asked, in_language};
use super::frame::PageError;
use super::shares::Shares;
use crate::answer::Dataset;
use crate::domain::Language;
use crate::present::coded::in_codes;
use crate::present::fonts::fonts;
use crate::present::svg::{DEFAULT_SIZE, kind, take_events, take_free, take_plain, theme};
use crate::present::texts::{Texts, fill};
use crate::query::{Params, QueryError, escape};

/// Width of the preview that other sites show for a link, in pixels. Readers of Open Graph expect this width.
pub const PREVIEW_WIDTH: u32 = 1200;

/// The parameters of a chart besides those of its query.
pub const PARAMETERS: [&str; 7] = ["type", "theme", "title", "plain", "events", "axis", "lang"];

/// The query parameters that the pages of statutes and categories have too, in their order there.
const IN_PAGES: [&str; 13] = [
    "by", "measure", "country", "statute", "category", "outcome", "role", "region", "source", "lineage",
    "from", "to", "share",
];

/// A chart that is shared: a picture, and whether it changes with its dataset.
#[derive(Debug, Clone)]
pub struct Chart {
    /// The picture.
    pub picture: Picture,
    /// Whether the chart is bound to the release of its answer, and so never changes.
    pub is_pinned: bool,
}

impl Deref for Chart {
    type Target = Picture;

    fn deref(&self) -> &Picture {
        &self.picture
    }
}

impl From<Picture> for Chart {
    fn from(picture: Picture) -> Self {
        Self { picture, is_pinned: false }
    }
}

impl Chart {
    /// Reads a chart from parameters, and queries its figures. `base` is the public address of the service.
    ///
    /// # Errors
    /// When a parameter is not known for this dataset; or on a bug.
    pub fn read(
        dataset: &Dataset,
        is_pinned: bool,
        mut params: Params,
        base: &str,
    ) -> Result<Self, PageError> {
        let language = params.take_language("lang")?.unwrap_or_default();
        let kind = kind(params.take("type").filter(|kind| !kind.is_empty()))?;
        let theme = theme(params.take("theme").filter(|theme| theme != "auto"))?;
        let title = params.take("title").unwrap_or_default();
        let is_plain = take_plain(&mut params)?;
        let (is_without_events, is_free) = (!take_events(&mut params)?, take_free(&mut params)?);
        let query = params.take_query(&dataset.release)?;
        params.finish(&PARAMETERS)?;
        let published = dataset.ask(&query)?;
        let shape = Shape { kind, theme, title, is_plain, is_without_events, is_free, language };
        let mut picture = Picture { answer: Answer::default(), shape };
        // A title that is too long, or figures that cannot be drawn in this form, are refused before anything is shown.
        let asked = picture.asked(DEFAULT_SIZE.0, None)?;
        asked.fits(&query, &dataset.release, &published).map_err(|error| picture.undrawable(&error))?;
        picture.answer = page_answer(dataset, &query, &published, language, base)?;
        picture.height_at(DEFAULT_SIZE.0)?;
        Ok(Self { picture, is_pinned })
    }

    /// Makes the chart of an answer. If the kind asked for cannot be drawn, the default kind is drawn, and the second value says
    /// why.
    pub fn of(answer: Answer, language: Language, kind: Option<Kind>) -> (Self, Option<QueryError>) {
        let shape = Shape { kind, language, ..Shape::default() };
        let mut picture = Picture { answer, shape };
        let refused = picture.height_at(DEFAULT_SIZE.0).err();
        if refused.is_some() {
            picture.shape.kind = None;
        }
        (picture.into(), refused)
    }

    /// Whether the chart can be painted as a PNG with the fonts of this service.
    pub fn is_paintable(&self) -> bool {
        self.draw(DEFAULT_SIZE.0, None).is_ok_and(|(svg, _)| fonts().spread(&svg).is_ok())
    }

    /// Returns the path of the PNG that stands for the chart elsewhere, and its height; `None` where it cannot be painted with the
    /// fonts of this service. Without a height, the PNG is as high as it needs to be, which later figures may change.
    pub fn preview(&self, width: u32, height: Option<u32>) -> Option<(String, u32)> {
        let drawn = |chart: &Self, form: &str| {
            let (svg, own) = chart.draw(width, height).ok()?;
            fonts().spread(&svg).ok()?;
            let height = height.map_or(String::new(), |height| format!("&height={height}"));
            Some((format!("{}{form}&width={width}{height}", chart.picture("chart.png")), own))
        };
        drawn(self, "").or_else(|| {
            // If letters cannot be painted, the sharer's title is dropped first, then every name.
            let shape = Shape { title: String::new(), ..self.shape.clone() };
            let untitled = Self::from(Picture { shape, ..self.picture.clone() }).pinned(self.is_pinned);
            drawn(&untitled, "").or_else(|| {
                let answer = in_codes(untitled.answer.clone(), self.shape.language);
                let coded = Picture { answer, ..untitled.picture };
                drawn(&Self { picture: coded, ..untitled }, "&names=codes")
            })
        })
    }

    /// Returns the title that the chart is drawn with.
    pub fn shown_title(&self) -> &str {
        if self.shape.title.trim().is_empty() { &self.answer.text.title } else { &self.shape.title }
    }

    /// Returns the text of the chart for readers who do not see it. Each share has the whole that it is a share of. The
    /// description inside a picture lacks these wholes, because cited pictures must stay as they are.
    pub fn alt(&self) -> String {
        let alt = &self.answer.text.alt;
        let shares =
            Shares::of(&self.answer, Texts::of(self.shape.language)).filter(|_| !self.answer.rows.is_empty());
        shares.map_or_else(|| alt.clone(), |shares| format!("{alt} {}", shares.to_text()))
    }

    /// Returns the caption of the table with the chart's figures.
    pub fn caption(&self) -> String {
        let text = &self.answer.text;
        let parts = [("title", text.title.as_str()), ("subtitle", &text.subtitle)];
        fill(Texts::of(self.shape.language).on_page("table_caption"), &parts)
    }

    fn dataset(&self, is_pinned: bool) -> String {
        let id = &self.answer.dataset.id;
        if is_pinned { format!("{id}/releases/{}", self.answer.release.id) } else { id.clone() }
    }

    /// Returns the query with its language, without `?`.
    fn query(&self) -> String {
        format!("{}&lang={}", self.answer.query, self.shape.language)
    }

    /// Returns the kind as a parameter with `&` in front, where a kind was asked for.
    pub fn kind_parameter(&self) -> String {
        self.shape.kind.map_or(String::new(), |kind| format!("&type={}", kind.name()))
    }

    /// Returns the form of the chart as parameters, each with `&` in front.
    fn form(&self) -> String {
        let title = if self.shape.title.is_empty() {
            String::new()
        } else {
            format!("&title={}", escape(&self.shape.title))
        };
        let plain = if self.shape.is_plain { "&plain=true" } else { "" };
        let events = if self.shape.is_without_events { "&events=false" } else { "" };
        let axis = if self.shape.is_free { "&axis=free" } else { "" };
        format!("{}{title}{plain}{events}{axis}", self.kind_parameter())
    }

    fn colours(&self) -> &'static str {
        match self.shape.theme {
            None => "",
            Some(Theme::Light) => "&theme=light",
            Some(Theme::Dark) => "&theme=dark",
        }
    }

    /// Returns the path of a file of the dataset that does not depend on the form, such as `aggregate.csv`.
    pub fn file(&self, name: &str) -> String {
        self.file_of(self.is_pinned, name)
    }

    /// Returns the path of a file of the release, even where the chart follows the newest release.
    pub fn pinned_file(&self, name: &str) -> String {
        self.file_of(true, name)
    }

    fn file_of(&self, is_pinned: bool, name: &str) -> String {
        let has_words = !name.ends_with(".csv") && !name.ends_with(".parquet");
        let query = if has_words { self.query() } else { self.answer.query.clone() };
        format!("/v1/datasets/{}/{name}?{query}", self.dataset(is_pinned))
    }

    /// Returns the path of the chart as a file: `chart.svg`, `chart.png` or `chart.html`.
    pub fn picture(&self, name: &str) -> String {
        format!("{}{}{}", self.file(name), self.form(), self.colours())
    }

    /// Returns the path of the picture in the light theme, or in the theme asked for, which is the same for every reader.
    pub fn light(&self) -> String {
        self.drawing(self.shape.theme.unwrap_or(Theme::Light))
    }

    /// Returns the path of the picture in the dark theme, or in the theme asked for.
    pub fn dark(&self) -> String {
        self.drawing(self.shape.theme.unwrap_or(Theme::Dark))
    }

    fn drawing(&self, theme: Theme) -> String {
        let dark = if theme == Theme::Dark { "&theme=dark" } else { "" };
        format!("{}{}{dark}", self.file("chart.svg"), self.form())
    }

    /// Returns the path of the page that an `<iframe>` shows.
    pub fn frame(&self) -> String {
        format!("/embed/{}?{}{}{}", self.dataset(self.is_pinned), self.query(), self.form(), self.colours())
    }

    /// Returns the path of the page on which the chart can be changed.
    pub fn builder(&self) -> String {
        let pinned = if self.is_pinned { "&pinned=1" } else { "" };
        let query = format!("{}{}{}{pinned}", self.answer.query, self.form(), self.colours());
        in_language(&format!("/charts/new?dataset={}&{query}", self.answer.dataset.id), self.shape.language)
    }

    /// Returns the path of the printable sheet.
    pub fn report(&self) -> String {
        format!("/report/{}?{}{}", self.dataset(self.is_pinned), self.query(), self.kind_parameter())
    }

    /// Returns the single statute that the chart is about, as the query spells it.
    pub fn statute(&self) -> Option<&str> {
        asked(&self.answer.query, "statute").filter(|codes| !codes.contains(','))
    }

    /// Returns the path of the page with the figures behind the chart. This is the page of the statute or category if there is one,
    /// else the sheet with the chart's own figures and sources.
    pub fn page(&self) -> String {
        let of = |name: &str| asked(&self.answer.query, name);
        let one =
            |name: &str| of(name).filter(|codes| !codes.contains(',')).map(|code| code.replace('/', "%2F"));
        let (topic, path) = match (one("statute"), one("category")) {
            (Some(statute), _) => ("statute", format!("/statutes/{statute}")),
            (None, Some(category)) => ("category", format!("/categories/{category}")),
            (None, None) => return self.report(),
        };
        let parts = IN_PAGES.into_iter().filter(|name| *name != topic);
        let parts = parts.filter_map(|name| Some(format!("&{name}={}", of(name)?)));
        let (id, parts) = (&self.answer.dataset.id, parts.collect::<String>());
        in_language(&format!("{path}?dataset={id}{parts}{}", self.kind_parameter()), self.shape.language)
    }

    /// Returns the same chart, either bound to its release or following the newest release.
    pub fn pinned(self, is_pinned: bool) -> Self {
        Self { is_pinned, ..self }
    }
}
