//! An answer as people lay it out on paper: a line for each period, a column for each group.

use chargesheet_widget::wire::{Answer, ColumnRole, Row, Value};

use crate::domain::Dimension;
use crate::present::number;
use crate::present::texts::Texts;
use crate::query::in_time;

/// Most columns of groups that fit beside each other on a sheet.
const MOST_COLUMNS: usize = 7;
/// Most periods that fit on a sheet; the latest are shown.
const MOST_ROWS: usize = 26;

/// A table with a line for each period, gaps included.
pub struct Pivot {
    /// What the first column is.
    pub head: String,
    /// The groups.
    pub columns: Vec<String>,
    /// Each period with a figure, or none, for each group.
    pub rows: Vec<(String, Vec<Option<String>>)>,
    /// Earlier periods that had no room.
    pub left_out: usize,
}

/// Lays out an answer of one measure by year and at most one other dimension; `None` where it has another form, or more groups than
/// a sheet has room for.
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
    // In the order in which they are shown everywhere else.
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
                // A mark where another source says something else: the sources stand below.
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
        // A year without a figure has its line: a gap must be seen.
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
