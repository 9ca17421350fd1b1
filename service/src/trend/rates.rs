//! Rates and relative changes, given only where the numbers are large enough.

use crate::statistics::{Interval, wilson};

/// Smallest number with a percentage. Below it, one more or one less would change the percentage by more than ten points.
pub const SMALL: u64 = 10;

/// The rate of a part in a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// The part.
    pub numerator: u64,
    /// The whole.
    pub denominator: u64,
    /// The share with its 95 % Wilson interval; `None` when the whole is under [`SMALL`].
    pub share: Option<Interval>,
}

/// Returns the rate of a part in a whole.
///
/// # Example
/// ```
/// assert!(chargesheet::trend::rate(4, 9).share.is_none());
/// assert_eq!(chargesheet::trend::rate(5, 10).share.unwrap().share, 0.5);
/// ```
pub fn rate(numerator: u64, denominator: u64) -> Rate {
    let share = if denominator < SMALL { None } else { wilson(numerator, denominator) };
    Rate { numerator, denominator, share }
}

chargesheet_check::words! {
    /// The reason why a number is missing.
    Missing {
        /// No percentage: the first figure is zero.
        FirstIsZero = "first-is-zero",
        /// No percentage: a figure is under [`SMALL`].
        Under10 = "under-10",
        /// No test and no slope: too few years.
        FewYears = "few-years",
    }
}

/// Returns the change from `first` to `last` as a share of `first`: -0.5 is a fall by half.
///
/// # Errors
/// When `first` is 0, or either count is under [`SMALL`].
pub fn relative_change(first: u64, last: u64) -> Result<f64, Missing> {
    if first == 0 {
        Err(Missing::FirstIsZero)
    } else if first < SMALL || last < SMALL {
        Err(Missing::Under10)
    } else {
        Ok((last as f64 - first as f64) / first as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_percentage_of_zero_and_none_under_ten() {
        assert_eq!(relative_change(0, 500), Err(Missing::FirstIsZero));
        assert_eq!(relative_change(9, 500), Err(Missing::Under10));
        assert_eq!(relative_change(500, 9), Err(Missing::Under10));
        assert_eq!(relative_change(20, 10), Ok(-0.5));
        assert_eq!(relative_change(10, 25), Ok(1.5));
    }
}
