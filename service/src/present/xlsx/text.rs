//! A text in a cell: never run as a formula, and never longer than a cell may be.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::domain::would_run;

/// Most UTF-16 code units in a cell: a limit of Excel.
const CELL_UTF16: usize = 32_767;

/// Writes a text as text. Text that looks like a formula is marked, as Excel marks text after a typed apostrophe, so it stays
/// text even when the cell is edited.
pub fn write_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let text = shortened(text);
    if would_run(&text) {
        sheet.write_string_with_format(row, column, text, &format.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

/// Returns a text that fits into a cell. A text that was cut says so.
fn shortened(text: &str) -> String {
    if text.encode_utf16().count() <= CELL_UTF16 {
        return text.to_owned();
    }
    let mut room = CELL_UTF16 - 1;
    let kept = text.chars().take_while(|sign| {
        let fits = sign.len_utf16() <= room;
        room = room.saturating_sub(sign.len_utf16());
        fits
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_longer_than_a_cell_is_cut_and_says_so() {
        assert_eq!(shortened("short"), "short");
        let long = "𝒜".repeat(20_000);
        let cut = shortened(&long);
        assert!(cut.ends_with('…') && cut.encode_utf16().count() <= CELL_UTF16);
    }
}
