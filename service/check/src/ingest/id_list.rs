//! The different ids of a column, whichever way the file gives them.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::dictionary::Dictionary;
use super::whole_ids::{WholeIds, compare_as_texts, whole, write_whole};

/// The different ids of a column, each with a number. An id is a text; as long as all of a column are those of whole
/// numbers they are kept as numbers, which is the same ids in less memory.
#[derive(Debug)]
pub enum IdList {
    /// Texts.
    Texts(Dictionary),
    /// Whole numbers, which stand for their decimal texts.
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

    /// Returns the id of a number.
    pub fn text(&self, code: u32) -> Cow<'_, str> {
        match self {
            Self::Texts(texts) => Cow::Borrowed(texts.text(code)),
            Self::Whole(ids) => Cow::Owned(ids.value(code).to_string()),
        }
    }

    /// Returns all ids, by number.
    pub fn texts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        // There are never more than numbers of 32 bits.
        (0_u32..).take(self.len()).map(|code| self.text(code))
    }

    /// Writes the id of a number behind what stands in a buffer.
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

    /// Returns the id's number; a new id gets the next one.
    pub fn code(&mut self, text: &str) -> u32 {
        match (&mut *self, whole(text)) {
            (Self::Whole(ids), Some(id)) => ids.code(id),
            _ => self.as_texts().code(text),
        }
    }

    /// Returns the number of the id that a whole number stands for; a new id gets the next one.
    pub fn code_whole(&mut self, id: u64) -> u32 {
        match self {
            Self::Texts(texts) => texts.code(&id.to_string()),
            Self::Whole(ids) => ids.code(id),
        }
    }

    /// Returns all ids, by number, where all are those of whole numbers.
    pub fn whole(&self) -> Option<&[u64]> {
        match self {
            Self::Texts(_) => None,
            Self::Whole(ids) => Some(ids.values()),
        }
    }

    /// Returns the number of an id that is there.
    pub fn find(&self, text: &str) -> Option<u32> {
        match self {
            Self::Texts(texts) => texts.find(text),
            Self::Whole(ids) => ids.find(whole(text)?),
        }
    }

    /// Makes ids that were added without looking them up be found.
    pub fn make_lookup(&mut self) {
        match self {
            Self::Texts(texts) => texts.make_lookup(),
            Self::Whole(ids) => ids.make_lookup(),
        }
    }

    /// Gives the memory back that finding an id takes: from now on only numbers are turned into ids.
    pub fn forget_lookup(&mut self) {
        match self {
            Self::Texts(texts) => texts.forget_lookup(),
            Self::Whole(ids) => ids.forget_lookup(),
        }
    }

    /// Keeps only the ids of some numbers, in this order: their places are the new numbers. From now on only
    /// numbers are turned into ids.
    pub fn select(&mut self, numbers: &[u32]) {
        match self {
            Self::Texts(texts) => texts.select(numbers),
            Self::Whole(ids) => ids.select(numbers),
        }
    }

    /// Returns the ids as texts: a column of whole numbers has an id that is none. Numbers stay.
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
