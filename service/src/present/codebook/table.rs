//! A codebook as CSV: a row for each column, then a row for each of its codes.

use super::{Code, Codebook, Column};
use crate::domain::inert;
use crate::present::csv::line;

/// The columns of the table.
const HEADER: [&str; 27] = [
    "column",
    "code",
    "label",
    "definition",
    "type",
    "unit",
    "empty",
    "sum_measures",
    "sum_why",
    "stage",
    "final",
    "country",
    "law",
    "article",
    "part",
    "parent",
    "successor",
    "offence",
    "in_force_from",
    "in_force_to",
    "publisher",
    "published",
    "kind",
    "counting_rule",
    "time_basis",
    "measure_type",
    "url",
];

/// Writes a codebook as a tidy table, one thing a row: `code` is empty where the row is about a column as a whole. What
/// a property does not concern is left empty.
pub fn csv(codebook: &Codebook) -> Vec<u8> {
    let mut out = Vec::new();
    line(&mut out, HEADER.into_iter());
    let mut write = |cells: Vec<&str>| {
        let cells: Vec<_> = cells.into_iter().map(inert).collect();
        line(&mut out, cells.iter().map(AsRef::as_ref));
    };
    for column in &codebook.columns {
        let measures = column.sum.as_ref().map_or(String::new(), |sum| sum.measures.join(" "));
        write(of_column(column, &measures));
        for codes in codebook.codes.iter().filter(|codes| codes.columns.contains(&column.name)) {
            codes.codes.iter().for_each(|code| write(of_code(&column.name, code)));
        }
    }
    let is_column = |name: &String| codebook.columns.iter().any(|column| column.name == *name);
    for codes in codebook.codes.iter().filter(|codes| !codes.columns.iter().any(is_column)) {
        for name in &codes.columns {
            codes.codes.iter().for_each(|code| write(of_code(name, code)));
        }
    }
    out
}

fn of_column<'a>(column: &'a Column, measures: &'a str) -> Vec<&'a str> {
    let why = column.sum.as_ref().map_or("", |sum| sum.why.as_str());
    let mut cells = vec![
        column.name.as_str(),
        "",
        &column.title,
        &column.definition,
        column.r#type,
        column.unit.unwrap_or_default(),
        &column.empty,
        measures,
        why,
    ];
    cells.resize(HEADER.len(), "");
    cells
}

fn of_code<'a>(column: &'a str, code: &'a Code) -> Vec<&'a str> {
    let is_final = code.r#final.map_or("", |is_final| if is_final { "true" } else { "false" });
    vec![
        column,
        &code.code,
        &code.label,
        &code.definition,
        "",
        "",
        "",
        "",
        "",
        &code.stage,
        is_final,
        &code.country,
        &code.law,
        &code.article,
        &code.part,
        &code.parent,
        &code.successor,
        &code.offence,
        &code.in_force_from,
        &code.in_force_to,
        &code.publisher,
        &code.published,
        &code.kind,
        &code.counting_rule,
        &code.time_basis,
        &code.measure_type,
        &code.url,
    ]
}
