//! Shares with their Wilson score interval.

/// A share between 0 and 1, and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The share.
    pub share: f64,
    /// Lower bound of the 95 % interval.
    pub low: f64,
    /// Upper bound of the 95 % interval.
    pub high: f64,
}

/// The 0.975 quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Returns the share of `part` in `whole` with its Wilson score interval at 95 %; `None` when `whole` is 0.
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
/// American Statistical Association 22 (1927), 209-212; without continuity correction.
///
/// # Example
/// ```
/// let one_of_four = chargesheet_count::statistics::wilson(1, 4).unwrap();
/// assert_eq!(one_of_four.share, 0.25);
/// assert!((one_of_four.low - 0.045587).abs() < 1e-6);
/// assert!((one_of_four.high - 0.699358).abs() < 1e-6);
/// assert!(chargesheet_count::statistics::wilson(0, 0).is_none());
/// ```
pub fn wilson(part: u64, whole: u64) -> Option<Interval> {
    if whole == 0 {
        return None;
    }
    // The casts are exact up to 2^53; no register has more entries.
    let (count, of) = (part as f64, whole as f64);
    let share = count / of;
    let square = Z * Z;
    let centre = share + square / (2.0 * of);
    let spread = Z * (share * (1.0 - share) / of + square / (4.0 * of * of)).sqrt();
    let scale = 1.0 + square / of;
    // At 0 and 1 the bound is exact, whatever the square root is rounded to.
    let low = if part == 0 { 0.0 } else { ((centre - spread) / scale).max(0.0) };
    let high = if part >= whole { 1.0 } else { ((centre + spread) / scale).min(1.0) };
    Some(Interval { share, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_values_are_met() {
        // R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3 (score without
        // continuity correction).
        let interval = wilson(81, 263).unwrap();
        assert!(
            (interval.low - 0.2553).abs() < 5e-5 && (interval.high - 0.3662).abs() < 5e-5,
            "{interval:?}"
        );
        let interval = wilson(15, 148).unwrap();
        assert!(
            (interval.low - 0.0624).abs() < 5e-5 && (interval.high - 0.1605).abs() < 5e-5,
            "{interval:?}"
        );
        let interval = wilson(0, 20).unwrap();
        assert!(interval.low == 0.0 && (interval.high - 0.1611).abs() < 5e-5, "{interval:?}");
        let interval = wilson(1, 29).unwrap();
        assert!(
            (interval.low - 0.0061).abs() < 5e-5 && (interval.high - 0.1718).abs() < 5e-5,
            "{interval:?}"
        );
    }

    proptest! {
        #[test]
        fn the_share_lies_in_its_interval_and_the_interval_between_0_and_1(
            (part, whole) in (1_u64..1_000_000).prop_flat_map(|whole| (0..=whole, Just(whole)))
        ) {
            let interval = wilson(part, whole).unwrap();
            prop_assert!(0.0 <= interval.low && interval.low <= interval.share);
            prop_assert!(interval.share <= interval.high && interval.high <= 1.0);
        }

        #[test]
        fn what_is_so_for_a_share_is_so_the_other_way_round_for_the_rest(
            (part, whole) in (1_u64..1_000_000).prop_flat_map(|whole| (0..=whole, Just(whole)))
        ) {
            let (one, other) = (wilson(part, whole).unwrap(), wilson(whole - part, whole).unwrap());
            prop_assert!((one.low - (1.0 - other.high)).abs() < 1e-12);
        }
    }
}
