//! What `init` tells of a package that it made.

use std::fmt::Write as _;

use chargesheet_check::mapping::{Converted, Refused};

use super::open::Open;
use crate::domain::Language;

/// Returns the refusals of a mapping as text: equal ones as one line, with their rows.
pub(super) fn text_of(converted: &Converted, open: &[Open]) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        let _written = writeln!(out, "{}", crate::ingest::printable(&text));
    };
    for says in &converted.warnings {
        line(format!("warning: {}", says.english()));
    }
    for table in &converted.tables {
        line(format!(
            "{}: {} rows read, {} written, {} refused, {} left out",
            table.name,
            table.read,
            table.rows.len(),
            table.refused.len(),
            table.left_out
        ));
        for says in &table.warnings {
            line(format!("  warning: {}", says.english()));
        }
        for Refused { column, says, count, rows } in table.grouped(Language::default()) {
            let shown: Vec<String> = rows.iter().map(u32::to_string).collect();
            let more = if count > rows.len() { ", …" } else { "" };
            let column = column.map(|column| format!("{column}: ")).unwrap_or_default();
            line(format!("  {count} x {column}{says} (rows {}{more})", shown.join(", ")));
        }
    }
    out + &text_of_open(open)
}

/// Returns open questions as text, each with what answers it.
pub(super) fn text_of_open(open: &[Open]) -> String {
    let what = match open {
        [] => return String::new(),
        [_] => "1 question is".to_owned(),
        _ => format!("{} questions are", open.len()),
    };
    let mut out = format!("{what} open; answer on a terminal, or in mapping.json, which --mapping takes:\n");
    for Open { words, at, write } in open {
        let _written = writeln!(out, "{}", crate::ingest::printable(&format!("  {words}")));
        let _written = writeln!(out, "{}", crate::ingest::printable(&format!("    at {at} write {write}")));
    }
    out
}
