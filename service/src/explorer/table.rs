//! The figures of an answer as an HTML table: each with its source, and with the sources that disagree.

use std::collections::BTreeMap;

use chargesheet_widget::wire::{Answer, Column, ColumnRole, Disagreement, Row, Source, Value};

use super::evidence::{behind, page_of};
use super::shares::Shares;
use crate::domain::{Dimension, Language, Status};
use crate::present::labels::ByCode;
use crate::present::number;
use crate::present::texts::{Texts, fill};
use crate::query::in_time;

/// A table of figures, laid out for HTML.
pub struct Table {
    pub columns: Vec<Heading>,
    pub rows: Vec<Vec<Cell>>,
}

/// The heading of a column.
pub struct Heading {
    pub title: String,
    /// What the column holds, as a class of HTML, because its width follows from that: `number`, `time`, or nothing.
    pub class: &'static str,
}

/// A cell of the table.
#[derive(Default)]
pub struct Cell {
    pub text: String,
    pub is_number: bool,
    /// Whether nothing is known. Screen readers get a word instead of the dash.
    pub is_absent: bool,
    /// The sources; only in a cell of the sources column.
    pub sources: Vec<Source>,
    /// The other sources that disagree on this figure. Each has the text before its name, the source, and the text after its name.
    pub others: Vec<(String, Source, String)>,
    /// Address of the evidence for the figure, and the name of that link; both are empty where there is none.
    pub evidence: String,
    pub evidence_name: String,
}

/// Whether the figures of a table link to their evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figures {
    /// Every figure is a link to the page of its evidence, in this language.
    Linked(Language),
    /// No figure is a link, because the table stands in a file that makes no requests.
    Plain,
}

/// Lays out an answer as a table.
pub fn table(answer: &Answer, texts: &'static Texts, figures: Figures) -> Table {
    let sources: BTreeMap<&str, &Source> =
        answer.sources.iter().map(|source| (source.id.as_str(), source)).collect();
    let labels = ByCode::of(answer);
    // A status column with "normal" in every row carries no information, so it is left out.
    let is_plain = |value: &Value| *value == Value::Text(Status::Normal.code().to_owned());
    let status = answer.columns.iter().position(|column| column.role == ColumnRole::Status);
    let has_status = status.is_some_and(|place| !answer.rows.iter().all(|row| is_plain(&row.values[place])));
    let shares = Shares::of(answer, texts);
    let shown = |column: &Column| match column.role {
        ColumnRole::Dimension | ColumnRole::Measure | ColumnRole::Sources => true,
        ColumnRole::Status => has_status,
        // The bounds of the share stand in the share's cell.
        ColumnRole::Share => column.name == "share",
        ColumnRole::Label => false,
    };
    let cell = |row: &Row, column: &Column, value: &Value| {
        let mut cell = Cell { is_number: matches!(value, Value::Count(_)), ..Cell::default() };
        match value {
            // A record whose year is not known has a figure.
            Value::Absent if column.role == ColumnRole::Dimension => cell.text = texts.unknown.clone(),
            Value::Absent => cell.is_absent = true,
            Value::Text(code) if column.role == ColumnRole::Status => {
                cell.text = texts.on_page(&format!("status_{code}")).to_owned();
            }
            Value::Text(code) => cell.text = labels.label(&column.name, code).to_owned(),
            Value::Year(year) => cell.text = year.to_string(),
            Value::Count(count) => cell.text = number(*count, texts),
            Value::Real(_) => {}
            Value::List(ids) => {
                let named = ids.iter().filter_map(|id| sources.get(id.as_str()));
                cell.sources = named.map(|source| (*source).clone()).collect();
            }
        }
        if column.role == ColumnRole::Share {
            cell.text = shares.as_ref().and_then(|shares| shares.told(row)).unwrap_or_default();
        }
        let others = row.disagreements.iter().filter(|other| other.measure == column.name);
        cell.others = others.map(|said| other(said, &sources, texts)).collect();
        if let (true, Figures::Linked(language)) = (cell.is_number, figures) {
            let behind = behind(answer, row, &column.name);
            let text = if behind.is_own { texts.evidence.get("cell") } else { texts.evidence.get("whole") };
            // A figure's name is its group and its measure: "2018, Registered, Cases".
            let mut names = labels.names(row, texts);
            names.push(column.title.clone());
            cell.evidence_name = fill(text, &[("value", &cell.text), ("cell", &names.join(", "))]);
            cell.evidence = page_of(&behind.address, language);
        }
        cell
    };
    let headings = answer.columns.iter().filter(|column| shown(column));
    let headings = headings.map(|column| {
        let is_time = Dimension::from_name(&column.name).is_some_and(Dimension::is_time);
        let class = match column.role {
            ColumnRole::Measure => "number",
            _ if is_time => "time",
            _ => "",
        };
        Heading { title: column.title.clone(), class }
    });
    let cells = |row: &Row| {
        let shown = answer.columns.iter().zip(&row.values).filter(|(column, _)| shown(column));
        shown.map(|(column, value)| cell(row, column, value)).collect()
    };
    Table { columns: headings.collect(), rows: in_time(&answer.rows).map(cells).collect() }
}

/// Returns the text about another source that disagrees.
fn other(said: &Disagreement, sources: &BTreeMap<&str, &Source>, texts: &Texts) -> (String, Source, String) {
    let text = texts.on_page("other_figure");
    let (before, after) = text.split_once("{publisher}").unwrap_or((text, ""));
    let around = |text: &str| fill(text, &[("value", &number(said.value, texts))]);
    let unknown = || Source { publisher: said.source.clone(), ..Source::default() };
    let source = sources.get(said.source.as_str()).map_or_else(unknown, |source| (*source).clone());
    (around(before), source, around(after))
}
