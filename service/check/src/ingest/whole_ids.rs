//! Ids that are whole numbers. Each takes eight bytes, and comparing them needs no hash of a text.

use std::cmp::Ordering;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// The different ids of a column of whole numbers. Each gets a number, in the order in which the ids came.
///
/// An id stands for its decimal text: 7 is the id `7`. A text with leading zeros is no whole number here; it stays a
/// text.
#[derive(Debug, Clone, Default)]
pub struct WholeIds {
    values: Vec<u64>,
    /// For each id 1 + its number, or 0 where the id is not known. The ids of most registers count up from near zero.
    near: Vec<u32>,
    /// Numbers of the ids that are too large for `near`.
    far: HashTable<u32>,
    hasher: RandomState,
    /// Whether ids were added that the lookup does not know.
    unfindable: bool,
}

impl WholeIds {
    /// Slots in `near` for each id, and the slots to begin with. A table that is one quarter full is still smaller
    /// and faster than a hash table.
    const ROOM: u64 = 4;
    const FIRST_ROOM: u64 = 1 << 16;

    /// Returns the number of an id. A new id gets the next number.
    pub fn code(&mut self, id: u64) -> u32 {
        if let Some(slot) = place(id).and_then(|place| self.near.get_mut(place)) {
            if *slot == 0 {
                self.values.push(id);
                *slot = count(self.values.len());
            }
            return *slot - 1;
        }
        if id < Self::ROOM * (self.values.len() as u64 + Self::FIRST_ROOM) {
            self.reach(id);
            return self.code(id);
        }
        let Self { values, far, hasher, .. } = self;
        let of = |code: u32| values[code as usize];
        let hash = hasher.hash_one(id);
        if let Some(&code) = far.find(hash, |&code| of(code) == id) {
            return code;
        }
        let code = count(values.len());
        far.insert_unique(hash, code, |&code| hasher.hash_one(of(code)));
        self.values.push(id);
        code
    }

    /// Extends `near` up to an id, and moves the ids from `far` that now fit.
    fn reach(&mut self, id: u64) {
        let Self { values, near, far, .. } = self;
        let wanted = place(id).map_or(0, |place| place + 1).max(near.len() + near.len() / 2);
        near.resize(wanted, 0);
        far.retain(|&mut code| match place(values[code as usize]).and_then(|place| near.get_mut(place)) {
            Some(slot) => {
                *slot = code + 1;
                false
            }
            None => true,
        });
    }

    /// Adds an id that is larger than the last one, and so is new, without looking it up. Returns whether it was
    /// added. Ids added like this cannot be found before [`WholeIds::make_lookup`].
    pub fn push_ascending(&mut self, id: u64) -> bool {
        let ascends = self.values.last().is_none_or(|&last| last < id);
        if ascends {
            self.values.push(id);
            self.unfindable = true;
        }
        ascends
    }

    /// Builds the lookup for ids that were added without one.
    pub fn make_lookup(&mut self) {
        if self.unfindable {
            let values = std::mem::take(&mut self.values);
            self.forget_lookup();
            self.values.reserve_exact(values.len());
            for id in values {
                self.code(id);
            }
        }
    }

    /// Frees the memory of the lookup.
    pub fn forget_lookup(&mut self) {
        (self.near, self.far, self.unfindable) = (Vec::new(), HashTable::new(), !self.values.is_empty());
    }

    /// Returns the number of an id, if the id is known.
    pub fn find(&self, id: u64) -> Option<u32> {
        match place(id).and_then(|place| self.near.get(place)) {
            Some(slot) => slot.checked_sub(1),
            None => {
                self.far.find(self.hasher.hash_one(id), |&code| self.values[code as usize] == id).copied()
            }
        }
    }

    /// Returns the id of a number.
    #[inline]
    pub fn value(&self, code: u32) -> u64 {
        self.values[code as usize]
    }

    /// Returns all ids, by number.
    pub fn values(&self) -> &[u64] {
        &self.values
    }

