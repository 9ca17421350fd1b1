//! The rules of a check that the package itself does not state.

use std::sync::atomic::AtomicU64;

use jiff::civil::Date;

/// The rules of a check that the package itself does not state.
#[derive(Debug)]
pub struct Rules {
    /// The last day that a record may have.
    pub today: Date,
    /// Most rows of a file that may be refused, in percent, before the whole file is.
    pub max_rejected_percent: f64,
    /// Bytes read so far, for a progress display.
    pub bytes_read: AtomicU64,
}

impl Rules {
    /// The usual limit for `max_rejected_percent`.
    pub const MAX_REJECTED_PERCENT: f64 = 5.0;

    /// Makes the usual rules, with `today` as the last day.
    pub fn of(today: Date) -> Self {
        Self { today, max_rejected_percent: Self::MAX_REJECTED_PERCENT, bytes_read: AtomicU64::new(0) }
    }

    /// Makes the usual rules without a clock, for data that were checked before. A clock that is years behind would
    /// refuse them, and then the service would not start.
    pub fn of_any_day() -> Self {
        Self::of(Date::MAX)
    }
}
