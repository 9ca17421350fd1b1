//! A column of ids that is being read. A platform may number each column in parallel: looking up a text among ten
//! million is mostly waiting for memory.

use super::numbering::{IdBatch, Numbered, Numbering, Unique};
use super::platform::Platform;
use super::texts::Texts;
use super::whole_ids::whole;

/// Bytes of ids that are handed on at once.
const BATCH: usize = 1 << 17;

/// A buffer of a column's ids, in front of the part that numbers them.
pub struct IdColumn {
    /// Ids that are not handed on yet. They are whole numbers until the first id that is not one.
    waiting: IdBatch,
    numbering: Box<dyn Numbering>,
}

impl IdColumn {
    /// Begins a column.
    pub fn of(unique: Unique, platform: &dyn Platform) -> Self {
        Self { waiting: IdBatch::Whole(Vec::new()), numbering: platform.number(Numbered::of(unique)) }
    }

    /// Adds the id of the next row.
    #[inline]
    pub fn push(&mut self, id: &str) {
        if let IdBatch::Whole(ids) = &mut self.waiting {
            if let Some(id) = whole(id) {
                ids.push(id);
                if ids.len() * size_of::<u64>() > BATCH {
                    self.hand_on(IdBatch::Whole(Vec::new()));
                }
                return;
            }
            self.hand_on(IdBatch::Texts(Texts::default()));
        }
        if let IdBatch::Texts(texts) = &mut self.waiting {
            texts.push(id);
            if texts.size() > BATCH {
                self.hand_on(IdBatch::Texts(Texts::default()));
            }
        }
    }

    /// Adds the ids of the next rows, when they are whole numbers.
    pub fn push_whole(&mut self, ids: Vec<u64>) {
        self.hand_on(IdBatch::Whole(ids));
        self.hand_on(IdBatch::Whole(Vec::new()));
    }

    /// Hands the buffer on, and replaces it by `next`.
    fn hand_on(&mut self, next: IdBatch) {
        self.numbering.take(std::mem::replace(&mut self.waiting, next));
    }

    /// Ends the column, and returns its ids with the number of each row.
    pub fn finish(mut self) -> Numbered {
        self.hand_on(IdBatch::Whole(Vec::new()));
        self.numbering.finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::OneThread;

    proptest! {
        #[test]
        fn repetitions_are_found_whether_ids_are_sorted_or_not(
            mut ids in vec("[ab]{0,3}", 1..60),
            sorted in 0_usize..60,
        ) {
            let sorted = sorted.min(ids.len());
            ids[..sorted].sort_unstable();
            let mut column = IdColumn::of(Unique::Expected, &OneThread);
            ids.iter().for_each(|id| column.push(id));
            let numbered = column.finish();
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
            let mut column = IdColumn::of(unique, &OneThread);
            for (place, id) in ids.iter().enumerate() {
                match whole(id).filter(|_| place % 3 == 0) {
                    Some(id) => column.push_whole(vec![id]),
                    None => column.push(id),
                }
            }
            let numbered = column.finish();
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
