//! The canonical order of charges, which does not depend on the order of the publisher's file.
//!
//! Charges are sorted by statute, country, date, outcome, role, the coded columns, case, defendant and charge id, each in byte
//! order. The last three form a key, so no two charges are equal. Cases and defendants are numbered in the order in which they
//! first appear, so the numbers are the same on every machine too.

use std::cmp::Ordering;

use crate::ingest::{Charges, IdList, Ids};
use crate::parallel::*;

/// Sorts charges and renumbers their ids, so that the texts of ids are in the order in which they are written.
pub fn settle(charges: &mut Charges) {
    charges.sort_dictionaries();
    let layout = Layout::of(charges);
    let (rows, ends) = sorted(charges, layout);
    // The columns inside the keys are decoded from the keys in order. Looking up each old row would wait for memory.
    let coded = layout.columns(&rows, &ends, charges);
    let order: Vec<u32> = rows.par_iter().map(|&(_, row)| row).collect();
    drop(rows);
    scope(|scope| {
        for column in charges.reordering(&order) {
            scope.spawn(|_| column());
        }
    });
    drop(order);
    (charges.statute, charges.charged, charges.outcome) = (coded.statute, coded.charged, coded.outcome);
    (charges.role, charges.coded[0].codes) = (coded.role, coded.first);
    if let Some(mut ids) = charges.ids.take() {
        let Ids { cases, defendants, charges: own } = &mut *ids;
        scope(|scope| {
            scope.spawn(|_| renumber_own(&mut charges.own, own));
            scope.spawn(|_| renumber(&mut charges.case, cases));
            renumber(&mut charges.defendant, defendants);
        });
        charges.ids = Some(ids);
    }
}

/// Bits of a packed date. No record has a year after 4095.
const DATE_BITS: u32 = 21;
/// The key of a missing date. It is the largest, because the text `unknown` sorts after every digit.
const UNKNOWN: u64 = (1 << DATE_BITS) - 1;

/// The key: the columns of codes of a statute's records, packed into one number with the same sort order. Most records differ
/// in the key. Only records with equal keys are compared by further coded columns and ids.
#[derive(Debug, Clone, Copy)]
struct Layout {
    outcome_bits: u32,
    role_bits: u32,
    /// Bits of the first coded column. The number has no room for further coded columns.
    first_bits: u32,
}

/// The columns inside the keys, in the new order.
#[derive(Default)]
struct Coded {
    statute: Vec<u16>,
    charged: Vec<u32>,
    outcome: Vec<u8>,
    role: Vec<u8>,
    /// The first coded column.
    first: Vec<u16>,
}

impl Layout {
    fn of(charges: &Charges) -> Self {
        let bits = |most: u64| u64::BITS - most.leading_zeros();
        let most = |column: &[u8]| u64::from(column.iter().copied().max().unwrap_or_default());
        // The columns need 21, 8, 8 and 16 bits: they always fit.
        Self {
            outcome_bits: bits(most(&charges.outcome)),
            role_bits: bits(most(&charges.role)),
            first_bits: bits(charges.coded[0].codes.iter().copied().max().unwrap_or_default().into()),
        }
    }

    fn key(self, charges: &Charges, row: usize) -> u64 {
        let charged = match charges.charged[row] {
            0 => UNKNOWN,
            charged => charged.into(),
        };
        let role = charges.role.get(row).copied().unwrap_or_default();
        let first = charges.coded[0].codes.get(row).copied().unwrap_or_default();
        let key = charged << self.outcome_bits | u64::from(charges.outcome[row]);
        (key << self.role_bits | u64::from(role)) << self.first_bits | u64::from(first)
    }

