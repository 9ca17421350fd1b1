//! What rows are held against besides the package itself.

use std::sync::atomic::AtomicU64;

use jiff::civil::Date;

/// What rows are held against besides the package itself.
#[derive(Debug)]
pub struct Rules {
    /// The last day a record may be of.
    pub today: Date,
    /// The share of a file's rows, in percent, of which more may not be refused.
    pub max_rejected_percent: f64,
    /// Bytes read so far, for whoever shows it.
    pub bytes_read: AtomicU64,
}

impl Rules {
    /// Most rows refused before a file is refused whole, where nothing else is asked for.
    pub const MAX_REJECTED_PERCENT: f64 = 5.0;

    /// Makes the usual rules for a day.
    pub fn of(today: Date) -> Self {
        Self { today, max_rejected_percent: Self::MAX_REJECTED_PERCENT, bytes_read: AtomicU64::new(0) }
    }

    /// Makes the usual rules without a clock, for data that somebody has checked before. A clock that is years behind
    /// would refuse them, and with them the service would not start.
    pub fn of_any_day() -> Self {
        Self::of(Date::MAX)
    }
}
