//! Names of persons that stand in a sheet: nothing that is written may contain one.

use std::collections::HashMap;

use super::pseudonym::plain_name;

/// Most names that are held. A sheet has fewer rows.
const MOST: usize = 1 << 21;

/// A set of names, found in texts as whole words.
#[derive(Debug, Default)]
pub(super) struct PersonNames {
    /// The further words of each name, and the heading of its column, by the name's first word.
    by_first: HashMap<String, Vec<(Vec<String>, usize)>>,
    headings: Vec<String>,
    count: usize,
}

impl PersonNames {
    /// Adds a name that stands in the column of a heading.
    pub fn add(&mut self, name: &str, heading: &str) {
        let mut words = words(&plain_name(name));
        // A dash or a number stands for nobody.
        if self.count == MOST || !words.iter().any(|word| word.chars().any(char::is_alphabetic)) {
            return;
        }
        let place = self.headings.iter().position(|own| own == heading).unwrap_or_else(|| {
            self.headings.push(heading.to_owned());
            self.headings.len() - 1
        });
        let first = words.remove(0);
        let same = self.by_first.entry(first).or_default();
        if !same.iter().any(|(own, _)| *own == words) {
            same.push((words, place));
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
        let words = words(&plain_name(text));
        let begins = |place: usize| {
            let names = self.by_first.get(&words[place])?;
            names.iter().find(|(rest, _)| words[place + 1..].starts_with(rest)).map(|(_, heading)| *heading)
        };
        (0..words.len()).find_map(begins).map(|heading| self.headings[heading].as_str())
    }
}

fn words(plain: &str) -> Vec<String> {
    let words = plain.split(|sign: char| !sign.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_whole_words_only() {
        let mut names = PersonNames::default();
        for name in ["Mark-One Ёx", "—", "12", "mark  two"] {
            names.add(name, "Who");
        }
        for (text, is_found) in [
            ("fined: MARK-ONE Ex", false),
            ("fined: MARK-ONE ЕX.", true),
            ("mark two", true),
            ("Mark Twos", false),
            ("mark", false),
            ("12", false),
            ("", false),
        ] {
            assert_eq!(names.found_in(text).is_some(), is_found, "{text}");
        }
    }
}
