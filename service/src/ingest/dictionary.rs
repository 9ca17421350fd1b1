//! Texts as small numbers.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The different texts of a column, each with a number.
///
/// Texts are compared after Unicode NFC, so that the same letter typed in two ways is one letter; they
/// are never read as numbers: leading zeros, exponents and twenty digits stay.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    texts: Vec<Box<str>>,
    codes: HashMap<Box<str>, u32>,
}

impl Dictionary {
    /// Returns the text's number; a new text gets the next one.
    pub fn code(&mut self, text: &str) -> u32 {
        let text = &*composed(text);
        if let Some(&code) = self.codes.get(text) {
            return code;
        }
        let code =
            u32::try_from(self.texts.len()).expect("a file with 4 billion different texts is refused before");
        self.texts.push(text.into());
        self.codes.insert(text.into(), code);
        code
    }

    /// Returns the number of a text that is there.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.codes.get(&*composed(text)).copied()
    }

    /// Returns the text of a number.
    pub fn text(&self, code: u32) -> &str {
        &self.texts[code as usize]
    }

    /// Returns how many texts there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Returns all texts, by number.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }

    /// Numbers the texts anew in byte order; the result gives each old number its new one.
    pub fn sort(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..).take(self.texts.len()).collect();
        order.sort_by(|&left, &right| self.text(left).cmp(self.text(right)));
        let mut new_codes = vec![0; order.len()];
        for (new, &old) in (0..).zip(&order) {
            new_codes[old as usize] = new;
        }
        self.texts = order.iter().map(|&old| self.texts[old as usize].clone()).collect();
        for code in self.codes.values_mut() {
            *code = new_codes[*code as usize];
        }
        new_codes
    }
}

/// Returns a text in Unicode NFC.
fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_text_and_stay_what_they_are() {
        let mut ids = Dictionary::default();
        let codes: Vec<u32> =
            ["007", "7", "1e3", "1000", "NA", "12345678901234567890"].map(|id| ids.code(id)).to_vec();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5]);
        assert_eq!(ids.text(0), "007");
    }

    #[test]
    fn a_letter_composed_in_two_ways_is_one_letter() {
        let mut ids = Dictionary::default();
        assert_eq!(ids.code("й"), ids.code("и\u{306}"));
        assert_eq!(ids.len(), 1);
        assert_eq!(ids.find("и\u{306}"), Some(0));
    }

    #[test]
    fn sorted_numbers_follow_the_bytes() {
        let mut regions = Dictionary::default();
        let old = ["b", "a", "ä", "B"].map(|text| regions.code(text));
        let new = regions.sort();
        assert_eq!(regions.texts().collect::<Vec<_>>(), ["B", "a", "b", "ä"]);
        for (text, code) in ["b", "a", "ä", "B"].iter().zip(old) {
            assert_eq!(regions.text(new[code as usize]), *text);
            assert_eq!(regions.find(text), Some(new[code as usize]));
        }
    }
}
