//! `charges.csv` of a package: what a release still knows of each charge.

use std::io::Write;

use serde_json::Value;

use super::schema;
use super::tables::hand_on;
use crate::domain::{Dimension, Period};
use crate::ingest::Charges;
use crate::present::csv::line;
use crate::release::Release;

/// How much is handed on at once.
const CHUNK: usize = 1 << 16;

/// The charges, and which of the optional columns there are.
pub struct Table<'a> {
    release: &'a Release,
    charges: &'a Charges,
    columns: Vec<Column>,
    /// Digits of the numbers that stand for ids: all as long as the longest, so that their byte order is theirs.
    digits: [usize; 3],
}

/// A column of `charges.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Charge,
    Case,
    Defendant,
    Country,
    Statute,
    Charged,
    Outcome,
    Decided,
    Sentence,
    SentenceMonths,
    Role,
    Region,
    Source,
}

const COLUMNS: [(Column, &str); 13] = [
    (Column::Charge, "charge_id"),
    (Column::Case, "case_id"),
    (Column::Defendant, "defendant_id"),
    (Column::Country, "country"),
    (Column::Statute, "statute"),
    (Column::Charged, "date_charged"),
    (Column::Outcome, "outcome"),
    (Column::Decided, "date_outcome"),
    (Column::Sentence, "sentence"),
    (Column::SentenceMonths, "sentence_months"),
    (Column::Role, "role"),
    (Column::Region, "region"),
    (Column::Source, "source"),
];

impl<'a> Table<'a> {
    /// Looks at what there is.
    pub fn of(release: &'a Release, charges: &'a Charges) -> Self {
        // A column without a word in it says nothing, whether or not the publisher's file had it.
        let some = |column: &[u32]| column.iter().any(|&value| value > 0);
        let columns = COLUMNS.iter().map(|(column, _)| *column).filter(|column| match column {
            Column::Decided => some(&charges.decided),
            Column::Sentence => some(&charges.sentence),
            Column::SentenceMonths => some(&charges.sentence_months),
            Column::Role => charges.has_roles,
            Column::Region => charges.has_regions,
            Column::Source => some(&charges.source),
            _ => true,
        });
        let most = |column: &[u32]| column.iter().max().map_or(0, |&most| most as usize + 1);
        let digits = [charges.len(), most(&charges.case), most(&charges.defendant)];
        let digits = digits.map(|most| most.to_string().len());
        Self { release, charges, columns: columns.collect(), digits }
    }

    fn names(&self) -> Vec<&'static str> {
        COLUMNS.iter().filter(|(column, _)| self.columns.contains(column)).map(|(_, name)| *name).collect()
    }

    /// Returns the schema of the table.
    pub fn schema(&self) -> Value {
        let used = |dimension: Dimension, numbers: &mut dyn Iterator<Item = u32>| -> Vec<String> {
            let numbers: std::collections::BTreeSet<u32> = numbers.collect();
            numbers.into_iter().map(|number| self.release.code(dimension, number).to_owned()).collect()
        };
        let charges = self.charges;
        let country = used(Dimension::Country, &mut charges.country.iter().map(|&code| code.into()));
        let outcome = used(Dimension::Outcome, &mut charges.outcome.iter().map(|&code| code.into()));
        let role = used(Dimension::Role, &mut charges.role.iter().map(|&code| code.into()));
        schema::charges(
            self.release,
            &self.names(),
            &[("country", country), ("outcome", outcome), ("role", role)],
        )
    }

    /// Writes the table with its header.
    pub fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let mut lines = Vec::with_capacity(2 * CHUNK);
        line(&mut lines, self.names().into_iter());
        let mut cells: Vec<String> = vec![String::new(); self.columns.len()];
        for row in 0..self.charges.len() {
            for (cell, column) in cells.iter_mut().zip(&self.columns) {
                cell.clear();
                self.put(*column, row, cell);
            }
            line(&mut lines, cells.iter().map(String::as_str));
            hand_on(&mut lines, out, CHUNK)?;
        }
        hand_on(&mut lines, out, 0)
    }

    fn put(&self, column: Column, row: usize, out: &mut String) {
        let (release, charges) = (self.release, self.charges);
        let code = |dimension, number: u32| release.code(dimension, number);
        let id = |letter: char, number: usize, digits: usize| format!("{letter}{:0digits$}", number + 1);
        let text = |column: &[u32]| match column[row].checked_sub(1) {
            Some(number) => charges.texts.text(number),
            None => "",
        };
        match column {
            Column::Charge => out.push_str(&id('H', row, self.digits[0])),
            Column::Case => out.push_str(&id('C', charges.case[row] as usize, self.digits[1])),
            Column::Defendant => out.push_str(&id('D', charges.defendant[row] as usize, self.digits[2])),
            Column::Country => out.push_str(code(Dimension::Country, charges.country[row].into())),
            Column::Statute => out.push_str(code(Dimension::Statute, charges.statute[row].into())),
            Column::Charged if charges.charged[row] == 0 => out.push_str("unknown"),
            Column::Charged => Period::write_packed(charges.charged[row], out),
            Column::Outcome => out.push_str(code(Dimension::Outcome, charges.outcome[row].into())),
            Column::Decided => Period::write_packed(charges.decided[row], out),
            Column::Sentence => out.push_str(text(&charges.sentence)),
            Column::SentenceMonths => {
                let months = charges.sentence_months[row].checked_sub(1);
                out.push_str(&months.map_or(String::new(), |months| months.to_string()));
            }
            Column::Role => out.push_str(code(Dimension::Role, charges.role[row].into())),
            Column::Region => {
                if let Some(region) = charges.region[row].checked_sub(1) {
                    out.push_str(charges.regions.text(region.into()));
                }
            }
            Column::Source => out.push_str(text(&charges.source)),
        }
    }
}
