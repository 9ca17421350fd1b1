//! The specification of a picture: kind, size, theme, title, and the figures to show.

use std::ops::RangeInclusive;

/// Widths a picture can have, in pixels.
pub const WIDTHS: RangeInclusive<u32> = 240..=4096;
/// Heights a picture can have, in pixels.
pub const HEIGHTS: RangeInclusive<u32> = 160..=4096;
/// The longest title accepted, in characters.
pub const TITLE_LIMIT: usize = 300;

/// The kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line per series over time, broken where a period has no figure.
    Line,
    /// Bars side by side: upright over time, horizontal for other groups.
    Bar,
    /// Horizontal bars, the longest first: a ranking of statutes or countries.
    Horizontal,
    /// Bars on top of each other, for figures that may be summed.
    Stacked,
    /// Stacked bars, each of which makes 100 %.
    Share,
    /// A panel of lines per country, statute or other group, on common axes.
    Multiples,
    /// A bar for each figure of a stretch of time, from its first month to its last. Only the server draws it.
    Spans,
    /// A tile for each country, shaded by its figure. Only the server draws it.
    Map,
}

impl Kind {
    /// Every kind, in the order in which pages offer them.
    pub const ALL: [Self; 8] = [
        Self::Line,
        Self::Bar,
        Self::Horizontal,
        Self::Stacked,
        Self::Share,
        Self::Multiples,
        Self::Spans,
        Self::Map,
    ];

    /// Returns the name of the kind in URLs and attributes.
    pub fn name(self) -> &'static str {
        ["line", "bar", "horizontal", "stacked", "share", "multiples", "spans", "map"][self as usize]
    }

    /// Returns whether figures are stacked.
    pub(super) fn is_stacked(self) -> bool {
        matches!(self, Self::Stacked | Self::Share)
    }

    /// Reads the name of a kind.
    pub fn parse(name: &str) -> Result<Self, SpecError> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| SpecError::Kind(name.to_owned()))
    }
}

/// The theme of a picture: colours for a light or a dark page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Light on near-black.
    Dark,
}

impl Theme {
    /// Reads the name of a theme: `light` or `dark`.
    pub fn parse(name: &str) -> Result<Self, SpecError> {
        match name {
            "light" => Ok(Self::Light),
            "dark" => Ok(Self::Dark),
            other => Err(SpecError::Theme(other.to_owned())),
        }
    }
}

/// The specification of a picture. Its size is checked when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The kind of chart; `None` means a line over several periods, otherwise bars.
    pub kind: Option<Kind>,
    /// The theme of the picture.
    pub theme: Theme,
    /// Whether the picture is for a small space: without title, filters and notes, but with the unit and the sources.
    pub plain: bool,
    /// Whether events in the history of the law are left out of the axis of periods.
    pub without_events: bool,
    /// Whether every panel of small multiples has a scale of its own.
    pub free: bool,
    /// Whether a picture that is too low is refused, rather than drawn with shortened texts.
    pub whole: bool,
    /// The series that are not drawn: one bit per number of a series, from the lowest bit. Their names stay in the
    /// legend, and the other series keep their colours.
    pub hidden: u32,
    /// The first and last period to draw, in the answer's unit (see [`Unit`](super::Unit)); `None` means all.
    pub range: Option<(i32, i32)>,
    width: u32,
    height: u32,
    title: Option<String>,
}

impl Spec {
    /// Returns a spec of this size in pixels, in the light theme, with the answer's own kind and title.
    pub fn new(width: u32, height: u32) -> Result<Self, SpecError> {
        if !WIDTHS.contains(&width) {
            return Err(SpecError::Width(width));
        }
        if !HEIGHTS.contains(&height) {
            return Err(SpecError::Height(height));
        }
        Ok(Self {
            kind: None,
            theme: Theme::Light,
            plain: false,
            without_events: false,
            free: false,
            whole: false,
            hidden: 0,
            range: None,
            width,
            height,
            title: None,
        })
    }

