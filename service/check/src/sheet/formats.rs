//! The formats of an XLSX workbook's cells: which numbers are dates, and what is struck through.

use std::collections::HashMap;
use std::io::BufRead;

use crate::domain::Say;

use super::xml::{Piece, Xml};

/// The formats of cells, by the number that a cell names.
#[derive(Debug, Default)]
pub(super) struct Formats(Vec<Format>);

/// The format of a cell, as far as it counts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    /// Whether a number is shown as a date or a time.
    pub is_date: bool,
    /// Whether its text is struck through.
    pub is_struck: bool,
    /// The fewest digits that a whole number is shown with: an id such as 00075 is one that is saved as 75.
    pub digits: usize,
}

impl Formats {
    pub fn read(mut xml: Xml<impl BufRead>) -> Result<Self, Say> {
        let mut formats = Self::default();
        let (mut own, mut struck): (HashMap<u32, (bool, usize)>, Vec<bool>) = (HashMap::new(), Vec::new());
        // The list that the elements stand in: fonts and formats are also named outside of it.
        let mut inside: Vec<Vec<u8>> = Vec::new();
        loop {
            match xml.next()? {
                Piece::Begin(element) => {
                    let list = inside.last().map_or(&b""[..], Vec::as_slice);
                    match (list, element.name()) {
                        (b"numFmts", b"numFmt") => {
                            let code = element.attribute("formatCode")?.unwrap_or_default();
                            if let Some(number) = element.number("numFmtId")? {
                                own.insert(number, (shows_date(&code), zeros(&code)));
                            }
                        }
                        (b"fonts", b"font") => struck.push(false),
                        (b"font", b"strike") => {
                            if let Some(last) = struck.last_mut() {
                                *last = element.means_yes()?;
                            }
                        }
                        (b"cellXfs", b"xf") => {
                            let number = element.number("numFmtId")?.unwrap_or(0);
                            let font = element.number::<usize>("fontId")?.unwrap_or(0);
                            let known = || (is_date_by_number(number), 1);
                            let (is_date, digits) = own.get(&number).copied().unwrap_or_else(known);
                            let is_struck = struck.get(font).copied().unwrap_or(false);
                            formats.0.push(Format { is_date, is_struck, digits });
                        }
                        _ => {}
                    }
                    let name = element.name().to_vec();
                    inside.push(name);
                }
                Piece::End => {
                    inside.pop();
                }
                Piece::Text(_) => {}
                Piece::Over => return Ok(formats),
            }
        }
    }

    /// Returns the format of a number.
    pub fn get(&self, number: usize) -> Format {
        self.0.get(number).copied().unwrap_or_default()
    }
}

/// Whether a format that every program knows by its number shows a date or a time.
fn is_date_by_number(number: u32) -> bool {
    matches!(number, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format shows a date or a time: a letter for a day, month, year, hour or second outside of quotes, brackets and
/// escapes, before the first semicolon.
fn shows_date(code: &str) -> bool {
    let mut signs = code.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => drop(signs.find(|sign| *sign == '"')),
            '[' => drop(signs.find(|sign| *sign == ']')),
            '\\' | '_' | '*' => drop(signs.next()),
            ';' => return false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

/// Returns how many digits a format of nothing but zeros shows at least.
fn zeros(code: &str) -> usize {
    if code.len() <= 15 && code.bytes().all(|sign| sign == b'0') { code.len() } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_numbers_by_their_format() {
        for code in ["dd.mm.yyyy", "[$-419]D MMMM YYYY", "yyyy\\-mm", "[h]:mm", "m/d/yy;@"] {
            assert!(shows_date(code), "{code}");
        }
        for code in [
            "General",
            "0.00",
            "0\" days\"",
            "[Red]0",
            "0_d",
            "#,##0;[Red]d",
            "\\d0",
            "@",
            "0.00E+00",
            "\"",
            "[d",
        ] {
            assert!(!shows_date(code), "{code}");
        }
    }

    #[test]
    fn formats_of_cells_are_read_from_their_own_list() {
        let xml = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd.mm.yyyy"/><numFmt numFmtId="14" formatCode="0"/></numFmts>
            <fonts><font><b/></font><font><strike/></font></fonts><cellStyleXfs><xf numFmtId="164"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0" fontId="1"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs>
            <dxfs><dxf><font><strike/></font></dxf></dxfs></styleSheet>"#;
        let formats = Formats::read(Xml::new(xml.as_bytes(), "styles")).unwrap();
        let read: Vec<_> =
            (0..5).map(|number| (formats.get(number).is_date, formats.get(number).is_struck)).collect();
        assert_eq!(read, [(false, true), (true, false), (false, false), (true, false), (false, false)]);
    }
}
