//! What may leave of the cells of sheets, and why. Everything that a package is made of passes this gate, whether it comes from
//! a cell, a mapping or an answer: it leaves only if what it is makes it safe. No free text leaves.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::domain::tables::{CHARGES, COUNTS, Column, Content, Table};
use crate::domain::values::code_meant;
use crate::domain::{Period, Say};

use super::id_form::IdForm;
use super::names::PersonNames;
use super::values::{is_code, stands};

/// What of a cell may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaves {
    /// A code, a date, a number or a flag. It is made anew from what the cell means; nothing is copied.
    Made,
    /// An id of cases, persons or charges, in the form of ids; or a pseudonym, or the number of the row.
    Id,
    /// The id of a statute that stands in a list: that of the publisher, or the program's own.
    Statute,
    /// The id of a source that stands in the publisher's list of sources.
    Source,
    /// A code of ISO 3166-2.
    Region,
}

/// The columns that hold texts, and what may leave of them. Of every other text, such as the words of a sentence, nothing leaves.
const TEXTS: &[(&str, Leaves)] = &[
    // A case is often called by the person's name, and a person always is.
    ("case_id charge_id defendant_id", Leaves::Id),
    ("statute", Leaves::Statute),
    // Addresses of reports often have the name of the person in them.
    ("source", Leaves::Source),
    ("region area", Leaves::Region),
];

/// Whether a table may be made of sheets. All others are given ready, or come from the program.
pub(super) fn is_made_of_sheets(table: &Table) -> bool {
    [CHARGES.name, COUNTS.name].contains(&table.name)
}

/// Returns what may leave of the cells of a column, if anything may.
pub(super) fn leaves(table: &Table, column: &Column) -> Option<Leaves> {
    if !is_made_of_sheets(table) {
        return None;
    }
    match column.content {
        Content::Text | Content::Coded | Content::Id(_) | Content::OwnNames => {
            let is_it = |(names, _): &&(&str, Leaves)| names.split(' ').any(|name| name == column.name);
            TEXTS.iter().find(is_it).map(|(_, leaves)| *leaves)
        }
        _ => Some(Leaves::Made),
    }
}

/// Returns the columns of a table of which something may leave.
pub fn columns_that_leave(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| leaves(table, column).is_some())
}

/// Whether a column is left out as a whole if one of its texts may not leave. Without its area, a figure would be that of the
/// whole country, so its row is refused instead.
pub(super) fn is_whole(table: &Table, column: &Column) -> bool {
    table.name == CHARGES.name && matches!(leaves(table, column), Some(Leaves::Source | Leaves::Region))
}

/// The regions whose codes have letters behind the hyphen, by country. Initials have that form, too, so the codes are listed. They are
/// those of ISO 3166-2 as pycountry 26.2.16 and iso-codes 4.15 have them: the newest, and some that sheets still use.
static REGIONS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let lines = include_str!("../../lists/regions.csv").lines().skip(1);
    lines
        .filter_map(|line| line.split_once(','))
        .map(|(country, parts)| (country, parts.split(' ').collect()))
        .collect()
});

/// Returns the country of a code of ISO 3166-2, which is two capitals, a hyphen, and up to three digits or a listed part.
pub(super) fn country_of_region(text: &str) -> Option<&'static str> {
    let (country, part) = text.split_once('-')?;
    let is_number = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_country = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_listed = || REGIONS.get(country).is_some_and(|parts| parts.contains(&part));
    code_meant("country", country).filter(|_| is_country && (is_number || is_listed()))
}

/// A text that may leave. Only this file makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cleared(String);

impl Cleared {
    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl AsRef<[u8]> for Cleared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A text that asks to leave.
pub(super) enum Asking {
    /// The program has made it: a pseudonym, or the number of a row.
    Own(String),
    /// It may be the text of a cell.
    Text(String),
}

/// The gate of a table's texts.
pub(super) struct Gate<'g> {
    /// The names of the files.
    pub names: &'g PersonNames,
    /// The ids of all statutes.
    pub statutes: HashSet<String>,
    /// The ids of all sources.
    pub sources: &'g HashSet<String>,
}

