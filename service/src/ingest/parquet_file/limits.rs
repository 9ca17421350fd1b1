//! How much a Parquet file may become in memory: files of some kilobytes can state, pack and repeat gigabytes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use parquet::errors::ParquetError;

/// Rows that are decoded at once.
pub const BATCH: usize = 1 << 16;

/// Most bytes that a page may have once it is unpacked. Writers make pages of a megabyte.
pub const LARGEST_PAGE: u64 = 1 << 28;

/// Most bytes that the pages read for one batch of rows may have together, once they are unpacked and decoded: several kilobytes
/// for each row.
const LARGEST_BATCH: u64 = 1 << 29;

/// What is too large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// The column that it is in.
    pub column: String,
    /// What it is, in words.
    pub message: String,
}

/// Adds up what a batch takes, and keeps what was too large: the library hands on only the words of an error.
#[derive(Debug, Default)]
pub struct Watch {
    taken: AtomicU64,
    found: Mutex<Option<TooLarge>>,
}

impl Watch {
    /// Begins a batch.
    pub fn begin(&self) {
        self.taken.store(0, Ordering::Relaxed);
    }

    /// Takes bytes for a column.
    ///
    /// # Errors
    /// When the batch has more than it may.
    pub fn take(&self, column: &str, bytes: u64) -> Result<(), ParquetError> {
        let taken = self.taken.load(Ordering::Relaxed).saturating_add(bytes);
        self.taken.store(taken, Ordering::Relaxed);
        if taken > LARGEST_BATCH {
            let found = format!("values of {bytes} bytes, and the rows read with them take {taken}");
            return Err(self.refuse(column, &format!("{found}; {LARGEST_BATCH} are the most")));
        }
        Ok(())
    }

    /// Refuses what is in a column.
    pub fn refuse(&self, column: &str, what: &str) -> ParquetError {
        let message = format!("column `{column}` has {what}");
        let found = TooLarge { column: column.to_owned(), message: message.clone() };
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        ParquetError::General(message)
    }

    /// Returns what was too large, if that is why reading ended.
    pub fn found(&self) -> Option<TooLarge> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
