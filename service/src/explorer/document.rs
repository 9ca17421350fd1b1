//! A chart as one HTML file that makes no requests: for readers whose network blocks the service, and for archives.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::chart::Chart;
use super::frame::PageError;
use super::snippet::{attributes, style};
use super::table::{Figures, Table, table};
use crate::present::json_beside;
use crate::present::svg::DEFAULT_SIZE;
use crate::present::texts::Texts;
use crate::widget_files::{JOINED, WASM, file};

#[derive(Template)]
#[template(path = "document.html")]
struct Document<'a> {
    chart: &'a Chart,
    texts: &'static Texts,
    style: &'static str,
    /// The picture as Base64.
    picture: String,
    height: u32,
    /// Style of the picture, as CSS.
    keeping: String,
    table: Table,
    json: String,
    /// Names and contents of the files with words.
    words: [(String, String); 2],
    wasm_name: &'static str,
    /// The WebAssembly program as Base64.
    wasm: String,
    script: String,
}

/// Returns the HTML file.
///
/// # Errors
/// When the figures cannot be drawn in this form; or on a bug.
pub fn document(chart: &Chart) -> Result<String, PageError> {
    let (picture, height) = chart.draw(DEFAULT_SIZE.0, None)?;
    let texts = Texts::of(chart.shape.language);
    let content = |name: &str| file(name).map_or(&[][..], |file| file.bytes);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let page = Document {
        chart,
        texts,
        style: include_str!("../../assets/document.css"),
        picture: STANDARD.encode(picture),
        height,
        keeping: style(height, chart.heights().1, ""),
        table: table(&chart.answer, texts, Figures::Plain),
        // `<` is escaped, so that no data can end the element that holds them.
        json: text(&json_beside(&chart.answer)).replace('<', "\\u003c"),
        words: ["text", "tools"].map(|kind| {
            let name = format!("{kind}-{}.json", chart.shape.language);
            let words = text(content(&name)).replace('<', "\\u003c");
            (name, words)
        }),
        wasm_name: WASM,
        wasm: STANDARD.encode(content(WASM)),
        script: JOINED.replace("</script", "<\\/script"),
    };
    Ok(page.render()?)
}
