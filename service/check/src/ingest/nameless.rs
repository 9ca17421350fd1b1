//! Columns without a name, as spreadsheets leave them beside a table: whether any cell of them has content.

use super::batch::{Batch, Record};
use super::report::{Problem, Problems, Reason};
use super::row::is_blank;
use crate::domain::Say;

/// The columns of a file that have no name: the place of each, and how many of its cells are filled.
#[derive(Debug, Default)]
pub struct Nameless(Vec<(usize, u64)>);

impl Nameless {
    /// Finds the columns without a name.
    pub fn of(names: &[String]) -> Self {
        let nameless = names.iter().enumerate().filter(|(_, name)| is_blank(name));
        Self(nameless.map(|(place, _)| (place, 0)).collect())
    }

    /// Counts the filled cells of a record.
    #[inline]
    pub fn count(&mut self, batch: &Batch, record: &Record) {
        for (place, filled) in &mut self.0 {
            *filled += u64::from(!is_blank(batch.text(record, *place)));
        }
    }

    /// Warns of the columns: once of all that are empty, and of each that is not.
    pub fn close(&self, file: &str, problems: &mut Problems) {
        let mut note = |reason, says: Say| problems.note(Problem::of_file(file, reason, says).warning());
        let empty = self.0.iter().filter(|(_, filled)| *filled == 0).count();
        if empty > 0 {
            note(Reason::SheetEmptyColumns, Say::new("sheet_empty_columns").with("count", empty));
        }
        for (place, filled) in self.0.iter().filter(|(_, filled)| *filled > 0) {
            let says = Say::new("sheet_nameless_column").with("column", letters(*place));
            note(Reason::SheetNamelessColumn, says.with("count", filled));
        }
    }
}

/// Returns the letters that a spreadsheet shows above a column.
fn letters(place: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = place + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn a_column_is_named_as_a_spreadsheet_names_it() {
        let names = [0, 25, 26, 701, 702, 16_383].map(letters);
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }
}
