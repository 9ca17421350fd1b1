//! Limits on the memory that a Parquet file may take. A file of some kilobytes can state, compress or repeat
//! gigabytes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use parquet::errors::ParquetError;

/// Rows that are decoded at once.
pub const BATCH: usize = 1 << 16;

/// Most bytes of an unpacked page. Writers make pages of a megabyte.
pub const LARGEST_PAGE: u64 = 1 << 28;

/// Most bytes of the pages that are read for one batch, unpacked and decoded. This allows several kilobytes for each
/// row.
const LARGEST_BATCH: u64 = 1 << 29;

/// A finding that a part of the file is too large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// The column that has the part.
    pub column: String,
    /// What it has, in words.
    pub what: String,
}

/// A counter of the memory that a batch takes. It also keeps the finding, because the library passes on only the
/// words of an error.
#[derive(Debug, Default)]
pub struct Watch {
    taken: AtomicU64,
    found: Mutex<Option<TooLarge>>,
}

impl Watch {
    /// Begins a batch: nothing is counted yet.
    pub fn begin(&self) {
        self.taken.store(0, Ordering::Relaxed);
    }

    /// Counts bytes of a column.
    ///
    /// # Errors
    /// When the batch takes more than its limit.
    pub fn take(&self, column: &str, bytes: u64) -> Result<(), ParquetError> {
        let taken = self.taken.load(Ordering::Relaxed).saturating_add(bytes);
        self.taken.store(taken, Ordering::Relaxed);
        if taken > LARGEST_BATCH {
            let found = format!("values of {bytes} bytes, and the rows read with them take {taken}");
            return Err(self.refuse(column, &format!("{found}; {LARGEST_BATCH} are the most")));
        }
        Ok(())
    }

    /// Makes the error that refuses a part of a column, and keeps the finding.
    pub fn refuse(&self, column: &str, what: &str) -> ParquetError {
        let message = format!("column `{column}` has {what}");
        let found = TooLarge { column: column.to_owned(), what: what.to_owned() };
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        ParquetError::General(message)
    }

    /// Returns the finding, if reading ended because of one.
    pub fn found(&self) -> Option<TooLarge> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
