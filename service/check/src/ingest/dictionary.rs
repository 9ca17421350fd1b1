//! Dictionary encoding: each different text of a column gets a small number.

use std::borrow::Cow;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The different texts of a column, each with its number.
///
/// Texts are compared in Unicode NFC, so that a letter typed in two ways is one letter. Texts are never read as
/// numbers: leading zeros, exponents and twenty digits stay as they are. All texts stand in one piece of memory,
/// because a hundred million ids of nine bytes must not cost a pointer, a length and an allocation each.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    texts: String,
    ends: Ends,
    /// Number of each text, with half of the text's hash. Comparing this half tells most texts apart without reading
    /// them.
    codes: HashTable<(u32, u32)>,
    hasher: RandomState,
}

/// Ends of the texts. Each end counts from the start of its block, and each block has its start.
#[derive(Debug, Clone, Default)]
struct Ends {
    ends: Vec<u32>,
    blocks: Vec<u64>,
}

impl Ends {
    /// Texts per block. As many fields of the greatest length take less than 2^32 bytes.
    const BLOCK: usize = 4096;

    #[inline]
    fn push(&mut self, start: u64, end: u64) {
        if self.ends.len().is_multiple_of(Self::BLOCK) {
            self.blocks.push(start);
        }
        let within = end - self.blocks.last().copied().unwrap_or_default();
        self.ends.push(u32::try_from(within).expect("a field has at most 65,536 characters"));
    }

    #[inline]
    fn of(&self, place: usize) -> std::ops::Range<usize> {
        let block = self.blocks[place / Self::BLOCK];
        let start = if place.is_multiple_of(Self::BLOCK) { 0 } else { self.ends[place - 1] };
        let at = |within: u32| (block + u64::from(within)) as usize;
        at(start)..at(self.ends[place])
    }
}

/// Returns the hash for a lookup, made from the half that the table stores.
#[inline]
fn spread(half: u32) -> u64 {
    u64::from(half) << 32 | u64::from(half)
}

impl Dictionary {
    /// Returns the number of a text. A new text gets the next number.
    pub fn code(&mut self, text: &str) -> u32 {
        let text = &*composed(text);
        self.code_with(self.half(text), text)
    }

