//! Charges in columns of codes.

use super::dictionary::Dictionary;
use super::id_list::IdList;

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
    /// 1 + number in [`Charges::regions`]; 0 where it is not known.
    pub region: Vec<u16>,
    /// 1 + number in [`Charges::texts`] of where the record comes from; 0 where it does not say so.
    pub source: Vec<u32>,
    /// Whether the file says who the defendants are.
    pub has_roles: bool,
    /// Whether the file says where.
    pub has_regions: bool,
    /// Regions, in byte order.
    pub regions: Dictionary,
    /// Sentences and sources, in byte order.
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
    /// Number of each charge's own id; empty where the file has none.
    pub charge: Vec<u32>,
}

/// Does the same with every column.
macro_rules! each_column {
    ($charges:expr, $column:ident => $work:expr) => {{
        let charges = $charges;
        if let Some(ids) = charges.ids.as_deref_mut() {
            let $column = &mut ids.charge;
            $work;
        }
        each_column!(charges, $column => $work, case defendant country statute charged outcome decided
            sentence sentence_months role region source);
    }};
    ($charges:ident, $column:ident => $work:expr, $($name:ident)+) => {
        $( { let $column = &mut $charges.$name; $work; } )+
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

    /// Whether two charges have the same content, ids included.
    pub fn same(&self, left: usize, right: usize) -> bool {
        fn equal<T: PartialEq>(column: &[T], left: usize, right: usize) -> bool {
            column.is_empty() || column[left] == column[right]
        }
        let of_ids = |ids: &Ids| equal(&ids.charge, left, right);
        self.ids.as_deref().is_none_or(of_ids)
            && equal(&self.case, left, right)
            && equal(&self.defendant, left, right)
            && equal(&self.country, left, right)
            && equal(&self.statute, left, right)
            && equal(&self.charged, left, right)
            && equal(&self.outcome, left, right)
            && equal(&self.decided, left, right)
            && equal(&self.sentence, left, right)
            && equal(&self.sentence_months, left, right)
            && equal(&self.role, left, right)
            && equal(&self.region, left, right)
            && equal(&self.source, left, right)
    }

    /// Keeps only some of the charges, in their order.
    pub fn retain(&mut self, keep: &[bool]) {
        each_column!(self, column => retain(column, keep));
    }

    /// Puts the charges into another order: `order` gives the old place of each new one.
    pub fn reorder(&mut self, order: &[u32]) {
        // Each column waits for memory; two at once wait half as long.
        rayon::scope(|scope| {
            each_column!(self, column => scope.spawn(move |_| reorder(column, order)));
        });
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
        (self.role, self.region) = (Vec::new(), Vec::new());
    }

    /// Gives back the room that columns were given and did not need.
    pub fn shrink(&mut self) {
        each_column!(self, column => column.shrink_to_fit());
    }

    /// Drops regions and texts that no charge has any more, and numbers the others in byte order.
    pub fn sort_dictionaries(&mut self) {
        let used = self.region.iter().filter_map(|&region| region.checked_sub(1)).map(u32::from);
        let regions = self.regions.sort(used);
        for region in self.region.iter_mut().filter(|region| **region > 0) {
            *region = u16::try_from(regions[usize::from(*region - 1)] + 1)
                .expect("there are no more regions than before, and those fit");
        }
        let used = self.sentence.iter().chain(&self.source).filter_map(|text| text.checked_sub(1));
        let texts = self.texts.sort(used);
        for text in self.sentence.iter_mut().chain(&mut self.source).filter(|text| **text > 0) {
            *text = texts[(*text - 1) as usize] + 1;
        }
    }
}

fn retain<T>(column: &mut Vec<T>, keep: &[bool]) {
    let mut kept = keep.iter();
    column.retain(|_| *kept.next().unwrap_or(&true));
}

fn reorder<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    if !column.is_empty() {
        *column = order.iter().map(|&place| column[place as usize]).collect();
    }
}
