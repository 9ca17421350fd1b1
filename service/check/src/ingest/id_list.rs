//! The different ids of a column, as numbers or as texts.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::dictionary::Dictionary;
use super::whole_ids::{WholeIds, compare_as_texts, whole, write_whole};

/// The different ids of a column, each with a number. An id is a text. As long as all ids of a column are whole
/// numbers, they are stored as integers, which takes less memory.
#[derive(Debug)]
pub enum IdList {
    /// Texts.
    Texts(Dictionary),
    /// Whole numbers. Each stands for its decimal text.
    Whole(WholeIds),
}

impl Default for IdList {
    fn default() -> Self {
        Self::Whole(WholeIds::default())
    }
}

impl IdList {
    /// Returns how many ids there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.len(),
            Self::Whole(ids) => ids.values().len(),
        }
    }

    /// Whether there is no id.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the text of the id that has this number.
    pub fn text(&self, code: u32) -> Cow<'_, str> {
        match self {
            Self::Texts(texts) => Cow::Borrowed(texts.text(code)),
            Self::Whole(ids) => Cow::Owned(ids.value(code).to_string()),
        }
    }

    /// Returns all ids, by number.
    pub fn texts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        // Numbers have 32 bits, so there are never more ids.
        (0_u32..).take(self.len()).map(|code| self.text(code))
    }

    /// Appends the id of a number to a buffer.
    #[inline]
    pub fn write(&self, code: u32, out: &mut Vec<u8>) {
        match self {
            Self::Texts(texts) => out.extend_from_slice(texts.text(code).as_bytes()),
            Self::Whole(ids) => write_whole(ids.value(code), out),
        }
    }

    /// Compares the ids of two numbers in the byte order of their texts.
    #[inline]
    pub fn compare(&self, left: u32, right: u32) -> Ordering {
        match self {
            _ if left == right => Ordering::Equal,
            Self::Texts(texts) => texts.text(left).cmp(texts.text(right)),
            Self::Whole(ids) => compare_as_texts(ids.value(left), ids.value(right)),
        }
    }

    /// Returns the number of an id. A new id gets the next number.
    pub fn code(&mut self, text: &str) -> u32 {
        match (&mut *self, whole(text)) {
            (Self::Whole(ids), Some(id)) => ids.code(id),
            _ => self.as_texts().code(text),
        }
    }

    /// Returns the number of an id that is a whole number. A new id gets the next number.
    pub fn code_whole(&mut self, id: u64) -> u32 {
        match self {
            Self::Texts(texts) => texts.code(&id.to_string()),
            Self::Whole(ids) => ids.code(id),
        }
    }

    /// Returns all ids by number, if all are whole numbers.
    pub fn whole(&self) -> Option<&[u64]> {
        match self {
            Self::Texts(_) => None,
            Self::Whole(ids) => Some(ids.values()),
        }
    }

    /// Returns the number of an id, if the id is known.
    pub fn find(&self, text: &str) -> Option<u32> {
        match self {
            Self::Texts(texts) => texts.find(text),
            Self::Whole(ids) => ids.find(whole(text)?),
        }
    }

    /// Builds the lookup for ids that were added without one.
    pub fn make_lookup(&mut self) {
        match self {
            Self::Texts(texts) => texts.make_lookup(),
            Self::Whole(ids) => ids.make_lookup(),
        }
    }

    /// Frees the memory of the lookup. From now on numbers give ids, but ids no longer give numbers.
    pub fn forget_lookup(&mut self) {
        match self {
            Self::Texts(texts) => texts.forget_lookup(),
            Self::Whole(ids) => ids.forget_lookup(),
        }
    }

    /// Keeps only the ids of some numbers. The place of a number in `numbers` is the new number. From now on ids no
    /// longer give numbers.
    pub fn select(&mut self, numbers: &[u32]) {
        match self {
            Self::Texts(texts) => texts.select(numbers),
            Self::Whole(ids) => ids.select(numbers),
        }
    }

    /// Turns the ids into texts, because an id came that is no whole number. The number of each id stays.
    pub fn as_texts(&mut self) -> &mut Dictionary {
        if let Self::Whole(ids) = self {
            let mut texts = Dictionary::default();
            for id in ids.values() {
                texts.code(&id.to_string());
            }
            *self = Self::Texts(texts);
        }
        match self {
            Self::Texts(texts) => texts,
            Self::Whole(_) => unreachable!("they have become texts"),
        }
    }
}
