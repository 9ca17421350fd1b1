//! The Theil-Sen slope: the change of a series per year, with its 95 % interval.
//!
//! H. Theil, "A rank-invariant method of linear and polynomial regression analysis", Proceedings of the Royal Netherlands
//! Academy of Sciences 53 (1950); P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal of the
//! American Statistical Association 63 (1968), 1379-1389, for the interval. A single outlier hardly moves the slope.

use super::kendall::{FEWEST, variance_of};

/// The 0.975 quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A slope and its 95 % interval, in counts per year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slope {
    /// The median of the slopes between all pairs of years.
    pub slope: f64,
    /// Lower bound of the 95 % interval.
    pub low: f64,
    /// Upper bound of the 95 % interval.
    pub high: f64,
}

/// Returns the slope of values over their years. The years are distinct and ascending; a year may be missing and still counts as
/// time.
///
/// The result is `None` for fewer than five values: with four, even the widest interval covers less than 95 %. The ranks of the
/// bounds are rounded as in `scipy.stats.theilslopes`, with the variance corrected for ties.
///
/// # Example
/// ```
/// let slope = chargesheet::trend::theil_sen(&[(2015, 10), (2016, 12), (2018, 16), (2019, 18), (2020, 20)]).unwrap();
/// assert_eq!(slope.slope, 2.0);
/// ```
pub fn theil_sen(points: &[(i32, u64)]) -> Option<Slope> {
    if points.len() < FEWEST {
        return None;
    }
    let mut slopes = Vec::with_capacity(points.len() * (points.len() - 1) / 2);
    for (place, &(later, high)) in points.iter().enumerate() {
        for &(earlier, low) in &points[..place] {
            slopes.push((high as f64 - low as f64) / f64::from(later - earlier));
        }
    }
    slopes.sort_by(f64::total_cmp);
    let values: Vec<u64> = points.iter().map(|&(_, value)| value).collect();
    let spread = Z * variance_of(&values).sqrt();
    let count = slopes.len() as f64;
    let last = slopes.len() - 1;
    // The rounded value is a whole number and not negative, so the cast is exact.
    let rank = |position: f64| position.round_ties_even().max(0.0) as usize;
    // Sen counts from one: the lower bound is the M1-th slope, the upper the (M2 + 1)-th.
    let low = rank((count - spread) / 2.0).saturating_sub(1);
    let high = rank((count + spread) / 2.0).min(last);
    Some(Slope { slope: median(&slopes), low: slopes[low], high: slopes[high] })
}

fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{close, vectors};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_series_have_the_slopes_of_scipy() {
        for vector in vectors() {
            let points: Vec<(i32, u64)> =
                vector.years.iter().copied().zip(vector.values.iter().copied()).collect();
            let slope = theil_sen(&points).unwrap();
            close(slope.slope, vector.slope, &format!("{}: slope", vector.name));
            close(slope.low, vector.slope_low, &format!("{}: low", vector.name));
            close(slope.high, vector.slope_high, &format!("{}: high", vector.name));
        }
    }

    fn points() -> impl Strategy<Value = Vec<(i32, u64)>> {
        prop::collection::btree_map(1950_i32..2030, 0_u64..1000, 5..25)
            .prop_map(|points| points.into_iter().collect())
    }

    proptest! {
        #[test]
        fn the_slope_lies_in_its_interval(points in points()) {
            let slope = theil_sen(&points).unwrap();
            prop_assert!(slope.low <= slope.slope && slope.slope <= slope.high, "{slope:?}");
        }

        #[test]
        fn reversing_time_turns_the_slope_around(points in points()) {
            let mut turned: Vec<(i32, u64)> = points.iter().map(|&(year, value)| (-year, value)).collect();
            turned.reverse();
            prop_assert!((theil_sen(&points).unwrap().slope + theil_sen(&turned).unwrap().slope).abs() < 1e-9);
        }

        #[test]
        fn the_slope_grows_with_the_unit_and_not_with_the_level(points in points(), times in 1_u64..9, more in 0_u64..99) {
            let scaled: Vec<(i32, u64)> =
                points.iter().map(|&(year, value)| (year, value * times + more)).collect();
            let (slope, scaled) = (theil_sen(&points).unwrap(), theil_sen(&scaled).unwrap());
            for (own, other) in [(slope.slope, scaled.slope), (slope.low, scaled.low), (slope.high, scaled.high)] {
                prop_assert!((own * times as f64 - other).abs() < 1e-6);
            }
        }
    }
}