    /// Numbers many texts in order; `take` gets each number.
    ///
    /// Equal texts in a row are looked up once: the second defendant of a case repeats the case's id. In a table of
    /// millions nearly every lookup waits for memory. So some dozens of texts are looked up beforehand and the
    /// results dropped. These lookups do not depend on each other, so the processor waits for all of them at once.
    pub fn codes<'t>(&mut self, texts: impl Iterator<Item = &'t str>, mut take: impl FnMut(&Self, u32)) {
        let mut texts = texts.peekable();
        let mut group: Vec<(u32, Cow<'t, str>, usize)> = Vec::with_capacity(Self::GROUP);
        while texts.peek().is_some() {
            group.clear();
            while group.len() < Self::GROUP
                && let Some(text) = texts.next()
            {
                let mut times = 1;
                while texts.next_if_eq(&text).is_some() {
                    times += 1;
                }
                let text = composed(text);
                group.push((self.half(&text), text, times));
            }
            for (half, ..) in &group {
                std::hint::black_box(self.codes.find(spread(*half), |(_, other)| other == half));
            }
            for (half, text, times) in &group {
                let code = self.code_with(*half, text);
                for _ in 0..*times {
                    take(self, code);
                }
            }
        }
    }

    /// Adds a text that follows the last one in byte order, and so is new, without looking it up. Returns whether it
    /// was added. Publishers sort their files by id. Texts added like this cannot be found before
    /// [`Dictionary::make_lookup`].
    pub fn push_ascending(&mut self, text: &str) -> bool {
        let text = &*composed(text);
        let ascends = self.len().checked_sub(1).is_none_or(|last| self.at(last) < text);
        if ascends {
            self.push(text);
        }
        ascends
    }

    /// Builds the lookup for texts that were added without one.
    pub fn make_lookup(&mut self) {
        if self.codes.len() == self.len() {
            return;
        }
        self.codes = HashTable::with_capacity(self.len());
        for place in 0..self.len() {
            let half = self.half(self.at(place));
            self.codes.insert_unique(spread(half), (number(place), half), |&(_, half)| spread(half));
        }
    }

    /// Frees the memory of the lookup. From now on numbers give texts, but texts no longer give numbers.
    pub fn forget_lookup(&mut self) {
        self.codes = HashTable::new();
    }

    const GROUP: usize = 64;

    #[inline]
    fn code_with(&mut self, half: u32, text: &str) -> u32 {
        if let Some(code) = self.look_up(half, text) {
            return code;
        }
        let code = number(self.len());
        self.push(text);
        self.codes.insert_unique(spread(half), (code, half), |&(_, half)| spread(half));
        code
    }

    fn push(&mut self, text: &str) {
        let start = self.texts.len() as u64;
        self.texts.push_str(text);
        self.ends.push(start, self.texts.len() as u64);
    }

    #[inline]
    fn half(&self, text: &str) -> u32 {
        (self.hasher.hash_one(text) >> 32) as u32
    }

    #[inline]
    fn look_up(&self, half: u32, text: &str) -> Option<u32> {
        let same = |&(code, other): &(u32, u32)| other == half && self.at(code as usize) == text;
        self.codes.find(spread(half), same).map(|(code, _)| *code)
    }

    /// Returns the number of a text, if the dictionary has it.
    pub fn find(&self, text: &str) -> Option<u32> {
        let text = &*composed(text);
        self.look_up(self.half(text), text)
    }

    /// Returns the text of a number.
    #[inline]
    pub fn text(&self, code: u32) -> &str {
        self.at(code as usize)
    }

    #[inline]
    fn at(&self, place: usize) -> &str {
        &self.texts[self.ends.of(place)]
    }

    /// Returns all texts joined, in the order of their numbers.
    pub fn run(&self) -> &str {
        &self.texts
    }

    /// Returns how many texts there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.ends.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns all texts, by number.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.at(place))
    }

    /// Renumbers the texts in byte order, and drops the texts that are not `used`. Returns the new number of each old
    /// one.
    pub fn sort(&mut self, used: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut kept = vec![false; self.len()];
        for code in used {
            kept[code as usize] = true;
        }
        let mut order: Vec<u32> = (0..number(self.len())).filter(|&code| kept[code as usize]).collect();
        order.sort_unstable_by(|&left, &right| self.text(left).cmp(self.text(right)));
        let mut new_codes = vec![0; self.len()];
        let mut sorted = Self::default();
        for &old in &order {
            new_codes[old as usize] = sorted.code(self.text(old));
        }
        *self = sorted;
        new_codes
    }

    /// Keeps only the texts of some numbers. The place of a number in `numbers` is the new number. From now on texts
    /// no longer give numbers, because a lookup would need as much memory again.
    pub fn select(&mut self, numbers: &[u32]) {
        self.codes = HashTable::new();
        let mut selected = Self { texts: String::with_capacity(self.texts.len()), ..Self::default() };
        selected.ends.ends.reserve_exact(numbers.len());
        let mut ranges = Vec::with_capacity(Self::GROUP);
        for group in numbers.chunks(Self::GROUP) {
            // Two passes, for the reason given at `codes`.
            ranges.clear();
            ranges.extend(group.iter().map(|&number| self.ends.of(number as usize)));
            for range in &ranges {
                selected.push(&self.texts[range.clone()]);
            }
        }
        *self = selected;
    }
}

#[inline]
fn number(place: usize) -> u32 {
    u32::try_from(place).expect("a file with 4 billion different texts is refused before")
}

/// Returns a text in Unicode NFC.
#[inline]
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
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
        assert_eq!(ids.code("7"), 1);
    }

    #[test]
    fn a_letter_composed_in_two_ways_is_one_letter() {
        let mut ids = Dictionary::default();
        assert_eq!(ids.code("й"), ids.code("и\u{306}"));
        assert_eq!(ids.len(), 1);
        assert_eq!(ids.find("и\u{306}"), Some(0));
    }

    #[test]
    fn sorted_numbers_follow_the_bytes_and_unused_texts_go() {
        let mut regions = Dictionary::default();
        let old = ["b", "a", "ä", "unused", "B"].map(|text| regions.code(text));
        let new = regions.sort(old.into_iter().filter(|&code| code != old[3]));
        assert_eq!(regions.texts().collect::<Vec<_>>(), ["B", "a", "b", "ä"]);
        for (text, code) in ["b", "a", "ä", "B"].iter().zip([old[0], old[1], old[2], old[4]]) {
            assert_eq!(regions.text(new[code as usize]), *text);
            assert_eq!(regions.find(text), Some(new[code as usize]));
        }
        assert_eq!(regions.find("unused"), None);
    }
}
