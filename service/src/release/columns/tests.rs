use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::domain::{Dimension, Period};
use crate::ingest::Charges;
use crate::release::ReleaseId;

/// Returns charges in the order of a release: statute, date, outcome, role, region.
fn charges() -> impl Strategy<Value = Charges> {
    let date = prop_oneof![
        Just(0_u32),
        (2019_u32..2022).prop_map(|year| year << 9),
        (2019_u32..2022, 1_u32..13).prop_map(|(year, month)| year << 9 | month << 5),
        (2019_u32..2022, 1_u32..13, 1_u32..28).prop_map(|(year, month, day)| year << 9 | month << 5 | day),
    ];
    let charge = (0_u16..4, date, 0_u8..3, 0_u8..3, 0_u16..4, 0_u32..9, 0_u32..9, 0_u32..4);
    vec(charge, 1..120).prop_map(|mut all| {
        all.sort_by_key(|charge| (charge.0, if charge.1 == 0 { u32::MAX } else { charge.1 }));
        let mut charges = Charges { has_roles: true, ..Charges::default() };
        charges.coded[0].is_there = true;
        for text in ["B", "C", "D"] {
            charges.coded[0].texts.code(text);
            charges.texts.code(&format!("unused {text}"));
            charges.texts.code(text);
        }
        for (statute, charged, outcome, role, region, case, defendant, source) in all {
            charges.statute.push(statute);
            charges.country.push(0);
            charges.charged.push(charged);
            charges.outcome.push(outcome);
            charges.role.push(role);
            charges.coded[0].codes.push(region);
            charges.case.push(case);
            charges.defendant.push(defendant);
            charges.source.push(source * 2);
        }
        charges
    })
}

fn release() -> ReleaseId {
    ReleaseId::parse("2026-01-01-0123456789ab").unwrap()
}

proptest! {
    #[test]
    fn every_table_counts_every_charge_once(charges in charges()) {
        let columns = Columns::of(&charges, 5, Tables::None);
        let cuboids = made(&columns.records, usize::MAX);
        prop_assert_eq!(cuboids.len(), 18);
        for Cuboid { level, table } in &cuboids {
            for statute in 0..5 {
                let own = charges.statute.iter().filter(|&&other| usize::from(other) == statute).count();
                let counted: u32 = table.counts[table.of_statute(statute)].iter().sum();
                prop_assert_eq!(counted as usize, own, "{:?}", level);
                let rows = table.of_statute(statute);
                if *level != Level::All {
                    prop_assert!(rows.clone().is_sorted_by_key(|row| table.period.at(row)));
                }
                // No two rows of a statute are equal.
                let mut said: Vec<_> = rows
                    .map(|row| (
                        if *level == Level::All { 0 } else { table.period.at(row) },
                        table.columns.each_ref().map(|codes| codes.as_ref().map(|codes| codes.at(row))),
                    ))
                    .collect();
                let all = said.len();
                said.sort_unstable();
                said.dedup();
                prop_assert_eq!(said.len(), all);
            }
            for &packed in table.periods.packed() {
                let is_right = match Period::unpacked(packed) {
                    None | Some(Period::Year(_)) => true,
                    Some(Period::Month(_)) => *level == Level::Month,
                    Some(Period::Day(_)) => false,
                };
                prop_assert!(is_right, "{:?}: {}", level, packed);
            }
        }
    }

    #[test]
    fn what_is_written_is_read(charges in charges()) {
        let mut filed = Filed::of(&charges, 5);
        filed.columns.cuboids = made(&filed.columns.records, usize::MAX);
        prop_assert!(filed.origins.iter().all(|origin| !origin.starts_with("unused")));
        let folder = tempfile();
        let path = folder.join(FILE);
        filed.write(&path, &release()).unwrap();
        let read = Filed::read(&path, &release()).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        prop_assert_eq!(read, Some(filed));
    }

    #[test]
    fn a_damaged_file_is_told_and_never_read(
        charges in charges(), place in any::<prop::sample::Index>(), bit in 0_u8..8, cut in any::<bool>()
    ) {
        let filed = Filed::of(&charges, 5);
        let folder = tempfile();
        let path = folder.join(FILE);
        filed.write(&path, &release()).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let place = place.index(bytes.len());
        if cut { bytes.truncate(place) } else { bytes[place] ^= 1 << bit }
        std::fs::write(&path, &bytes).unwrap();
        let read = Filed::read(&path, &release());
        std::fs::remove_dir_all(&folder).unwrap();
        // The padding between columns means nothing, so changing it may go unnoticed.
        prop_assert!(read.is_err() || read.unwrap() == Some(filed));
    }
}

