//! Charges that occur more than once.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::charges::{CASE_ID, CHARGE_ID, Charges};
use super::report::Reason;
use super::row_positions::{Position, RowPositions};
use super::table_reader::TableReader;
use crate::domain::Say;

/// Settles charges with the same key. Identical records are counted once. If records with the same key differ, none
/// of them is accepted.
///
/// The key is the charge's own id if charges have ids; then `repeated` are the rows whose id occurred in an earlier
/// row. Otherwise the key is case, defendant and statute together. `also_excluded` are rows whose key also belongs to
/// a row that was refused or withheld. `tables` are the files of the charges.
pub fn settle_repetitions(
    charges: &mut Charges,
    repeated: Vec<usize>,
    also_excluded: &HashSet<usize>,
    positions: &RowPositions,
    tables: &mut [TableReader<'_, '_>],
) {
    let (column, mut groups) = match &charges.own[..] {
        [] => (CASE_ID, groups_of_keys(charges)),
        own => (CHARGE_ID, groups_of_ids(own, repeated)),
    };
    let grouped: HashSet<usize> = groups.iter().flatten().copied().collect();
    groups.extend(also_excluded.iter().filter(|row| !grouped.contains(row)).map(|&row| vec![row]));
    if groups.is_empty() {
        return;
    }
    groups.sort_unstable();
    let names: Vec<String> = tables.iter().map(|table| table.counts.name.clone()).collect();
    let mut keep = vec![true; charges.len()];
    for group in groups {
        let first = group[0];
        let is_excluded = group.iter().any(|row| also_excluded.contains(row));
        if !is_excluded && group[1..].iter().all(|&row| charges.same(row, first)) {
            for &row in &group[1..] {
                keep[row] = false;
                let (own, first) = (positions.at(row), positions.at(first));
                let other = (own.file != first.file).then(|| &*names[first.file]);
                tables[own.file].repeat_later(own, first, other, column);
            }
            continue;
        }
        let says = if is_excluded {
            Say::new("conflicting_duplicate.refused")
        } else {
            let files = |row: &usize| positions.at(*row).file;
            let one_file = group.iter().all(|row| files(row) == files(&first));
            let name = |place: Position| (!one_file).then(|| &*names[place.file]);
            tables[files(&first)].conflict(group.iter().map(|&row| positions.at(row)), name)
        };
        for &row in &group {
            keep[row] = false;
            let own = positions.at(row);
            tables[own.file].refuse_later(own, column, Reason::ConflictingDuplicate, &says);
        }
    }
    charges.retain(&keep);
}

/// Returns the rows of each repeated id, the first row before the others.
fn groups_of_ids(ids: &[u32], repeated: Vec<usize>) -> Vec<Vec<usize>> {
    if repeated.is_empty() {
        return Vec::new();
    }
    let mut groups: HashMap<u32, Vec<usize>> = HashMap::new();
    for row in repeated {
        groups.entry(ids[row]).or_default().push(row);
    }
    let mut found: Vec<Vec<usize>> = Vec::with_capacity(groups.len());
    for (row, id) in ids.iter().enumerate() {
        // The first row of an id comes before its repetitions.
        if let Some(others) = groups.remove(id) {
            found.push(std::iter::once(row).chain(others).collect());
            if groups.is_empty() {
                break;
            }
        }
    }
    found
}

/// Returns the rows that share a case, defendant and statute, in the order of their first rows.
fn groups_of_keys(charges: &Charges) -> Vec<Vec<usize>> {
    let key = |row: usize| (charges.case[row], charges.defendant[row], charges.statute[row]);
    let hasher = RandomState::default();
    let mut first: HashTable<u32> = HashTable::new();
    let mut groups: HashMap<u32, Vec<usize>> = HashMap::new();
    for (number, row) in (0_u32..).zip(0..charges.len()) {
        let own = key(row);
        let hash = hasher.hash_one(own);
        match first.find(hash, |&other| key(other as usize) == own) {
            Some(&earliest) => groups.entry(earliest).or_default().push(row),
            None => {
                first.insert_unique(hash, number, |&other| hasher.hash_one(key(other as usize)));
            }
        }
    }
    let mut found: Vec<Vec<usize>> = groups
        .into_iter()
        .map(|(earliest, others)| std::iter::once(earliest as usize).chain(others).collect())
        .collect();
    found.sort_unstable();
    found
}
