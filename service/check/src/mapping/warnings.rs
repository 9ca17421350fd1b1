//! What somebody should know of a sheet that was read: nothing is passed over silently.

use std::collections::BTreeMap;

use crate::domain::Say;
use crate::sheet::{Facts, Merge, column_name};

use super::headings::Headings;

/// Most examples that a warning names.
const SHOWN: usize = 10;
/// The last row of a sheet.
const LAST_ROW: u32 = 1 << 20;

/// What was counted while the rows of a table were read.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub hidden_rows: u64,
    pub empty_rows: u64,
    /// Filled cells of columns without a heading.
    pub nameless: BTreeMap<usize, u64>,
    /// Why columns of texts are left out.
    pub texts: Vec<Say>,
    /// Columns that are left out, as they are told, and whether they hold names.
    pub left_out: Vec<(String, bool)>,
    /// Columns that nobody decided on, as they are told, and the column that each may be.
    pub open: Vec<(String, Option<&'static str>)>,
}

/// Returns the warnings of a sheet whose header stands in these rows.
pub(super) fn warnings(
    seen: &Seen,
    headings: &Headings,
    facts: &Facts,
    (first, last): (u32, u32),
) -> Vec<Say> {
    let mut all = Vec::new();
    let mut count = |key: &'static str, count: u64| {
        if count > 0 {
            all.push(Say::new(key).with("count", count));
        }
    };
    count("sheet_title_rows", headings.above);
    count("sheet_header_rows", u64::from(last - first + 1) * u64::from(last > first));
    count("sheet_formula", facts.formulas);
    count("sheet_rich_text", facts.rich);
    count("sheet_comments", facts.comments);
    count("sheet_hidden_rows", seen.hidden_rows);
    count("sheet_empty_rows", seen.empty_rows);
    let is_empty = |column: &usize| headings.name(*column).is_empty() && !seen.nameless.contains_key(column);
    count("sheet_empty_columns", (0..facts.width as usize).filter(is_empty).count() as u64);
    for (column, count) in &seen.nameless {
        let name = column_name(u32::try_from(*column).unwrap_or_default());
        all.push(Say::new("sheet_nameless_column").with("column", name).with("count", count));
    }
    // Merged cells of the header join its names.
    let below = facts.merges.iter().filter(|merge| merge.last_row > last);
    let (across, down): (Vec<&Merge>, Vec<&Merge>) =
        below.partition(|merge| merge.last_column > merge.first_column);
    for (key, merges) in [("sheet_merged", down), ("sheet_merged_across", across)] {
        if !merges.is_empty() {
            all.push(Say::new(key).with("cells", some(merges.iter().map(ToString::to_string))));
        }
    }
    let hidden = headings
        .names()
        .iter()
        .zip(0..)
        .filter(|(name, column)| !name.is_empty() && facts.hides_column(*column));
    let hidden = some(hidden.map(|(_, column)| headings.told(column as usize)));
    if !hidden.is_empty() {
        all.push(Say::new("sheet_hidden_columns").with("columns", hidden));
    }
    all.extend(facts.struck.iter().map(|cell| Say::new("sheet_struck").with("cell", cell)));
    if facts.is_1904 {
        all.push(Say::new("sheet_1904"));
    }
    if facts.last_row == LAST_ROW && seen.empty_rows == 0 {
        all.push(Say::new("sheet_full").with("rows", LAST_ROW));
    }
    all.extend(seen.texts.iter().cloned());
    for (heading, is_name) in &seen.left_out {
        all.push(
            Say::new(if *is_name { "names_left_out" } else { "column_left_out" }).with("column", heading),
        );
    }
    for (heading, name) in &seen.open {
        all.push(match name {
            Some(name) => Say::new("column_open").with("column", heading).with("name", name),
            None => Say::new("column_left_out").with("column", heading),
        });
    }
    all
}

/// Joins the first of some texts.
fn some(texts: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = texts.take(SHOWN + 1).collect();
    if all.len() > SHOWN {
        all[SHOWN] = "…".to_owned();
    }
    all.join(", ")
}
