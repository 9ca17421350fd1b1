//! Building columns from charges.

use super::{Codes, Columns, Numbers, Periods, Slots, Table, Tables, cube, slot};
use crate::domain::Dimension;
use crate::domain::tables::CODED;
use crate::ingest::Charges;

impl Columns {
    /// Builds columns from sorted charges. `statutes` is the number of statutes in the register.
    ///
    /// # Panics
    /// When charges are not in the order of a release, or have invalid numbers: a bug.
    pub fn of(charges: &Charges, statutes: usize, tables: Tables) -> Self {
        let records = records(charges, statutes);
        let numbers = |column: &[u32]| column.iter().max().map_or(0, |most| most + 1);
        let cuboids = cube::of(&records, tables);
        Self {
            records,
            case: charges.case.clone().into(),
            defendant: charges.defendant.clone().into(),
            cases: numbers(&charges.case),
            defendants: numbers(&charges.defendant),
            cuboids,
        }
    }
}

fn records(charges: &Charges, statutes: usize) -> Table {
    let (periods, period) = periods(&charges.charged);
    let origin = (!charges.source.is_empty()).then_some(&charges.source);
    let most = |column: &[u32]| column.iter().copied().max().unwrap_or_default();
    let mut columns = Slots::default();
    columns[slot(Dimension::Outcome)] = Some(Codes::U8(charges.outcome.clone().into()));
    columns[slot(Dimension::Role)] = charges.has_roles.then(|| Codes::U8(charges.role.clone().into()));
    for (column, dimension) in charges.coded.iter().zip(CODED).filter(|(column, _)| column.is_there) {
        let most = column.codes.iter().copied().max().unwrap_or_default();
        columns[slot(dimension)] = Some(Codes::of(column.codes.iter().map(|&code| code.into()), most.into()));
    }
    columns[slot(Dimension::Source)] = origin.map(|origin| Codes::of(origin.iter().copied(), most(origin)));
    Table { starts: starts(&charges.statute, statutes), periods, period, columns, counts: Numbers::default() }
}

/// Returns the row at which each statute begins.
fn starts(statutes: &[u16], known: usize) -> Vec<u32> {
    let mut starts = vec![0_u32; known + 1];
    for &statute in statutes {
        starts[usize::from(statute) + 1] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// Returns the distinct dates, and for each charge the index of its date.
fn periods(charged: &[u32]) -> (Periods, Codes) {
    let most = charged.iter().copied().max().unwrap_or_default() as usize;
    let mut places = vec![u32::MAX; most + 1];
    for &packed in charged {
        places[packed as usize] = 0;
    }
    // An unknown date comes after all other dates.
    let there = (1..=most).chain([0]).filter(|&packed| places[packed] == 0);
    let different: Vec<u32> = there.filter_map(|packed| u32::try_from(packed).ok()).collect();
    for (place, &packed) in (0..).zip(&different) {
        places[packed as usize] = place;
    }
    let last = u32::try_from(different.len()).unwrap_or(u32::MAX).saturating_sub(1);
    let codes = Codes::of(charged.iter().map(|&packed| places[packed as usize]), last);
    (Periods::of(different), codes)
}
