//! A release laid out to be asked: by kind of dataset, in the columns that its questions are answered from.

use polars::prelude::PolarsResult;

use super::frame::Frame;
use crate::domain::Period;
use crate::ingest::{Charges, Records};
use crate::release::{Codes, Column, Columns, Release};

/// What questions are answered from.
#[derive(Debug)]
pub enum Index {
    /// Columns of charges.
    Charges(Box<Columns>),
    /// A frame of published figures.
    Figures(Frame),
}

impl Index {
    /// Lays a release out. Charges are moved into their columns: a hundred million are not held twice.
    ///
    /// # Errors
    /// When polars cannot make the frame; with columns of one length it always can.
    pub fn of(release: &mut Release) -> PolarsResult<Self> {
        if let Some(columns) = release.take_columns() {
            return Ok(Self::Charges(Box::new(columns)));
        }
        let statutes = release.register().all().len();
        match release.records_mut() {
            Records::Charges(charges) => {
                let columns = Columns::of(charges, statutes);
                charges.forget_columns();
                Ok(Self::Charges(Box::new(columns)))
            }
            Records::Figures { figures, .. } => Ok(Self::Figures(Frame::of(figures)?)),
        }
    }

    /// Returns the charges of a release as they were before they were laid out: in the order of the release, all that
    /// is still known of them. `None` for a reported dataset.
    pub fn charges(&self, release: &Release) -> Option<Charges> {
        let (Self::Charges(columns), Records::Charges(left)) = (self, release.records()) else {
            return None;
        };
        let records = &columns.records;
        let codes = |column: Column| records.column(column);
        let narrow = |column: Column| -> Vec<u8> {
            match codes(column) {
                Some(Codes::U8(codes)) => codes.to_vec(),
                _ => Vec::new(),
            }
        };
        let all = |codes: &Codes| -> Vec<u32> { (0..codes.len()).map(|row| codes.at(row)).collect() };
        let mut statute = Vec::with_capacity(records.rows());
        for (code, rows) in (0..).zip(records.starts.windows(2)) {
            statute.resize(rows[1] as usize, code);
        }
        let country: Vec<u8> = (0..release.register().all().len())
            .map(|code| {
                let country = u16::try_from(code).ok().and_then(|code| release.country(code));
                country.and_then(|country| u8::try_from(country).ok()).unwrap_or_default()
            })
            .collect();
        let packed = records.periods.packed();
        let charged = all(&records.period).into_iter().map(|place| packed[place as usize]);
        debug_assert!(packed.iter().all(|&packed| packed == 0 || Period::unpacked(packed).is_some()));
        Some(Charges {
            ids: None,
            own: Vec::new(),
            case: columns.case.to_vec(),
            defendant: columns.defendant.to_vec(),
            country: statute.iter().map(|&statute| country[usize::from(statute)]).collect(),
            statute,
            charged: charged.collect(),
            outcome: narrow(Column::Outcome),
            decided: left.decided.clone(),
            sentence: left.sentence.clone(),
            sentence_months: left.sentence_months.clone(),
            role: narrow(Column::Role),
            region: codes(Column::Region).map_or(Vec::new(), |codes| {
                all(codes).into_iter().filter_map(|region| u16::try_from(region).ok()).collect()
            }),
            source: codes(Column::Origin).map_or(Vec::new(), all),
            has_roles: left.has_roles,
            has_regions: left.has_regions,
            regions: left.regions.clone(),
            texts: left.texts.clone(),
        })
    }
}
