//! What an editor copies into a page.

use super::chart::Chart;
use crate::present::svg::{DEFAULT_SIZE, NARROW_SIZE};
use crate::present::texts::attribute;
use crate::widget_files::versioned_script;

/// The highest a frame may be, in pixels: what WordPress allows one.
pub const HIGHEST_FRAME: u32 = 1000;

/// Nothing is kept free where a phone shows the narrow picture.
const PHONES_HAVE_THEIR_OWN: &str = "99*(100vw - 599px),";

/// Everything that an editor may copy, for one chart.
pub struct Snippets {
    /// The picture at once, and the element where script runs.
    pub html: String,
    /// A frame, for editors that take no script.
    pub frame: String,
    /// An address that WordPress makes a chart of.
    pub address: String,
    /// Path of a file that holds all of it.
    pub file: String,
}

/// Returns what there is to copy of a chart. `page` is the address of the page with the figures behind it,
/// `base` the public address of the service without a final slash.
pub fn snippets(chart: &Chart, base: &str, page: &str) -> Snippets {
    let (height, narrow) = chart.heights();
    Snippets {
        html: html(chart, base, page, (height, narrow)),
        frame: frame(chart, base, height.max(narrow).min(HIGHEST_FRAME)),
        address: format!("{base}{}", chart.frame()),
        file: chart.picture("chart.html"),
    }
}

/// The element with the picture in it, and the script under its version: what it is cannot change.
fn html(chart: &Chart, base: &str, page: &str, (height, narrow): (u32, u32)) -> String {
    let (script, integrity) = versioned_script();
    let picture = |size: String| attribute(&format!("{base}{}{size}", chart.picture("chart.svg")));
    // Without a height in their addresses: figures that come later may need more.
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

/// Returns the style of a picture whose room the chart takes: as wide as there is room, and as wide as the picture where
/// a page takes its width from what it holds. In a narrow column the wide picture keeps free below it what the chart needs
/// more: the height of a narrow chart. Both heights are in pixels; `limit` is one more for what is kept, in CSS.
pub fn style(height: u32, narrow: u32, limit: &str) -> String {
    let percent = |height: u32, width: u32| f64::from(height * 10_000 / width) / 100.0;
    format!(
        "min-width:100%;max-width:100%;height:auto;padding-bottom:max(0px,min({limit}{narrow}px - {1}%,{0}% - {1}%))",
        percent(narrow, NARROW_SIZE.0),
        percent(height, DEFAULT_SIZE.0),
    )
}

/// Returns the attributes of the element that say the form of a chart, each with a space in front.
pub fn attributes(chart: &Chart, height: u32) -> String {
    let mut text = String::new();
    let mut add = |name: &str, value: &str| text.push_str(&format!(" {name}=\"{}\"", attribute(value)));
    if let Some(kind) = chart.kind {
        add("type", kind.name());
    }
    if let Some(theme) = chart.theme {
        add("theme", if theme == chargesheet_widget::chart::Theme::Dark { "dark" } else { "light" });
    }
    if height != DEFAULT_SIZE.1 {
        add("height", &height.to_string());
    }
    if !chart.title.is_empty() {
        add("title", &chart.title);
    }
    if chart.is_plain {
        text.push_str(" plain");
    }
    text
}

/// The frame, as high as the chart is at usual widths; where it has another width, the chart makes do with that height.
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
