//! The Mann-Kendall test for a trend: whether later values tend to be larger, or smaller, than earlier ones.
//!
//! H. B. Mann, "Nonparametric tests against trend", Econometrica 13 (1945), 245-259; M. G. Kendall, Rank Correlation
//! Methods (4th edition, 1975), for ties and tau-b. The test assumes no shape of the trend and no distribution of the values.
//! It assumes that the values are independent: where one year carries over into the next, p comes out too small.

/// Fewest values that are tested. The steadiest rise over four years has p = 2/4! = 0.083, so no trend could be found.
pub const FEWEST: usize = 5;

/// Most values for which p is computed exactly. Beyond this number, the normal approximation is close.
pub const MOST_EXACT: usize = 10;

chargesheet_check::words! {
    /// The method by which p was computed.
    Method {
        /// Exact: p counts all orders of these values.
        Exact = "exact",
        /// The normal approximation, with the variance corrected for ties and S corrected for continuity.
        Normal = "normal",
    }
}

/// The result of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kendall {
    /// The statistic S: rising pairs of years minus falling pairs.
    pub s: i64,
    /// Variance of S under the hypothesis of no trend, corrected for ties.
    pub variance: f64,
    /// S in standard deviations, corrected for continuity; 0 where S is 0.
    pub z: f64,
    /// Kendall's tau-b, from -1 to 1; `None` when all values are equal.
    pub tau_b: Option<f64>,
    /// Two-sided p: the probability, without a trend, of an S at least as far from 0.
    pub p: f64,
    /// The method by which p was computed.
    pub method: Method,
}

/// Tests values in the order of time; `None` for fewer than [`FEWEST`] values.
///
/// # Example
/// ```
/// use chargesheet::trend::mann_kendall;
/// let steady = mann_kendall(&[10, 12, 15, 21, 30]).unwrap();
/// assert_eq!(steady.s, 10);
/// assert!((steady.p - 2.0 / 120.0).abs() < 1e-12);
/// assert!(mann_kendall(&[1, 2, 3, 4]).is_none());
/// ```
pub fn mann_kendall(values: &[u64]) -> Option<Kendall> {
    if values.len() < FEWEST {
        return None;
    }
    let pairs = || (0..values.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
    let s: i64 = pairs().map(|(earlier, later)| sign(values[earlier], values[later])).sum();
    let ties = ties(values);
    let variance = variance(values.len(), &ties);
    let corrected = (s - s.signum()) as f64;
    let z = if s == 0 { 0.0 } else { corrected / variance.sqrt() };
    let (all, tied) = (choose_two(values.len()), ties.iter().map(|&tie| choose_two(tie)).sum::<f64>());
    let tau_b = (tied < all).then(|| s as f64 / (all * (all - tied)).sqrt());
    let (p, method) = if values.len() <= MOST_EXACT {
        (exact(s, &ties), Method::Exact)
    } else {
        (libm::erfc(z.abs() / std::f64::consts::SQRT_2), Method::Normal)
    };
    Some(Kendall { s, variance, z, tau_b, p, method })
}

/// Returns the two-sided p of a statistic S over a number of different values.
fn p_of(s: i64, count: usize) -> f64 {
    let ties = vec![1; count];
    if count <= MOST_EXACT {
        return exact(s, &ties);
    }
    let z = (s.abs() - 1).max(0) as f64 / variance(count, &ties).sqrt();
    libm::erfc(z / std::f64::consts::SQRT_2)
}

/// Most years that [`years_needed`] looks at. A series of one law is hardly ever longer.
pub const MOST_NEEDED: usize = 40;

/// Returns how many years in all the test would need to find something (p below 0.05), if the share of rising and of falling pairs
/// stayed as it is in these `count` years. `None` beyond `MOST_NEEDED`.
///
/// This says in years what p and the number of years say together. It is neither a forecast nor the power of the test: later
/// years can be steadier or wilder. S is rounded down and no ties are assumed, so the number is rather too great than too small.
pub fn years_needed(count: usize, tau_b: f64) -> Option<usize> {
    ((count + 1).max(FEWEST)..=MOST_NEEDED).find(|&years| {
        let pairs = (years * (years - 1) / 2) as i64;
        let s = (tau_b.abs() * pairs as f64 + 1e-9).floor() as i64;
        // S and the number of pairs are both even or both odd.
        let s = s - (pairs - s) % 2;
        s > 0 && p_of(s, years) < 0.05
    })
}

fn sign(earlier: u64, later: u64) -> i64 {
    match later.cmp(&earlier) {
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Less => -1,
    }
}

/// Returns how often each value occurs, in order of the values.
fn ties(values: &[u64]) -> Vec<usize> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.chunk_by(|left, right| left == right).map(<[u64]>::len).collect()
}

