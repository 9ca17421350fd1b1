//! Tables of a package as CSV.
//!
//! Texts stand as they are, also those that a spreadsheet would run: a package is read by programs, and reading it must
//! give the very same texts.

use std::io::Write;

use crate::present::csv::line;
use crate::release::text_table::TextTable;

/// How much is handed on at once.
const CHUNK: usize = 1 << 16;

/// Writes a table with its header.
pub fn write(table: &TextTable, out: &mut dyn Write) -> std::io::Result<()> {
    let mut lines = Vec::with_capacity(2 * CHUNK);
    line(&mut lines, table.columns.iter().map(|(name, _)| *name));
    for row in &table.rows {
        line(&mut lines, row.iter().map(String::as_str));
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
