//! Rates per 100,000 people, with the exact Poisson interval of F. Garwood.

/// A rate per 100,000 people in a year, and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// The rate.
    pub rate: f64,
    /// Lower bound of the 95 % interval.
    pub low: f64,
    /// Upper bound of the 95 % interval.
    pub high: f64,
}

/// The number of people that a rate refers to.
const PER: f64 = 100_000.0;

/// The probability outside the interval on either side.
const TAIL: f64 = 0.025;

/// The 0.975 quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// From this shape on, Wilson and Hilferty's formula gives a quantile to ten digits.
const LARGE: f64 = 1_000_000.0;

/// Returns the rate of a count among a number of people, with the exact 95 % interval of a Poisson count; `None` where there
/// are no people.
///
/// F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936), 437-442: the bounds of a count k
/// are the 2.5 % quantile of the gamma distribution of shape k and the 97.5 % quantile of that of shape k + 1 (half the
/// quantiles of chi-square with 2k and 2k + 2 degrees of freedom). The population is taken as known.
///
/// # Example
/// ```
/// let ten_in_a_million = chargesheet_count::statistics::per_100000(10, 1_000_000).unwrap();
/// assert_eq!(ten_in_a_million.rate, 1.0);
/// assert!((ten_in_a_million.low - 0.479539).abs() < 1e-6);
/// assert!((ten_in_a_million.high - 1.839036).abs() < 1e-6);
/// ```
pub fn per_100000(count: u64, people: u64) -> Option<Rate> {
    (people > 0).then(|| Bounds::of(count).among(people))
}

/// A Poisson count with its 95 % interval, whatever population it is divided by.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    count: f64,
    low: f64,
    high: f64,
}

impl Bounds {
    /// Returns the bounds of a count.
    pub fn of(count: u64) -> Self {
        // The cast is exact up to 2^53; no register has more entries.
        let count = count as f64;
        let low = if count == 0.0 { 0.0 } else { quantile(count, TAIL, -Z) };
        let high = quantile(count + 1.0, 1.0 - TAIL, Z);
        Self { count, low, high }
    }

    /// Returns the count as a rate per 100,000 of a number of people. No country has more than 2^53 people, so the cast is exact.
    pub fn among(self, people: u64) -> Rate {
        let scale = PER / people as f64;
        Rate { rate: self.count * scale, low: self.low * scale, high: self.high * scale }
    }
}

/// Returns the quantile of the gamma distribution with this shape, 1 or more, and scale 1. `normal` is the same quantile
/// of the standard normal distribution.
fn quantile(shape: f64, probability: f64, normal: f64) -> f64 {
    // E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", PNAS 17 (1931), 684-688.
    let cube_root = 1.0 - 1.0 / (9.0 * shape) + normal / (3.0 * shape.sqrt());
    let mut at = shape * cube_root * cube_root * cube_root;
    if shape >= LARGE {
        return at;
    }
    // Newton's method from there. A step outside the interval known to hold the quantile is replaced by halving that interval.
    let (mut below, mut above) = (0.0, f64::INFINITY);
    for _ in 0..100 {
        let excess = distribution(shape, at) - probability;
        if excess > 0.0 {
            above = at
        } else {
            below = at
        }
        let density = libm::exp((shape - 1.0) * libm::log(at) - at - libm::lgamma(shape));
        let mut next = at - excess / density;
        if !(next > below && next < above) {
            next = if above.is_finite() { f64::midpoint(below, above) } else { 2.0 * at };
        }
        let step = (next - at).abs();
        at = next;
        if step <= 1e-13 * at {
            break;
        }
    }
    at
}

/// Returns the regularised lower incomplete gamma function P(shape, x).
///
/// Below shape + 1 the series is used, above it the continued fraction of the complement: W. H. Press et al., Numerical
/// Recipes, 3rd edition (2007), section 6.2. `libm` makes every machine give the same digits.
fn distribution(shape: f64, x: f64) -> f64 {
    let factor = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    // The number of terms needed grows with the square root of the shape.
    let most = 1_000 + 20 * shape.sqrt() as u32;
    if x < shape + 1.0 {
        let (mut term, mut sum, mut over) = (1.0 / shape, 1.0 / shape, shape);
        for _ in 0..most {
            over += 1.0;
            term *= x / over;
            sum += term;
            if term < sum * f64::EPSILON {
                break;
            }
        }
        return sum * factor;
    }
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for number in 1..=most {
        let number = f64::from(number);
        let a = -number * (number - shape);
        b += 2.0;
        let away = |from_zero: f64| if from_zero.abs() < TINY { TINY } else { from_zero };
        d = 1.0 / away(a * d + b);
        c = away(b + a / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    1.0 - fraction * factor
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // scipy 1.17.1: chi2.ppf(0.025, 2 * k) / 2 and chi2.ppf(0.975, 2 * k + 2) / 2.
    const SCIPY: &[(u64, f64, f64)] = &[
        (0, 0.0, 3.6888794541139354),
        (1, 0.025317807984289876, 5.571643390938898),
        (2, 0.24220927854396496, 7.22468766772396),
        (3, 0.6186721228956014, 8.767273069742323),
        (10, 4.7953886961324335, 18.39035604201778),
        (47, 34.53383216706575, 62.50003634064697),
        (100, 81.36399125092314, 121.62679379242638),
        (999, 938.0040185617676, 1062.9211512248878),
        (38254, 37871.60593024446, 38639.29338253824),
        (999999, 998039.9843202762, 1001960.9109654503),
        (1000000, 998040.9833402939, 1001961.9119454322),
        (5000000, 4995618.334526948, 5004384.560217167),
        (100000000, 99980401.30732474, 100019601.58707914),
    ];

    #[test]
    fn bounds_are_those_of_scipy() {
        for &(count, low, high) in SCIPY {
            let rate = per_100000(count, 100_000).unwrap();
            let near = |found: f64, right: f64| (found - right).abs() <= 2e-10 * right.max(1e-12);
            assert!(near(rate.low, low) && near(rate.high, high), "{count}: {rate:?}, not {low} to {high}");
        }
    }

    #[test]
    fn published_bounds_are_met() {
        // Garwood's table, as K. Ulm, American Journal of Epidemiology 131 (1990), 373-375, gives it for 10 observed.
        let rate = per_100000(10, 100_000).unwrap();
        assert!((rate.low - 4.80).abs() < 5e-3 && (rate.high - 18.39).abs() < 5e-3, "{rate:?}");
        assert!(per_100000(1, 0).is_none());
    }

    #[test]
    fn a_rate_of_a_count_met_before_is_the_same_to_the_last_bit() {
        for count in [0, 1, 7, 7, 999, 38_254, 2_000_000] {
            for people in [1, 19_000_017, 1_400_000_000] {
                let known = Bounds::of(count);
                let [once, again] = [known.among(people), known.among(people)];
                let alone = per_100000(count, people).unwrap();
                let bits = |rate: Rate| [rate.rate, rate.low, rate.high].map(f64::to_bits);
                assert_eq!((bits(once), bits(again)), (bits(alone), bits(alone)));
            }
        }
    }

    proptest! {
        #[test]
        fn the_rate_lies_in_its_interval_and_grows_with_the_count(
            (count, people) in (0_u64..3_000_000, 1_u64..2_000_000_000)
        ) {
            let (one, next) = (per_100000(count, people).unwrap(), per_100000(count + 1, people).unwrap());
            prop_assert!(0.0 <= one.low && one.low <= one.rate && one.rate < one.high);
            prop_assert!(one.low < next.low && one.high < next.high, "{one:?} {next:?}");
        }
    }
}
