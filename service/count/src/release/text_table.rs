//! The small tables of a release (statutes, sources, reported figures, …) as rows of text for digests.

use super::canonical::Lines;
use crate::domain::tables::{Content, Need, Table};

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text. An empty text is a missing value.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A table as rows of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTable {
    /// The name and type of each column.
    pub columns: Vec<(&'static str, Type)>,
    /// Its rows, in the byte order of their fields.
    pub rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Makes a table from rows in any order. The rows have all columns that a release can have. [Later](Need::Later)
    /// columns that no row fills are dropped, so a release from before there were such columns keeps its id.
    pub fn of(table: &Table, mut rows: Vec<Vec<String>>) -> Self {
        rows.sort_unstable();
        let in_release = table.in_release().into_iter().enumerate();
        let is_there: Vec<bool> = in_release
            .map(|(place, column)| {
                column.need != Need::Later || rows.iter().any(|row| !row[place].is_empty())
            })
            .collect();
        for row in &mut rows {
            let mut is_there = is_there.iter();
            row.retain(|_| *is_there.next().unwrap_or(&true));
        }
        let columns = columns(table).into_iter().zip(&is_there);
        Self { columns: columns.filter(|(_, is_there)| **is_there).map(|(column, _)| column).collect(), rows }
    }

    /// Whether it has a [later](Need::Later) column of the table that it was made for.
    pub fn has_later(&self, table: &Table) -> bool {
        let is_later = |name| table.column(name).is_some_and(|column| column.need == Need::Later);
        self.columns.iter().any(|(name, _)| is_later(name))
    }

    /// Returns its rows with all columns that a release can have; those it lacks are empty.
    pub fn full_rows(&self, table: &Table) -> Vec<Vec<String>> {
        let place = |name: &str| self.columns.iter().position(|(own, _)| *own == name);
        let places: Vec<Option<usize>> =
            table.in_release().into_iter().map(|column| place(column.name)).collect();
        let full = |row: &Vec<String>| {
            places.iter().map(|place| place.map_or(String::new(), |place| row[place].clone())).collect()
        };
        self.rows.iter().map(full).collect()
    }

    /// Returns the number of rows, and the digest of the table's canonical lines.
    pub fn digest(&self) -> (u64, String) {
        let mut lines = Lines::of(self.columns.iter().map(|(name, _)| *name));
        for row in &self.rows {
            for field in row {
                lines.field(field);
            }
            lines.end_record();
        }
        lines.digest()
    }
}

/// Returns the columns that a table can have in a release, each with its type.
pub fn columns(table: &Table) -> Vec<(&'static str, Type)> {
    let kind = |content| match content {
        Content::Year | Content::Whole(_) => Type::Number,
        Content::Flag => Type::Flag,
        _ => Type::Text,
    };
    table.in_release().into_iter().map(|column| (column.name, kind(column.content))).collect()
}
