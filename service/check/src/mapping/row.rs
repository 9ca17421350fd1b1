//! Makes the fields of a package's row from the cells of a sheet's row.

use std::collections::HashMap;

use crate::domain::Say;
use crate::domain::tables::{Column, Content};
use crate::domain::values::code_meant;
use crate::sheet::{Row, Value, column_name};

use super::content::label_of;
use super::dates::{ReadDate, read_date};
use super::form::{ColumnMapping, DateOrder, JOINED, Origin, plain};
use super::leaves::{Asking, quoting};
use super::pseudonym::Key;
use super::values::is_code;

/// Most texts of a column whose codes are remembered.
const REMEMBERED: usize = 10_000;
/// The word of a date that nobody knows.
const UNKNOWN: &str = "unknown";
/// Errors in place of a value, as spreadsheets write them.
const ERRORS: [&str; 14] = [
    "#REF!",
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#VALUE!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#CONNECT!",
    "#GETTING_DATA",
];

/// Makes the fields of a column.
pub(super) struct Field<'m> {
    /// The column of the package.
    pub target: &'static Column,
    /// How it is made.
    pub how: &'m ColumnMapping,
    /// The columns of the sheet that it is made from.
    pub places: Vec<usize>,
    /// Whether its values are told to nobody, because its column holds names.
    pub is_secret: bool,
    /// Whether it is left out, because its texts could name a person.
    pub is_left_out: bool,
    /// The codes of texts that were seen.
    seen: HashMap<String, Option<String>>,
}

impl<'m> Field<'m> {
    pub fn new(target: &'static Column, how: &'m ColumnMapping, places: Vec<usize>) -> Self {
        Self { target, how, places, is_secret: false, is_left_out: false, seen: HashMap::new() }
    }

    /// Says something of a value; quotes it only if it stands in our list of the column.
    fn say(&self, key: &'static str, value: &str) -> Say {
        if self.is_secret {
            Say::new("value_hidden").with("column", self.target.name)
        } else {
            quoting(key, value, self.target)
        }
    }

    /// Makes the field of a row. It may not leave yet.
    ///
    /// # Errors
    /// Why the row is refused.
    pub fn of(&mut self, row: &Row, is_1904: bool, key: Option<&Key>) -> Result<Asking, Say> {
        match &self.how.from {
            Origin::Always(text) => return Ok(Asking::Text(text.clone())),
            Origin::RowNumber => return Ok(Asking::Own(row.number.to_string())),
            Origin::Columns(_) => {}
        }
        for &place in &self.places {
            if let Value::Error(error) = row.value(place) {
                let cell = format!("{}{}", column_name(u32::try_from(place).unwrap_or_default()), row.number);
                let known = ERRORS.iter().find(|known| **known == error).unwrap_or(&"#?");
                return Err(Say::new("sheet_error_value").with("cell", cell).with("value", known));
            }
        }
        let joined = self.joined(row);
        let value = self.value(row, joined.as_deref());
        let text = value.text();
        let code = self.how.values.get(&plain(&text)).filter(|_| !self.how.pseudonym);
        if let Some(code) = code {
            let refused = || self.say("value_refused", &text);
            return match code.clone().filter(|_| !self.is_secret) {
                Some(code) => Ok(Asking::Text(code)),
                None => Err(refused()),
            };
        }
        if value.is_empty() {
            return Ok(Asking::Text(self.how.empty.clone().unwrap_or_default()));
        }
        if self.how.pseudonym {
            // A mapping with pseudonyms is not applied without a key.
            let missing = || Say::new("key_missing").with("column", self.target.name);
            return key.map(|key| Asking::Own(key.pseudonym(self.target.name, &text))).ok_or_else(missing);
        }
        let text = match self.target.content {
            Content::Period | Content::PeriodOrUnknown | Content::Year => self.date(value, &text, is_1904),
            Content::Whole(_) => Some(ungrouped(&text))
                .filter(|number| is_digits(number))
                .ok_or_else(|| self.say("value_open", &text)),
            Content::Text | Content::Coded | Content::Id(_) | Content::OwnNames => Ok(text),
            Content::Code(_) | Content::Measure | Content::Status | Content::Words(_) | Content::Flag => {
                self.code(&text)
            }
        };
        text.map(Asking::Text)
    }

