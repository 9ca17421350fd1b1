//! What `init` tells of a package that it made: as text, and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chargesheet_check::mapping::{Converted, Refusal};
use serde_json::json;

use super::open::Open;
use crate::domain::Say;

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
        let mut groups: BTreeMap<(Option<&str>, String), Vec<&Refusal>> = BTreeMap::new();
        for refusal in &table.refusals {
            groups.entry((refusal.column.as_deref(), refusal.says.english())).or_default().push(refusal);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, rows)| (std::cmp::Reverse(rows.len()), rows[0].row));
        for ((column, words), rows) in groups {
            let shown: Vec<String> = rows.iter().take(10).map(|refusal| refusal.row.to_string()).collect();
            let more = if rows.len() > shown.len() { ", …" } else { "" };
            let column = column.map(|column| format!("{column}: ")).unwrap_or_default();
            line(format!("  {} x {column}{words} (rows {}{more})", rows.len(), shown.join(", ")));
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

pub(super) fn json_of(converted: &Converted, check: serde_json::Value, open: &[Open]) -> serde_json::Value {
    let problem = |says: &Say| json!({ "code": says.code(), "message": says.english(), "says": says });
    let refusal =
        |own: &Refusal| json!({ "row": own.row, "column": own.column, "problem": problem(&own.says) });
    let tables: Vec<_> = converted
        .tables
        .iter()
        .map(|table| {
            json!({
                "name": table.name, "read": table.read, "written": table.rows.len(), "refused": table.refused.len(),
                "left_out": table.left_out, "problems": table.refusals.iter().map(refusal).collect::<Vec<_>>(),
                "warnings": table.warnings.iter().map(problem).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "tables": tables, "warnings": converted.warnings.iter().map(problem).collect::<Vec<_>>(), "open_questions": open.len(),
        "questions": open, "check": check,
    })
}
