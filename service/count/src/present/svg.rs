//! An answer as a picture, drawn by the same code that draws charts in the browser.

use chargesheet_widget::chart::{
    DrawError, Drawing, FIGURE_LIMIT, HEIGHTS, Kind, Spec, SpecError, Theme, compose,
};
use chargesheet_widget::wire::Answer;

use super::wire::first_rows;
use crate::disclosure::Published;
use crate::query::{Params, Query, QueryError, escape, value};
use crate::release::Release;

/// The parameters of a picture.
pub const PARAMETERS: [&str; 9] =
    ["type", "width", "height", "theme", "title", "plain", "events", "axis", "lang"];

/// Size of a picture without `width` and `height`, in pixels: 16:9, as wide as a column of text.
pub const DEFAULT_SIZE: (u32, u32) = (800, 450);

/// Size of a picture for a phone, in pixels.
pub const NARROW_SIZE: (u32, u32) = (375, 420);

/// Scales of a PNG: how many of its pixels one pixel of the picture has along a side.
pub const SCALES: std::ops::RangeInclusive<u32> = 1..=3;

/// The longest side of a PNG in pixels.
pub const LONGEST_SIDE: u32 = 4096;

/// Returns the default height for a width, both in pixels: 16:9, and in narrow pictures up to 420 pixels, but at most 1.12 times
/// the width. The element in the browser uses the same rule.
pub fn proportional(width: u32) -> u32 {
    let shape = |(across, down): (u32, u32)| width.saturating_mul(down) / across;
    shape(DEFAULT_SIZE).max(shape(NARROW_SIZE).min(NARROW_SIZE.1))
}

/// A picture as the parameters ask for it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Kind, size, theme and title.
    pub spec: Spec,
    /// Whether the height is fixed by the parameters, or may grow until everything fits.
    pub height: Height,
}

/// Whether a picture may be higher than its spec says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Height {
    /// The picture has exactly the height asked for, or is refused.
    Fixed,
    /// The picture grows where its groups need more room.
    Free,
}

impl Asked {
    /// Returns a text that distinguishes this picture of an answer from every other.
    pub fn key(&self) -> String {
        format!("{:?} {:?}", self.spec, self.height)
    }

    /// Returns what differs from the usual picture as parameters, each with `&` in front. The same picture is always spelled in the
    /// same way.
    pub fn spelled(&self) -> String {
        let spec = &self.spec;
        let size = |name, size: u32| format!("&{name}={size}");
        let parts = [
            spec.kind.map(|kind| format!("&type={}", kind.name())),
            (spec.width() != DEFAULT_SIZE.0).then(|| size("width", spec.width())),
            (self.height == Height::Fixed).then(|| size("height", spec.height())),
            (spec.theme == Theme::Dark).then(|| "&theme=dark".to_owned()),
            spec.title().map(|title| format!("&title={}", escape(title))),
            spec.plain.then(|| "&plain=true".to_owned()),
            spec.without_events.then(|| "&events=false".to_owned()),
            spec.free.then(|| "&axis=free".to_owned()),
        ];
        parts.into_iter().flatten().collect()
    }

    /// Checks that an answer has no more rows than a picture can have figures. The reason for a refusal is found from the first
    /// rows, before anything is made of the others.
    ///
    /// # Errors
    /// When the answer has too many rows.
    pub fn fits(&self, query: &Query, release: &Release, published: &Published) -> Result<(), DrawError> {
        if published.rows() <= FIGURE_LIMIT {
            return Ok(());
        }
        let first = first_rows(query, release, published, FIGURE_LIMIT + 1);
        Err(self.draw(&first).err().unwrap_or(DrawError::TooMuch { what: "figures" }))
    }

    /// Draws the picture; the second value is its height in pixels.
    ///
    /// # Errors
    /// When this answer cannot be drawn as asked.
    pub fn draw(&self, answer: &Answer) -> Result<(String, u32), DrawError> {
        self.compose(answer).map(|(drawing, height)| (drawing.svg, height))
    }

