//! What only the publisher can say of a sheet.

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::Say;

use super::columns::{By, Target};
use super::meaning::Meant;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "question", rename_all = "snake_case")]
pub enum Question {
    /// Whether the sheets hold cases or figures that somebody published: this kind is suggested.
    Kind {
        /// Its name.
        suggestion: &'static str,
    },
    /// Which sheet holds the records: this one is suggested.
    Sheet {
        /// Its number.
        suggestion: String,
    },
    /// In which rows the header stands: these are suggested.
    Header {
        /// The first row.
        first: u32,
        /// The last row.
        last: u32,
    },
    /// Whether hidden rows are read or left out.
    HiddenRows,
    /// The encoding of a CSV file that is not UTF-8.
    Encoding {
        /// The encoding that it seems to have.
        suggestion: &'static str,
    },
    /// Which column of the table a column is, or that it is left out.
    Column {
        /// Its heading, or its letters.
        heading: String,
        /// Some of its values, the most frequent first.
        samples: Vec<String>,
        /// The columns of the table that are not made of another.
        free: Vec<&'static str>,
        /// The column that it may be.
        suggestion: Option<Target>,
        /// How that is known.
        by: Option<By>,
    },
    /// Where a column that every row needs comes from.
    Needed {
        /// The column.
        column: &'static str,
        /// The columns of the sheet that nothing is made of.
        free: Vec<String>,
        /// Whether the number of the row may stand for it.
        is_id: bool,
    },
    /// A column may not be what it was chosen for: its ids could be names, or its heading is one.
    Unfit {
        /// The column that it was chosen for.
        column: &'static str,
        /// Whether pseudonyms or the number of the row may take its place.
        is_id: bool,
        /// Why.
        because: Say,
    },
    /// Whether a column of names is left out or becomes pseudonyms. No name is shown.
    Names {
        /// Its heading.
        heading: String,
        /// How many different names it has.
        different: usize,
        /// Whether pseudonyms may be made of them: no other column stands for the person.
        is_free: bool,
    },
    /// The key of pseudonyms.
    Key {
        /// The column that they stand in.
        column: &'static str,
    },
    /// Which part of a date comes first.
    Dates {
        /// The column.
        column: &'static str,
        /// A date with two readings. It is made up.
        example: &'static str,
        /// Its readings: with the day first, and with the month first.
        readings: [Date; 2],
        /// How many other dates of the column have the day first.
        day_first: u64,
        /// How many have the month first.
        month_first: u64,
    },
    /// Whether plain numbers are days.
    Serials {
        /// The column.
        column: &'static str,
        /// A number. It is made up.
        example: &'static str,
        /// The day that it would be.
        day: Date,
    },
    /// What a value means.
    Value {
        /// The column.
        column: &'static str,
        /// The value.
        value: String,
        /// What it may mean.
        meant: Meant,
        /// Whether it stands in our list of the column. Any other value may name somebody.
        is_listed: bool,
    },
    /// What an empty cell means where every row needs a value.
    Empty {
        /// The column.
        column: &'static str,
        /// The code that it probably stands for.
        suggestion: Option<&'static str>,
    },
    /// What the descriptor of the package must say.
    Package {
        /// The properties that are missing.
        missing: Vec<&'static str>,
    },
}

/// A question about a table, and how many of its rows are refused until it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The table, if the question is about one.
    pub table: Option<&'static str>,
    /// The question.
    #[serde(flatten)]
    pub question: Question,
    /// Rows that are refused meanwhile.
    pub rows: u64,
}

impl Asked {
    /// Returns the question as it may be printed, saved or sent. What only the screen of whoever answers may show is taken out:
    /// samples, and values of no list of ours.
    pub fn on_paper(&self) -> Self {
        let mut own = self.clone();
        match &mut own.question {
            Question::Column { samples, .. } => samples.clear(),
            Question::Value { value, is_listed: false, .. } => "…".clone_into(value),
            _ => {}
        }
        own
    }
}