    /// Returns the value of the field before it is read: the text of several columns, or the cell of one.
    pub fn value<'r>(&self, row: &'r Row, joined: Option<&'r str>) -> Value<'r> {
        match joined {
            Some(text) => Value::Text(text),
            None => self.places.first().map_or(Value::Empty, |place| row.value(*place)),
        }
    }

    /// Joins the texts of several columns. Empty ones at the end are no part of the value.
    pub fn joined(&self, row: &Row) -> Option<String> {
        if self.places.len() < 2 {
            return None;
        }
        let mut texts: Vec<String> = self.places.iter().map(|place| row.value(*place).text()).collect();
        while texts.pop_if(|last| last.trim().is_empty()).is_some() {}
        Some(texts.join(JOINED))
    }

    fn date(&self, value: Value<'_>, text: &str, is_1904: bool) -> Result<String, Say> {
        let shown = text.trim();
        if self.target.content == Content::PeriodOrUnknown && shown == UNKNOWN {
            return Ok(UNKNOWN.to_owned());
        }
        let say = |key: &'static str| self.say(key, shown);
        match (read_date(value, is_1904), self.how.dates) {
            (ReadDate::Period(period), _) => Ok(period.to_string()),
            (ReadDate::Two(day, _), Some(DateOrder::DayFirst)) => Ok(day.to_string()),
            (ReadDate::Two(_, day), Some(DateOrder::MonthFirst)) => Ok(day.to_string()),
            (ReadDate::Two(..), None) => Err(say("date_ambiguous")),
            (ReadDate::Serial(day), _) if self.how.serials => Ok(day.to_string()),
            (ReadDate::Serial(_), _) => Err(say("date_serial")),
            (ReadDate::TwoDigits, _) => Err(say("date_two_digit_year")),
            (ReadDate::Time, _) => Err(say("date_time_of_day")),
            (ReadDate::Impossible, _) => Err(say("date_impossible")),
            (ReadDate::None, _) => Err(say(match self.target.content {
                Content::PeriodOrUnknown => "date_format.unknown",
                Content::Year => "date_format.year",
                _ => "date_format",
            })),
        }
    }

    /// Returns the code of a text, where it is certain.
    fn code(&mut self, text: &str) -> Result<String, Say> {
        let known = match self.seen.get(text) {
            Some(known) => known.clone(),
            None => {
                let known = self.certain(text.trim());
                if self.seen.len() < REMEMBERED {
                    self.seen.insert(text.to_owned(), known.clone());
                }
                known
            }
        };
        known.ok_or_else(|| self.say("value_open", text))
    }

    fn certain(&self, text: &str) -> Option<String> {
        let own = |is_code: bool| is_code.then(|| text.to_owned());
        match self.target.content {
            Content::Code(list) => label_of(list, text).or_else(|| {
                let is_alpha_2 = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
                code_meant(list, text).filter(|_| is_alpha_2 && list == "country").map(str::to_owned)
            }),
            Content::Flag => match text.to_lowercase().as_str() {
                word @ ("true" | "false") => Some(word.to_owned()),
                _ => None,
            },
            content => own(is_code(content, text)),
        }
    }
}

/// Returns the word by which a row is known as a sum of others, if it begins with one.
pub(super) fn total(row: &Row) -> Option<String> {
    let first = (0..row.width()).map(|column| row.value(column)).find(|value| !value.is_empty())?.text();
    code_meant("total", &first).map(|_| first.trim().to_owned())
}

/// Takes the blanks out of a number whose digits are grouped by three.
fn ungrouped(text: &str) -> String {
    let text = text.trim();
    let mut groups = text.split([' ', '\u{a0}', '\u{202f}', '\u{2009}']);
    let first = groups.next().is_some_and(|first| is_digits(first) && first.len() <= 3);
    if first && groups.clone().count() > 0 && groups.all(|group| is_digits(group) && group.len() == 3) {
        text.chars().filter(char::is_ascii_digit).collect()
    } else {
        text.to_owned()
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three_or_left_alone() {
        for (text, number) in [
            ("1 204", "1204"),
            ("2\u{a0}004\u{202f}001", "2004001"),
            (" 12 ", "12"),
            ("1204", "1204"),
            ("12 04", "12 04"),
            ("1204 001", "1204 001"),
            ("1 204.5", "1 204.5"),
            ("", ""),
        ] {
            assert_eq!(ungrouped(text), number);
        }
    }
}
