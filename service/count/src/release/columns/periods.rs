//! The distinct dates of a table, with what queries need to know of each.

use crate::domain::{Period, day_number};

/// Periods in the order of the release: sorted as texts, an unknown date last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Periods {
    packed: Vec<u32>,
    days: Vec<Option<(i32, i32)>>,
    times: Vec<(Option<i32>, Option<i32>)>,
    reach: Option<(i32, i32)>,
    years: usize,
}

impl Periods {
    /// Makes the list from packed periods ([`Period::packed`]); 0 is an unknown date.
    pub fn of(packed: Vec<u32>) -> Self {
        let periods = || packed.iter().map(|&packed| Period::unpacked(packed));
        let days = |period: Period| (day_number(period.first_day()), day_number(period.last_day()));
        let days: Vec<_> = periods().map(|period| period.map(days)).collect();
        let times: Vec<_> =
            periods().map(|period| (period.map(Period::year), period.and_then(Period::month))).collect();
        let first = days.iter().flatten().map(|(first, _)| *first).min();
        let last = days.iter().flatten().map(|(_, last)| *last).max();
        let reach = first.zip(last).filter(|_| days.iter().all(Option::is_some));
        let years = || times.iter().filter_map(|(year, _)| *year);
        let years = years().max().zip(years().min()).map_or(0, |(last, first)| last.abs_diff(first) + 1);
        Self { packed, days, times, reach, years: usize::try_from(years).unwrap_or(usize::MAX) }
    }

    /// Returns the number of periods.
    pub fn len(&self) -> usize {
        self.packed.len()
    }

    /// Whether there are no periods. The table then does not distinguish dates.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// Returns the packed periods.
    pub fn packed(&self) -> &[u32] {
        &self.packed
    }

    /// Returns for each period its first and last day, in days since 1970-01-01; `None` where it is unknown.
    pub fn days(&self) -> &[Option<(i32, i32)>] {
        &self.days
    }

    /// Returns for each period its year, and its month as the number of months since January of year 0, where they are known.
    pub fn times(&self) -> &[(Option<i32>, Option<i32>)] {
        &self.times
    }

    /// Returns the first and the last day of all periods, in days since 1970-01-01; `None` where there are no periods or one
    /// is unknown.
    pub fn reach(&self) -> Option<(i32, i32)> {
        self.reach
    }

    /// Returns the number of years from the first to the last, both included.
    pub fn years(&self) -> usize {
        self.years
    }
}
