//! The HTML and the addresses that an editor copies to put a chart on a page.

use super::chart::Chart;
use crate::present::svg::{DEFAULT_SIZE, NARROW_SIZE};
use crate::present::texts::attribute;
use crate::widget_files::versioned_script;

/// Greatest height of a frame in pixels. WordPress allows no more.
pub const HIGHEST_FRAME: u32 = 1000;

/// A limit in CSS that reserves no height on phones, because they show the narrow picture.
pub const PHONES_HAVE_THEIR_OWN: &str = "99*(100vw - 599px),";

/// The snippets of one chart.
pub struct Snippets {
    /// The custom element with a picture in it: the picture shows at once, and a script replaces it.
    pub html: String,
    /// An `<iframe>`, for editors that remove scripts.
    pub frame: String,
    /// An address that WordPress turns into a chart.
    pub address: String,
    /// Path of a file that contains the whole chart.
    pub file: String,
}

impl Snippets {
    /// Returns the same snippets for a chart of a width in pixels; without one, the chart is as wide as its page has room.
    pub fn within(self, width: Option<u32>) -> Self {
        let Some(width) = width else { return self };
        let frame = self.frame.replace(
            "style=\"border:0;width:100%\"",
            &format!("style=\"border:0;width:100%;max-width:{width}px\""),
        );
        Self { html: format!("<div style=\"max-width:{width}px\">\n{}</div>\n", self.html), frame, ..self }
    }

    /// Returns the same snippets for a chart in colours of its page, given as CSS; only the element can take them.
    pub fn coloured(self, css: &str) -> Self {
        if css.is_empty() {
            return self;
        }
        let styled = format!("<statute-chart style=\"{css}\" ");
        Self { html: self.html.replacen("<statute-chart ", &styled, 1), ..self }
    }
}

/// Returns the snippets of a chart. `page` is the address of the page with the figures behind the chart. `base` is the public
/// address of the service without a final slash.
pub fn snippets(chart: &Chart, base: &str, page: &str) -> Snippets {
    snippets_of(chart, chart.heights(), base, page)
}

/// Returns the same where the heights of the wide and of the narrow picture are known.
pub fn snippets_of(chart: &Chart, (height, narrow): (u32, u32), base: &str, page: &str) -> Snippets {
    Snippets {
        html: html(chart, base, page, (height, narrow)),
        frame: frame(chart, base, height.max(narrow).min(HIGHEST_FRAME)),
        address: format!("{base}{}", chart.frame()),
        file: chart.picture("chart.html"),
    }
}

/// Returns the custom element with the picture in it. The script's address has its version, so its content never changes.
fn html(chart: &Chart, base: &str, page: &str, (height, narrow): (u32, u32)) -> String {
    let (script, integrity) = versioned_script();
    let picture = |size: String| attribute(&format!("{base}{}{size}", chart.picture("chart.svg")));
    // The addresses of the pictures have no height, because later figures may need more.
    let narrow_picture = picture(format!("&width={}", NARROW_SIZE.0));
    format!(
        "<statute-chart src=\"{}\"{}>\n  \
         <a href=\"{}\"><picture>\n    \
         <source media=\"(max-width: 599px)\" srcset=\"{narrow_picture}\" width=\"{}\" height=\"{narrow}\">\n    \
         <img src=\"{}\" alt=\"{}\" width=\"{}\" height=\"{height}\" referrerpolicy=\"no-referrer\" style=\"{}\">\n  \
         </picture></a>\n\
         </statute-chart>\n\
         <script type=\"module\" src=\"{}\" integrity=\"{integrity}\" crossorigin=\"anonymous\" referrerpolicy=\"no-referrer\"></script>\n",
        attribute(&format!("{base}{}", chart.file("aggregate.json"))),
        attributes(chart, height),
        attribute(page),
        NARROW_SIZE.0,
        picture(String::new()),
        attribute(&chart.alt()),
        DEFAULT_SIZE.0,
        style(height, narrow, PHONES_HAVE_THEIR_OWN),
        attribute(&format!("{base}{script}")),
    )
}

/// Returns the style of the picture that holds the place of a chart. The picture fills the width of its column; in a column that
/// takes its width from its content, it has its own width. In a narrow column, a chart is higher than the wide picture, so
/// padding below the picture reserves the difference. Both heights are in pixels; `limit` is a further bound of the padding, in CSS.
pub fn style(height: u32, narrow: u32, limit: &str) -> String {
    let percent = |height: u32, width: u32| f64::from(height * 10_000 / width) / 100.0;
    format!(
        "min-width:100%;max-width:100%;height:auto;padding-bottom:max(0px,min({limit}{narrow}px - {1}%,{0}% - {1}%))",
        percent(narrow, NARROW_SIZE.0),
        percent(height, DEFAULT_SIZE.0),
    )
}

/// Returns the attributes of the custom element for the form of a chart, each with a space in front.
pub fn attributes(chart: &Chart, height: u32) -> String {
    let mut text = String::new();
    let mut add = |name: &str, value: &str| text.push_str(&format!(" {name}=\"{}\"", attribute(value)));
    if let Some(kind) = chart.shape.kind {
        add("type", kind.name());
    }
    if let Some(theme) = chart.shape.theme {
        add("theme", if theme == chargesheet_widget::chart::Theme::Dark { "dark" } else { "light" });
    }
    if height != DEFAULT_SIZE.1 {
        add("height", &height.to_string());
    }
    if !chart.shape.title.is_empty() {
        add("title", &chart.shape.title);
    }
    if chart.shape.is_plain {
        text.push_str(" plain");
    }
    for (is_so, attribute) in
        [(chart.shape.is_without_events, " events=\"false\""), (chart.shape.is_free, " axis=\"free\"")]
    {
        if is_so {
            text.push_str(attribute);
        }
    }
    text
}

/// Returns the `<iframe>`. Its height fits the chart at usual widths; at other widths, the chart adapts to this height.
fn frame(chart: &Chart, base: &str, height: u32) -> String {
    format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"100%\" height=\"{}\" loading=\"lazy\" referrerpolicy=\"no-referrer\" \
         style=\"border:0;width:100%\"></iframe>\n",
        attribute(&format!("{base}{}", chart.frame())),
        attribute(chart.shown_title()),
        height,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_free_what_a_narrow_chart_needs_more() {
        assert_eq!(
            style(450, 420, PHONES_HAVE_THEIR_OWN),
            "min-width:100%;max-width:100%;height:auto;\
             padding-bottom:max(0px,min(99*(100vw - 599px),420px - 56.25%,112% - 56.25%))"
        );
        assert!(style(457, 504, "").ends_with("max(0px,min(504px - 57.12%,134.4% - 57.12%))"));
    }
}
