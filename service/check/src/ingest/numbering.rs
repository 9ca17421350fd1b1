//! Numbering of ids: each different id of a column gets a number, and each row the number of its id.

use super::dictionary::Dictionary;
use super::id_list::IdList;
use super::texts::Texts;

/// A batch of ids.
pub enum IdBatch {
    /// Texts.
    Texts(Texts),
    /// Whole numbers.
    Whole(Vec<u64>),
}

/// A part that numbers the ids of a column.
pub trait Numbering {
    /// Takes the ids of the next rows.
    fn take(&mut self, ids: IdBatch);

    /// Ends the column, and returns its ids with the number of each row.
    fn finish(self: Box<Self>) -> Numbered;
}

/// A column of ids, numbered.
#[derive(Default)]
pub struct Numbered {
    /// The different ids.
    pub ids: IdList,
    /// The number of each row's id.
    pub numbers: Vec<u32>,
    /// Rows whose id occurred in an earlier row. Only recorded when ids should be unique.
    pub repeated: Vec<usize>,
    /// Whether an id came that does not sort after the one before. From then on every id is looked up.
    unsorted: bool,
    unique: Unique,
}

/// Whether every row of a column should have a different id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unique {
    /// Every row should; repetitions are recorded.
    Expected,
    /// Rows may share ids.
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
        // Texts that follow whole numbers are looked up from now on, because ascending numbers do not ascend as
        // texts.
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
            // The second defendant of a case follows the first, and repeats the id.
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