    /// Draws the picture, and returns it with the positions of its parts; the second value is its height in pixels.
    ///
    /// # Errors
    /// When this answer cannot be drawn as asked.
    pub fn compose(&self, answer: &Answer) -> Result<(Drawing, u32), DrawError> {
        match compose(answer, &self.spec) {
            Err(DrawError::TooLow { height }) if self.height == Height::Free => {
                let higher = self.spec.at_height(height).map_err(|_outside| DrawError::TooLow { height })?;
                Ok((compose(answer, &higher)?, height))
            }
            drawn => Ok((drawn?, self.spec.height())),
        }
    }
}

/// Takes the parameters of a picture out of `params`, except its language.
///
/// # Errors
/// When one of them has an invalid value.
pub fn take_asked(params: &mut Params) -> Result<Asked, QueryError> {
    let height_given = if params.peek("height").is_some() { Height::Fixed } else { Height::Free };
    let width = whole(params, "width", DEFAULT_SIZE.0)?;
    let height = whole(params, "height", proportional(width).clamp(*HEIGHTS.start(), *HEIGHTS.end()))?;
    let mut spec = Spec::new(width, height).map_err(|error| refusal(&error, String::new()))?;
    spec.kind = kind(params.take("type"))?;
    spec.theme = theme(params.take("theme"))?.unwrap_or_default();
    if let Some(title) = params.take("title") {
        spec = spec.with_title(&title).map_err(|error| refusal(&error, title))?;
    }
    spec.plain = take_plain(params)?;
    spec.without_events = !take_events(params)?;
    spec.free = take_free(params)?;
    // A picture that may grow need not cut texts short.
    spec.whole = height_given == Height::Free;
    Ok(Asked { spec, height: height_given })
}

/// Reads the kind of chart that was asked for, if any.
///
/// # Errors
/// When there is no such kind.
pub fn kind(asked: Option<String>) -> Result<Option<Kind>, QueryError> {
    asked.map(|name| Kind::parse(&name).map_err(|error| refusal(&error, name))).transpose()
}

/// Reads the theme that was asked for, if any.
///
/// # Errors
/// When there is no such theme.
pub fn theme(asked: Option<String>) -> Result<Option<Theme>, QueryError> {
    asked.map(|name| Theme::parse(&name).map_err(|error| refusal(&error, name))).transpose()
}

/// Takes out whether a picture is for a small space, with only the figures, their unit and their source.
///
/// # Errors
/// When the value is neither `true` nor `false`.
pub fn take_plain(params: &mut Params) -> Result<bool, QueryError> {
    take_flag(params, "plain", false)
}

/// Takes out whether a picture shows events in the history of the law.
///
/// # Errors
/// When the value is neither `true` nor `false`.
pub fn take_events(params: &mut Params) -> Result<bool, QueryError> {
    take_flag(params, "events", true)
}

/// Takes out whether every panel of small multiples has a scale of its own.
///
/// # Errors
/// When the value is anything but `free`.
pub fn take_free(params: &mut Params) -> Result<bool, QueryError> {
    match params.take("axis").as_deref() {
        None => Ok(false),
        Some("free") => Ok(true),
        Some(other) => Err(value(
            "axis",
            other,
            "write `axis=free` for a scale of its own for each panel".to_owned(),
            &["free"],
        )),
    }
}

fn take_flag(params: &mut Params, parameter: &'static str, default: bool) -> Result<bool, QueryError> {
    match params.take(parameter).as_deref() {
        None => Ok(default),
        Some("false") => Ok(false),
        Some("true" | "") => Ok(true),
        Some(other) => Err(QueryError::Value {
            parameter,
            value: other.to_owned(),
            problem: "is neither `true` nor `false`".to_owned(),
            expected: vec!["true".to_owned(), "false".to_owned()],
            nearest: Some("true".to_owned()),
        }),
    }
}

