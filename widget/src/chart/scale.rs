//! The scales of axes: the positions of ticks.

/// Returns the ticks of an axis of counts: from zero in equal whole steps of 1, 2, 2.5 or 5 times a power of ten.
/// There are about `most` steps at most, and the last tick is at or above `largest`.
pub fn counts(largest: u64, most: u64) -> Vec<u64> {
    let largest = largest.max(1);
    let most = most.max(1);
    let mut power = 1_u64;
    loop {
        for (factor, divisor) in [(1, 1), (2, 1), (25, 10), (5, 1)] {
            // Only whole steps are allowed: there is no half a person.
            if divisor > 1 && power < 10 {
                continue;
            }
            let step = power.saturating_mul(factor) / divisor;
            let steps = largest.div_ceil(step);
            if steps <= most || step > u64::MAX / 10 {
                return (0..=steps).map(|index| step.saturating_mul(index)).collect();
            }
        }
        power *= 10;
    }
}

/// Returns the ticks of an axis of shares, in per cent.
pub fn shares(most: u64) -> &'static [u64] {
    match most {
        0..=1 => &[0, 100],
        2..=3 => &[0, 50, 100],
        4 => &[0, 25, 50, 75, 100],
        _ => &[0, 20, 40, 60, 80, 100],
    }
}

/// Returns the years to label between two years, so that labels do not touch: every year, or those divisible by 2, 5,
/// 10 and so on. `per_year` is the distance between two years, in hundredths of a pixel; `label` is the room that a label
/// needs, in pixels.
pub fn years(first: i32, last: i32, per_year: i64, label: i32) -> Vec<i32> {
    multiples(first, last, step(per_year, label, &[1, 2, 5]))
}

/// Returns the months to label, like [`years`]: every 1, 2, 3 or 6 months, or January of some years.
pub fn months(first: i32, last: i32, per_month: i64, label: i32) -> Vec<i32> {
    let room = i64::from(label) * 100;
    for step in [1, 2, 3, 6] {
        if per_month * i64::from(step) >= room {
            return multiples(first, last, step);
        }
    }
    let years = step(per_month * 12, label, &[1, 2, 5]);
    multiples(first, last, years.saturating_mul(12))
}

fn step(per_unit: i64, label: i32, factors: &[i32]) -> i32 {
    let room = i64::from(label) * 100;
    let mut power = 1_i32;
    while power < 10_000 {
        for factor in factors {
            if per_unit * i64::from(power * factor) >= room {
                return power * factor;
            }
        }
        power *= 10;
    }
    power
}

fn multiples(first: i32, last: i32, step: i32) -> Vec<i32> {
    let start = first.div_euclid(step) * step;
    let inside: Vec<i32> = (0..)
        .map(|index| start + index * step)
        .skip_while(|at| *at < first)
        .take_while(|at| *at <= last)
        .collect();
    // A range without a round number still labels its beginning.
    if inside.is_empty() { vec![first] } else { inside }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_of_counts_are_whole_and_reach_the_largest() {
        assert_eq!(counts(0, 5), [0, 1]);
        assert_eq!(counts(4, 5), [0, 1, 2, 3, 4]);
        assert_eq!(counts(93, 5), [0, 20, 40, 60, 80, 100]);
        assert_eq!(counts(93, 4), [0, 25, 50, 75, 100]);
        assert_eq!(counts(9, 4), [0, 5, 10]);
        assert_eq!(counts(10_000_000, 5), [0, 2_000_000, 4_000_000, 6_000_000, 8_000_000, 10_000_000]);
        assert!(counts(u64::MAX, 5).len() < 12);
    }

    #[test]
    fn years_are_labelled_as_often_as_there_is_room() {
        assert_eq!(years(2014, 2018, 5000, 36), [2014, 2015, 2016, 2017, 2018]);
        assert_eq!(years(2014, 2018, 2000, 36), [2014, 2016, 2018]);
        assert_eq!(years(1981, 2020, 700, 36), [1990, 2000, 2010, 2020]);
        assert_eq!(years(2011, 2012, 1, 36), [2011]);
    }

    #[test]
    fn months_are_labelled_at_quarters_halves_and_januaries() {
        let january = 2020 * 12;
        assert_eq!(months(january, january + 6, 2500, 60), [january, january + 3, january + 6]);
        assert_eq!(months(january - 5, january + 20, 400, 48), [january, january + 12]);
    }
}
