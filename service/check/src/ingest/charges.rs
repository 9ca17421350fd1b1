//! Charges as columns of codes.

use std::ops::Range;

use super::dictionary::Dictionary;
use super::id_list::IdList;
use crate::domain::Dimension;
use crate::domain::tables::{CHARGES, CODED};

// Places of the columns in `domain::tables::CHARGES`.

/// Place of `case_id`.
pub const CASE_ID: usize = CHARGES.place("case_id");
/// Place of `defendant_id`.
pub const DEFENDANT_ID: usize = CHARGES.place("defendant_id");
/// Place of `country`.
pub const COUNTRY: usize = CHARGES.place("country");
/// Place of `statute`.
pub const STATUTE: usize = CHARGES.place("statute");
/// Place of `date_charged`.
pub const DATE_CHARGED: usize = CHARGES.place("date_charged");
/// Place of `outcome`.
pub const OUTCOME: usize = CHARGES.place("outcome");
/// Place of `charge_id`.
pub const CHARGE_ID: usize = CHARGES.place("charge_id");
/// Place of `date_outcome`.
pub const DATE_OUTCOME: usize = CHARGES.place("date_outcome");
/// Place of `sentence`.
pub const SENTENCE: usize = CHARGES.place("sentence");
/// Place of `sentence_months`.
pub const SENTENCE_MONTHS: usize = CHARGES.place("sentence_months");
/// Place of `role`.
pub const ROLE: usize = CHARGES.place("role");
/// Places of the columns of [`CODED`].
pub const CODED_AT: [usize; CODED.len()] = {
    let mut places = [0; CODED.len()];
    let mut column = 0;
    while column < CODED.len() {
        places[column] = CHARGES.place(CODED[column].name());
        column += 1;
    }
    places
};
/// Place of `source`.
pub const SOURCE: usize = CHARGES.place("source");
/// Place of `publish`.
pub const PUBLISH: usize = CHARGES.place("publish");

/// The charges of a case-level dataset: one row per charge, one column per property.
///
/// A column that the publisher's file does not have is empty; all others have the same length. At a hundred million
/// rows every byte per row counts, so no column holds pointers.
#[derive(Debug, Default)]
pub struct Charges {
    /// The texts of ids, if they are loaded. A release that only answers questions does not need them.
    pub ids: Option<Box<Ids>>,
    /// Number of each charge's case. Once the release is sealed, the numbers run from 0 without gaps.
    pub case: Vec<u32>,
    /// Number of each charge's defendant, numbered like the cases.
    pub defendant: Vec<u32>,
    /// Number of each charge's own id. Empty when the file has no such ids, or ids are not loaded.
    pub own: Vec<u32>,
    /// Number of each country in the code list.
    pub country: Vec<u8>,
    /// Code of each statute in the register.
    pub statute: Vec<u16>,
    /// When each charge was brought, as [`crate::domain::Period::packed`]. 0 means unknown.
    pub charged: Vec<u32>,
    /// Number of each outcome in the code list.
    pub outcome: Vec<u8>,
    /// When each outcome was reached, also packed. 0 means not stated.
    pub decided: Vec<u32>,
    /// 1 + the number in [`Charges::texts`] of the sentence in the words of the source. 0 means none.
    pub sentence: Vec<u32>,
    /// 1 + the months of the sentence. 0 means none.
    pub sentence_months: Vec<u32>,
    /// Number of each role in the code list.
    pub role: Vec<u8>,
    /// The columns of [`CODED`].
    pub coded: [CodedColumn; CODED.len()],
    /// 1 + the number in [`Charges::texts`] of the record's source. 0 means not stated.
    pub source: Vec<u32>,
    /// Whether the file has a column of roles.
    pub has_roles: bool,
    /// The texts of sentences and sources, in byte order.
    pub texts: Dictionary,
}

/// A column of texts that is also a dimension, such as `region`.
#[derive(Debug, Clone, Default)]
pub struct CodedColumn {
    /// Whether the publisher's file has the column.
    pub is_there: bool,
    /// For each charge 1 + the number of its text. 0 means unknown.
    pub codes: Vec<u16>,
    /// The texts, in byte order.
    pub texts: Dictionary,
}

/// The ids that the publisher gave.
#[derive(Debug, Default)]
pub struct Ids {
    /// Ids of cases, by number.
    pub cases: IdList,
    /// Pseudonymous ids of defendants, by number.
    pub defendants: IdList,
    /// Ids of charges, by number; empty where the file has none.
    pub charges: IdList,
}

/// Calls another macro with the names of all columns.
macro_rules! for_columns {
    ($macro:ident) => {
        $macro!(case defendant own country statute charged outcome decided sentence sentence_months role source)
    };
}

impl Charges {
    /// Returns how many charges there are.
    pub fn len(&self) -> usize {
        self.country.len()
    }