    /// Returns the spec with the caller's title. A blank title means the answer's own.
    pub fn with_title(mut self, title: &str) -> Result<Self, SpecError> {
        let title = title.trim();
        let length = title.chars().count();
        if length > TITLE_LIMIT {
            return Err(SpecError::Title(length));
        }
        self.title = (!title.is_empty()).then(|| title.to_owned());
        Ok(self)
    }

    /// Returns the same spec with another height, in pixels.
    pub fn at_height(&self, height: u32) -> Result<Self, SpecError> {
        if !HEIGHTS.contains(&height) {
            return Err(SpecError::Height(height));
        }
        Ok(Self { height, ..self.clone() })
    }

    /// Returns the width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Returns the height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Returns the caller's own title, if there is one.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }
}

/// The reason why a specification is refused. Its display is a sentence that names the allowed values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// There is no such kind of chart.
    #[error(
        "There is no chart type `{0}`: use `line`, `bar`, `horizontal`, `stacked`, `share`, `multiples`, `spans` or `map`."
    )]
    Kind(String),
    /// There is no such theme.
    #[error("There is no theme `{0}`: use `light` or `dark`.")]
    Theme(String),
    /// The width, in pixels, is out of range.
    #[error("The width of a picture is from {} to {} pixels, not {}.", WIDTHS.start(), WIDTHS.end(), .0)]
    Width(u32),
    /// The height, in pixels, is out of range.
    #[error("The height of a picture is from {} to {} pixels, not {}.", HEIGHTS.start(), HEIGHTS.end(), .0)]
    Height(u32),
    /// The title is too long; the number is its length in characters.
    #[error("The title has {0} characters: at most {TITLE_LIMIT} are taken.")]
    Title(usize),
}

impl SpecError {
    /// Returns the name of the parameter at fault.
    pub fn parameter(&self) -> &'static str {
        match self {
            Self::Kind(_) => "type",
            Self::Theme(_) => "theme",
            Self::Width(_) => "width",
            Self::Height(_) => "height",
            Self::Title(_) => "title",
        }
    }

    /// Returns the allowed value nearest to the one given, where there is one.
    pub fn nearest(&self) -> Option<String> {
        match self {
            Self::Kind(name) => {
                let name = name.to_ascii_lowercase();
                // The kind that shares the longest beginning with the word given.
                let alike = |kind: &Kind| {
                    kind.name().bytes().zip(name.bytes()).take_while(|(one, other)| one == other).count()
                };
                let nearest =
                    Kind::ALL.iter().max_by_key(|kind| (alike(kind), std::cmp::Reverse(**kind as u8)))?;
                (alike(nearest) > 0).then(|| nearest.name().to_owned())
            }
            Self::Theme(name) => {
                Some(if name.to_ascii_lowercase().starts_with('d') { "dark" } else { "light" }.to_owned())
            }
            Self::Width(width) => Some((*width).clamp(*WIDTHS.start(), *WIDTHS.end()).to_string()),
            Self::Height(height) => Some((*height).clamp(*HEIGHTS.start(), *HEIGHTS.end()).to_string()),
            Self::Title(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_value_is_answered_with_the_nearest_right_one() {
        assert_eq!(Spec::new(100, 450).expect_err("too narrow").nearest().as_deref(), Some("240"));
        let error = Kind::parse("stack").expect_err("no such kind");
        assert_eq!(error.nearest().as_deref(), Some("stacked"));
        let nearest = |name: &str| Kind::parse(name).expect_err("no such kind").nearest();
        assert_eq!(nearest("Hbar").as_deref(), Some("horizontal"));
        assert_eq!(nearest("shares").as_deref(), Some("share"));
        assert_eq!(
            error.to_string(),
            "There is no chart type `stack`: use `line`, `bar`, `horizontal`, `stacked`, `share`, `multiples`, `spans` or `map`."
        );
        assert!(Theme::parse("auto").is_err());
    }

    #[test]
    fn a_blank_title_means_the_answers() {
        let spec = Spec::new(800, 450).and_then(|spec| spec.with_title("  ")).expect("valid");
        assert_eq!(spec.title(), None);
    }
}
