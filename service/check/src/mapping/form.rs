//! What a mapping holds.

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use serde_json::{Map, Value as Json};
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::tables::{Column, Table};
use crate::package::Kind;

/// The version of mappings that this program writes, and the last that it reads.
pub(super) const VERSION: u64 = 1;
/// Between the texts of several columns that make one value.
pub(super) const JOINED: &str = " | ";

/// How the columns and values of sheets become those of a package.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The kind of the package.
    pub kind: Kind,
    /// The mark of the key that its pseudonyms are made with.
    pub key: Option<String>,
    /// How each table is made.
    pub tables: Vec<TableMapping>,
    /// What `datapackage.json` says besides its resources.
    pub package: Map<String, Json>,
}

/// How a table is made.
#[derive(Debug, Clone)]
pub struct TableMapping {
    /// The table.
    pub table: &'static Table,
    /// Its sheet. Without one, the file of its own name, else the first file.
    pub sheet: Option<SheetChoice>,
    /// The first and the last row of its header.
    pub header: (u32, u32),
    /// What becomes of hidden rows. Without an answer they are refused.
    pub hidden_rows: Option<HiddenRows>,
    /// The encoding of a CSV file that is not UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// The sign that separates the fields of a CSV file, where its first line does not show it.
    pub delimiter: Option<u8>,
    /// How each column of the table is made.
    pub columns: Vec<(&'static Column, ColumnMapping)>,
    /// Columns that are left out, by their letters (`#C`) or headings.
    pub left_out: Vec<String>,
    /// What stands for the headings of its sheet. Without it, or in a sheet with others, no letters are believed.
    pub layout: Option<String>,
}

/// How a sheet is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetChoice {
    /// By its number among the sheets of all files, from 1. A mapping is written so: the name of a sheet may be that of a person.
    Number(usize),
    /// By its name.
    Name(String),
}

/// What becomes of hidden rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HiddenRows {
    /// They are read like all others.
    Read,
    /// They are left out.
    LeaveOut,
}

/// How a column is made.
#[derive(Debug, Clone, Default)]
pub struct ColumnMapping {
    /// Where its values come from.
    pub from: Origin,
    /// The code of each value, by the form in which values are compared. `None` refuses the rows of the value.
    pub values: BTreeMap<String, Option<String>>,
    /// The codes of values that stand in no list of ours, by what the key makes of a value.
    pub by_key: BTreeMap<String, Option<String>>,
    /// Which part of a date comes first, where both readings are possible.
    pub dates: Option<DateOrder>,
    /// Whether plain numbers are dates, counted in days.
    pub serials: bool,
    /// What an empty cell means.
    pub empty: Option<String>,
    /// Whether its values are names, of which pseudonyms are made.
    pub pseudonym: bool,
}

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Columns of these headings or letters (`#C`). Several are joined.
    Columns(Vec<String>),
    /// The number of the row.
    RowNumber,
    /// The same text for each row.
    Always(String),
}

impl Origin {
    /// Returns the headings or letters of the columns.
    pub(super) fn headings(&self) -> &[String] {
        match self {
            Self::Columns(own) => own,
            _ => &[],
        }
    }
}

impl Default for Origin {
    fn default() -> Self {
        Self::Columns(Vec::new())
    }
}

/// Which part of a date comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// The day.
    DayFirst,
    /// The month.
    MonthFirst,
}

impl Mapping {
    /// The names of the orders of dates.
    pub(super) const ORDERS: [(&'static str, DateOrder); 2] =
        [("day-first", DateOrder::DayFirst), ("month-first", DateOrder::MonthFirst)];
    /// The names of what becomes of hidden rows.
    pub(super) const HIDDEN: [(&'static str, HiddenRows); 2] =
        [("read", HiddenRows::Read), ("leave-out", HiddenRows::LeaveOut)];
}

/// Returns the form in which values are compared: NFC, in small letters, with single spaces.
pub(super) fn plain(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
