//! Charges that come by column. Rows without faults are taken without a look at each of them.

use std::ops::Range;

use super::charge_rows::ChargeRows;
use super::charges::{Charges, DATE_OUTCOME};
use super::row_positions::Position;
use super::texts::Texts;
use crate::domain::Period;
use crate::domain::tables::CODED;

/// A batch of charges by column. A column that the file does not have is empty.
#[derive(Debug, Default)]
pub struct ChargeColumns {
    /// Rows that must be checked one by one, because something about them is or may be wrong. Their codes mean
    /// nothing.
    pub odd: Vec<bool>,
    /// All columns but texts and ids.
    pub charges: Charges,
    /// The coded columns.
    pub coded: [CodedTexts; CODED.len()],
    /// Sentences in the words of the source.
    pub sentence: CodedTexts,
    /// Sources of the records.
    pub source: CodedTexts,
    /// Ids of cases, of defendants and of charges.
    pub ids: [IdCells; 3],
}

/// A column of texts, with each different text once.
#[derive(Debug, Default)]
pub struct CodedTexts {
    /// For each row 1 + the place of its text, or 0 where the row has none.
    pub keys: Vec<u32>,
    /// The different texts.
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
    /// Returns the code of each row's text. `code` is only asked for texts of these rows, because a text that occurs
    /// only in rows that are not accepted must not get a code.
    fn codes(&self, rows: &Range<usize>, mut code: impl FnMut(&str) -> u32) -> impl Iterator<Item = u32> {
        const NONE: u32 = u32::MAX;
        let mut codes = vec![NONE; self.texts.len()];
        let keys = self.keys.get(rows.clone()).unwrap_or_default();
        keys.iter().map(move |&key| match key.checked_sub(1) {
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

impl ChargeRows<'_> {
    /// Marks rows whose coded text may be one more than 16-bit codes can number, and all rows where charges may become too
    /// many. Only reading them in order shows which row is one too many.
    pub fn mark_surplus(&self, columns: &mut ChargeColumns) {
        if self.charges.len() + columns.odd.len() > u32::MAX as usize {
            columns.odd.fill(true);
        }
        for (own, new) in self.charges.coded.iter().zip(&columns.coded) {
            if own.texts.len() + new.texts.len() >= usize::from(u16::MAX) {
                for (odd, key) in columns.odd.iter_mut().zip(&new.keys) {
                    *odd |= *key > 0;
                }
            }
        }
    }

    /// Takes rows without faults. `first` is the position of the first one, and the others follow it directly.
    pub fn take_columns(&mut self, columns: &ChargeColumns, rows: &Range<usize>, first: Position) {
        let charges = &mut self.charges;
        let before = charges.len();
        charges.append(&columns.charges, rows);
        for (own, new) in charges.coded.iter_mut().zip(&columns.coded) {
            let codes = new.codes(rows, |text| own.texts.code(text));
            // If the codes might have run out, every such row was marked before.
            own.codes.extend(codes.map(|code| u16::try_from(code).unwrap_or_default()));
        }
        for (texts, codes) in
            [(&columns.sentence, &mut charges.sentence), (&columns.source, &mut charges.source)]
        {
            codes.extend(texts.codes(rows, |text| charges.texts.code(text)));
        }
        if self.has[DATE_OUTCOME] {
            self.doubt_any(before);
        }
        for (column, cells) in self.ids.iter_mut().zip(&columns.ids) {
            match cells {
                IdCells::None => {}
                IdCells::Whole(ids) => column.push_whole(ids[rows.clone()].to_vec()),
                IdCells::Texts(texts) => rows.clone().for_each(|row| column.push(texts.at(row))),
            }
        }
        self.positions.push_run(first, rows.len() as u64);
    }

    /// Records doubts about the dates of all charges from `first` on.
    fn doubt_any(&mut self, first: usize) {
        for row in first..self.charges.len() {
            let charges = &self.charges;
            let (charged, decided, outcome) =
                (charges.charged[row], charges.decided[row], charges.outcome[row]);
            // Packed dates sort as their texts do. So an outcome before its charge has the smaller number.
            let perhaps = match decided {
                0 => self.lists.outcomes.at(outcome.into()).is_final,
                _ => decided < charged || self.pending == Some(outcome.into()),
            };
            if perhaps {
                self.doubt(row, Period::unpacked(charged), outcome, Period::unpacked(decided));
            }
        }
    }
}
