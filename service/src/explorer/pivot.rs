//! A pivot table for paper: a row for each period, and a column for each group.

use chargesheet_widget::wire::{Answer, ColumnRole, Row, Value};

use crate::domain::Dimension;
use crate::present::number;
use crate::present::texts::Texts;
use crate::query::in_time;

/// Most columns of groups that fit side by side on a sheet.
const MOST_COLUMNS: usize = 7;
/// Most periods that fit on a sheet. The latest periods are kept.
const MOST_ROWS: usize = 26;

/// A table with a row for each period, gaps included.
pub struct Pivot {
    /// The heading of the first column.
    pub head: String,
    /// The groups.
    pub columns: Vec<String>,
    /// The name of each period, with a figure for each group; `None` is a gap.
    pub rows: Vec<(String, Vec<Option<String>>)>,
    /// The number of earlier periods that did not fit.
    pub left_out: usize,
}

/// Lays out an answer of one measure by year and at most one other dimension. Returns `None` for other answers, and for more groups
/// than fit on a sheet.
pub fn pivot(answer: &Answer, texts: &Texts) -> Option<Pivot> {
    let places = |role: ColumnRole| -> Vec<usize> {
        (0..answer.columns.len()).filter(|&place| answer.columns[place].role == role).collect()
    };
    let dimensions = places(ColumnRole::Dimension);
    let &[measure] = places(ColumnRole::Measure).as_slice() else { return None };
    let year = *dimensions.iter().find(|&&place| answer.columns[place].name == Dimension::Year.name())?;
    let others: Vec<usize> = dimensions.into_iter().filter(|&place| place != year).collect();
    let other = match others[..] {
        [] => None,
        [one] => Some(one),
        _ => return None,
    };
    let group = |row: &Row| other.map_or(Value::Absent, |place| row.values[place].clone());
    // Groups have the same order as everywhere else.
    let mut groups: Vec<(Value, String)> = match other {
        None => vec![(Value::Absent, answer.columns[measure].title.clone())],
        Some(place) => {
            let labels = answer.labels.of(&answer.columns[place].name).iter();
            labels.map(|(code, label)| (Value::Text(code.clone()), label.clone())).collect()
        }
    };
    if other.is_some() && answer.rows.iter().any(|row| group(row) == Value::Absent) {
        groups.push((Value::Absent, texts.unknown.clone()));
    }
    if groups.is_empty() || groups.len() > MOST_COLUMNS {
        return None;
    }
    let of_year = |row: &Row| match row.values[year] {
        Value::Year(year) => Some(year),
        _ => None,
    };
    let line = |wanted: Option<i32>| -> Vec<Option<String>> {
        let cell = |wanted_group: &Value| {
            let row =
                in_time(&answer.rows).find(|row| of_year(row) == wanted && group(row) == *wanted_group)?;
            match row.values[measure] {
                // An asterisk marks a figure on which another source disagrees; the sources are listed below.
                Value::Count(count) if row.disagreements.is_empty() => Some(number(count, texts)),
                Value::Count(count) => Some(format!("{}*", number(count, texts))),
                _ => None,
            }
        };
        groups.iter().map(|(own, _)| cell(own)).collect()
    };
    let years: Vec<i32> = answer.rows.iter().filter_map(of_year).collect();
    let mut rows = Vec::new();
    if let (Some(&first), Some(&last)) = (years.iter().min(), years.iter().max()) {
        // A year without a figure has a row too, so that gaps are visible.
        rows.extend((first..=last).map(|year| (year.to_string(), line(Some(year)))));
    }
    let left_out = rows.len().saturating_sub(MOST_ROWS);
    rows.drain(..left_out);
    if answer.rows.iter().any(|row| of_year(row).is_none()) {
        rows.push((texts.unknown.clone(), line(None)));
    }
    Some(Pivot {
        head: answer.columns[year].title.clone(),
        columns: groups.into_iter().map(|(_, label)| label).collect(),
        rows,
        left_out,
    })
}
