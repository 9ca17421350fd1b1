//! Charges that also stand in a row that was refused or is kept back.

use std::collections::HashSet;

use super::charge_rows::{CASE_ID, CHARGE_ID, DEFENDANT_ID, STATUTE};
use super::charges::Charges;
use super::dictionary::{Dictionary, composed};
use super::row::Row;
use crate::domain::Register;

/// The keys of rows that were refused or are kept back: a charge that stands there as well, in another row, is one of
/// which nobody can know what is right, and perhaps one that its publisher meant to keep back.
pub struct Untaken {
    /// Whether charges have ids of their own; else case, defendant and statute are the key.
    pub has_own: bool,
    /// The keys.
    pub keys: Dictionary,
}

/// Stands between the parts of a key; no text of a row has it.
const BETWEEN: &str = "\u{1f}";

impl Untaken {
    /// Notes the key of a row.
    pub fn note(&mut self, row: &Row<'_>) {
        let key = if self.has_own {
            composed(row.text(CHARGE_ID)).into_owned()
        } else {
            [CASE_ID, DEFENDANT_ID, STATUTE]
                .map(|column| composed(row.text(column)).into_owned())
                .join(BETWEEN)
        };
        self.keys.code(&key);
    }

    /// Returns which of the charges have one of the keys.
    pub fn among(&self, charges: &Charges, register: &Register) -> HashSet<usize> {
        let Some(ids) = charges.ids.as_deref().filter(|_| !self.keys.is_empty()) else {
            return HashSet::new();
        };
        if self.has_own {
            let own: HashSet<u32> = self.keys.texts().filter_map(|key| ids.charges.find(key)).collect();
            let among = ids.charge.iter().enumerate().filter(|(_, id)| own.contains(id));
            return among.map(|(row, _)| row).collect();
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