fn choose_two(count: usize) -> f64 {
    // The cast is exact: no series has 2^26 years.
    let count = count as f64;
    count * (count - 1.0) / 2.0
}

/// Returns the variance of S without a trend, corrected for ties among the values.
pub(super) fn variance(count: usize, ties: &[usize]) -> f64 {
    let term = |count: usize| {
        let count = count as f64;
        count * (count - 1.0) * (2.0 * count + 5.0)
    };
    (term(count) - ties.iter().map(|&tie| term(tie)).sum::<f64>()) / 18.0
}

/// Returns the variance of S for these values.
pub(super) fn variance_of(values: &[u64]) -> f64 {
    variance(values.len(), &ties(values))
}

/// Returns the two-sided p over all orders of the values.
fn exact(s: i64, ties: &[usize]) -> f64 {
    let orders = orders_by_inversions(ties);
    // An order with i inversions has i falling pairs and untied - i rising pairs.
    let untied = orders.len() as i64 - 1;
    let far = |inversions: usize| (untied - 2 * inversions as i64).abs() >= s.abs();
    let all: u64 = orders.iter().sum();
    let far: u64 = orders.iter().enumerate().filter(|(place, _)| far(*place)).map(|(_, count)| count).sum();
    far as f64 / all as f64
}

/// Returns how many orders of a multiset have 0, 1, 2 … inversions (falling pairs).
///
/// The generating function is the q-multinomial coefficient (P. A. MacMahon 1916; R. P. Stanley, Enumerative Combinatorics 1,
/// proposition 1.7.1), here as a product of q-binomials. With ten values no number exceeds 10!.
pub(super) fn orders_by_inversions(ties: &[usize]) -> Vec<u64> {
    let mut product = vec![1];
    let mut placed = 0;
    for &tie in ties {
        placed += tie;
        product = times(&product, &q_binomial(placed, tie));
    }
    product
}

fn times(left: &[u64], right: &[u64]) -> Vec<u64> {
    let mut product = vec![0; left.len() + right.len() - 1];
    for (power, &one) in left.iter().enumerate() {
        for (other_power, &other) in right.iter().enumerate() {
            product[power + other_power] += one * other;
        }
    }
    product
}

