//! The width of text, from the advances of the bundled font and never from the platform.
//!
//! All results are whole pixels, rounded up, so that a text never needs more room than its box has. The backend
//! writes the measured width into the SVG (`textLength`), so the width also holds where a reader's browser
//! substitutes another font.

use super::advances::RANGES;

/// Advance of a letter that the table lacks, in thousandths of the font size.
const FALLBACK: u32 = 650;
/// Advance of CJK ideographs, kana, hangul and other full-width signs, in thousandths of the font size.
const FULL_WIDTH: u32 = 1000;
/// Advance of emoji and other pictographs, in thousandths of the font size: most fonts make them wider than their em.
const PICTURE: u32 = 1400;
/// Width of the semibold font relative to the regular font, in hundredths.
const BOLD_PER_CENT: u32 = 106;

/// A font: a size in pixels, either regular or semibold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Font {
    /// Font size in pixels.
    pub size: u32,
    /// Whether the font is semibold instead of regular.
    pub bold: bool,
}

impl Font {
    /// Returns the regular font of a size in pixels.
    pub const fn regular(size: u32) -> Self {
        Self { size, bold: false }
    }

    /// Returns the semibold font of a size in pixels.
    pub const fn bold(size: u32) -> Self {
        Self { size, bold: true }
    }

    /// Returns the width of a text on one line, in pixels, rounded up.
    pub fn width(self, text: &str) -> i32 {
        let thousandths = text.chars().map(advance).fold(0_u32, u32::saturating_add);
        let per_em = u64::from(thousandths) * u64::from(self.size);
        let width = if self.bold {
            (per_em * u64::from(BOLD_PER_CENT)).div_ceil(100_000)
        } else {
            per_em.div_ceil(1000)
        };
        i32::try_from(width).unwrap_or(i32::MAX)
    }

    /// Returns the height of a box that every letter of the tables fits into, in pixels.
    pub fn height(self) -> i32 {
        self.ascent() + self.descent()
    }

    /// Returns how far letters with accents rise above the baseline, in pixels.
    pub fn ascent(self) -> i32 {
        (self.size * 95).div_ceil(100) as i32
    }

    /// Returns how far letters reach below the baseline, in pixels.
    pub fn descent(self) -> i32 {
        (self.size * 25).div_ceil(100) as i32
    }
}

/// Returns the advance of a letter in thousandths of the font size.
pub fn advance(letter: char) -> u32 {
    let code = u32::from(letter);
    for (first, advances) in RANGES {
        if let Some(advance) = code.checked_sub(*first).and_then(|index| advances.get(index as usize)) {
            return u32::from(*advance);
        }
    }
    match code {
        // Combining marks and characters without width.
        0x300..=0x36F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064 | 0xFE00..=0xFE0F | 0xFEFF => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F
        | 0xFF00..=0xFF60 => FULL_WIDTH,
        0x20000..=0x3FFFF => FULL_WIDTH,
        0x2600..=0x27BF | 0x1F000..=0x1FAFF => PICTURE,
        _ => FALLBACK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    /// The letters in the table: Latin with its supplements, Cyrillic, punctuation, currencies, arrows.
    const TABLE: &[(u32, u32)] = &[
        (0x20, 0x7E),
        (0xA0, 0x17F),
        (0x218, 0x21B),
        (0x400, 0x4FF),
        (0x2010, 0x2027),
        (0x202F, 0x203A),
        (0x20A0, 0x20BF),
        (0x2116, 0x2116),
        (0x2190, 0x2193),
        (0x2212, 0x2212),
        (0x2260, 0x2265),
    ];

    fn generated() -> String {
        let bytes = include_bytes!("../../assets/NotoSans-Regular.ttf");
        let face = ttf_parser::Face::parse(bytes, 0).expect("the bundled font is a font");
        assert_eq!(face.units_per_em(), 1000, "the table is in thousandths of an em");
        let mut text = String::from(
            "//! Advances of the bundled font, in thousandths of the font size. Generated: see the test in `metrics.rs`.\n\n\
             /// The first code of each range, and the advances from there on.\n#[rustfmt::skip]\n\
             pub(super) const RANGES: &[(u32, &[u16])] = &[\n",
        );
        for (first, last) in TABLE {
            write!(text, "    (0x{first:X}, &[").expect("text takes everything");
            for (index, code) in (*first..=*last).enumerate() {
                let glyph = char::from_u32(code).and_then(|letter| face.glyph_index(letter));
                let advance =
                    glyph.and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(FALLBACK as u16);
                let gap = if index % 24 == 0 { "\n        " } else { " " };
                write!(text, "{gap}{advance},").expect("text takes everything");
            }
            text.push_str("\n    ]),\n");
        }
        text.push_str("];\n");
        text
    }

    #[test]
    fn the_table_of_advances_is_the_fonts() {
        let now = generated();
        if std::env::var_os("CHARGESHEET_RENEW").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/svg/advances.rs");
            std::fs::write(path, &now).expect("the table can be written");
        }
        assert!(
            now == include_str!("advances.rs"),
            "src/svg/advances.rs is stale: run the tests with CHARGESHEET_RENEW=1, then again"
        );
    }

    #[test]
    fn widths_are_rounded_up() {
        assert_eq!(Font::regular(10).width("i"), 3, "258 thousandths of 10 px");
        assert_eq!(Font::regular(10).width(""), 0);
        assert!(Font::bold(20).width("Жаңа") > Font::regular(20).width("Жаңа"));
        assert_eq!(Font::regular(12).width("漢字"), 24);
    }
}
