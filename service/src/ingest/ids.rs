//! Ids into numbers, each column on a thread of its own: looking a text up among ten million is mostly waiting
//! for memory.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::dictionary::Dictionary;

/// How much text goes over to the other thread at once.
const BATCH: usize = 1 << 17;

/// Texts, one behind the other.
#[derive(Default)]
struct Batch {
    text: String,
    ends: Vec<u32>,
}

/// Takes the ids of a column, to be numbered.
pub struct IdColumn<'scope> {
    batch: Batch,
    send: SyncSender<Batch>,
    numbering: ScopedJoinHandle<'scope, Numbered>,
}

/// The ids of a column as numbers.
#[derive(Default)]
pub struct Numbered {
    /// The ids.
    pub texts: Dictionary,
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
        Self { batch: Batch::default(), send, numbering }
    }

    /// Adds the id of the next row.
    #[inline]
    pub fn push(&mut self, id: &str) {
        self.batch.text.push_str(id);
        self.batch.ends.push(u32::try_from(self.batch.text.len()).unwrap_or(u32::MAX));
        if self.batch.text.len() > BATCH {
            // The other thread ends before this one only when it panics, which joining tells.
            let _ = self.send.send(std::mem::take(&mut self.batch));
        }
    }

    /// Returns all numbers.
    pub fn finish(self) -> Numbered {
        let _ = self.send.send(self.batch);
        drop(self.send);
        self.numbering.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Numbered {
    fn take(&mut self, batch: &Batch, unique: Unique) {
        let mut start = 0;
        let mut ids = batch.ends.iter().map(|&end| {
            let id = &batch.text[start..end as usize];
            start = end as usize;
            id
        });
        let mut first_unsorted = None;
        if unique == Unique::Expected && !self.unsorted {
            for id in ids.by_ref() {
                if !self.texts.push_ascending(id) {
                    first_unsorted = Some(id);
                    self.unsorted = true;
                    self.texts.make_lookup();
                    break;
                }
                self.numbers.push(u32::try_from(self.texts.len() - 1).expect("rows are fewer than 2^32"));
            }
        }
        let Self { texts, numbers, repeated, .. } = self;
        let mut known = texts.len();
        texts.codes(first_unsorted.into_iter().chain(ids), |texts, number| {
            if unique == Unique::Expected && texts.len() == known {
                repeated.push(numbers.len());
            }
            known = texts.len();
            numbers.push(number);
        });
    }
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
                prop_assert_eq!(numbered.texts.text(number), id);
            }
        }
    }
}
