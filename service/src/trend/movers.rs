//! The comparison of two counts: their ratio with its 95 % interval, and the order by size of the difference.

use crate::statistics::wilson;

/// A ratio of two counts per year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The later count per year divided by the earlier; `None` when the earlier is 0.
    pub ratio: Option<f64>,
    /// Lower bound of the 95 % interval.
    pub low: f64,
    /// Upper bound of the 95 % interval; `None` when the earlier count is 0, so that there is no bound.
    pub high: Option<f64>,
}

chargesheet_check::words! {
    /// The finding from the interval of a ratio.
    Direction {
        /// The interval lies above 1.
        Grew = "grew",
        /// The interval lies below 1.
        Shrank = "shrank",
        /// The interval contains 1.
        Unclear = "unclear",
    }
}

/// Compares a count over some years with a count over other years; `None` when both are 0.
///
/// Given the sum of two Poisson counts, the later count is binomial (J. Przyborowski and H. Wilenski, "Homogeneity of results in
/// testing samples from Poisson series", Biometrika 31 (1940), 313-323). The bounds p of the Wilson interval of after / (before +
/// after) therefore give the bounds of the ratio, p / (1 - p). Where the periods differ in length, the ratio is scaled by the years.
/// Persons who are in both periods, and charges of one case, are not independent, so the real uncertainty can be larger.
///
/// # Example
/// ```
/// let doubled = chargesheet::trend::ratio((20, 1), (40, 1)).unwrap();
/// assert_eq!(doubled.ratio, Some(2.0));
/// assert!(doubled.low > 1.0 && doubled.high.unwrap() < 3.5);
/// assert_eq!(chargesheet::trend::ratio((20, 1), (40, 2)).unwrap().ratio, Some(1.0));
/// ```
pub fn ratio((before, before_years): (u64, u32), (after, after_years): (u64, u32)) -> Option<Ratio> {
    let share = wilson(after, before.checked_add(after)?)?;
    let years = f64::from(before_years) / f64::from(after_years);
    let odds = |share: f64| share / (1.0 - share) * years;
    Some(Ratio {
        ratio: (before > 0).then(|| after as f64 / before as f64 * years),
        low: odds(share.low),
        high: (share.high < 1.0).then(|| odds(share.high)),
    })
}

impl Ratio {
    /// Returns the finding from the interval.
    pub fn direction(&self) -> Direction {
        if self.low > 1.0 {
            Direction::Grew
        } else if self.high.is_some_and(|high| high < 1.0) {
            Direction::Shrank
        } else {
            Direction::Unclear
        }
    }
}

/// A code with its counts in two periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Mover {
    /// The key of the code; `None` where the code is not known.
    pub key: Option<i32>,
    /// The count in the earlier period.
    pub before: u64,
    /// The count in the later period.
    pub after: u64,
    /// The later count minus the earlier, each per year of its period.
    pub difference_per_year: f64,
    /// The ratio of the counts per year.
    pub ratio: Ratio,
}

impl Mover {
    /// Compares the counts of a code; `None` when both are 0.
    pub fn of(key: Option<i32>, before: (u64, u32), after: (u64, u32)) -> Option<Self> {
        let per_year = |(count, years): (u64, u32)| count as f64 / f64::from(years);
        let ratio = ratio(before, after)?;
        let difference_per_year = per_year(after) - per_year(before);
        Some(Self { key, before: before.0, after: after.0, difference_per_year, ratio })
    }
}

/// Sorts by the difference of the counts, the largest first. Equal differences are in order of the keys, which is that of the codes.
pub(super) fn rank(movers: &mut [Mover]) {
    movers.sort_by(|left, right| {
        let size = |mover: &Mover| mover.difference_per_year.abs();
        size(right).total_cmp(&size(left)).then_with(|| left.key.cmp(&right.key))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_interval_is_that_of_the_share_turned_into_a_ratio() {
        // 20 and 40: the Wilson interval of 40/60 is 0.54057 to 0.77271, so the ratio is between 1.1766 and 3.3996.
        let ratio = ratio((20, 1), (40, 1)).unwrap();
        assert!((ratio.low - 1.1766).abs() < 5e-5, "{ratio:?}");
        assert!((ratio.high.unwrap() - 3.3996).abs() < 5e-5, "{ratio:?}");
        assert_eq!(ratio.direction(), Direction::Grew);
    }

    #[test]
    fn a_zero_before_has_no_ratio_and_can_still_have_grown() {
        let from_zero = ratio((0, 1), (50, 1)).unwrap();
        assert_eq!((from_zero.ratio, from_zero.high), (None, None));
        assert_eq!(from_zero.direction(), Direction::Grew);
        let to_zero = ratio((50, 1), (0, 1)).unwrap();
        assert_eq!((to_zero.ratio, to_zero.low), (Some(0.0), 0.0));
        assert_eq!(to_zero.direction(), Direction::Shrank);
        assert!(ratio((0, 1), (0, 1)).is_none());
    }

    #[test]
    fn small_numbers_are_unclear() {
        assert_eq!(ratio((3, 1), (6, 1)).unwrap().direction(), Direction::Unclear);
    }

    #[test]
    fn the_largest_difference_stands_first_and_among_equals_the_first_code() {
        let mover = |key, before, after| Mover::of(Some(key), (before, 1), (after, 1)).unwrap();
        let mut movers = [mover(3, 10, 20), mover(2, 20, 10), mover(1, 50, 100)];
        rank(&mut movers);
        assert_eq!(movers.iter().map(|mover| mover.key).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    }

    proptest! {
        #[test]
        fn exchanging_the_periods_inverts_the_ratio(before in 1_u64..10_000, after in 1_u64..10_000, years in 1_u32..9) {
            let (one, other) = (ratio((before, years), (after, 2)).unwrap(), ratio((after, 2), (before, years)).unwrap());
            prop_assert!((one.ratio.unwrap() * other.ratio.unwrap() - 1.0).abs() < 1e-9);
            prop_assert!((one.low * other.high.unwrap() - 1.0).abs() < 1e-6);
        }

        #[test]
        fn the_ratio_lies_in_its_interval(before in 0_u64..10_000, after in 0_u64..10_000) {
            prop_assume!(before + after > 0);
            let ratio = ratio((before, 1), (after, 1)).unwrap();
            prop_assert!(ratio.ratio.is_none_or(|own| ratio.low <= own + 1e-12));
            prop_assert!(ratio.ratio.zip(ratio.high).is_none_or(|(own, high)| own <= high + 1e-9));
        }
    }
}
