//! Charges as the lines that their digest is over.
//!
//! A hundred million lines are written when a release is made, so a cell that a code stands for is written once and
//! copied, with the tab behind it; and since records are in order, what stands at the beginning of a line mostly is
//! what stood at the beginning of the one before.

use std::borrow::Cow;

use super::canonical::{Lines, escaped, is_plain};
use super::charge_table::{Column, Table};
use crate::domain::{CodeList, Period};
use crate::ingest::{Dictionary, IdList};

/// The cells of a column of codes, by code, each with its tab.
#[derive(Default)]
struct Cells {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut cells = Self::default();
        for text in texts {
            cells.bytes.extend_from_slice(escaped(text).as_bytes());
            cells.bytes.push(b'\t');
            cells.ends.push(cells.bytes.len());
        }
        cells
    }

    /// Cells of 1 + a code; 0 is an empty one.
    fn of_optional<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        Self::of(std::iter::once("").chain(texts))
    }

    #[inline]
    fn at(&self, code: usize) -> &[u8] {
        let start = if code == 0 { 0 } else { self.ends[code - 1] };
        &self.bytes[start..self.ends[code]]
    }
}

impl Table<'_> {
    /// Returns how many charges there are, and the digest of all they say.
    pub fn digest(&self) -> (u64, String) {
        let columns = self.columns();
        let mut lines = Lines::of(columns.iter().map(|(_, name)| *name));
        let has = |column: Column| columns.iter().any(|(other, _)| *other == column);
        let charges = self.charges;
        let of_list = |list: &CodeList| {
            let numbers = (0_u16..).take(list.entries().len());
            Cells::of(numbers.map(|number| list.at(number).code.as_str()))
        };
        let statutes = Cells::of(self.register.all().iter().map(|statute| statute.id.as_str()));
        let countries = of_list(&self.lists.countries);
        let outcomes = of_list(&self.lists.outcomes);
        let roles = has(Column::Role).then(|| of_list(&self.lists.roles));
        let regions = has(Column::Region).then(|| Cells::of_optional(charges.regions.texts()));
        let texts = Cells::of_optional(charges.texts.texts());
        let ids = charges.ids.as_deref();
        let ids = ids.map(|ids| {
            let cases = (&ids.cases, &charges.case[..], is_plain_list(&ids.cases));
            let defendants = (&ids.defendants, &charges.defendant[..], is_plain_list(&ids.defendants));
            let own = (&ids.charges, &ids.charge[..], is_plain_list(&ids.charges));
            let count = if has(Column::ChargeId) { 3 } else { 2 };
            [cases, defendants, own].into_iter().take(count).collect::<Vec<_>>()
        });
        let ids = ids.unwrap_or_default();
        let (has_decided, has_months) = (has(Column::Decided), has(Column::SentenceMonths));
        let (has_sentence, has_source) = (has(Column::Sentence), has(Column::Source));
        let mut begun = None;
        let mut beginning = Vec::new();
        for row in 0..charges.len() {
            let begins = (charges.statute[row], charges.country[row], charges.charged[row]);
            if begun != Some(begins) {
                begun = Some(begins);
                let (statute, country, charged) = begins;
                beginning.clear();
                beginning.extend_from_slice(statutes.at(statute.into()));
                beginning.extend_from_slice(countries.at(country.into()));
                push_date(charged, "unknown", &mut beginning);
            }
            let line = lines.line();
            line.extend_from_slice(&beginning);
            line.extend_from_slice(outcomes.at(charges.outcome[row].into()));
            if let Some(roles) = &roles {
                line.extend_from_slice(roles.at(charges.role[row].into()));
            }
            if let Some(regions) = &regions {
                line.extend_from_slice(regions.at(charges.region[row].into()));
            }
            for (ids, column, plain) in &ids {
                push_id(ids, column[row], *plain, line);
            }
            if has_decided {
                push_date(charges.decided[row], "", line);
            }
            if has_months {
                if let Some(months) = charges.sentence_months[row].checked_sub(1) {
                    line.extend_from_slice(months.to_string().as_bytes());
                }
                line.push(b'\t');
            }
            if has_sentence {
                line.extend_from_slice(texts.at(charges.sentence[row] as usize));
            }
            if has_source {
                line.extend_from_slice(texts.at(charges.source[row] as usize));
            }
            lines.end_record();
        }
        lines.digest()
    }
}

/// Whether nothing in the ids of a list needs to be escaped: looked up once, not in every row.
fn is_plain_list(ids: &IdList) -> bool {
    match ids {
        IdList::Texts(texts) => is_plain(Dictionary::run(texts)),
        IdList::Whole(_) => true,
    }
}

#[inline]
fn push_id(ids: &IdList, code: u32, plain: bool, line: &mut Vec<u8>) {
    match ids {
        IdList::Texts(texts) if !plain => {
            let text: Cow<'_, str> = escaped(texts.text(code));
            line.extend_from_slice(text.as_bytes());
        }
        _ => ids.write(code, line),
    }
    line.push(b'\t');
}

fn push_date(packed: u32, absent: &str, line: &mut Vec<u8>) {
    let mut text = String::with_capacity(10);
    Period::write_packed(packed, &mut text);
    line.extend_from_slice(if packed == 0 { absent } else { &text }.as_bytes());
    line.push(b'\t');
}
