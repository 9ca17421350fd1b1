//! What may leave of the cells of sheets, and why. Everything that a package is made of passes this gate, whether it comes from
//! a cell, a mapping or an answer: it leaves only if what it is makes it safe.

use std::collections::HashSet;

use crate::domain::tables::{Column, Content, Table};
use crate::domain::{Period, Say};

use super::id_form::{IdForm, is_short};
use super::likeness::{Answered, is_plain, may_name};
use super::names::PersonNames;
use super::statutes::is_id;
use super::values::is_code;

/// Digits of a SHA-256.
const DIGEST: usize = 64;

/// What of a cell may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaves {
    /// A code, a date, a number or a flag. It is made anew from what the cell means; nothing is copied.
    Made,
    /// An id of cases, persons or charges, in the form of ids; or a pseudonym, or the number of the row.
    Id,
    /// The id of a statute that stands in a list: that of the publisher, or the program's own.
    Statute,
    /// The id of a statute that the list adds: country, law and article.
    NewStatute,
    /// The id of a source that stands in the list of sources.
    Source,
    /// The number of an article or a part: digits, signs, and few letters.
    Short,
    /// The digest of a file.
    Digest,
    /// A text. It leaves only where the publisher has chosen its column, and never if it has the form of a name.
    Text(Answered),
}

/// The columns that hold texts. A column that stands neither here nor has codes, dates, numbers or flags leaves nothing.
const TEXTS: &[(&str, &str, Leaves)] = &[
    // A case is often called by the person's name, and a person always is.
    ("charges", "case_id charge_id defendant_id", Leaves::Id),
    ("charges", "statute", Leaves::Statute),
    // Words about a person, written by hand: the likeliest place of a name.
    ("charges", "sentence", Leaves::Text(Answered::Sentence)),
    ("charges", "region", Leaves::Text(Answered::Place)),
    // Addresses of reports often have the name of the person in them.
    ("charges", "source", Leaves::Text(Answered::Address)),
    ("counts", "statute", Leaves::Statute),
    ("counts", "source", Leaves::Source),
    ("counts", "note", Leaves::Text(Answered::Sentence)),
    ("counts", "area", Leaves::Text(Answered::Place)),
    // The list of sources and the list of statutes are about publications and laws. A sheet of persons may be taken for one.
    ("sources", "source publisher title", Leaves::Text(Answered::Title)),
    ("sources", "url archived_url", Leaves::Text(Answered::Address)),
    ("sources", "sha256", Leaves::Digest),
    ("statutes", "statute", Leaves::NewStatute),
    ("statutes", "parent successor", Leaves::Statute),
    ("statutes", "article part", Leaves::Short),
    ("statutes", "law law_ru law_kk law_own title_en title_ru title_kk", Leaves::Text(Answered::Title)),
    ("statutes", "url", Leaves::Text(Answered::Address)),
    ("history", "statute related", Leaves::Statute),
    ("history", "text_en text_ru text_kk", Leaves::Text(Answered::Title)),
    ("history", "url", Leaves::Text(Answered::Address)),
    ("population", "source", Leaves::Text(Answered::Title)),
    ("population", "url", Leaves::Text(Answered::Address)),
];

/// Returns what may leave of the cells of a column, if anything may.
pub(super) fn leaves(table: &Table, column: &Column) -> Option<Leaves> {
    match column.content {
        Content::Text | Content::Coded | Content::Id(_) | Content::OwnNames => {
            let is_it = |(own, columns, _): &&(&str, &str, Leaves)| {
                *own == table.name && columns.split_whitespace().any(|name| name == column.name)
            };
            TEXTS.iter().find(is_it).map(|(_, _, leaves)| *leaves)
        }
        _ => Some(Leaves::Made),
    }
}

/// Whether a column holds texts that its publisher has to answer for.
pub(super) fn is_text(table: &Table, column: &Column) -> bool {
    matches!(leaves(table, column), Some(Leaves::Text(_)))
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
    /// The ids of all statutes. Until they are known, a column of them leaves nothing.
    pub statutes: Option<HashSet<String>>,
    /// The ids of all sources.
    pub sources: HashSet<String>,
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
            Asking::Text(text) => text,
        };
        let refused = |key| Say::new(key).with("column", column.name);
        let hidden = || quoting("value_open", &text, column);
        let is_clear = match leaves(table, column) {
            None => return Err(refused("text_nowhere")),
            Some(Leaves::Made) => is_made(column, &text).then_some(()).ok_or_else(hidden),
            Some(Leaves::Id) if form.fits(&text) && self.names.found_in(&text).is_none() => Ok(()),
            Some(Leaves::Id) => Err(refused("id_other")),
            Some(Leaves::Statute) => match &self.statutes {
                None => return Ok(Cleared(String::new())),
                Some(statutes) => statutes.contains(text.trim()).then_some(()).ok_or_else(hidden),
            },
            Some(Leaves::Source) => self.sources.contains(text.trim()).then_some(()).ok_or_else(hidden),
            Some(Leaves::NewStatute) if is_id(&text) && self.names.found_in(&text).is_none() => Ok(()),
            Some(Leaves::Short) if is_short(&text) => Ok(()),
            Some(Leaves::Digest) => {
                let is_digest = text.len() == DIGEST && text.bytes().all(|byte| byte.is_ascii_hexdigit());
                is_digest.then_some(()).ok_or_else(hidden)
            }
            Some(Leaves::NewStatute | Leaves::Short) => Err(hidden()),
            Some(Leaves::Text(is_a)) => match self.names.found_in(&text) {
                Some(own) => Err(refused("names_in_value").with("names", own)),
                None if may_name(&text, mode(&text, is_a)) => Err(refused("name_like")),
                None => Ok(()),
            },
        };
        is_clear.map(|()| Cleared(text))
    }
}

/// What a text is in a column: an address is one wherever it stands.
fn mode(text: &str, is_a: Answered) -> Answered {
    match is_a {
        _ if text.starts_with("https://") || text.starts_with("http://") => Answered::Address,
        Answered::Address => Answered::Sentence,
        other => other,
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

/// Says something of a value in a column. The value is quoted only if nothing in it can name a person.
pub(super) fn quoting(key: &'static str, value: &str, column: &Column) -> Say {
    let value = value.trim();
    let says = if is_plain(value) { Say::new(key).with("value", value) } else { Say::new("value_hidden") };
    says.with("column", column.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tables::{CHARGES, TABLES};

    #[test]
    fn somebody_has_decided_on_every_column() {
        for table in TABLES {
            for column in table.columns {
                assert!(leaves(table, column).is_some(), "{} {}", table.name, column.name);
            }
        }
        for (table, columns, _) in TEXTS {
            let table = TABLES.iter().find(|own| own.name == *table).unwrap();
            for name in columns.split_whitespace() {
                assert!(
                    matches!(leaves(table, table.column(name).unwrap()), Some(own) if own != Leaves::Made)
                );
            }
        }
    }

    #[test]
    fn nothing_leaves_a_column_of_codes_but_what_was_made() {
        let names = PersonNames::default();
        let gate = Gate { names: &names, statutes: Some(HashSet::new()), sources: HashSet::new() };
        for column in CHARGES.columns.iter().filter(|column| leaves(&CHARGES, column) == Some(Leaves::Made)) {
            for text in ["Ivanov", "Иванов-1980", "12.05.1980"] {
                let asking = Asking::Text(text.to_owned());
                let said = gate.pass(&CHARGES, column, &IdForm::default(), asking).unwrap_err();
                assert!(!said.english().contains("ванов") && !said.english().contains("vanov"));
            }
        }
    }
}
