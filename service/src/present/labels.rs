//! The labels of an answer, found by code.

use std::collections::BTreeMap;

use chargesheet_widget::wire::Answer;

use crate::query::in_time;

/// The labels of the codes in an answer's columns: a list would be gone through for every cell.
#[derive(Debug)]
pub struct ByCode<'a>(BTreeMap<(&'a str, &'a str), &'a str>);

impl<'a> ByCode<'a> {
    /// Takes them from an answer.
    pub fn of(answer: &'a Answer) -> Self {
        let each = answer.labels.0.iter().flat_map(|(column, codes)| {
            codes.iter().map(move |(code, label)| ((column.as_str(), code.as_str()), label.as_str()))
        });
        Self(in_time(each).collect())
    }

    /// Returns the label of a code in a column; the code itself where it has none.
    pub fn label<'c>(&'c self, column: &'c str, code: &'c str) -> &'c str {
        self.0.get(&(column, code)).copied().unwrap_or(code)
    }
}
