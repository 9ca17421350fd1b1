//! What a counting engine does.

use super::counts::{Behind, Counts};
use super::selection::Selection;

/// Most rows of an answer. Nobody reads a longer one, and it takes memory from everybody else.
pub const MOST_ROWS: usize = 5_000_000;

/// Counts the records of one release.
///
/// Rows are sorted by the dimensions in the order of the selection, unknown values first: years and months in time
/// order, codes in byte order. Only groups with records appear. An engine keeps the deadline of the thread that asks
/// ([`Deadline::current`](crate::query::Deadline::current)): it unwinds when the deadline has passed.
pub trait Engine: std::fmt::Debug + Send + Sync {
    /// Returns one row per group, with the measures and, for reported figures, what stands behind each row.
    ///
    /// # Errors
    /// When there would be more than [`MOST_ROWS`] rows, or the engine fails.
    fn count(&self, selection: &Selection) -> Result<Counts, EngineError>;

    /// Returns the number of records per group. Records are charges, or reported figures: a menu must not add what may not
    /// be added, but it can say how much there is to see.
    ///
    /// # Errors
    /// As [`Engine::count`].
    fn facets(&self, selection: &Selection) -> Result<Counts, EngineError> {
        self.count(&selection.charges_by(selection.by.clone()))
    }

    /// Returns what stands behind an answer: of charges, how many each source has.
    ///
    /// # Errors
    /// As [`Engine::count`].
    fn evidence(&self, selection: &Selection) -> Result<Behind, EngineError> {
        Ok(Behind::Charges(self.count(&selection.charges_by_source())?))
    }

    /// Returns how [`Engine::count`] would count, in words.
    ///
    /// # Errors
    /// When the engine fails.
    fn explain(&self, selection: &Selection) -> Result<String, EngineError>;
}

/// Why an engine could not count.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The answer would be longer than answers are.
    #[error("more than {MOST_ROWS} rows")]
    TooManyRows,
    /// There is no memory for it.
    #[error(transparent)]
    Memory(#[from] std::io::Error),
    /// Polars refuses the plan: a bug.
    #[error(transparent)]
    Polars(#[from] polars::error::PolarsError),
}
