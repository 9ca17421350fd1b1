//! Charges that come by column: what is fine is taken without looking at each row.

use std::ops::Range;

use super::charge_rows::{
    CHARGE_ID, DATE_OUTCOME, IdColumns, REGION, ROLE, Reading, SENTENCE, SENTENCE_MONTHS, SOURCE,
};
use super::ids::{IdColumn, Texts};
use super::places::Place;
use crate::domain::{Period, outcomes};

/// Some charges by column, in the codes of [`super::Charges`]; a column that the file does not have is empty.
#[derive(Debug, Default)]
pub struct ChargeColumns {
    /// Rows that must be looked at one by one: something about them is wrong, or may be. Their codes say nothing.
    pub odd: Vec<bool>,
    /// Numbers in the list of countries.
    pub country: Vec<u8>,
    /// Codes in the register.
    pub statute: Vec<u16>,
    /// Packed dates; 0 is unknown.
    pub charged: Vec<u32>,
    /// Numbers in the list of outcomes.
    pub outcome: Vec<u8>,
    /// Packed dates; 0 where there is none.
    pub decided: Vec<u32>,
    /// 1 + months; 0 where there is none.
    pub sentence_months: Vec<u32>,
    /// Numbers in the list of roles.
    pub role: Vec<u8>,
    /// Regions.
    pub region: CodedTexts,
    /// Sentences in words.
    pub sentence: CodedTexts,
    /// Where records come from.
    pub source: CodedTexts,
    /// Ids of cases.
    pub cases: IdCells,
    /// Ids of defendants.
    pub defendants: IdCells,
    /// The charges' own ids.
    pub own: IdCells,
}

/// Texts of a column, each once.
#[derive(Debug, Default)]
pub struct CodedTexts {
    /// For each row 1 + the place of its text; 0 where there is none.
    pub keys: Vec<u32>,
    /// The texts.
    pub texts: Vec<String>,
}

/// The ids of a column.
#[derive(Debug, Default)]
pub enum IdCells {
    /// The file has no such column.
    #[default]
    None,
    /// Whole numbers.
    Whole(Vec<u64>),
    /// Texts.
    Texts(Texts),
}

impl CodedTexts {
    /// Returns for each text the code that `code` gives it, of which only those of some rows are asked for: a text
    /// of rows that are not taken must not have one.
    fn codes(&self, rows: Range<usize>, mut code: impl FnMut(&str) -> u32) -> impl Iterator<Item = u32> {
        const NONE: u32 = u32::MAX;
        let mut codes = vec![NONE; self.texts.len()];
        self.keys[rows].iter().map(move |&key| match key.checked_sub(1) {
            None => 0,
            Some(place) => {
                let known = &mut codes[place as usize];
                if *known == NONE {
                    *known = code(&self.texts[place as usize]);
                }
                *known + 1
            }
        })
    }
}

impl Reading<'_> {
    /// Marks rows whose region may be one more than fit: which of them it is shows when they are taken in order.
    pub fn mark_regions(&self, columns: &mut ChargeColumns) {
        if self.charges.regions.len() + columns.region.texts.len() >= usize::from(u16::MAX) {
            for (odd, key) in columns.odd.iter_mut().zip(&columns.region.keys) {
                *odd |= *key > 0;
            }
        }
    }

    /// Takes rows of which none is odd; the first stands at a place, the others right behind it.
    pub fn take_columns(
        &mut self,
        columns: &ChargeColumns,
        rows: Range<usize>,
        first: Place,
        ids: &mut IdColumns<'_>,
    ) {
        let has = self.has;
        let charges = &mut self.charges;
        let before = charges.len();
        charges.country.extend_from_slice(&columns.country[rows.clone()]);
        charges.statute.extend_from_slice(&columns.statute[rows.clone()]);
        charges.charged.extend_from_slice(&columns.charged[rows.clone()]);
        charges.outcome.extend_from_slice(&columns.outcome[rows.clone()]);
        if has[ROLE] {
            charges.role.extend_from_slice(&columns.role[rows.clone()]);
        }
        if has[SENTENCE_MONTHS] {
            charges.sentence_months.extend_from_slice(&columns.sentence_months[rows.clone()]);
        }
        if has[REGION] {
            let regions = &mut charges.regions;
            let codes = columns.region.codes(rows.clone(), |text| regions.code(text));
            // Where there might be too many, every row was marked.
            charges.region.extend(codes.map(|code| u16::try_from(code).unwrap_or_default()));
        }
        for (column, texts, codes) in [
            (SENTENCE, &columns.sentence, &mut charges.sentence),
            (SOURCE, &columns.source, &mut charges.source),
        ] {
            if has[column] {
                codes.extend(texts.codes(rows.clone(), |text| charges.texts.code(text)));
            }
        }
        if has[DATE_OUTCOME] {
            charges.decided.extend_from_slice(&columns.decided[rows.clone()]);
            self.doubt_any(before);
        }
        let count = rows.len() as u64;
        push(&mut ids.cases, &columns.cases, rows.clone());
        push(&mut ids.defendants, &columns.defendants, rows.clone());
        if let Some(own) = ids.own.as_mut().filter(|_| has[CHARGE_ID]) {
            push(own, &columns.own, rows);
        }
        self.places.push_run(first, count);
    }

    /// Notes what is odd about the dates of the charges from one on.
    fn doubt_any(&mut self, first: usize) {
        for row in first..self.charges.len() {
            let charges = &self.charges;
            let (charged, decided, outcome) =
                (charges.charged[row], charges.decided[row], charges.outcome[row]);
            // The numbers sort as their texts do, so an outcome that lies before its charge has the lesser one.
            let perhaps = match decided {
                0 => outcomes().at(outcome.into()).is_final,
                _ => decided < charged || self.pending == Some(outcome.into()),
            };
            if perhaps {
                self.doubt(row, Period::unpacked(charged), outcome, Period::unpacked(decided));
            }
        }
    }
}

fn push(column: &mut IdColumn<'_>, cells: &IdCells, rows: Range<usize>) {
    match cells {
        IdCells::None => {}
        IdCells::Whole(ids) => column.push_whole(ids[rows].to_vec()),
        IdCells::Texts(texts) => rows.for_each(|row| column.push(texts.at(row))),
    }
}
