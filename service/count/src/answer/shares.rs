//! Shares within an answer, computed from released counts.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::disclosure::Published;
use crate::domain::Dimension;
use crate::engine::{Cell, Gap, plus};
use crate::query::Query;
use crate::release::Release;
use crate::statistics::{Interval, wilson};

/// Returns for each row its share of the sum over the query's share dimension, within the group that the other dimensions
/// form. A group with a withheld value has no shares, because they would reveal the value. Of outcomes that a dataset declares
/// complete, a group without all of them has no shares, because its sum is too small.
pub fn shares(query: &Query, release: &Release, published: &Published) -> Vec<Cell<Interval>> {
    let complete =
        if query.share == Some(Dimension::Outcome) { release.complete_outcomes().len() } else { 0 };
    within_groups(query, complete, published)
}

/// Returns the shares. A group with fewer than `least` values has none.
fn within_groups(query: &Query, least: usize, published: &Published) -> Vec<Cell<Interval>> {
    let Some(dimension) = query.share else {
        return Vec::new();
    };
    let others: Vec<usize> = (0..query.by.len()).filter(|&column| query.by[column] != dimension).collect();
    // Each group gets a number when it first appears, so that each row is looked up only once.
    let mut numbers: HashMap<Vec<Option<i32>>, usize, RandomState> = HashMap::default();
    let mut sums: Vec<(Cell, usize)> = Vec::new();
    let mut key: Vec<Option<i32>> = Vec::with_capacity(others.len());
    let mut group = |row: usize| {
        key.clear();
        key.extend(others.iter().map(|&column| published.key(column, row)));
        let number = *numbers.entry_ref(&key[..]).or_insert(sums.len());
        if number == sums.len() {
            sums.push((Err(Gap::NotReported), 0));
        }
        let value = published.cell(0, row);
        let (sum, values) = &mut sums[number];
        (*sum, *values) = (plus(*sum, value), *values + usize::from(value.is_ok()));
        number
    };
    let groups: Vec<usize> = published.each_row().map(&mut group).collect();
    // A sum of zero has no shares.
    let share = |(row, group): (usize, usize)| {
        let (sum, values) = sums[group];
        if values < least && sum.is_ok() {
            return Err(Gap::NotReported);
        }
        wilson(published.cell(0, row)?, sum?).ok_or(Gap::Unknown)
    };
    published.each_row().zip(groups).map(share).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::disclosure::protect;
    use crate::domain::Measure;
    use crate::engine::Counts;
    use crate::package::Disclosure;
    use crate::query::{Deadline, Over};

    fn published(values: impl Iterator<Item = Cell>, keys: [Vec<i32>; 2]) -> Published {
        let keys = keys.map(|column| column.into_iter().map(Some).collect()).to_vec();
        protect(Counts { keys, values: vec![values.collect()], ..Counts::default() }, Disclosure::None)
    }

    fn by_outcome_and_year() -> Query {
        let by = vec![Dimension::Outcome, Dimension::Year];
        Query { share: Some(Dimension::Outcome), ..Query::everything(by, vec![Measure::Cases]) }
    }

    #[test]
    fn shares_of_many_rows_keep_the_deadline() {
        let answer = published((0..1000).map(Ok), [(0..1000).collect(), (0..1000).collect()]);
        let made = || within_groups(&by_outcome_and_year(), 0, &answer).len();
        assert_eq!(Deadline::within(Duration::ZERO).during(made), Err(Over));
        assert_eq!(Deadline::none().during(made), Ok(1000));
    }

    #[test]
    fn a_group_in_which_an_outcome_is_not_reported_has_no_shares() {
        let answer = published([Ok(8), Ok(3), Ok(1)].into_iter(), [vec![0, 0, 1], vec![2020, 2021, 2021]]);
        let shares = within_groups(&by_outcome_and_year(), 2, &answer);
        assert_eq!(shares[0], Err(Gap::NotReported));
        assert!(shares[1..].iter().all(Result::is_ok), "{shares:?}");
    }

    #[test]
    fn a_share_beside_a_withheld_count_would_tell_it() {
        let values = [Ok(8), Err(Gap::Withheld), Ok(3), Ok(1)];
        let answer = published(values.into_iter(), [vec![0, 1, 0, 1], vec![2020, 2020, 2021, 2021]]);
        let shares = within_groups(&by_outcome_and_year(), 0, &answer);
        assert!(shares[..2].iter().all(|share| *share == Err(Gap::Withheld)), "{shares:?}");
        assert!(shares[2..].iter().all(Result::is_ok), "{shares:?}");
    }
}
