//! Rows that a mapping refuses.

use std::collections::BTreeMap;

use crate::domain::Say;

/// Most refusals that are listed. Beyond them rows are only counted.
const LISTED: usize = 10_000;

/// The reason why a row is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The number of the row in its sheet.
    pub row: u32,
    /// The heading of the column, if one column is the reason.
    pub column: Option<String>,
    /// The reason.
    pub says: Say,
}

/// The refused rows of a table.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    /// The first reasons.
    pub listed: Vec<Refusal>,
    /// The codes of every refused row.
    pub rows: BTreeMap<u32, Vec<&'static str>>,
}

impl Refusals {
    /// Adds a reason of a row.
    pub fn add(&mut self, row: u32, column: Option<&str>, says: Say) {
        let codes = self.rows.entry(row).or_default();
        if !codes.contains(&says.code()) {
            codes.push(says.code());
        }
        if self.listed.len() < LISTED {
            self.listed.push(Refusal { row, column: column.map(str::to_owned), says });
        }
    }
}
