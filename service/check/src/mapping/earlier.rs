//! The mapping of an earlier time, held against the sheet of today.

use crate::domain::Say;

use super::columns::targets;
use super::form::Mapping;
use super::headings::is_letters;
use super::look::look;
use super::session::{Session, is_left_out};
use super::walk::places;

impl Session {
    /// Takes the mapping of an earlier time. Letters name a column only in the sheet that they were written for: where its headings
    /// were others, or nobody knows which, nothing is believed that the mapping says by letters, and it is asked again. Returns
    /// whether everything is believed.
    ///
    /// # Errors
    /// When the mapping names a sheet that is not there, or a file is damaged.
    pub fn take_earlier(&mut self, mut mapping: Mapping) -> Result<bool, Vec<Say>> {
        let (places, mut is_believed) = (places(&self.files, &mapping)?, true);
        for (table, place) in mapping.tables.iter_mut().zip(places) {
            let (mut columns, mut left_out) =
                (std::mem::take(&mut table.columns), std::mem::take(&mut table.left_out));
            let (headings, look) = look(&mut self.files, place, table)?;
            let found = targets(table.table, headings.names(), &look.columns);
            let layout = Some(headings.layout());
            let names = columns.iter().flat_map(|(_, how)| how.from.headings()).chain(&left_out);
            if table.layout != layout && names.into_iter().any(|own| is_letters(own)) {
                is_believed = false;
                columns.retain(|(_, how)| !how.from.headings().iter().any(|own| is_letters(own)));
                left_out.retain(|own| !is_letters(own));
                let is_decided = |place: usize| {
                    let mut own = columns.iter().flat_map(|(_, how)| how.from.headings());
                    own.any(|own| headings.places(own).contains(&place))
                };
                // As in a sheet that nobody has described. A column of the table may have been left out on purpose, so it is asked for.
                let certain =
                    (0..found.len()).filter(|place| is_left_out(found[*place]) && !is_decided(*place));
                left_out.extend(certain.map(|place| headings.letters(place)));
            }
            (table.columns, table.left_out, table.layout) = (columns, left_out, layout);
        }
        self.with(mapping);
        Ok(is_believed)
    }
}

impl Mapping {
    /// Returns why the key is needed that the mapping was made with, if it is.
    pub fn wanted_key(&self) -> Option<Say> {
        let mut columns = self.tables.iter().flat_map(|table| &table.columns).filter(|_| self.key.is_some());
        columns.find_map(|(target, how)| {
            let key = match how.pseudonym {
                true => "key_missing",
                false if !how.by_key.is_empty() => "key_missing.values",
                false => return None,
            };
            Some(Say::new(key).with("column", target.name))
        })
    }
}