/// Returns the coefficients of the q-binomial by Pascal's rule: [n, k] = [n-1, k-1] + q^k [n-1, k].
fn q_binomial(n: usize, k: usize) -> Vec<u64> {
    if k == 0 || k == n {
        return vec![1];
    }
    let mut sum = vec![0; k * (n - k) + 1];
    for (power, count) in q_binomial(n - 1, k - 1).into_iter().enumerate() {
        sum[power] += count;
    }
    for (power, count) in q_binomial(n - 1, k).into_iter().enumerate() {
        sum[power + k] += count;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{close, vectors};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn years_needed_are_those_that_the_test_needs() {
        for (count, tau, needed) in [
            (5, 0.9, Some(6)),
            (5, 0.8, Some(7)),
            (5, 0.7, Some(8)),
            (5, 0.6, Some(9)),
            (5, 0.5, Some(11)),
            (5, 0.3, Some(24)),
            (30, 0.5, Some(31)),
            (5, 0.1, None),
            (5, 0.0, None),
        ] {
            assert_eq!(years_needed(count, tau), needed, "{count} {tau}");
            assert_eq!(years_needed(count, -tau), needed, "{count} {tau}");
        }
        // Five years are enough only for a rise without any exception, and six for one exception.
        let steady = mann_kendall(&[1, 2, 3, 4, 5]).unwrap();
        close(p_of(steady.s, 5), steady.p, "five");
        assert!(mann_kendall(&[1, 2, 3, 5, 4]).unwrap().p >= 0.05);
        assert!(mann_kendall(&[1, 2, 3, 4, 6, 5]).unwrap().p < 0.05);
        let long: Vec<u64> = (0..20).collect();
        close(p_of(190, 20), mann_kendall(&long).unwrap().p, "twenty");
    }

    #[test]
    fn published_series_have_the_values_of_scipy_and_pymannkendall() {
        for vector in vectors() {
            let test = mann_kendall(&vector.values).unwrap();
            let name = &vector.name;
            assert_eq!(test.s, vector.s, "{name}");
            close(test.variance, vector.variance, &format!("{name}: variance"));
            close(test.z, vector.z, &format!("{name}: z"));
            close(test.tau_b.unwrap(), vector.tau_b, &format!("{name}: tau-b"));
            match vector.p_exact {
                Some(exact) => {
                    assert_eq!(test.method, Method::Exact, "{name}");
                    close(test.p, exact, &format!("{name}: exact p"));
                }
                None => {
                    assert_eq!(test.method, Method::Normal, "{name}");
                    close(test.p, vector.p_normal, &format!("{name}: normal p"));
                }
            }
        }
    }

    #[test]
    fn four_years_can_show_nothing_and_five_can() {
        let steadiest_of_four: u64 = orders_by_inversions(&[1; 4]).iter().sum();
        assert!(2.0 / steadiest_of_four as f64 > 0.05);
        assert!(mann_kendall(&[1, 2, 3, 4, 5]).unwrap().p < 0.05);
    }

    #[test]
    fn equal_values_have_no_trend_and_no_tau() {
        for count in [5, 40] {
            let test = mann_kendall(&vec![7; count]).unwrap();
            assert_eq!((test.s, test.z, test.p, test.tau_b), (0, 0.0, 1.0, None));
        }
    }

    /// Collects the S of every order of the values.
    fn enumerated(values: &mut Vec<u64>, fixed: usize, all: &mut Vec<i64>) {
        if fixed == values.len() {
            let pairs = (0..fixed).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
            all.push(pairs.map(|(earlier, later)| sign(values[earlier], values[later])).sum());
            return;
        }
        for place in fixed..values.len() {
            values.swap(fixed, place);
            enumerated(values, fixed + 1, all);
            values.swap(fixed, place);
        }
    }

    proptest! {
        #[test]
        fn the_exact_p_is_that_of_every_order_written_down(mut values in prop::collection::vec(0_u64..5, 5..8)) {
            let test = mann_kendall(&values).unwrap();
            let mut all = Vec::new();
            enumerated(&mut values, 0, &mut all);
            let far = all.iter().filter(|s| s.abs() >= test.s.abs()).count();
            prop_assert!((test.p - far as f64 / all.len() as f64).abs() < 1e-12);
        }

        #[test]
        fn reversing_time_turns_s_around(mut values in prop::collection::vec(0_u64..50, 5..30)) {
            let test = mann_kendall(&values).unwrap();
            values.reverse();
            let turned = mann_kendall(&values).unwrap();
            prop_assert_eq!(turned.s, -test.s);
            prop_assert_eq!(turned.p, test.p);
        }

        #[test]
        fn adding_the_same_to_all_changes_nothing(values in prop::collection::vec(0_u64..50, 5..30), more in 0_u64..1000) {
            let higher: Vec<u64> = values.iter().map(|value| value + more).collect();
            prop_assert_eq!(mann_kendall(&higher), mann_kendall(&values));
        }

        #[test]
        fn the_orders_are_all_there_and_as_often_with_as_many_rises_as_falls(
            ties in prop::collection::vec(1_usize..4, 1..4)
        ) {
            let orders = orders_by_inversions(&ties);
            let factorial = |n: usize| (1..=n as u64).product::<u64>();
            let all = factorial(ties.iter().sum()) / ties.iter().map(|&tie| factorial(tie)).product::<u64>();
            prop_assert_eq!(orders.iter().sum::<u64>(), all);
            prop_assert!(orders.iter().eq(orders.iter().rev()));
        }

        #[test]
        fn p_is_a_probability(values in prop::collection::vec(any::<u64>(), 5..40)) {
            let test = mann_kendall(&values).unwrap();
            prop_assert!((0.0..=1.0).contains(&test.p));
        }
    }
}
