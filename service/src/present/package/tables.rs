//! Tables of a package as CSV.

use std::borrow::Cow;
use std::io::Write;

use crate::domain::would_run;
use crate::present::csv::line;
use crate::release::text_table::{TextTable, Type};

/// How much is handed on at once.
const CHUNK: usize = 1 << 16;

/// Writes a table with its header.
pub fn write(table: &TextTable, out: &mut dyn Write) -> std::io::Result<()> {
    let mut lines = Vec::with_capacity(2 * CHUNK);
    line(&mut lines, table.columns.iter().map(|(name, _)| *name));
    for row in &table.rows {
        let cells: Vec<Cow<'_, str>> = table
            .columns
            .iter()
            .zip(row)
            .map(|((_, kind), cell)| match kind {
                Type::Text => guarded(cell),
                Type::Number | Type::Flag => Cow::Borrowed(cell.as_str()),
            })
            .collect();
        line(&mut lines, cells.iter().map(AsRef::as_ref));
        hand_on(&mut lines, out, CHUNK)?;
    }
    hand_on(&mut lines, out, 0)
}

/// Hands lines on when there are more bytes of them than `more_than`.
pub fn hand_on(lines: &mut Vec<u8>, out: &mut dyn Write, more_than: usize) -> std::io::Result<()> {
    if lines.len() > more_than {
        out.write_all(lines)?;
        lines.clear();
    }
    Ok(())
}

/// Returns a text for a cell: an apostrophe stands before one that a spreadsheet would run, and before one that begins
/// with an apostrophe, so that reading takes away exactly what was added.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if would_run(text) || text.starts_with('\'') {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
