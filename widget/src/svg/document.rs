//! The text of an SVG, from its root element to its end.

use super::backend::Svg;
use super::xml::{attribute, escape, push_whole, put};

/// Fonts of the picture: the one it is measured with, then each system's own.
const FAMILY: &str = "'Noto Sans',system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans',sans-serif";

/// Text of an SVG being written, from its root element to its end.
#[derive(Debug)]
pub struct Document {
    text: String,
    width: u32,
    height: u32,
}

impl Document {
    /// Starts a picture of a size in pixels. `title` names it and `description` says what it shows, to
    /// readers who do not see it, both in a language given as `en`, `ru`, …, or as nothing.
    pub fn new(width: u32, height: u32, language: &str, title: &str, description: &str) -> Self {
        let mut text = String::with_capacity(16 * 1024);
        // Several pictures may stand inline in one page, so their ids must differ.
        let id = digest(title, description);
        put(&mut text, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
        push_whole(&mut text, i64::from(width));
        text.push(' ');
        push_whole(&mut text, i64::from(height));
        text.push('"');
        attribute(&mut text, "width", i64::from(width));
        attribute(&mut text, "height", i64::from(height));
        // Where text is anchored follows the direction of writing, which a page hands down to what is inline.
        put(&mut text, " direction=\"ltr\"");
        if !language.is_empty() {
            put(&mut text, " xml:lang=\"");
            escape(&mut text, language);
            text.push('"');
        }
        put(&mut text, " font-family=\"");
        put(&mut text, FAMILY);
        put(&mut text, "\" role=\"img\" aria-labelledby=\"t");
        put(&mut text, &id);
        put(&mut text, " d");
        put(&mut text, &id);
        put(&mut text, "\">\n<title id=\"t");
        put(&mut text, &id);
        put(&mut text, "\">");
        escape(&mut text, title);
        put(&mut text, "</title>\n<desc id=\"d");
        put(&mut text, &id);
        put(&mut text, "\">");
        escape(&mut text, description);
        put(&mut text, "</desc>\n");
        Self { text, width, height }
    }

    /// Returns the backend that draws onto this picture.
    pub fn backend(&mut self) -> Svg<'_> {
        Svg { text: &mut self.text, width: self.width, height: self.height }
    }

    /// Ends the picture and returns its text.
    pub fn finish(mut self) -> String {
        put(&mut self.text, "</svg>\n");
        self.text
    }
}

/// Returns eight hexadecimal digits that differ between texts (FNV-1a).
fn digest(title: &str, description: &str) -> String {
    let mut hash = 0x811C_9DC5_u32;
    for byte in title.bytes().chain([0]).chain(description.bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    (0..8).rev().map(|place| char::from(b"0123456789abcdef"[(hash >> (place * 4)) as usize & 15])).collect()
}
