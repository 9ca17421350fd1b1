//! Single records: those of a store, or charges rebuilt from the columns.

use chargesheet_count::answer::Dataset;

use crate::disclosure::{PublishedRecords, protect_charges, protect_figures};
use crate::domain::tables::CODED;
use crate::domain::{Dimension, Period};
use crate::ingest::{Charges, Records};
use crate::release::{Codes, Columns, Release, StoreError, read_charges};

/// Why records cannot be returned.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// They lie in parts, on the storage of a cluster.
    #[error(
        "the records of this release lie in parts on the storage of a cluster, and are not read as one table; ask for the groups that \
         you need"
    )]
    InParts,
    /// The records could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Returns every record, in the order of the release. In a case-level dataset, the charges are rebuilt from the columns.
///
/// # Errors
/// When the store cannot be read; or on a bug.
pub fn records(dataset: &Dataset) -> Result<PublishedRecords<'_>, RecordsError> {
    let policy = dataset.release.disclosure();
    if let Records::Figures { figures, .. } = dataset.release.records() {
        return Ok(protect_figures(figures, policy));
    }
    if !dataset.is_near() {
        return Err(RecordsError::InParts);
    }
    let charges = match (read_charges(&dataset.release)?, dataset.columns(), dataset.release.records()) {
        (Some(read), ..) => read,
        (None, Some(columns), Records::Charges(left)) => charges(columns, left, &dataset.release),
        _ => Charges::default(),
    };
    Ok(protect_charges(charges, policy))
}

/// Returns the charges of a release, in its order, as far as they are still known.
fn charges(columns: &Columns, left: &Charges, release: &Release) -> Charges {
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
