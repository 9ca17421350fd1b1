//! An answer in the form in which it is drawn.

use chargesheet_widget::chart::{DrawError, Kind, Map, Spec, Theme};
use chargesheet_widget::wire::Answer;

use crate::domain::Language;
use crate::present::svg::{Asked, DEFAULT_SIZE, Height, NARROW_SIZE, proportional, refusal};
use crate::query::{Cause, Deadline, QueryError, value};

/// The form of a picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// The kind of chart; `None` lets the answer decide.
    pub kind: Option<Kind>,
    /// The theme of the chart; `None` follows the reader's system.
    pub theme: Option<Theme>,
    /// A title given by the person who shares the chart; otherwise empty.
    pub title: String,
    /// Whether the chart is drawn for a small space.
    pub is_plain: bool,
    /// Whether the history of the law is left out.
    pub is_without_events: bool,
    /// Whether each panel has its own scale.
    pub is_free: bool,
    /// The language of the chart.
    pub language: Language,
}

/// A chart: the answer that it shows, and the form in which it is shown.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The answer that the chart shows.
    pub answer: Answer,
    /// The form of the chart.
    pub shape: Shape,
}

impl Picture {
    /// Returns the picture of a size as the parameters of an address ask for it. Without a height, it is as high as it needs to be.
    ///
    /// # Errors
    /// When the title is too long, or the size is none that a picture can have.
    pub fn asked(&self, width: u32, height: Option<u32>) -> Result<Asked, QueryError> {
        let free = if height.is_some() { Height::Fixed } else { Height::Free };
        let default = height.unwrap_or_else(|| proportional(width));
        let spec = Spec::new(width, default).and_then(|spec| spec.with_title(&self.shape.title));
        let mut spec = spec.map_err(|error| refusal(&error, self.shape.title.clone()))?;
        (spec.kind, spec.plain, spec.whole) = (self.shape.kind, self.shape.is_plain, free == Height::Free);
        (spec.without_events, spec.free) = (self.shape.is_without_events, self.shape.is_free);
        spec.theme = self.shape.theme.unwrap_or_default();
        Ok(Asked { spec, height: free })
    }

    /// Returns the height of the chart at a width, both in pixels.
    ///
    /// # Errors
    /// When these figures cannot be drawn like this.
    pub fn height_at(&self, width: u32) -> Result<u32, QueryError> {
        self.draw(width, None).map(|(_, height)| height)
    }

    /// Returns the heights of the wide and of the narrow picture, in pixels; default heights where the chart cannot be drawn.
    pub fn heights(&self) -> (u32, u32) {
        let height = |(width, usual)| self.height_at(width).unwrap_or(usual);
        (height(DEFAULT_SIZE), height(NARROW_SIZE))
    }

    /// Draws the chart at a width. Without a height, the chart is as high as it needs to be. Both are in pixels.
    ///
    /// # Errors
    /// When these figures cannot be drawn like this.
    pub fn draw(&self, width: u32, height: Option<u32>) -> Result<(String, u32), QueryError> {
        Deadline::current().keep();
        self.asked(width, height)?.draw(&self.answer).map_err(|error| self.undrawable(&error))
    }

    /// Returns where everything is in the picture with the history of the law, even if that is to be left out; `None` where these
    /// figures cannot be drawn.
    pub fn map(&self) -> Option<Map> {
        let shape = Shape { is_without_events: false, ..self.shape.clone() };
        let whole = Self { shape, ..self.clone() };
        let (drawing, _) = whole.asked(DEFAULT_SIZE.0, None).ok()?.compose(&self.answer).ok()?;
        Some(drawing.map)
    }

    /// Returns the refusal of figures that cannot be drawn like this.
    pub fn undrawable(&self, error: &DrawError) -> QueryError {
        let problem = error.to_string().trim_end_matches('.').to_owned();
        value("type", self.shape.kind.map_or("", Kind::name), problem, &[])
            .because(Cause::Undrawable(error.clone()))
    }
}
