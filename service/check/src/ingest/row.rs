//! One row: its fields by column, and what can be wrong with them.

use super::batch::{Batch, Record};
use super::excerpt::is_hidden;
use super::report::Reason;
use super::row_positions::Position;
use crate::domain::tables::{Column, Need};
use crate::domain::would_run;

/// One record whose required fields are filled.
#[derive(Debug)]
pub struct Row<'a> {
    /// Where it stands.
    pub position: Position,
    /// The batch that it is in.
    pub(super) batch: &'a Batch,
    /// The record itself.
    pub(super) record: &'a Record,
    /// The columns asked for.
    pub(super) columns: &'static [Column],
    /// For each column asked for: where it stands in the file.
    pub(super) places: &'a [Option<usize>],
    /// Whether cells are guarded against spreadsheets.
    pub(super) guarded: bool,
}

impl Row<'_> {
    /// Returns a field by the place of its column in the list the table was opened with; `""` where the
    /// file has no such column.
    #[inline]
    pub fn text(&self, column: usize) -> &str {
        let Some(place) = self.places[column] else { return "" };
        let text = self.batch.text(self.record, place);
        if self.guarded { unguarded(text) } else { text }
    }

    /// Checks that every field that must be filled is.
    ///
    /// # Errors
    /// When one is empty, or has only spaces and invisible characters.
    pub fn filled(&self) -> Result<(), Refusals> {
        let mut missing = Refusals::default();
        for (column, asked) in self.columns.iter().enumerate() {
            if asked.need == Need::Filled && is_blank(self.text(column)) {
                let empty = Refusal::new(column, Reason::MissingValue, "is empty and must not be");
                missing.note::<()>(Err(empty));
            }
        }
        missing.settle()
    }
}

/// Whether a person sees nothing in a text.
#[inline]
pub fn is_blank(text: &str) -> bool {
    // Nearly every field begins with a letter or a digit.
    let begins_visibly = text.as_bytes().first().is_some_and(u8::is_ascii_graphic);
    !begins_visibly && text.chars().all(|symbol| symbol.is_whitespace() || is_hidden(symbol))
}

/// Undoes what [`super::quarantine`] did to a cell that a spreadsheet would run.
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| would_run(rest) || rest.starts_with('\'')).unwrap_or(text)
}

/// What became of a valid record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was taken.
    Kept,
    /// Its publisher keeps it back; it must appear nowhere.
    Withheld,
}

/// What is wrong with a row: the column's place in the list, the reason, words, and a better value.
#[derive(Debug)]
pub struct Refusal {
    /// Position of the column in the list the table was opened with.
    pub column: usize,
    /// What kind of fault.
    pub reason: Reason,
    /// What is wrong, in words; the value comes before it.
    pub message: String,
    /// What to write instead.
    pub suggestion: Option<String>,
}

impl Refusal {
    /// Makes a refusal without a suggestion.
    pub fn new(column: usize, reason: Reason, message: impl Into<String>) -> Self {
        Self { column, reason, message: message.into(), suggestion: None }
    }

    /// Adds what should be written instead.
    pub fn suggesting(mut self, suggestion: Option<&str>) -> Self {
        self.suggestion = suggestion.map(str::to_owned);
        self
    }
}

/// Everything that is wrong with a row: a publisher who repairs it should not have to come back for the next fault.
#[derive(Debug, Default)]
pub struct Refusals(pub(super) Vec<Refusal>);

impl Refusals {
    /// Keeps a fault and goes on; returns the value where there is none.
    pub fn note<T>(&mut self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.0.push(refusal)).ok()
    }

    /// Gives everything back as an error, if there is anything.
    ///
    /// # Errors
    /// When something is wrong.
    pub fn settle(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<Refusal> for Refusals {
    fn from(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }
}
