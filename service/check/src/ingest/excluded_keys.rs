//! The keys of rows that were refused or are kept back, and which charges also have one of them.

use std::collections::HashSet;

use super::charges::{CASE_ID, CHARGE_ID, Charges, DEFENDANT_ID, Ids, STATUTE};
use super::dictionary::{Dictionary, composed};
use super::row::Row;
use crate::domain::Register;

/// The keys of rows that were refused or are kept back. Of a charge that stands there as well, in another row, nobody can
/// know what is right, and perhaps its publisher meant to keep it back.
pub struct ExcludedKeys {
    /// The columns of the key: the charge's own id, else case, defendant and statute.
    columns: &'static [usize],
    keys: Dictionary,
}

/// Stands between the parts of a key; no text of a row has it.
const BETWEEN: &str = "\u{1f}";

impl ExcludedKeys {
    /// Begins; `has_own` is whether charges have ids of their own.
    pub fn of(has_own: bool) -> Self {
        let columns: &[usize] = if has_own { &[CHARGE_ID] } else { &[CASE_ID, DEFENDANT_ID, STATUTE] };
        Self { columns, keys: Dictionary::default() }
    }

    /// Notes the key of a row.
    pub fn note(&mut self, row: &Row<'_>) {
        let parts: Vec<_> = self.columns.iter().map(|&column| composed(row.text(column))).collect();
        self.keys.code(&parts.join(BETWEEN));
    }

    /// Returns which of the charges have one of the keys.
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
