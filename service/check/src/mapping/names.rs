//! Names of persons that stand in a sheet: nothing that is written may contain one.

use std::collections::{HashMap, HashSet};

use encoding_rs::WINDOWS_1251;

use crate::package::decoding::decoded;

use super::pseudonym::plain_name;
use super::words::{is_known, words};

/// Most names that are held. A sheet has fewer rows.
const MOST: usize = 1 << 21;

/// Fewest letters of a word that is found by itself.
const SHORTEST: usize = 3;
/// Fewest digits of the number of a person.
const NUMBER: usize = 9;

/// Letters of a word that stay when it is declined.
const STEM: usize = 5;
/// How often an address may be escaped, one within the other.
const ESCAPED: usize = 4;
/// Signs that are not shown: the soft hyphen, and joiners and spaces without width.
const UNSEEN: [char; 5] = ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}'];

/// A set of names. They are found in texts as a whole, and word by word where a word is none of our lists.
#[derive(Debug, Default)]
pub(super) struct PersonNames {
    /// The heading of its column, by word.
    by_word: HashMap<String, usize>,
    /// The further words of each name, and the heading of its column, by the name's first word.
    by_first: HashMap<String, Vec<(Vec<String>, usize)>>,
    headings: Vec<String>,
    count: usize,
}

impl PersonNames {
    /// Adds a name that stands in the column of a heading.
    pub fn add(&mut self, name: &str, heading: &str) {
        let plain = plain_name(name);
        let mut parts = parts(&plain);
        // A dash or a small number stands for nobody; a long one is a telephone, or the number of a person.
        let has_letter = parts.iter().any(|word| word.chars().any(char::is_alphabetic));
        let digits = plain.bytes().filter(u8::is_ascii_digit).count();
        if self.count == MOST || !(has_letter || digits >= NUMBER) {
            return;
        }
        let place = self.headings.iter().position(|own| own == heading).unwrap_or_else(|| {
            self.headings.push(heading.to_owned());
            self.headings.len() - 1
        });
        for word in words(&plain).filter(|word| word.chars().count() >= SHORTEST && !is_known(word)) {
            self.by_word.entry(word.to_owned()).or_insert(place);
        }
        let first = parts.remove(0);
        let same = self.by_first.entry(first).or_default();
        if !same.iter().any(|(own, _)| *own == parts) {
            same.push((parts, place));
            self.count += 1;
        }
    }

    /// Whether names stand in the column of a heading.
    pub fn are_in(&self, heading: &str) -> bool {
        self.headings.iter().any(|own| plain_name(own) == plain_name(heading))
    }

    /// Returns the heading of the column whose name stands in a text.
    pub fn found_in(&self, text: &str) -> Option<&str> {
        if self.count == 0 {
            return None;
        }
        let escaped = || unescaped(text).find_map(|text| self.found_as_written(&text));
        self.found_as_written(text).or_else(escaped)
    }

    fn found_as_written(&self, text: &str) -> Option<&str> {
        let plain = plain_name(text);
        let parts = parts(&plain);
        let begins = |place: usize| {
            let names = self.by_first.get(&parts[place])?;
            names.iter().find(|(rest, _)| parts[place + 1..].starts_with(rest)).map(|(_, heading)| *heading)
        };
        let found = (0..parts.len()).find_map(begins);
        let found = found.or_else(|| words(&plain).find_map(|word| self.by_word.get(word).copied()));
        found.map(|heading| self.headings[heading].as_str())
    }
}

impl PersonNames {
    /// Whether a text that somebody writes names a person of the sheet, in whatever case: a word of it begins as the word of a name
    /// does. Endings are not compared, nor signs that nobody sees.
    pub fn are_told_in(&self, text: &str) -> bool {
        self.are_told_as_written(text) || unescaped(text).any(|text| self.are_told_as_written(&text))
    }

