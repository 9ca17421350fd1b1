//! The different dates of a table, with what is asked of each.

use crate::domain::{Period, day_number};

/// Periods in the order of the release: as their texts sort, an unknown one last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Periods {
    packed: Vec<u32>,
    days: Vec<Option<(i32, i32)>>,
    times: Vec<(Option<i32>, Option<i32>)>,
}

impl Periods {
    /// Takes periods, each as [`Period::packed`] and 0 for an unknown one.
    pub fn of(packed: Vec<u32>) -> Self {
        let periods = || packed.iter().map(|&packed| Period::unpacked(packed));
        let days = |period: Period| (day_number(period.first_day()), day_number(period.last_day()));
        Self {
            days: periods().map(|period| period.map(days)).collect(),
            times: periods()
                .map(|period| (period.map(Period::year), period.and_then(Period::month)))
                .collect(),
            packed,
        }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.packed.len()
    }

    /// Whether there is none: the table does not tell dates apart.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// Returns them as they were packed.
    pub fn packed(&self) -> &[u32] {
        &self.packed
    }

    /// Returns for each the first and the last day that it may be, in days since 1970; `None` where it is unknown.
    pub fn days(&self) -> &[Option<(i32, i32)>] {
        &self.days
    }

    /// Returns for each its year, and its months since January of year 0, where they are known.
    pub fn times(&self) -> &[(Option<i32>, Option<i32>)] {
        &self.times
    }
}