    /// Whether there are no charges.
    pub fn is_empty(&self) -> bool {
        self.country.is_empty()
    }

    /// Returns the coded column of a dimension, or `None` when the dimension has none.
    pub fn coded(&self, dimension: Dimension) -> Option<&CodedColumn> {
        let place = CODED.iter().position(|&own| own == dimension)?;
        self.coded.get(place)
    }

    /// Whether two charges have the same content, including their ids.
    pub fn same(&self, left: usize, right: usize) -> bool {
        fn equal<T: PartialEq>(column: &[T], left: usize, right: usize) -> bool {
            column.is_empty() || column[left] == column[right]
        }
        macro_rules! all_equal {
            ($($name:ident)+) => { $(equal(&self.$name, left, right))&&+ };
        }
        for_columns!(all_equal) && self.coded.iter().all(|column| equal(&column.codes, left, right))
    }

    /// Keeps the charges whose flag is set, in their order.
    pub fn retain(&mut self, keep: &[bool]) {
        fn retain<T>(column: &mut Vec<T>, keep: &[bool]) {
            let mut kept = keep.iter();
            column.retain(|_| *kept.next().unwrap_or(&true));
        }
        macro_rules! each {
            ($($name:ident)+) => { $(retain(&mut self.$name, keep);)+ };
        }
        for_columns!(each);
        self.coded.iter_mut().for_each(|column| retain(&mut column.codes, keep));
    }

    /// Returns one task per column; together they put the charges into another order. `order` gives the old place of
    /// each new one. A task mostly waits for memory, so two tasks in parallel wait half as long.
    pub fn reordering<'a>(&'a mut self, order: &'a [u32]) -> Vec<Box<dyn FnOnce() + Send + 'a>> {
        fn reorder<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
            if !column.is_empty() {
                *column = order.iter().map(|&place| column[place as usize]).collect();
            }
        }
        macro_rules! each {
            ($($name:ident)+) => { vec![$({
                let column = &mut self.$name;
                Box::new(move || reorder(column, order)) as Box<dyn FnOnce() + Send>
            }),+] };
        }
        let mut all = for_columns!(each);
        for column in &mut self.coded {
            all.push(Box::new(move || reorder(&mut column.codes, order)));
        }
        all
    }

    /// Adds a range of rows of other charges. A column that the others do not have stays as it is.
    pub fn append(&mut self, others: &Self, rows: &Range<usize>) {
        macro_rules! each {
            ($($name:ident)+) => { $(
                self.$name.extend_from_slice(others.$name.get(rows.clone()).unwrap_or_default());
            )+ };
        }
        for_columns!(each);
        for (own, other) in self.coded.iter_mut().zip(&others.coded) {
            own.codes.extend_from_slice(other.codes.get(rows.clone()).unwrap_or_default());
        }
    }

    /// Reserves memory for charges without ids.
    pub fn reserve(&mut self, rows: usize) {
        self.case.reserve_exact(rows);
        self.defendant.reserve_exact(rows);
        self.country.reserve_exact(rows);
        self.statute.reserve_exact(rows);
        self.charged.reserve_exact(rows);
        self.outcome.reserve_exact(rows);
    }

    /// Drops the columns that queries are answered from, when another structure holds them.
    pub fn forget_columns(&mut self) {
        let Self { case, defendant, charged, source, .. } = self;
        for column in [case, defendant, charged, source] {
            *column = Vec::new();
        }
        (self.country, self.statute, self.outcome) = (Vec::new(), Vec::new(), Vec::new());
        self.role = Vec::new();
        self.coded.iter_mut().for_each(|column| column.codes = Vec::new());
    }

    /// Frees memory that was reserved for columns and not used.
    pub fn shrink(&mut self) {
        macro_rules! each {
            ($($name:ident)+) => { $(self.$name.shrink_to_fit();)+ };
        }
        for_columns!(each);
        self.coded.iter_mut().for_each(|column| column.codes.shrink_to_fit());
    }

    /// Drops texts that no charge uses, and renumbers the others in byte order.
    pub fn sort_dictionaries(&mut self) {
        for CodedColumn { codes, texts, .. } in &mut self.coded {
            let new = texts.sort(codes.iter().filter_map(|&code| code.checked_sub(1)).map(u32::from));
            for code in codes.iter_mut().filter(|code| **code > 0) {
                *code = u16::try_from(new[usize::from(*code - 1)] + 1)
                    .expect("there are no more texts than before, and those fit");
            }
        }
        let used = self.sentence.iter().chain(&self.source).filter_map(|text| text.checked_sub(1));
        let texts = self.texts.sort(used);
        for text in self.sentence.iter_mut().chain(&mut self.source).filter(|text| **text > 0) {
            *text = texts[(*text - 1) as usize] + 1;
        }
    }
}
