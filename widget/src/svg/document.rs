//! The text of an SVG document, from its root element to its end.

use super::backend::Svg;
use super::xml::{attribute, escape, push_hex, push_whole, put};

/// Fonts of the picture: first the font that it is measured with, then each system's own font.
const FAMILY: &str = "'Noto Sans',system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans',sans-serif";

/// An SVG document that is being written.
#[derive(Debug)]
pub struct Document {
    text: String,
    width: u32,
    height: u32,
}

impl Document {
    /// Starts a picture of a size in pixels. Readers who do not see the picture get `title` as its name and `description`
    /// as its content. `language` is a code such as `en` or `ru`, or empty.
    pub fn new(width: u32, height: u32, language: &str, title: &str, description: &str) -> Self {
        let mut text = String::with_capacity(16 * 1024);
        // Several pictures may be inline in one page, so their ids must differ.
        let id = digest(title, description);
        put(&mut text, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
        push_whole(&mut text, width as i32);
        text.push(' ');
        push_whole(&mut text, height as i32);
        text.push('"');
        attribute(&mut text, "width", width as i32);
        attribute(&mut text, "height", height as i32);
        // The anchor of text depends on the writing direction, which an inline picture would inherit from its page.
        put(&mut text, " direction=\"ltr\"");
        if !language.is_empty() {
            put(&mut text, " xml:lang=\"");
            escape(&mut text, language);
            text.push('"');
        }
        for part in [" font-family=\"", FAMILY, "\" role=\"img\" aria-labelledby=\"t", &id, " d", &id, "\">"]
        {
            put(&mut text, part);
        }
        for (element, letter, content) in [("title", "t", title), ("desc", "d", description)] {
            for part in ["\n<", element, " id=\"", letter, &id, "\">"] {
                put(&mut text, part);
            }
            escape(&mut text, content);
            for part in ["</", element, ">"] {
                put(&mut text, part);
            }
        }
        text.push('\n');
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

/// Returns eight hexadecimal digits that identify the texts (FNV-1a).
fn digest(title: &str, description: &str) -> String {
    let mut hash = 0x811C_9DC5_u32;
    for byte in title.bytes().chain([0]).chain(description.bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    let mut digits = String::new();
    hash.to_be_bytes().into_iter().for_each(|byte| push_hex(&mut digits, byte));
    digits
}
