//! The keys of rows that were refused or withheld, and the charges that share such a key.

use std::collections::HashSet;

use super::charges::{CASE_ID, CHARGE_ID, Charges, DEFENDANT_ID, Ids, STATUTE};
use super::dictionary::{Dictionary, composed};
use super::row::Row;
use crate::domain::Register;

/// The keys of rows that were refused or withheld. If another row has the same key, nobody can know which of the two
/// is right. Perhaps the publisher meant to withhold both.
pub struct ExcludedKeys {
    /// The columns of the key: the charge's own id, or else case, defendant and statute.
    columns: &'static [usize],
    keys: Dictionary,
}

/// The separator between the parts of a key. No text of a row contains it.
const BETWEEN: &str = "\u{1f}";

impl ExcludedKeys {
    /// Begins without keys. `has_own` says whether charges have ids of their own.
    pub fn of(has_own: bool) -> Self {
        let columns: &[usize] = if has_own { &[CHARGE_ID] } else { &[CASE_ID, DEFENDANT_ID, STATUTE] };
        Self { columns, keys: Dictionary::default() }
    }

    /// Adds the key of a row.
    pub fn note(&mut self, row: &Row<'_>) {
        let parts: Vec<_> = self.columns.iter().map(|&column| composed(row.text(column))).collect();
        self.keys.code(&parts.join(BETWEEN));
    }

    /// Returns the columns of the keys, by their places in the description of charges.
    pub fn columns(&self) -> &'static [usize] {
        self.columns
    }

    /// Returns each different key: its parts, in the order of the columns.
    pub fn each(&self) -> impl Iterator<Item = Vec<&str>> {
        self.keys.texts().map(|key| key.split(BETWEEN).collect())
    }

    /// Returns the rows of the charges that have one of the keys.
    pub fn among(&self, charges: &Charges, ids: &mut Ids, register: &Register) -> HashSet<usize> {
        if self.keys.is_empty() {
            return HashSet::new();
        }
        if self.columns == [CHARGE_ID] {
            ids.charges.make_lookup();
            let own: HashSet<u32> = self.keys.texts().filter_map(|key| ids.charges.find(key)).collect();
            return (0..charges.len()).filter(|&row| own.contains(&charges.own[row])).collect();
        }
        let numbers = |key: &str| {
            let mut parts = key.split(BETWEEN);
            let case = ids.cases.find(parts.next()?)?;
            let defendant = ids.defendants.find(parts.next()?)?;
            Some((case, defendant, register.code(parts.next()?)?))
        };
        let keys: HashSet<(u32, u32, u16)> = self.keys.texts().filter_map(numbers).collect();
        let of = |row: usize| (charges.case[row], charges.defendant[row], charges.statute[row]);
        (0..charges.len()).filter(|&row| keys.contains(&of(row))).collect()
    }
}
