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
        let (send, receive) = sync_channel::<Batch>(4);
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
        let Self { texts, numbers, repeated } = self;
        let mut start = 0;
        let ids = batch.ends.iter().map(|&end| {
            let id = &batch.text[start..end as usize];
            start = end as usize;
            id
        });
        let mut known = texts.len();
        texts.codes(ids, |texts, number| {
            if unique == Unique::Expected && texts.len() == known {
                repeated.push(numbers.len());
            }
            known = texts.len();
            numbers.push(number);
        });
    }
}
