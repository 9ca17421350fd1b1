//! Ids into numbers: a column's ids each once, and for every row the number of its own.

use super::dictionary::Dictionary;
use super::id_list::IdList;
use super::texts::Texts;

/// Ids that are handed on at once.
pub enum IdBatch {
    /// Texts.
    Texts(Texts),
    /// Whole numbers.
    Whole(Vec<u64>),
}

/// Numbers the ids of a column.
pub trait Numbering {
    /// Takes the ids of the next rows.
    fn take(&mut self, ids: IdBatch);

    /// Returns all numbers.
    fn finish(self: Box<Self>) -> Numbered;
}

/// The ids of a column as numbers.
#[derive(Default)]
pub struct Numbered {
    /// The ids.
    pub ids: IdList,
    /// The number of each row's id.
    pub numbers: Vec<u32>,
    /// Rows whose id an earlier row has, where that was asked.
    pub repeated: Vec<usize>,
    /// Whether an id has come that was not behind the one before: from then on each is looked up.
    unsorted: bool,
    unique: Unique,
}

/// Whether ids are expected to be different in every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unique {
    /// They are; repetitions are noted.
    Expected,
    /// They are not.
    #[default]
    No,
}

impl Numbering for Numbered {
    fn take(&mut self, ids: IdBatch) {
        match ids {
            IdBatch::Texts(texts) => self.take_texts(&texts),
            IdBatch::Whole(ids) if matches!(self.ids, IdList::Whole(_)) => self.take_whole(&ids),
            IdBatch::Whole(ids) => {
                let mut texts = Texts::default();
                ids.iter().for_each(|id| texts.push(&id.to_string()));
                self.take_texts(&texts);
            }
        }
    }

    fn finish(self: Box<Self>) -> Numbered {
        *self
    }
}

impl Numbered {
    /// Begins a column.
    pub fn of(unique: Unique) -> Self {
        Self { unique, ..Self::default() }
    }

    fn take_texts(&mut self, batch: &Texts) {
        let unique = self.unique;
        // Texts that come for numbers are looked up from now on: ids that ascend as numbers do not as texts.
        self.unsorted |= matches!(self.ids, IdList::Whole(_));
        let texts = self.ids.as_texts();
        let mut ids = (0..batch.len()).map(|place| batch.at(place));
        let mut first_unsorted = None;
        if unique == Unique::Expected && !self.unsorted {
            for id in ids.by_ref() {
                if !texts.push_ascending(id) {
                    first_unsorted = Some(id);
                    self.unsorted = true;
                    texts.make_lookup();
                    break;
                }
                self.numbers.push(number(texts.len() - 1));
            }
        }
        let Self { numbers, repeated, .. } = self;
        let mut known = texts.len();
        texts.codes(first_unsorted.into_iter().chain(ids), |texts: &Dictionary, number| {
            if unique == Unique::Expected && texts.len() == known {
                repeated.push(numbers.len());
            }
            known = texts.len();
            numbers.push(number);
        });
    }

    fn take_whole(&mut self, batch: &[u64]) {
        let unique = self.unique;
        let IdList::Whole(ids) = &mut self.ids else { return };
        let mut rest = batch;
        if unique == Unique::Expected && !self.unsorted {
            while let Some((&id, behind)) = rest.split_first() {
                if !ids.push_ascending(id) {
                    self.unsorted = true;
                    ids.make_lookup();
                    break;
                }
                self.numbers.push(number(ids.values().len() - 1));
                rest = behind;
            }
        }
        let mut last = None;
        for &id in rest {
            let known = ids.values().len();
            // The second defendant of a case stands behind the first.
            let code = match last {
                Some((same, code)) if same == id => code,
                _ => ids.code(id),
            };
            last = Some((id, code));
            if unique == Unique::Expected && ids.values().len() == known {
                self.repeated.push(self.numbers.len());
            }
            self.numbers.push(code);
        }
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).expect("rows are fewer than 2^32")
}
