//! Merged cells: the value of a range counts for each of its rows.

use std::collections::{BTreeMap, VecDeque};

use crate::domain::Say;

use super::limits::Budget;
use super::row::{MOST_COLUMNS, MOST_ROWS, Marks, Row, Value, column_name, place};

/// A range of merged cells, both ends included: columns from 0, rows from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// Its first row.
    pub first_row: u32,
    /// Its first column.
    pub first_column: u32,
    /// Its last row.
    pub last_row: u32,
    /// Its last column.
    pub last_column: u32,
}

impl Merge {
    /// Reads a range such as `A3:A5`.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once(':')?;
        let ((first_column, first_row), (last_column, last_row)) = (place(first)?, place(last)?);
        let is_range = first_column <= last_column && first_row <= last_row;
        is_range.then_some(Self { first_row, first_column, last_row, last_column })
    }

    /// Returns the merge of a cell and how many rows and columns it spans, as far as a sheet goes.
    pub(super) fn spanning(row: u32, column: u32, rows: u32, columns: u32) -> Self {
        Self {
            first_row: row,
            first_column: column,
            last_row: row.saturating_add(rows.max(1) - 1).min(MOST_ROWS),
            last_column: column.saturating_add(columns.max(1) - 1).min(MOST_COLUMNS - 1),
        }
    }
}

impl std::fmt::Display for Merge {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (first, last) = (column_name(self.first_column), column_name(self.last_column));
        write!(out, "{first}{}:{last}{}", self.first_row, self.last_row)
    }
}

/// The merged ranges of a sheet, while its rows are read.
#[derive(Debug, Default)]
pub(super) struct Merges {
    /// Those that have not begun, in order.
    ahead: VecDeque<Merge>,
    /// Those that have: the last row and the value of each, by its first column.
    open: BTreeMap<u32, (u32, Kept)>,
}

/// A value that outlives its row.
#[derive(Debug)]
enum Kept {
    Text(String),
    Error(String),
    Other(Value<'static>),
}

impl Kept {
    fn of(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Empty => return None,
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Error(text) => Self::Error(text.to_owned()),
            Value::Number(number) => Self::Other(Value::Number(number)),
            Value::Serial(days) => Self::Other(Value::Serial(days)),
            Value::Day(day) => Self::Other(Value::Day(day)),
            Value::Moment(day) => Self::Other(Value::Moment(day)),
            Value::Flag(flag) => Self::Other(Value::Flag(flag)),
        })
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Error(text) => Value::Error(text),
            Self::Other(value) => *value,
        }
    }
}

impl Merges {
    pub fn new(mut all: Vec<Merge>) -> Self {
        all.sort_unstable();
        Self { ahead: all.into(), open: BTreeMap::new() }
    }

    /// Adds a range that begins in the row that is being read, behind the others.
    pub fn add(&mut self, merge: Merge) {
        self.ahead.push_back(merge);
    }

    /// Whether no range is open.
    pub fn is_idle(&self) -> bool {
        self.ahead.is_empty() && self.open.is_empty()
    }

    /// Fills the merged cells of a row that was read. `budget` bounds what they hold.
    pub fn fill(&mut self, row: &mut Row, budget: &mut Budget) -> Result<(), Say> {
        let number = row.number;
        self.open.retain(|_, (last, _)| *last >= number);
        for (&column, (_, kept)) in &self.open {
            if row.cell(column as usize).value.is_empty() {
                budget.spend(16)?;
                if let Value::Text(text) = kept.value() {
                    budget.spend(text.len() as u64)?;
                }
                row.set(column, kept.value(), Marks::MERGED);
            }
        }
        while let Some(merge) = self.ahead.pop_front_if(|merge| merge.first_row <= number) {
            if merge.first_row < number {
                continue;
            }
            let Some(kept) = Kept::of(row.cell(merge.first_column as usize).value) else { continue };
            for column in merge.first_column + 1..=merge.last_column {
                budget.spend(16)?;
                row.set(column, kept.value(), Marks::ACROSS);
            }
            if merge.last_row > number {
                self.open.insert(merge.first_column, (merge.last_row, kept));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_and_written() {
        assert_eq!(Merge::parse("A3:C5").unwrap().to_string(), "A3:C5");
        for wrong in ["A3", "C1:A1", "A5:A3", "A0:A1", ":", ""] {
            assert_eq!(Merge::parse(wrong), None, "{wrong}");
        }
        let large = Merge::spanning(MOST_ROWS, 3, u32::MAX, u32::MAX);
        assert_eq!((large.last_row, large.last_column), (MOST_ROWS, MOST_COLUMNS - 1));
    }

    #[test]
    fn a_value_counts_for_the_rows_below_and_is_marked_beside() {
        let mut merges = Merges::new(vec![Merge::parse("B2:C4").unwrap(), Merge::parse("A9:A10").unwrap()]);
        let mut budget = Budget::new("sheet", 1 << 20);
        let mut row = Row::default();
        row.begin(2, false);
        row.set(1, Value::Text("x"), Marks::default());
        merges.fill(&mut row, &mut budget).unwrap();
        assert!(row.cell(2).marks.has(Marks::ACROSS) && row.value(2) == Value::Empty);
        row.begin(4, false);
        merges.fill(&mut row, &mut budget).unwrap();
        assert_eq!((row.value(1), row.width()), (Value::Text("x"), 2));
        row.begin(5, false);
        merges.fill(&mut row, &mut budget).unwrap();
        assert!(row.is_empty());
        // The first row of the other range is not there: it has no value.
        row.begin(10, false);
        merges.fill(&mut row, &mut budget).unwrap();
        assert!(row.is_empty());
    }
}