#[test]
fn numbers_that_stand_for_nothing_are_never_read() {
    let mut charges = Charges { has_roles: true, ..Charges::default() };
    charges.coded[0].is_there = true;
    charges.coded[0].texts.code("A");
    (charges.statute, charges.country, charges.charged) = (vec![0], vec![0], vec![2020 << 9]);
    (charges.outcome, charges.role, charges.coded[0].codes) = (vec![2], vec![1], vec![1]);
    (charges.case, charges.defendant) = (vec![0], vec![0]);
    let read = |wrong: fn(&mut Filed)| {
        let mut filed = Filed::of(&charges, 1);
        wrong(&mut filed);
        let folder = tempfile();
        filed.write(&folder.join(FILE), &release()).unwrap();
        let read = Filed::read(&folder.join(FILE), &release());
        std::fs::remove_dir_all(&folder).unwrap();
        read
    };
    let right = read(|_| {}).unwrap().unwrap();
    assert!(right.fits(3, 2) && !right.fits(2, 2) && !right.fits(3, 1));
    assert!(read(|filed| filed.columns.cases = 0).is_err());
    assert!(read(|filed| filed.columns.defendants = 0).is_err());
    assert!(read(|filed| filed.coded[0].clear()).is_err());
    assert!(read(|filed| filed.columns.records.periods = Periods::default()).is_err());
    assert!(
        read(|filed| filed.columns.cuboids[0].table.columns[slot(Dimension::Region)] =
            Some(Codes::U8(vec![9].into())))
        .is_err()
    );
}

#[test]
fn a_file_of_another_release_is_none_of_this_one() {
    let filed = Filed::of(&Charges::default(), 0);
    let folder = tempfile();
    let path = folder.join(FILE);
    filed.write(&path, &release()).unwrap();
    let other = ReleaseId::parse("2026-01-01-ba9876543210").unwrap();
    let error = Filed::read(&path, &other).unwrap_err().to_string();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(error.contains("2026-01-01-0123456789ab"), "{error}");
}

/// Makes a new folder for a test.
fn tempfile() -> std::path::PathBuf {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let name = format!("chargesheet-columns-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn columns_that_share_bytes_lie_beyond_the_end_or_are_not_known_are_never_read() {
    use super::file::{Head, MARK};
    let mut charges = Charges::default();
    (charges.statute, charges.country, charges.charged) = (vec![0, 0], vec![0, 0], vec![2020 << 9; 2]);
    (charges.outcome, charges.case, charges.defendant) = (vec![0, 0], vec![0, 0], vec![0, 0]);
    let folder = tempfile();
    let path = folder.join(FILE);
    Filed::of(&charges, 1).write(&path, &release()).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let length = usize::try_from(u64::from_le_bytes(bytes[8..16].try_into().unwrap())).unwrap();
    let base = (24 + length).next_multiple_of(64);
    let read = |wrong: fn(&mut Head)| {
        let mut head: Head = serde_json::from_slice(&bytes[24..24 + length]).unwrap();
        wrong(&mut head);
        let head = serde_json::to_vec(&head).unwrap();
        let mut whole = MARK.to_vec();
        whole.extend((head.len() as u64).to_le_bytes());
        whole.extend(xxhash_rust::xxh3::xxh3_64(&head).to_le_bytes());
        whole.extend(&head);
        whole.resize((24 + head.len()).next_multiple_of(64), 0);
        whole.extend(&bytes[base..]);
        std::fs::write(&path, whole).unwrap();
        Filed::read(&path, &release())
    };
    assert!(read(|_| {}).unwrap().is_some());
    // The offset now points to the cases, whose numbers and digest are the same.
    assert!(read(|head| head.defendant.at -= 64).is_err());
    assert!(read(|head| head.defendant.at = 1 << 20).is_err());
    assert!(read(|head| head.defendant.at = u64::MAX).is_err());
    assert!(read(|head| head.defendant.at += 1).is_err());
    assert!(read(|head| head.defendant.length = usize::MAX).is_err());
    assert!(read(|head| head.defendant.length = 1).is_err());
    assert!(read(|head| head.defendant.width = 2).is_err());
    assert!(read(|head| head.defendant.width = 0).is_err());
    assert!(read(|head| head.defendant.sums.clear()).is_err());
    assert!(read(|head| head.defendant.sums.push(0)).is_err());
    // A newer program may know more columns than this one.
    assert!(read(|head| head.records.columns.push(None)).is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}
