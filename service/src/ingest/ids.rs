//! Ids into numbers, each column on a thread of its own: looking a text up among ten million is mostly waiting
//! for memory.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::dictionary::Dictionary;
use super::id_list::IdList;
use super::texts::Texts;
use super::whole_ids::whole;

/// How much text goes over to the other thread at once.
const BATCH: usize = 1 << 17;

/// Ids that go over to the other thread.
enum Batch {
    Texts(Texts),
    Whole(Vec<u64>),
}

/// Takes the ids of a column, to be numbered.
pub struct IdColumn<'scope> {
    /// Ids that still wait to be sent: texts, or whole numbers.
    texts: Texts,
    whole: Vec<u64>,
    /// Whether the column's ids are whole numbers, as long as none comes that is not.
    is_whole: bool,
    send: SyncSender<Batch>,
    numbering: ScopedJoinHandle<'scope, Numbered>,
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
}

/// Whether ids are expected to be different in every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    /// They are; repetitions are noted.
    Expected,
    /// They are not.
    No,
}

impl<'scope> IdColumn<'scope> {
    /// Begins a column.
    pub fn begin<'env>(scope: &'scope Scope<'scope, 'env>, unique: Unique) -> Self {
        let (send, receive) = sync_channel::<Batch>(32);
        let numbering = scope.spawn(move || {
            let mut numbered = Numbered::default();
            for batch in receive {
                numbered.take(&batch, unique);
            }
            numbered
        });
        Self { texts: Texts::default(), whole: Vec::new(), is_whole: true, send, numbering }
    }

    /// Adds the id of the next row.
    #[inline]
    pub fn push(&mut self, id: &str) {
        if self.is_whole {
            if let Some(id) = whole(id) {
                self.whole.push(id);
                if self.whole.len() * size_of::<u64>() > BATCH {
                    self.send_waiting();
                }
                return;
            }
            self.send_waiting();
            self.is_whole = false;
        }
        self.texts.push(id);
        if self.texts.size() > BATCH {
            self.send_waiting();
        }
    }

    /// Adds the ids of the next rows, which are whole numbers.
    pub fn push_whole(&mut self, ids: Vec<u64>) {
        self.send_waiting();
        let _ = self.send.send(Batch::Whole(ids));
    }

    fn send_waiting(&mut self) {
        // The other thread ends before this one only when it panics, which joining tells.
        if !self.texts.is_empty() {
            let _ = self.send.send(Batch::Texts(std::mem::take(&mut self.texts)));
        }
        if !self.whole.is_empty() {
            let _ = self.send.send(Batch::Whole(std::mem::take(&mut self.whole)));
        }
    }

    /// Returns all numbers.
    pub fn finish(mut self) -> Numbered {
        self.send_waiting();
        drop(self.send);
        self.numbering.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Numbered {
    fn take(&mut self, batch: &Batch, unique: Unique) {
        match batch {
            Batch::Texts(texts) => self.take_texts(texts, unique),
            Batch::Whole(ids) if matches!(self.ids, IdList::Whole(_)) => self.take_whole(ids, unique),
            Batch::Whole(ids) => {
                let mut texts = Texts::default();
                ids.iter().for_each(|id| texts.push(&id.to_string()));
                self.take_texts(&texts, unique);
            }
        }
    }

    fn take_texts(&mut self, batch: &Texts, unique: Unique) {
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

    fn take_whole(&mut self, batch: &[u64], unique: Unique) {
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

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn repetitions_are_found_whether_ids_are_sorted_or_not(
            mut ids in vec("[ab]{0,3}", 1..60),
            sorted in 0_usize..60,
        ) {
            let sorted = sorted.min(ids.len());
            ids[..sorted].sort_unstable();
            let numbered = std::thread::scope(|scope| {
                let mut column = IdColumn::begin(scope, Unique::Expected);
                ids.iter().for_each(|id| column.push(id));
                column.finish()
            });
            let again: Vec<usize> = (0..ids.len()).filter(|&row| ids[..row].contains(&ids[row])).collect();
            prop_assert_eq!(numbered.repeated, again);
            for (id, number) in ids.iter().zip(numbered.numbers) {
                prop_assert_eq!(numbered.ids.text(number), id.as_str());
            }
        }

        #[test]
        fn whole_numbers_are_numbered_as_their_texts_are(
            mut ids in vec(prop_oneof![(0_u64..30).prop_map(|id| id.to_string()), "[-a0]?[0-9]"], 1..60),
            sorted in 0_usize..60,
            unique in prop_oneof![Just(Unique::Expected), Just(Unique::No)],
        ) {
            let sorted = sorted.min(ids.len());
            ids[..sorted].sort_unstable_by_key(|id| (id.len(), id.clone()));
            let numbered = std::thread::scope(|scope| {
                let mut column = IdColumn::begin(scope, unique);
                for (place, id) in ids.iter().enumerate() {
                    match whole(id).filter(|_| place % 3 == 0) {
                        Some(id) => column.push_whole(vec![id]),
                        None => column.push(id),
                    }
                }
                column.finish()
            });
            let mut known: Vec<&str> = Vec::new();
            let mut repeated = Vec::new();
            for (row, id) in ids.iter().enumerate() {
                let number = known.iter().position(|known| known == id).unwrap_or_else(|| {
                    known.push(id);
                    known.len() - 1
                });
                prop_assert_eq!(numbered.numbers[row] as usize, number);
                if ids[..row].contains(id) && unique == Unique::Expected {
                    repeated.push(row);
                }
            }
            prop_assert_eq!(numbered.ids.texts().collect::<Vec<_>>(), known);
            prop_assert_eq!(numbered.repeated, repeated);
        }
    }
}
