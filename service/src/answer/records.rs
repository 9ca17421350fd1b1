//! Single charges, rebuilt from the columns.

use crate::domain::tables::CODED;
use crate::domain::{Dimension, Period};
use crate::ingest::Charges;
use crate::release::{Codes, Columns, Release};

/// Returns the charges of a release, in its order, as far as they are still known.
pub fn charges(columns: &Columns, left: &Charges, release: &Release) -> Charges {
    let records = &columns.records;
    let all = |codes: &Codes| -> Vec<u32> { (0..codes.len()).map(|row| codes.at(row)).collect() };
    let column = |column: Dimension| records.column(column).map_or(Vec::new(), all);
    let narrow = |codes: Dimension| -> Vec<u8> {
        column(codes).into_iter().filter_map(|code| u8::try_from(code).ok()).collect()
    };
    let mut statute = Vec::with_capacity(records.rows());
    for (code, rows) in (0..).zip(records.starts.windows(2)) {
        statute.resize(rows[1] as usize, code);
    }
    let country = |code: u16| release.country(code).and_then(|country| u8::try_from(country).ok());
    let countries = 0..release.register().all().len();
    let countries: Vec<u8> =
        countries.map(|code| u16::try_from(code).ok().and_then(country).unwrap_or_default()).collect();
    let packed = records.periods.packed();
    let charged = all(&records.period).into_iter().map(|place| packed[place as usize]);
    debug_assert!(packed.iter().all(|&packed| packed == 0 || Period::unpacked(packed).is_some()));
    let mut coded = left.coded.clone();
    for (own, dimension) in coded.iter_mut().zip(CODED) {
        own.codes = column(dimension).into_iter().filter_map(|code| u16::try_from(code).ok()).collect();
    }
    Charges {
        ids: None,
        own: Vec::new(),
        case: columns.case.to_vec(),
        defendant: columns.defendant.to_vec(),
        country: statute.iter().map(|&statute| countries[usize::from(statute)]).collect(),
        statute,
        charged: charged.collect(),
        outcome: narrow(Dimension::Outcome),
        decided: left.decided.clone(),
        sentence: left.sentence.clone(),
        sentence_months: left.sentence_months.clone(),
        role: narrow(Dimension::Role),
        coded,
        source: column(Dimension::Source),
        has_roles: left.has_roles,
        texts: left.texts.clone(),
    }
}
