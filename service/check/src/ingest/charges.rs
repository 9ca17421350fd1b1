//! Charges in columns of codes.

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

/// The charges of a case-level dataset: one row per charge, a column per property.
///
/// Columns that the publisher's file does not have are empty; all others have one length. A hundred
/// million rows are a matter of bytes a row, so nothing here is a pointer.
#[derive(Debug, Default)]
pub struct Charges {
    /// The texts of ids, where they are known: a release that is only asked needs none.
    pub ids: Option<Box<Ids>>,
    /// Number of each charge's case, from 0 without gaps once sealed.
    pub case: Vec<u32>,
    /// Number of each charge's defendant, likewise.
    pub defendant: Vec<u32>,
    /// Number of each charge's own id; empty where the file has none, or ids are not known.
    pub own: Vec<u32>,
    /// Numbers in the list of countries.
    pub country: Vec<u8>,
    /// Codes in the register.
    pub statute: Vec<u16>,
    /// When it was charged, as [`crate::domain::Period::packed`]; 0 is unknown.
    pub charged: Vec<u32>,
    /// Numbers in the list of outcomes.
    pub outcome: Vec<u8>,
    /// When the outcome was reached, likewise packed; 0 where that is not said.
    pub decided: Vec<u32>,
    /// 1 + number in [`Charges::texts`] of the sentence as the source words it; 0 for none.
    pub sentence: Vec<u32>,
    /// 1 + months of the sentence; 0 for none.
    pub sentence_months: Vec<u32>,
    /// Numbers in the list of roles.
    pub role: Vec<u8>,
    /// The columns of [`CODED`].
    pub coded: [CodedColumn; CODED.len()],
    /// 1 + number in [`Charges::texts`] of where the record comes from; 0 where it does not say so.
    pub source: Vec<u32>,
    /// Whether the file says who the defendants are.
    pub has_roles: bool,
    /// Sentences and sources, in byte order.
    pub texts: Dictionary,
}

/// A column of texts that is a dimension, such as `region`.
#[derive(Debug, Clone, Default)]
pub struct CodedColumn {
    /// Whether the publisher's file has it.
    pub is_there: bool,
    /// For each charge 1 + number of its text; 0 where it is not known.
    pub codes: Vec<u16>,
    /// The texts, in byte order.
    pub texts: Dictionary,
}

/// The ids that a publisher gave.
#[derive(Debug, Default)]
pub struct Ids {
    /// Ids of cases, by number.
    pub cases: IdList,
    /// Pseudonymous ids of defendants, by number.
    pub defendants: IdList,
    /// Ids of charges, by number; empty where the file has none.
    pub charges: IdList,
}

/// Hands the names of all columns to another macro.
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

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.country.is_empty()
    }

    /// Returns the coded column of a dimension; `None` where it has none.
    pub fn coded(&self, dimension: Dimension) -> Option<&CodedColumn> {
        let place = CODED.iter().position(|&own| own == dimension)?;
        self.coded.get(place)
    }

    /// Whether two charges have the same content, ids included.
    pub fn same(&self, left: usize, right: usize) -> bool {
        fn equal<T: PartialEq>(column: &[T], left: usize, right: usize) -> bool {
            column.is_empty() || column[left] == column[right]
        }
        macro_rules! all_equal {
            ($($name:ident)+) => { $(equal(&self.$name, left, right))&&+ };
        }
        for_columns!(all_equal) && self.coded.iter().all(|column| equal(&column.codes, left, right))
    }

    /// Keeps only some of the charges, in their order.
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

    /// Returns the work of putting the charges into another order, column by column: `order` gives the old place of each
    /// new one. Each column waits for memory, so two at once wait half as long.
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

    /// Adds some rows of others. A column that those do not have stays as it is.
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

    /// Makes room for charges of which no ids are kept.
    pub fn reserve(&mut self, rows: usize) {
        self.case.reserve_exact(rows);
        self.defendant.reserve_exact(rows);
        self.country.reserve_exact(rows);
        self.statute.reserve_exact(rows);
        self.charged.reserve_exact(rows);
        self.outcome.reserve_exact(rows);
    }

    /// Forgets what questions are answered from, when that is laid out elsewhere.
    pub fn forget_columns(&mut self) {
        let Self { case, defendant, charged, source, .. } = self;
        for column in [case, defendant, charged, source] {
            *column = Vec::new();
        }
        (self.country, self.statute, self.outcome) = (Vec::new(), Vec::new(), Vec::new());
        self.role = Vec::new();
        self.coded.iter_mut().for_each(|column| column.codes = Vec::new());
    }

    /// Gives back the room that columns were given and did not need.
    pub fn shrink(&mut self) {
        macro_rules! each {
            ($($name:ident)+) => { $(self.$name.shrink_to_fit();)+ };
        }
        for_columns!(each);
        self.coded.iter_mut().for_each(|column| column.codes.shrink_to_fit());
    }

    /// Drops texts that no charge has any more, and numbers the others in byte order.
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
