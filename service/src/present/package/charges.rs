//! `charges.csv` of a package: the charges as far as a release still knows them.

use std::collections::BTreeSet;

use crate::domain::tables::CHARGES;
use crate::domain::{Dimension, Period};
use crate::ingest::Charges;
use crate::release::Release;

/// A function that writes one field of a row.
type Put<'a> = Box<dyn Fn(usize, &mut String) + 'a>;

/// The charges of a release, column by column.
pub struct Table<'a> {
    release: &'a Release,
    charges: &'a Charges,
    /// The name of each column that is not empty, and the function that writes its fields.
    pub columns: Vec<(&'static str, Put<'a>)>,
}

impl<'a> Table<'a> {
    /// Finds the columns that are not empty.
    pub fn of(release: &'a Release, charges: &'a Charges) -> Self {
        let mut table = Self { release, charges, columns: Vec::new() };
        // The columns of the key come first.
        let (key, others): (Vec<&str>, Vec<&str>) =
            CHARGES.columns.iter().map(|column| column.name).partition(|name| CHARGES.key.contains(name));
        table.columns =
            key.into_iter().chain(others).filter_map(|name| Some((name, table.put(name)?))).collect();
        table
    }

    /// Returns the codes that occur in a column of codes.
    pub fn used(&self, column: &str) -> BTreeSet<String> {
        let codes = match Dimension::from_name(column) {
            Some(Dimension::Country) => &self.charges.country,
            Some(Dimension::Outcome) => &self.charges.outcome,
            Some(Dimension::Role) => &self.charges.role,
            _ => return BTreeSet::new(),
        };
        let numbers: BTreeSet<u8> = codes.iter().copied().collect();
        let dimension = Dimension::from_name(column);
        let code = |number: u8| dimension.map(|own| self.release.code(own, number.into()).to_owned());
        numbers.into_iter().filter_map(code).collect()
    }

    /// Returns the function that writes the fields of a column; `None` where every charge is empty in the column, whether or not the
    /// publisher's file had the column.
    fn put(&self, column: &str) -> Option<Put<'a>> {
        let (release, charges) = (self.release, self.charges);
        let some = |numbers: &[u32]| numbers.iter().any(|&number| number > 0);
        let codes = |dimension, numbers: &'a [u8]| -> Put<'a> {
            Box::new(move |row, out| out.push_str(release.code(dimension, numbers[row].into())))
        };
        let texts = |numbers: &'a [u32]| -> Put<'a> {
            Box::new(move |row, out| {
                out.push_str(numbers[row].checked_sub(1).map_or("", |number| charges.texts.text(number)));
            })
        };
        let dates = |numbers: &'a [u32], unknown: &'static str| -> Put<'a> {
            Box::new(move |row, out| match numbers[row] {
                0 => out.push_str(unknown),
                number => Period::write_packed(number, out),
            })
        };
        // The publisher's ids are forgotten. Numbers replace them, padded to one length, so that byte order is the order of numbers.
        let ids = |letter: char, numbers: &'a [u32]| -> Put<'a> {
            let most = numbers.iter().max().map_or(0, |&most| most as usize + 1);
            let digits = most.to_string().len();
            Box::new(move |row, out| out.push_str(&format!("{letter}{:0digits$}", numbers[row] as usize + 1)))
        };
        Some(match column {
            "charge_id" => {
                let digits = charges.len().to_string().len();
                Box::new(move |row, out| out.push_str(&format!("H{:0digits$}", row + 1)))
            }
            "case_id" => ids('C', &charges.case),
            "defendant_id" => ids('D', &charges.defendant),
            "country" => codes(Dimension::Country, &charges.country),
            "statute" => Box::new(move |row, out| {
                out.push_str(release.code(Dimension::Statute, charges.statute[row].into()))
            }),
            "date_charged" => dates(&charges.charged, "unknown"),
            "outcome" => codes(Dimension::Outcome, &charges.outcome),
            "date_outcome" if some(&charges.decided) => dates(&charges.decided, ""),
            "sentence" if some(&charges.sentence) => texts(&charges.sentence),
            "sentence_months" if some(&charges.sentence_months) => Box::new(move |row, out| {
                if let Some(months) = charges.sentence_months[row].checked_sub(1) {
                    out.push_str(&months.to_string());
                }
            }),
            "role" if charges.has_roles => codes(Dimension::Role, &charges.role),
            "source" if some(&charges.source) => texts(&charges.source),
            _ => {
                let coded = charges.coded(Dimension::from_name(column)?).filter(|coded| coded.is_there)?;
                Box::new(move |row, out| {
                    let text = coded.codes[row].checked_sub(1);
                    out.push_str(text.map_or("", |text| coded.texts.text(text.into())));
                })
            }
        })
    }
}
