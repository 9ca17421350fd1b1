//! The header of a sheet: what each column is called.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::domain::values::fold;
use crate::ingest::column_names::REJECTED_BECAUSE;
use crate::package::hex;
use crate::sheet::{Row, column_name};

use super::columns::{BETWEEN, is_listed};
use super::form::plain;

/// Stands before the letters of a column, in place of its heading.
const LETTERS: char = '#';
/// Hex digits of what stands for the headings of a sheet: 4095 of 4096 other sheets are noticed, and no word is found back.
pub(super) const LAYOUT_DIGITS: usize = 3;

/// Whether a text names a column by its letters.
pub(super) fn is_letters(text: &str) -> bool {
    let letters = text.strip_prefix(LETTERS).unwrap_or_default();
    !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// What only the screen of whoever answers may show of a column: in a sheet without a header, its heading is part of the first record.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Seen {
    /// Its heading.
    pub heading: String,
    /// Some of its values, unless they are names.
    pub samples: Vec<String>,
    /// Whether nothing is made of it, and nobody has left it out.
    pub is_open: bool,
}

/// The columns of a table, by how they are told and by their letters.
pub type SeenColumns = BTreeMap<String, Seen>;

/// The headings of a sheet's columns.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// The heading of each column; empty where it has none.
    names: Vec<String>,
    /// Rows above the header that are not empty.
    pub above: u64,
    /// Rows that were passed over as empty, up to the end of the header.
    pub empty_rows: u64,
}

impl Headings {
    /// Takes a row that stands above the data.
    pub fn take(&mut self, row: &Row, first: u32) {
        if row.number < first {
            self.above += u64::from(!row.is_empty());
            return;
        }
        for column in 0..row.width() {
            // In a header, a cell that is merged across columns is the name of each.
            let part = row.cell(column).value.text();
            let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
            if self.names.len() <= column {
                self.names.resize(column + 1, String::new());
            }
            let name = &mut self.names[column];
            if !part.is_empty() && !name.split(BETWEEN).any(|own| own == part) {
                if !name.is_empty() {
                    name.push_str(BETWEEN);
                }
                name.push_str(&part);
            }
        }
    }

    /// Returns the headings by their columns; empty where a column has none. They are compared with our lists, and told to nobody:
    /// in a sheet without a header they are the first record.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the heading of a column, or an empty text.
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// Returns how a column is told: by its heading if that stands in our lists, else by its letters.
    pub fn told(&self, column: usize) -> String {
        let name = self.name(column);
        if !name.is_empty() && is_listed(name) && self.places(name).len() == 1 {
            return name.to_owned();
        }
        self.letters(column)
    }

    /// Returns the letters of a column.
    pub fn letters(&self, column: usize) -> String {
        format!("{LETTERS}{}", column_name(u32::try_from(column).unwrap_or_default()))
    }

    /// Returns what stands for all headings in their order. The column that a list of refused rows has besides is none of them.
    pub fn layout(&self) -> String {
        let own = self.names.iter().filter(|name| *name != REJECTED_BECAUSE);
        let own: Vec<String> = own.map(|name| fold(name)).collect();
        hex(&Sha256::digest(own.join("\n").trim_end()))[..LAYOUT_DIGITS].to_owned()
    }

    /// Returns the columns of a heading, or of letters as [`Self::told`] writes them.
    pub fn places(&self, heading: &str) -> Vec<usize> {
        if heading.starts_with(LETTERS)
            && let Some(column) = (0..self.names.len()).find(|column| self.letters(*column) == heading)
        {
            return vec![column];
        }
        let wanted = plain(heading);
        let is_it = |(_, name): &(usize, &String)| !name.is_empty() && plain(name) == wanted;
        self.names.iter().enumerate().filter(is_it).map(|(place, _)| place).collect()
    }
}
