//! The texts of an XLSX workbook, which its cells share.

use std::borrow::Cow;
use std::io::BufRead;

use crate::domain::Say;

use super::limits::damaged;
use super::xml::{Piece, Xml};

/// A text, and how it is formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<'t> {
    pub text: &'t str,
    /// Whether it has several formats.
    pub is_rich: bool,
    /// Whether a part of it is struck through.
    pub is_struck: bool,
}

/// The shared texts, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<u32>,
    /// [`RICH`] and [`STRUCK`] of each.
    formats: Vec<u8>,
}

/// Marks a text of several formats.
pub(super) const RICH: u8 = 1;
/// Marks a text of which a part is struck through.
pub(super) const STRUCK: u8 = 2;

impl Texts {
    pub fn read(mut xml: Xml<impl BufRead>) -> Result<Self, Say> {
        let mut texts = Self::default();
        loop {
            match xml.next()? {
                Piece::Begin(element) if element.name() == b"si" => {
                    let format = item(&mut xml, &mut texts.all)?;
                    let end = u32::try_from(texts.all.len());
                    texts.ends.push(end.map_err(|_error| damaged("it has more than 4 GiB of texts"))?);
                    texts.formats.push(format);
                }
                Piece::Over => return Ok(texts),
                _ => {}
            }
        }
    }

    /// Returns the text of a number.
    pub fn get(&self, number: usize) -> Option<Text<'_>> {
        let end = *self.ends.get(number)? as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let format = self.formats[number];
        let text = self.all.get(start..end)?;
        Some(Text { text, is_rich: format & RICH != 0, is_struck: format & STRUCK != 0 })
    }
}

/// Reads a text with its runs into `out`, to the end of the element that has just begun. Returns its format. How a text is
/// spoken is no part of it.
pub(super) fn item(xml: &mut Xml<impl BufRead>, out: &mut String) -> Result<u8, Say> {
    let (mut format, mut runs, mut depth, start) = (0, 0_u32, 1_usize, out.len());
    let mut is_text = false;
    while depth > 0 {
        match xml.next()? {
            Piece::Begin(element) => match element.name() {
                b"rPh" => xml.skip()?,
                name => {
                    runs += u32::from(name == b"r");
                    is_text = name == b"t";
                    if name == b"strike" && element.means_yes()? {
                        format |= STRUCK;
                    }
                    depth += 1;
                }
            },
            Piece::End => {
                depth -= 1;
                is_text = false;
            }
            Piece::Text(piece) if is_text => out.push_str(&piece),
            Piece::Text(_) => {}
            Piece::Over => break,
        }
    }
    if let Cow::Owned(text) = unescaped(&out[start..]) {
        out.replace_range(start.., &text);
    }
    Ok(if runs > 1 { format | RICH } else { format })
}

/// Undoes how Excel writes signs that XML cannot have: `_x0041_` is `A`.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("_x") {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        let hex = behind.get(2..6).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let sign = hex.filter(|_| behind.as_bytes().get(6) == Some(&b'_'));
        match sign.and_then(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?)) {
            Some(sign) => {
                out.push(sign);
                rest = &behind[7..];
            }
            None => {
                out.push_str("_x");
                rest = &behind[2..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_joined_from_runs_without_how_they_are_spoken() {
        let xml = r#"<sst><si><t>a</t></si><si><r><t>b</t></r><r><rPr><strike/></rPr><t xml:space="preserve"> c</t></r><rPh sb="0"><t>spoken</t></rPh></si>
            <si/><si><t>d &amp; &#x410;</t></si><si><r><rPr><strike val="0"/></rPr><t>e</t></r></si></sst>"#;
        let texts = Texts::read(Xml::new(xml.as_bytes(), "texts")).unwrap();
        let all: Vec<_> = (0..5).map(|number| texts.get(number).unwrap()).collect();
        assert_eq!(all.iter().map(|text| text.text).collect::<Vec<_>>(), ["a", "b c", "", "d & А", "e"]);
        assert!(all[1].is_rich && all[1].is_struck && !all[0].is_rich && !all[4].is_struck);
        assert_eq!(texts.get(5), None);
    }

    #[test]
    fn escapes_are_undone_once() {
        for (written, read) in [
            ("_x0041_", "A"),
            ("_x005F_x0041_", "_x0041_"),
            ("_xD83D_", "_xD83D_"),
            ("a_x004_", "a_x004_"),
            ("_x", "_x"),
            ("_xЖЖ_", "_xЖЖ_"),
        ] {
            assert_eq!(unescaped(written), read);
        }
    }
}
