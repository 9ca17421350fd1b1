//! The figures of an answer as a table for people: each with its source, and with who disagrees.

use std::collections::BTreeMap;

use chargesheet_widget::wire::{Answer, Column, ColumnRole, Disagreement, Row, Source, Value};

use super::evidence::behind;
use super::shares::Shares;
use crate::domain::Status;
use crate::present::labels::ByCode;
use crate::present::number;
use crate::present::texts::{Texts, fill};
use crate::query::in_time;

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
    pub others: Vec<Other>,
    /// Address of what stands behind a figure, and the name of that link; both empty where there is none.
    pub evidence: String,
    pub evidence_name: String,
}

/// What another source says: the sentence around its name, which leads to it.
pub struct Other {
    pub before: String,
    pub link: Link,
    pub after: String,
}

/// A source.
pub struct Link {
    pub text: String,
    pub title: String,
    pub url: String,
}

/// Whether figures lead to what stands behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figures {
    /// Each is a link into the service.
    Linked,
    /// None is: the table stands in a file that asks nobody for anything.
    Plain,
}

/// Lays an answer out.
pub fn table(answer: &Answer, texts: &'static Texts, figures: Figures) -> Table {
    let sources: BTreeMap<&str, &Source> =
        answer.sources.iter().map(|source| (source.id.as_str(), source)).collect();
    let labels = ByCode::of(answer);
    // A column that says "normal" in every row tells nobody anything.
    let is_plain = |value: &Value| *value == Value::Text(Status::Normal.code().to_owned());
    let status = answer.columns.iter().position(|column| column.role == ColumnRole::Status);
    let has_status = status.is_some_and(|place| !answer.rows.iter().all(|row| is_plain(&row.values[place])));
    let shares = Shares::of(answer, texts);
    let shown = |column: &Column| match column.role {
        ColumnRole::Dimension | ColumnRole::Measure | ColumnRole::Sources => true,
        ColumnRole::Status => has_status,
        // Its bounds stand in the same cell.
        ColumnRole::Share => column.name == "share",
        ColumnRole::Label => false,
    };
    let columns = answer
        .columns
        .iter()
        .filter(|column| shown(column))
        .map(|column| Heading { title: column.title.clone(), is_number: column.role == ColumnRole::Measure });
    let rows = in_time(&answer.rows).map(|row| {
        let cells = answer.columns.iter().zip(&row.values).filter(|(column, _)| shown(column));
        cells
            .map(|(column, value)| {
                let mut cell = cell(&labels, column, value, texts, &sources);
                if column.role == ColumnRole::Share {
                    cell.text = shares.as_ref().and_then(|shares| shares.told(row)).unwrap_or_default();
                }
                let others = row.disagreements.iter().filter(|other| other.measure == column.name);
                cell.others = others.map(|said| other(said, &sources, texts)).collect();
                if cell.is_number && figures == Figures::Linked {
                    let behind = behind(answer, row, &column.name);
                    let text = if behind.is_own { &texts.evidence.cell } else { &texts.evidence.whole };
                    let of = [
                        ("value", cell.text.as_str()),
                        ("cell", &group(answer, &labels, row, column, texts)),
                    ];
                    cell.evidence_name = fill(text, &of);
                    cell.evidence = behind.address;
                }
                cell
            })
            .collect()
    });
    Table { columns: columns.collect(), rows: rows.collect() }
}

/// What another source says.
fn other(said: &Disagreement, sources: &BTreeMap<&str, &Source>, texts: &Texts) -> Other {
    let source = sources.get(said.source.as_str());
    let text = texts.on_page("other_figure");
    let (before, after) = text.split_once("{publisher}").unwrap_or((text, ""));
    let value = number(said.value, texts);
    let around = |text: &str| fill(text, &[("value", &value)]);
    Other {
        before: around(before),
        link: Link {
            text: source.map_or(&said.source, |source| &source.publisher).clone(),
            title: source.map_or(String::new(), |source| source.title.clone()),
            url: source.map_or(String::new(), |source| source.url.clone()),
        },
        after: around(after),
    }
}

/// Names a figure by its group and what is counted: "2018, Registered, Cases".
fn group(answer: &Answer, labels: &ByCode<'_>, row: &Row, measure: &Column, texts: &Texts) -> String {
    let mut names = names(answer, labels, row, texts);
    names.push(measure.title.clone());
    names.join(", ")
}

/// Names a group by its periods and labels, in the order of the columns.
pub(super) fn names(answer: &Answer, labels: &ByCode<'_>, row: &Row, texts: &Texts) -> Vec<String> {
    let none = BTreeMap::new();
    let groups = answer.columns.iter().zip(&row.values);
    let name = |(column, value): (&Column, &Value)| {
        let cell = cell(labels, column, value, texts, &none);
        if cell.is_absent { texts.unknown.clone() } else { cell.text }
    };
    groups.filter(|(column, _)| column.role == ColumnRole::Dimension).map(name).collect()
}

fn cell(
    labels: &ByCode<'_>,
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
        evidence: String::new(),
        evidence_name: String::new(),
    };
    match value {
        Value::Absent => cell.is_absent = true,
        Value::Text(code) if role == ColumnRole::Status => {
            cell.text = texts.on_page(&format!("status_{code}")).to_owned();
        }
        Value::Text(code) => {
            cell.text = labels.label(&column.name, code).to_owned();
        }
        Value::Year(year) => cell.text = year.to_string(),
        Value::Count(count) => {
            cell.text = number(*count, texts);
            cell.is_number = true;
        }
        Value::Real(real) => cell.text = real.to_string(),
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
