//! The figures of an answer as a table for people: each with its source, and with who disagrees.

use std::collections::BTreeMap;

use chargesheet_widget::wire::{Answer, Column, ColumnRole, Source, Value};

use crate::domain::Status;
use crate::present::number;
use crate::present::texts::{Texts, fill};

/// A table of figures.
pub struct Table {
    pub columns: Vec<Heading>,
    pub rows: Vec<Vec<Cell>>,
}

/// A column's heading.
pub struct Heading {
    pub title: String,
    pub is_number: bool,
}

/// A cell.
pub struct Cell {
    pub text: String,
    pub is_number: bool,
    /// Nothing is known: said in words to those who cannot see a dash.
    pub is_absent: bool,
    /// The sources, in a cell of sources.
    pub links: Vec<Link>,
    /// What other sources say, in the cell of the figure they disagree on.
    pub others: Vec<String>,
}

/// A source.
pub struct Link {
    pub text: String,
    pub title: String,
    pub url: String,
}

/// Lays an answer out.
pub fn table(answer: &Answer, texts: &Texts) -> Table {
    let sources: BTreeMap<&str, &Source> =
        answer.sources.iter().map(|source| (source.id.as_str(), source)).collect();
    // A column that says "normal" in every row tells nobody anything.
    let is_plain = |value: &Value| *value == Value::Text(Status::Normal.code().to_owned());
    let status = answer.columns.iter().position(|column| column.role == ColumnRole::Status);
    let has_status = status.is_some_and(|place| !answer.rows.iter().all(|row| is_plain(&row.values[place])));
    let shown = |role: ColumnRole| match role {
        ColumnRole::Dimension | ColumnRole::Measure | ColumnRole::Sources => true,
        ColumnRole::Status => has_status,
        ColumnRole::Label | ColumnRole::Share => false,
    };
    let columns = answer
        .columns
        .iter()
        .filter(|column| shown(column.role))
        .map(|column| Heading { title: column.title.clone(), is_number: column.role == ColumnRole::Measure });
    let rows = answer.rows.iter().map(|row| {
        let cells = answer.columns.iter().zip(&row.values).filter(|(column, _)| shown(column.role));
        cells
            .map(|(column, value)| {
                let mut cell = cell(answer, column, value, texts, &sources);
                let others = row.disagreements.iter().filter(|other| other.measure == column.name);
                cell.others = others
                    .map(|other| {
                        let publisher = sources
                            .get(other.source.as_str())
                            .map_or(&other.source, |source| &source.publisher);
                        let values =
                            [("publisher", publisher.as_str()), ("value", &number(other.value, texts))];
                        fill(texts.on_page("other_figure"), &values)
                    })
                    .collect();
                cell
            })
            .collect()
    });
    Table { columns: columns.collect(), rows: rows.collect() }
}

fn cell(
    answer: &Answer,
    column: &Column,
    value: &Value,
    texts: &Texts,
    sources: &BTreeMap<&str, &Source>,
) -> Cell {
    let role = column.role;
    let mut cell = Cell {
        text: String::new(),
        is_number: false,
        is_absent: false,
        links: Vec::new(),
        others: Vec::new(),
    };
    match value {
        Value::Absent => cell.is_absent = true,
        Value::Text(code) if role == ColumnRole::Status => {
            cell.text = texts.on_page(&format!("status_{code}")).to_owned();
        }
        Value::Text(code) => {
            let label = answer.labels.of(&column.name).iter().find(|(own, _)| own == code);
            cell.text = label.map_or(code, |(_, label)| label).clone();
        }
        Value::Year(year) => cell.text = year.to_string(),
        Value::Count(count) => {
            cell.text = number(*count, texts);
            cell.is_number = true;
        }
        Value::Real(share) => cell.text = share.to_string(),
        Value::List(ids) => {
            cell.links = ids
                .iter()
                .filter_map(|id| sources.get(id.as_str()))
                .map(|source| Link {
                    text: source.publisher.clone(),
                    title: source.title.clone(),
                    url: source.url.clone(),
                })
                .collect();
        }
    }
    cell
}
