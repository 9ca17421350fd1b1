//! Which dimension a coded column of charges is, and where its numbers begin.

use crate::domain::Dimension;
use crate::release::Column;

/// Returns the dimension that a column is asked by.
pub fn dimension(column: Column) -> Dimension {
    match column {
        Column::Outcome => Dimension::Outcome,
        Column::Role => Dimension::Role,
        Column::Region => Dimension::Region,
        Column::Origin => Dimension::Source,
    }
}

/// Returns the column that a dimension is recorded in, if it is in one of its own.
pub fn column(of: Dimension) -> Option<Column> {
    Column::ALL.into_iter().find(|&column| dimension(column) == of)
}

/// Returns the number that a code of a column stands for; `None` where it stands for what is not known.
pub fn number(column: Column, code: u32) -> Option<i32> {
    // Of these 0 is what is not known, and numbers stand one higher.
    let first = u32::from(matches!(column, Column::Region | Column::Origin));
    code.checked_sub(first).and_then(|number| i32::try_from(number).ok())
}