    /// Removes the columns that the keys contain from the charges, and returns them in the order of the keys.
    fn columns(self, rows: &[(u64, u32)], ends: &[usize], charges: &mut Charges) -> Coded {
        let mask = |bits: u32| (1_u64 << bits) - 1;
        let (role_at, outcome_at) = (self.first_bits, self.first_bits + self.role_bits);
        let charged_at = outcome_at + self.outcome_bits;
        charges.statute = Vec::new();
        let mut coded = Coded::default();
        let Coded { statute, charged, outcome, role, first } = &mut coded;
        fn read<T: TryFrom<u64>>(
            rows: &[(u64, u32)],
            old: &mut Vec<T>,
            new: &mut Vec<T>,
            part: impl Fn(u64) -> u64,
        ) {
            if !std::mem::take(old).is_empty() {
                let part = |key| T::try_from(part(key)).ok().expect("it was put into the key");
                *new = rows.iter().map(|&(key, _)| part(key)).collect();
            }
        }
        let date = |key: u64| Some(key >> charged_at).filter(|date| *date != UNKNOWN).unwrap_or(0);
        let (outcomes, roles) = (mask(self.outcome_bits), mask(self.role_bits));
        let firsts = mask(self.first_bits);
        scope(|scope| {
            scope.spawn(|_| read(rows, &mut charges.charged, charged, date));
            scope.spawn(|_| read(rows, &mut charges.outcome, outcome, |key| key >> outcome_at & outcomes));
            scope.spawn(|_| read(rows, &mut charges.role, role, |key| key >> role_at & roles));
            scope.spawn(|_| read(rows, &mut charges.coded[0].codes, first, |key| key & firsts));
            statute.reserve_exact(rows.len());
            for (code, &end) in (0_u16..=u16::MAX).zip(ends) {
                statute.resize(end, code);
            }
        });
        coded
    }
}

/// Returns the sorted rows, each with its key, and where each statute ends.
fn sorted(charges: &Charges, layout: Layout) -> (Vec<(u64, u32)>, Vec<usize>) {
    let ids = charges.ids.as_deref();
    let by_ids = |left: usize, right: usize| {
        let Some(ids) = ids else { return Ordering::Equal };
        let (case, defendant, own) = (&charges.case, &charges.defendant, &charges.own);
        let by_own = || match own.is_empty() {
            true => Ordering::Equal,
            false => ids.charges.compare(own[left], own[right]),
        };
        let further =
            charges.coded[1..].iter().map(|column| column.codes.get(left).cmp(&column.codes.get(right)));
        let further = further.fold(Ordering::Equal, Ordering::then);
        let by_case = || ids.cases.compare(case[left], case[right]);
        further
            .then_with(by_case)
            .then_with(|| ids.defendants.compare(defendant[left], defendant[right]))
            .then_with(by_own)
    };
    let (mut rows, ends) = by_statute(&charges.statute, |row| layout.key(charges, row));
    let all = rows.len();
    let mut statutes: Vec<&mut [(u64, u32)]> = Vec::with_capacity(ends.len());
    let mut rest = &mut rows[..];
    let mut start = 0;
    for &end in &ends {
        let (statute, behind) = rest.split_at_mut(end - start);
        statutes.push(statute);
        (rest, start) = (behind, end);
    }
    statutes.into_par_iter().for_each(|statute| {
        // First sorts by the keys alone, which needs no branches; then sorts the few rows with equal keys.
        if statute.len() > all / 8 {
            statute.par_sort_unstable_by_key(|&(key, _)| key);
        } else {
            statute.sort_unstable_by_key(|&(key, _)| key);
        }
        // One statute may have most of the records.
        let equals = statute.par_chunk_by_mut(|left, right| left.0 == right.0);
        equals.filter(|equal| equal.len() > 1).for_each(|equal| {
            let by_ids =
                |(_, left): &(u64, u32), (_, right): &(u64, u32)| by_ids(*left as usize, *right as usize);
            if equal.len() > all / 8 {
                equal.par_sort_unstable_by(by_ids);
            } else {
                equal.sort_unstable_by(by_ids);
            }
        });
    });
    (rows, ends)
}

/// Returns the rows with their keys, grouped by statute, and where each statute ends. Many small sorts are faster than a large
/// one.
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
    // By now, each statute's entry has advanced from its start to its end.
    (rows, places)
}

/// Renumbers the ids of charges. Every row has an id of its own.
fn renumber_own(column: &mut [u32], ids: &mut IdList) {
    if column.len() != ids.len() {
        // Rows that were rejected for their content have left their ids in the list.
        return renumber(column, ids);
    }
    ids.select(column);
    for (number, own) in (0_u32..).zip(column) {
        *own = number;
    }
}

/// Numbers the ids of a column in the order in which they appear, and drops ids that no row uses.
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