impl Gate<'_> {
    /// Lets a text of a column leave, or says why not. `form` is that of the column's ids. What it says quotes nothing.
    pub fn pass(
        &self,
        table: &Table,
        column: &'static Column,
        form: &IdForm,
        asking: Asking,
    ) -> Result<Cleared, Say> {
        let text = match asking {
            Asking::Own(text) => return Ok(Cleared(text)),
            Asking::Text(text) if text.trim().is_empty() => return Ok(Cleared(String::new())),
            // An id in small letters is the id.
            Asking::Text(text)
                if leaves(table, column) == Some(Leaves::Statute)
                    && self.statutes.contains(&text.trim().to_uppercase()) =>
            {
                text.trim().to_uppercase()
            }
            Asking::Text(text) => text,
        };
        let is_id = || form.fits(&text) && self.names.found_in(&text).is_none();
        let (is_clear, key) = match leaves(table, column) {
            None => (false, "text_left_out"),
            Some(Leaves::Made) => (is_made(column, &text), "value_open"),
            Some(Leaves::Id) => (is_id(), "id_other"),
            Some(Leaves::Statute) => (self.statutes.contains(text.trim()), "value_open"),
            Some(Leaves::Source) => (self.sources.contains(text.trim()), "value_open"),
            Some(Leaves::Region) => (country_of_region(&text).is_some(), "region_form"),
        };
        match key {
            _ if is_clear => Ok(Cleared(text)),
            "value_open" => Err(quoting(key, &text, column)),
            key => Err(Say::new(key).with("column", column.name)),
        }
    }
}

fn is_made(column: &Column, text: &str) -> bool {
    match column.content {
        Content::Whole(_) => {
            // A longer number may be that of a person, or a telephone.
            let most = if column.name == "sentence_months" { 4 } else { 9 };
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        }
        Content::Year => matches!(Period::parse(text), Ok(Period::Year(_))),
        content => is_code(content, text),
    }
}

/// Says something of a value in a column. The value is quoted only if it [`stands`] in our list of the column. What is wrong with
/// a date is said in any case.
pub(super) fn quoting(key: &'static str, value: &str, column: &Column) -> Say {
    let value = value.trim();
    let says = match stands(column, value) {
        true => Say::new(key).with("value", value),
        false if key == "value_refused" => Say::new("value_refused.hidden"),
        false if key.starts_with("date_") => Say::new(key).with("value", "…"),
        false => Say::new("value_hidden"),
    };
    says.with("column", column.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tables::TABLES;

    #[test]
    fn of_texts_that_people_write_nothing_leaves() {
        for table in TABLES {
            let none = table.columns.iter().filter(|column| leaves(table, column).is_none());
            let none: Vec<&str> = none.map(|column| column.name).collect();
            match table.name {
                "charges" => assert_eq!(none, ["sentence"]),
                "counts" => assert_eq!(none, ["note"]),
                _ => assert_eq!(none.len(), table.columns.len()),
            }
        }
    }

    #[test]
    fn a_region_is_a_code() {
        assert_eq!(country_of_region("KZ-75"), Some("KAZ"));
        assert_eq!(country_of_region("TR-06"), Some("TUR"));
        assert_eq!(country_of_region("RU-MOW"), Some("RUS"));
        for text in [
            "",
            "KZ",
            "KZ-",
            "KZ-ALMA",
            "KZ-KIM",
            "KZ-LI",
            "kz-75",
            "KZ-75,",
            "KZ-7a",
            "QQ-75",
            "KAZ-75",
            "Алматы",
            "KZ-ИВ",
            "KZ 75",
        ] {
            assert_eq!(country_of_region(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_leaves_a_column_but_what_was_made() {
        let (names, sources) = (PersonNames::default(), HashSet::new());
        let gate = Gate { names: &names, statutes: HashSet::new(), sources: &sources };
        for table in [&CHARGES, &COUNTS] {
            for column in table.columns {
                for text in ["Ivanov", "Иванов-1980", "12.05.1980", "ivanov", "https://example.org/ivanov"]
                {
                    let asking = Asking::Text(text.to_owned());
                    let said = gate.pass(table, column, &IdForm::default(), asking).unwrap_err();
                    assert!(!said.english().contains("ванов") && !said.english().contains("vanov"));
                }
            }
        }
    }
}
