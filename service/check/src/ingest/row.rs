//! A row of a table: its fields by column, and its faults.

use super::batch::{Batch, Record};
use super::excerpt::is_hidden;
use super::report::Reason;
use super::row_positions::Position;
use crate::domain::tables::{Column, Need};
use crate::domain::{Say, would_run};

/// A record whose required fields are filled.
#[derive(Debug)]
pub struct Row<'a> {
    /// The position of the record in its file.
    pub position: Position,
    /// The batch that holds the record.
    pub(super) batch: &'a Batch,
    /// The record itself.
    pub(super) record: &'a Record,
    /// The requested columns.
    pub(super) columns: &'static [Column],
    /// For each requested column: its place in the file.
    pub(super) places: &'a [Option<usize>],
    /// Whether cells are guarded against spreadsheets, as in a quarantine file.
    pub(super) guarded: bool,
}

impl Row<'_> {
    /// Returns a field by the place of its column in the list that the table was opened with. Returns `""` when the
    /// file has no such column.
    #[inline]
    pub fn text(&self, column: usize) -> &str {
        let Some(place) = self.places[column] else { return "" };
        let text = self.batch.text(self.record, place);
        if self.guarded { unguarded(text) } else { text }
    }

    /// Checks that every required field is filled.
    ///
    /// # Errors
    /// When a required field is empty, or has only spaces and invisible characters.
    pub fn filled(&self) -> Result<(), Refusals> {
        let mut missing = Refusals::default();
        for (column, asked) in self.columns.iter().enumerate() {
            if asked.need == Need::Filled && is_blank(self.text(column)) {
                let empty = Refusal::new(column, Reason::MissingValue, "missing_value");
                missing.note::<()>(Err(empty));
            }
        }
        missing.settle()
    }
}

/// Whether a text shows nothing to a person.
#[inline]
pub fn is_blank(text: &str) -> bool {
    // A shortcut: nearly every field begins with a letter or a digit.
    let begins_visibly = text.as_bytes().first().is_some_and(u8::is_ascii_graphic);
    !begins_visibly && text.chars().all(|symbol| symbol.is_whitespace() || is_hidden(symbol))
}

/// Removes the guard that [`super::quarantine`] put in front of a cell.
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| would_run(rest) || rest.starts_with('\'')).unwrap_or(text)
}

/// What happened to a valid record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The record was accepted.
    Kept,
    /// The record is withheld by its publisher; it must appear nowhere.
    Withheld,
}

/// A fault of a row: the column, the reason, the words, and a better value.
#[derive(Debug)]
pub struct Refusal {
    /// Place of the column in the list that the table was opened with.
    pub column: usize,
    /// The kind of fault.
    pub reason: Reason,
    /// What is wrong. The place `value` of the sentence is filled when the refusal is listed.
    pub says: Say,
    /// What to write instead.
    pub suggestion: Option<String>,
}

impl Refusal {
    /// Makes a refusal without a suggestion.
    pub fn new(column: usize, reason: Reason, says: impl Into<Say>) -> Self {
        Self { column, reason, says: says.into(), suggestion: None }
    }

    /// Adds what should be written instead.
    pub fn suggesting(mut self, suggestion: Option<&str>) -> Self {
        self.suggestion = suggestion.map(str::to_owned);
        self
    }
}

/// All faults of a row. A publisher who repairs the row should not have to come back for the next fault.
#[derive(Debug, Default)]
pub struct Refusals(pub(super) Vec<Refusal>);

impl Refusals {
    /// Records the fault of a result, if it is one. Returns the value otherwise.
    pub fn note<T>(&mut self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.0.push(refusal)).ok()
    }

    /// Returns all faults as one error, if there are any.
    ///
    /// # Errors
    /// When there is a fault.
    pub fn settle(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<Refusal> for Refusals {
    fn from(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }
}