    /// Keeps only the ids of some numbers. The place of a number in `numbers` is the new number. From now on no id
    /// can be found.
    pub fn select(&mut self, numbers: &[u32]) {
        self.forget_lookup();
        self.values = numbers.iter().map(|&number| self.values[number as usize]).collect();
    }
}

/// Returns a text as a whole number, if it is the decimal text of one: no sign, no leading zero.
pub fn whole(text: &str) -> Option<u64> {
    let plain = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| plain)
}

/// Compares two ids by their decimal texts: 10 comes before 9.
#[inline]
pub fn compare_as_texts(left: u64, right: u64) -> Ordering {
    let digits = |id: u64| id.checked_ilog10().unwrap_or(0);
    let (left_digits, right_digits) = (digits(left), digits(right));
    if left_digits == right_digits {
        return left.cmp(&right);
    }
    // Both ids are padded with zeros to the same number of digits. An id that begins the other one becomes equal to
    // it, and then the shorter comes first.
    let scaled = |id: u64, digits: u32| u128::from(id) * 10_u128.pow(left_digits.max(right_digits) - digits);
    scaled(left, left_digits).cmp(&scaled(right, right_digits)).then(left_digits.cmp(&right_digits))
}

/// Appends an id to a buffer. Making a release writes a hundred million ids.
#[inline]
pub fn write_whole(id: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(id).as_bytes());
}

fn place(id: u64) -> Option<usize> {
    usize::try_from(id).ok()
}

fn count(ids: usize) -> u32 {
    u32::try_from(ids).expect("a file with 4 billion different ids is refused before")
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Ids as registers have them: near zero, anywhere, or where the number of digits changes.
    fn id() -> impl Strategy<Value = u64> {
        let edge =
            (0_u32..20, -2_i64..3).prop_map(|(digits, by)| 10_u64.pow(digits).saturating_add_signed(by));
        prop_oneof![0_u64..50, 0_u64..2_000_000, edge, any::<u64>(), Just(u64::MAX)]
    }

    proptest! {
        #[test]
        fn every_id_has_one_number_and_is_found(ids in vec(id(), 0..300), ascending in 0_usize..300) {
            let mut sorted: Vec<u64> = ids.iter().take(ascending).copied().collect();
            sorted.sort_unstable();
            sorted.dedup();
            let mut numbered = WholeIds::default();
            for &id in &sorted {
                prop_assert!(numbered.push_ascending(id));
            }
            numbered.make_lookup();
            let mut expected = sorted;
            for id in ids {
                let code = numbered.code(id) as usize;
                if !expected.contains(&id) {
                    expected.push(id);
                }
                prop_assert_eq!(expected[code], id);
                prop_assert_eq!(numbered.find(id), u32::try_from(code).ok());
            }
            prop_assert_eq!(numbered.values(), &expected[..]);
        }

        #[test]
        fn ids_compare_and_are_written_as_their_texts(left in id(), right in id()) {
            let (left_text, right_text) = (left.to_string(), right.to_string());
            prop_assert_eq!(compare_as_texts(left, right), left_text.cmp(&right_text));
            let mut out = b"x".to_vec();
            write_whole(left, &mut out);
            prop_assert_eq!(out, format!("x{left_text}").into_bytes());
            prop_assert_eq!(whole(&left_text), Some(left));
        }

        #[test]
        fn a_beginning_comes_before_what_it_begins(id in 1_u64..1_000_000_000, zeros in 1_u32..9) {
            let longer = id * 10_u64.pow(zeros);
            prop_assert_eq!(compare_as_texts(id, longer), Ordering::Less);
            prop_assert_eq!(compare_as_texts(longer, id), Ordering::Greater);
        }
    }

    #[test]
    fn a_text_that_is_not_the_decimal_text_of_a_number_is_none() {
        for text in ["", "007", "00", "+7", "-7", "7 ", "7.0", "1e3", "18446744073709551616", "٧"] {
            assert_eq!(whole(text), None, "{text}");
        }
        assert_eq!(whole("0"), Some(0));
    }
}
