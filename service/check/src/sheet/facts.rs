//! What else is known of a sheet: everything that its rows do not show.

use crate::domain::Say;

use super::merges::Merge;
use super::row::Row;

/// Most examples that are kept of a thing.
const SHOWN: usize = 10;

/// A sheet of a file, before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetName {
    /// Its name.
    pub name: String,
    /// Whether the file hides it.
    pub hidden: bool,
}

/// What was seen while the rows of a sheet were read. It is complete behind the last row.
#[derive(Debug, Default, Clone)]
pub struct Facts {
    /// Whether its days are counted from 1904.
    pub is_1904: bool,
    /// The number of cells with a formula.
    pub formulas: u64,
    /// The number of cells with several formats in one text.
    pub rich: u64,
    /// Cells with struck-through text: the first ones.
    pub struck: Vec<String>,
    /// The number of comments on cells.
    pub comments: u64,
    /// Merged ranges.
    pub merges: Vec<Merge>,
    /// Ranges of hidden columns, from 0, both ends included.
    pub hidden_columns: Vec<(u32, u32)>,
    /// The number of columns that some row names, filled or not.
    pub width: u32,
    /// Rows without any cell that the file leaves out, or that are not given.
    pub empty_rows: u64,
    /// The last row that the sheet names.
    pub last_row: u32,
}

impl Facts {
    /// Notes a cell with struck-through text.
    pub(super) fn strike(&mut self, cell: impl FnOnce() -> String) {
        if self.struck.len() < SHOWN {
            self.struck.push(cell());
        }
    }

    /// Whether a column is hidden.
    pub fn hides_column(&self, column: u32) -> bool {
        self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
    }
}

/// The rows of a sheet, in order.
pub trait Rows {
    /// Reads the next row. Returns whether there is one. Rows that the file leaves out are not given.
    ///
    /// # Errors
    /// When the file is damaged, or unpacks to more than the limit.
    fn next(&mut self, row: &mut Row) -> Result<bool, Say>;

    /// Returns what else was seen.
    fn facts(&self) -> &Facts;
}
