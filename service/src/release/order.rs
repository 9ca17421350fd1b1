//! The one order of charges, whatever order the publisher's file had.
//!
//! Records stand in the byte order of statute, country, date, outcome, role, region, case, defendant and own id; the
//! last three are a key, so no two are equal. Cases and defendants are numbered in the order in which they first
//! appear, so that the numbers, too, are the same on any machine.

use std::cmp::Ordering;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use crate::ingest::{Charges, IdList, Ids};

/// Puts charges into their order and numbers ids anew, so that their texts, too, stand in the order in which they
/// are written.
pub fn settle(charges: &mut Charges) {
    charges.sort_dictionaries();
    let order = order(charges);
    charges.reorder(&order);
    drop(order);
    if let Some(mut ids) = charges.ids.take() {
        let Ids { cases, defendants, charges: own, charge } = &mut *ids;
        rayon::join(
            || renumber_own(charge, own),
            || {
                renumber(&mut charges.case, cases);
                renumber(&mut charges.defendant, defendants);
            },
        );
        charges.ids = Some(ids);
    }
}

/// Bits of a packed date: no record is of a year behind 4095.
const DATE_BITS: u32 = 21;

/// Returns the old place of each new one.
fn order(charges: &Charges) -> Vec<u32> {
    let role = |row: usize| charges.role.get(row).copied().unwrap_or_default();
    let region = |row: usize| charges.region.get(row).copied().unwrap_or_default();
    // Most records differ in the columns of codes, which fit into one number; only among equals texts are compared.
    let bits = |most: u64| u64::BITS - most.leading_zeros();
    let most = |column: &[u8]| u64::from(column.iter().copied().max().unwrap_or_default());
    let (outcome_bits, role_bits) = (bits(most(&charges.outcome)), bits(most(&charges.role)));
    let region_bits = bits(charges.region.iter().copied().max().unwrap_or_default().into());
    // 21 and 8 and 8 and 16: a key is never full.
    let key = |row: usize| {
        // What has no date says `unknown`, which comes behind every digit.
        let charged = match charges.charged[row] {
            0 => (1 << DATE_BITS) - 1,
            charged => charged,
        };
        let key = u64::from(charged) << outcome_bits | u64::from(charges.outcome[row]);
        let key = key << role_bits | u64::from(role(row));
        key << region_bits | u64::from(region(row))
    };
    let ids = charges.ids.as_deref();
    let by_ids = |left: usize, right: usize| {
        let Some(ids) = ids else { return Ordering::Equal };
        let (case, defendant, own) = (&charges.case, &charges.defendant, &ids.charge);
        ids.cases
            .compare(case[left], case[right])
            .then_with(|| ids.defendants.compare(defendant[left], defendant[right]))
            .then_with(|| {
                if own.is_empty() { Ordering::Equal } else { ids.charges.compare(own[left], own[right]) }
            })
    };
    let (mut rows, ends) = by_statute(&charges.statute, key);
    let mut statutes: Vec<&mut [(u64, u32)]> = Vec::with_capacity(ends.len());
    let mut rest = &mut rows[..];
    let mut start = 0;
    for end in ends {
        let (statute, behind) = rest.split_at_mut(end - start);
        statutes.push(statute);
        (rest, start) = (behind, end);
    }
    statutes.into_par_iter().for_each(|statute| {
        statute.par_sort_unstable_by(|(left_key, left), (right_key, right)| {
            left_key.cmp(right_key).then_with(|| by_ids(*left as usize, *right as usize))
        });
    });
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Rows with their keys, those of one statute together, and where each statute ends: many small sorts are quicker
/// than a large one.
fn by_statute(statutes: &[u16], key: impl Fn(usize) -> u64) -> (Vec<(u64, u32)>, Vec<usize>) {
    let mut places = vec![0; usize::from(u16::MAX) + 1];
    for &statute in statutes {
        places[usize::from(statute)] += 1;
    }
    let mut sum = 0;
    for place in &mut places {
        (*place, sum) = (sum, sum + *place);
    }
    let mut rows = vec![(0, 0); statutes.len()];
    for (number, (row, &statute)) in (0_u32..).zip(statutes.iter().enumerate()) {
        let place = &mut places[usize::from(statute)];
        rows[*place] = (key(row), number);
        *place += 1;
    }
    // Every statute's place has moved to its end.
    (rows, places)
}

/// Likewise for the ids of charges: every row has one of its own.
fn renumber_own(column: &mut [u32], ids: &mut IdList) {
    if column.len() != ids.len() {
        // Rows of a file that were refused for their content have left theirs.
        return renumber(column, ids);
    }
    ids.select(column);
    for (number, own) in (0_u32..).zip(column) {
        *own = number;
    }
}

/// Numbers the ids of a column in the order in which they appear, and drops those that do not.
fn renumber(column: &mut [u32], ids: &mut IdList) {
    const NEW: u32 = u32::MAX;
    let mut new_numbers = vec![NEW; ids.len()];
    let mut appeared: Vec<u32> = Vec::with_capacity(ids.len());
    for number in column {
        let new = &mut new_numbers[*number as usize];
        if *new == NEW {
            *new = u32::try_from(appeared.len()).expect("there are no more numbers than before");
            appeared.push(*number);
        }
        *number = *new;
    }
    drop(new_numbers);
    ids.select(&appeared);
}
