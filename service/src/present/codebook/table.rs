//! A codebook as CSV: a row for each column, each followed by a row for each of its codes.

use super::codes::{LATER_PROPERTIES, PROPERTIES};
use super::{Code, Codebook, Column};
use crate::domain::inert;
use crate::present::csv::line;

/// The columns of this CSV that describe columns; some of them describe codes as well.
const OF_COLUMNS: [&str; 9] =
    ["column", "code", "label", "definition", "type", "unit", "empty", "sum_measures", "sum_why"];

/// Writes a codebook as a tidy table, one row per column or code. `code` is empty where the row is about a whole column. A
/// property that does not concern the row is empty.
pub fn csv(codebook: &Codebook) -> Vec<u8> {
    let mut out = Vec::new();
    let is_used = |name: &str| {
        codebook.codes.iter().flat_map(|codes| &codes.codes).any(|code| !code.property(name).is_empty())
    };
    let properties = PROPERTIES.iter().map(|(name, _)| *name);
    let properties = properties.filter(|name| !LATER_PROPERTIES.contains(name) || is_used(name));
    let header: Vec<&str> = OF_COLUMNS.into_iter().chain(properties).collect();
    line(&mut out, header.iter().copied());
    let mut write = |cell: &dyn Fn(&str) -> String| {
        let cells: Vec<String> = header.iter().map(|name| cell(name)).collect();
        line(&mut out, cells.iter().map(|cell| inert(cell)).collect::<Vec<_>>().iter().map(AsRef::as_ref));
    };
    for column in &codebook.columns {
        write(&|name| of_column(column, name));
        for codes in codebook.codes.iter().filter(|codes| codes.columns.contains(&column.name)) {
            codes.codes.iter().for_each(|code| write(&|name| of_code(&column.name, code, name)));
        }
    }
    let is_column = |name: &String| codebook.columns.iter().any(|column| column.name == *name);
    for codes in codebook.codes.iter().filter(|codes| !codes.columns.iter().any(is_column)) {
        for column in &codes.columns {
            codes.codes.iter().for_each(|code| write(&|name| of_code(column, code, name)));
        }
    }
    out
}

fn of_column(column: &Column, name: &str) -> String {
    match (name, &column.sum) {
        ("column", _) => column.name.clone(),
        ("label", _) => column.title.clone(),
        ("definition", _) => column.definition.clone(),
        ("type", _) => column.r#type.to_owned(),
        ("unit", _) => column.unit.unwrap_or_default().to_owned(),
        ("empty", _) => column.empty.clone(),
        ("sum_measures", Some(sum)) => sum.measures.join(" "),
        ("sum_why", Some(sum)) => sum.why.clone(),
        _ => String::new(),
    }
}

fn of_code(column: &str, code: &Code, name: &str) -> String {
    match name {
        "column" => column,
        "code" => &code.code,
        "label" => &code.label,
        "definition" => &code.definition,
        _ => code.property(name),
    }
    .to_owned()
}