/// Takes out whether a PNG has codes and ids instead of titles, labels and names.
///
/// # Errors
/// When the value is anything but `codes`.
pub fn take_names(params: &mut Params) -> Result<bool, QueryError> {
    match params.take("names").as_deref() {
        None => Ok(false),
        Some("codes") => Ok(true),
        Some(other) => Err(value(
            "names",
            other,
            "write `names=codes` for codes in the place of names".to_owned(),
            &["codes"],
        )),
    }
}

/// Takes out the scale of a PNG: how many of its pixels one pixel of the picture has along a side.
///
/// # Errors
/// When the value is none of [`SCALES`].
pub fn take_scale(params: &mut Params) -> Result<u32, QueryError> {
    let scale = whole(params, "scale", 1)?;
    if SCALES.contains(&scale) {
        return Ok(scale);
    }
    Err(QueryError::Value {
        parameter: "scale",
        value: scale.to_string(),
        problem: format!("is not from {} to {}", SCALES.start(), SCALES.end()),
        expected: SCALES.map(|scale| scale.to_string()).collect(),
        nearest: Some(scale.clamp(*SCALES.start(), *SCALES.end()).to_string()),
    })
}

/// Checks that no side of a PNG is longer than `LONGEST_SIDE`.
///
/// # Errors
/// When a side is too long. The error names the largest scale that fits.
pub fn check_scale((width, height): (u32, u32), scale: u32) -> Result<(), QueryError> {
    let longest = width.max(height);
    if longest * scale <= LONGEST_SIDE {
        return Ok(());
    }
    Err(QueryError::Value {
        parameter: "scale",
        value: scale.to_string(),
        problem: format!(
            "makes a picture of {} by {} pixels, and a side has at most {LONGEST_SIDE}",
            width * scale,
            height * scale
        ),
        expected: Vec::new(),
        nearest: Some((LONGEST_SIDE / longest).clamp(*SCALES.start(), *SCALES.end()).to_string()),
    })
}

fn whole(params: &mut Params, parameter: &'static str, default: u32) -> Result<u32, QueryError> {
    let Some(text) = params.take(parameter) else {
        return Ok(default);
    };
    let problem = "is no whole number".to_owned();
    text.parse::<u32>().map_err(|_not_a_number| value(parameter, &text, problem, &[]))
}

/// Returns the error of a picture's parameter for what is wrong with its `Spec`.
pub fn refusal(error: &SpecError, value: String) -> QueryError {
    let value = match error {
        SpecError::Width(size) | SpecError::Height(size) => size.to_string(),
        _ => value,
    };
    QueryError::Value {
        parameter: error.parameter(),
        value,
        problem: error.to_string().trim_end_matches('.').to_owned(),
        expected: Vec::new(),
        nearest: error.nearest(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_as_high_as_the_element_makes_it() {
        for (width, height) in
            [(240, 268), (320, 358), (375, 420), (600, 420), (746, 420), (800, 450), (1200, 675)]
        {
            assert_eq!(proportional(width), height, "{width}");
        }
    }

    #[test]
    fn a_picture_is_spelled_so_that_it_is_read_as_the_same() {
        for asked in [
            "",
            "width=375&height=420&theme=dark&type=bar",
            "title=%D0%90%20%26%20B&plain=true&events=false&axis=free&width=1200",
        ] {
            let read = |text: &str| {
                let mut params = Params::parse(text).expect("parameters");
                take_asked(&mut params).expect("a picture")
            };
            let picture = read(asked);
            let spelled = picture.spelled();
            assert_eq!(read(spelled.trim_start_matches('&')).key(), picture.key(), "{asked}: {spelled}");
        }
        let usual = take_asked(&mut Params::parse("width=800&theme=light").expect("parameters"));
        assert_eq!(usual.expect("a picture").spelled(), "");
    }
}