    fn are_told_as_written(&self, text: &str) -> bool {
        let seen: String = text.chars().filter(|sign| !UNSEEN.contains(sign)).collect();
        let plain = plain_name(&seen);
        let begin = |word: &str| word.chars().take(STEM).collect::<String>();
        let is_long = |word: &&str| word.chars().count() >= STEM && !is_known(word);
        let stems: HashSet<String> = words(&plain).filter(is_long).map(begin).collect();
        let own = self.by_word.keys().map(String::as_str).filter(is_long);
        self.found_as_written(&seen).is_some()
            || (!stems.is_empty() && own.map(begin).any(|stem| stems.contains(&stem)))
    }
}

/// Returns a text with the bytes that an address writes as `%D0`, and so on as often as it may be escaped.
fn unescaped(text: &str) -> impl Iterator<Item = String> {
    std::iter::successors(once_unescaped(text), |text| once_unescaped(text)).take(ESCAPED)
}

/// Returns a text with the bytes that stand escaped in it, or nothing where there are none. Addresses of old sites are in Windows-1251.
fn once_unescaped(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let (mut bytes, mut rest, mut is_escaped) = (Vec::new(), text.as_bytes(), false);
    while let [first, behind @ ..] = rest {
        let digit = |place: usize| char::from(*behind.get(place)?).to_digit(16);
        let byte = digit(0).zip(digit(1)).filter(|_| *first == b'%');
        let byte = byte.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        is_escaped |= byte.is_some();
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    let read = || match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => decoded(WINDOWS_1251, error.as_bytes()),
    };
    is_escaped.then(read)
}

fn parts(plain: &str) -> Vec<String> {
    let words = plain.split(|sign: char| !sign.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_whole_words_or_by_a_word_that_is_no_other() {
        let mut names = PersonNames::default();
        for name in ["Case-Role Ёx", "—", "12", "mark  two", "Case Testovna", "+7 700 000 00 01"] {
            names.add(name, "Who");
        }
        for (text, is_found) in [
            ("fined: CASE-ROLE Ex", false),
            ("fined: CASE-ROLE ЕX.", true),
            ("mark two", true),
            ("fined: TESTOVNA1", true),
            ("case", false),
            ("call +7-700-000-00-01", true),
            ("12", false),
            ("", false),
        ] {
            assert_eq!(names.found_in(text).is_some(), is_found, "{text}");
        }
    }

    #[test]
    fn a_name_is_known_in_another_case_and_with_signs_that_nobody_sees() {
        let mut names = PersonNames::default();
        names.add("Звонарёв Щукарь", "Кто");
        for text in ["Дело Звонарева", "дело звонарёвым", "Зво\u{ad}нарёв", "щукарю"]
        {
            assert!(names.are_told_in(text), "{text}");
        }
        // As addresses write it: once, twice, and in the encoding of old sites.
        let address = |sign: &str, bytes: &[u8]| {
            let escaped: String = bytes.iter().map(|byte| format!("{sign}{byte:02X}")).collect();
            format!("https://example.org/?q={escaped}")
        };
        let old = WINDOWS_1251.encode("Звонарёв").0;
        for text in [
            address("%", "Звонарёв".as_bytes()),
            address("%", "звонарёва".as_bytes()).to_lowercase(),
            address("%25", "Звонарёв".as_bytes()),
            address("%", &old),
        ] {
            assert!(names.are_told_in(&text), "{text}");
        }
        // A text that is escaped without end is read no deeper.
        assert!(!names.are_told_in(&format!("%{}", "25".repeat(1 << 20))));
        for text in ["https://example.org/%D0%B4%D0%B5%D0%BB%D0%BE", "100 %", "5 %D", "%", "%%25"] {
            assert!(!names.are_told_in(text), "{text}");
        }
        for text in ["Дела 2022 года", "осуждённые по статье 274", ""] {
            assert!(!names.are_told_in(text), "{text}");
        }
    }
}
