//! Text for a cell of a CSV file: in quotes where it must be, and as a spreadsheet shows it and does not run it as a formula.

use std::borrow::Cow;

/// Writes a cell, in quotes only where RFC 4180 requires them.
pub fn write_cell(out: &mut Vec<u8>, text: &str, separator: u8) {
    if text.bytes().any(|byte| byte == separator || matches!(byte, b'"' | b'\n' | b'\r')) {
        out.push(b'"');
        out.extend(text.replace('"', "\"\"").bytes());
        out.push(b'"');
    } else {
        out.extend(text.bytes());
    }
}

/// Whether a spreadsheet would run a text as a formula (CWE-1236). Full-width forms of the signs count too.
pub fn would_run(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Returns a text for a cell of a CSV file. A text that begins like a formula gets an apostrophe in front.
///
/// Numbers are never passed to this function, so the minus of a negative number stays.
pub fn inert(text: &str) -> Cow<'_, str> {
    if would_run(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_shown_instead() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1"]
        {
            assert_eq!(inert(text), format!("'{text}"));
        }
        assert_eq!(inert("KAZ-CC-274"), "KAZ-CC-274");
    }
}
