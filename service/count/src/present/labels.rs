//! The labels of an answer, found by code.

use std::collections::BTreeMap;

use chargesheet_widget::wire::{Answer, ColumnRole, Row, Value};

use super::texts::{Texts, fill};
use crate::domain::{CodeList, Language};
use crate::query::in_time;

/// Returns the label of an outcome, after that of the outcome that it is a part of: "Convicted, of which: Fined". A code that the
/// list does not have stands for itself.
pub fn outcome_name(outcomes: &CodeList, code: &str, language: Language) -> String {
    let label = |code| outcomes.get(code).map_or(code, |entry| entry.label.get(language));
    let whole = outcomes.ancestors(code).next();
    let of_which = Texts::of(language).on_page("outcome_part");
    whole.map_or(label(code).to_owned(), |whole| {
        fill(of_which, &[("whole", label(whole)), ("part", label(code))])
    })
}

/// The labels of the codes in an answer, by column and code. The answer itself has lists, and every cell would search one.
#[derive(Debug)]
pub struct ByCode<'a> {
    answer: &'a Answer,
    labels: BTreeMap<(&'a str, &'a str), &'a str>,
}

impl<'a> ByCode<'a> {
    /// Collects the labels of an answer.
    pub fn of(answer: &'a Answer) -> Self {
        let each = answer.labels.0.iter().flat_map(|(column, codes)| {
            codes.iter().map(move |(code, label)| ((column.as_str(), code.as_str()), label.as_str()))
        });
        Self { answer, labels: in_time(each).collect() }
    }

    /// Returns the label of a code in a column; the code itself where it has no label.
    pub fn label<'c>(&'c self, column: &'c str, code: &'c str) -> &'c str {
        self.labels.get(&(column, code)).copied().unwrap_or(code)
    }

    /// Returns the periods and labels that name the group of a row, in the order of the columns.
    pub fn names(&self, row: &Row, texts: &Texts) -> Vec<String> {
        let cells = self.answer.columns.iter().zip(&row.values);
        let keys = cells.filter(|(column, _)| column.role == ColumnRole::Dimension);
        keys.map(|(column, value)| match value {
            Value::Text(code) => self.label(&column.name, code).to_owned(),
            Value::Year(year) => year.to_string(),
            _ => texts.unknown.clone(),
        })
        .collect()
    }
}
