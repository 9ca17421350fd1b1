//! Years and months, as numbers along an axis and as text.

use crate::flat::whole;
use crate::svg::{push_whole, put};

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Calendar years.
    Year,
    /// Months, counted since year 0: `year * 12 + month - 1`.
    Month,
}

/// The periods of an answer, and the range of them that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    /// The length of each period.
    pub unit: Unit,
    /// First and last period with a figure in the whole answer.
    pub whole: (i32, i32),
    /// First and last period drawn.
    pub shown: (i32, i32),
}

impl Periods {
    /// Returns the unit (1: years, 2: months), then the first and last period of the answer, then those drawn.
    pub(crate) fn numbers(self) -> [i32; 5] {
        let unit = if self.unit == Unit::Year { 1 } else { 2 };
        [unit, self.whole.0, self.whole.1, self.shown.0, self.shown.1]
    }
}

/// Reads a day, month or year as months since year 0. With `end`, a year without a month means its last month.
pub fn parse_month(text: &str, end: bool) -> Option<i32> {
    let mut parts = text.split('-');
    let year = whole(parts.next()?).filter(|year| (0..=9999).contains(year))?;
    let month = match parts.next() {
        Some(month) => whole(month).filter(|month| (1..=12).contains(month))?,
        None if end => 12,
        None => 1,
    };
    Some((year * 12 + month - 1) as i32)
}

/// Returns a period as `YYYY` or `YYYY-MM`.
pub fn name(at: i32, unit: Unit) -> String {
    let mut name = String::new();
    if unit == Unit::Year {
        push_whole(&mut name, at);
    } else {
        let month = at.rem_euclid(12) + 1;
        push_whole(&mut name, at.div_euclid(12));
        put(&mut name, if month < 10 { "-0" } else { "-" });
        push_whole(&mut name, month);
    }
    name
}
