//! What a column of a sheet holds.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::sheet::Value;

use super::dates::{ReadDate, read_date};

/// Most different texts of a column that are kept.
const MOST: usize = 10_000;
/// Dates that are kept to tell which of two columns is the earlier one.
const COMPARED: usize = 500;

/// Texts of a column that are shown.
const SHOWN: usize = 3;
/// Most letters of a text that is shown.
const LONGEST: usize = 40;

/// Sorts texts by how often they stand there, the most frequent first.
pub(super) fn by_frequency<'t>(texts: impl Iterator<Item = (&'t str, u64)>) -> Vec<(&'t str, u64)> {
    let mut all: Vec<_> = texts.collect();
    all.sort_unstable_by_key(|(text, count)| (Reverse(*count), *text));
    all
}

/// What a column holds: its different texts, and how often each stands there.
#[derive(Debug, Default)]
pub struct Samples {
    /// The number of cells that are not empty.
    pub filled: u64,
    /// How many cells hold each text. Beyond a limit, further texts are counted in `filled` only.
    pub texts: HashMap<String, u64>,
    /// The number of cells that are dates, however they are written.
    pub dates: u64,
    /// The number of cells that hold a whole number.
    pub whole: u64,
    /// The first days of the dates by row, as far as they are compared.
    days: Vec<Option<jiff::civil::Date>>,
}

impl Samples {
    /// Takes the cell of a row.
    pub fn take(&mut self, value: Value<'_>, is_1904: bool) {
        let date = read_date(value, is_1904);
        if self.days.len() < COMPARED {
            self.days.push(match date {
                ReadDate::Period(period) => Some(period.first_day()),
                ReadDate::Two(day, _) => Some(day),
                _ => None,
            });
        }
        if value.is_empty() {
            return;
        }
        self.filled += 1;
        // What an error hides is no value; such rows are refused.
        if matches!(value, Value::Error(_)) {
            return;
        }
        self.dates += u64::from(matches!(date, ReadDate::Period(_) | ReadDate::Two(..)));
        self.whole += u64::from(matches!(value, Value::Number(number) if number.fract() == 0.0));
        // A typed day is one whatever number stands for it.
        let text = match (value, date) {
            (Value::Serial(_), ReadDate::Period(day)) => day.to_string(),
            _ => value.text(),
        };
        if self.texts.len() < MOST || self.texts.contains_key(text.trim()) {
            *self.texts.entry(text.trim().to_owned()).or_default() += 1;
        }
    }

    /// Returns its most frequent texts, shortened, for the screen of whoever answers.
    pub fn frequent(&self) -> Vec<String> {
        let all = by_frequency(self.texts.iter().map(|(text, count)| (text.as_str(), *count)));
        all.into_iter().take(SHOWN).map(|(text, _)| text.chars().take(LONGEST).collect()).collect()
    }

    /// Returns the share of cells whose text fits.
    pub fn share(&self, fits: impl Fn(&str) -> bool) -> f64 {
        let counted: u64 = self.texts.values().sum();
        let fitting: u64 = self.texts.iter().filter(|(text, _)| fits(text)).map(|(_, count)| count).sum();
        if counted == 0 { 0.0 } else { fitting as f64 / counted as f64 }
    }

    /// Returns the share of different texts that fit.
    pub fn share_of_different(&self, fits: impl Fn(&str) -> bool) -> f64 {
        let fitting = self.texts.keys().filter(|text| fits(text)).count();
        if self.texts.is_empty() { 0.0 } else { fitting as f64 / self.texts.len() as f64 }
    }

    /// Returns the share of cells that differ.
    pub fn different(&self) -> f64 {
        let counted: u64 = self.texts.values().sum();
        if counted == 0 { 0.0 } else { self.texts.len() as f64 / counted as f64 }
    }

    /// Whether its dates are earlier than those of another column in most rows that have both.
    pub fn is_earlier_than(&self, other: &Self) -> bool {
        let both = self.days.iter().zip(&other.days).filter_map(|(own, other)| own.zip(*other));
        let earlier: i32 = both.map(|(own, other)| i32::from(own < other) - i32::from(own > other)).sum();
        earlier > 0
    }
}
