//! The questions of a session that are open.

use std::collections::{BTreeMap, HashMap};

use crate::domain::Say;
use crate::package::Kind;

use super::ask::{ask_columns, ask_values};
use super::columns::Target;
use super::form::TableMapping;
use super::headings::{Headings, Seen, SeenColumns};
use super::leaves::{Leaves, leaves};
use super::look::{Look, look};
use super::meaning::Meant;
use super::people::people;
use super::question::{Asked, Question};
use super::registers::bundled;
use super::session::Session;
use super::walk::{places, told_sheet};

/// What a descriptor must say.
const NEEDED: [&str; 5] = ["name", "title", "licenses", "sources", "chargesheet"];

/// The column that pseudonyms of persons stand in.
const PERSON: &str = "defendant_id";

impl Session {
    /// Returns a question as it is now that others have been answered, unless it is answered by them.
    pub fn fresh(&self, asked: Asked) -> Option<Asked> {
        let table = self.mapping.tables.iter().find(|own| Some(own.table.name) == asked.table);
        let Some(table) = table else { return Some(asked) };
        let is_mapped = |name: &str| table.columns.iter().any(|(target, _)| target.name == name);
        let mut question = asked.question;
        match &mut question {
            Question::Needed { column, .. } if is_mapped(column) => return None,
            Question::Column { free, suggestion, .. } => {
                free.retain(|name| !is_mapped(name));
                *suggestion =
                    suggestion.filter(|own| !matches!(own, Target::Column(name) if is_mapped(name)));
            }
            Question::Names { is_free, .. } => *is_free = !is_mapped(PERSON),
            _ => {}
        }
        Some(Asked { question, ..asked })
    }

    /// Returns everything that only the publisher can say, in the order of the tables and their columns.
    ///
    /// # Errors
    /// When the mapping names a sheet or a column that is not there, or a file is damaged.
    pub fn questions(&mut self) -> Result<Vec<Asked>, Vec<Say>> {
        let mut all = self.all_questions()?;
        all.retain(|asked| !matches!(asked.question, Question::Value { meant: Meant::Code(_), .. }));
        Ok(all)
    }

    /// Returns the questions, with those that have one certain answer.
    pub(super) fn all_questions(&mut self) -> Result<Vec<Asked>, Vec<Say>> {
        let places = places(&self.files, &self.mapping)?;
        let people = people(&mut self.files, &places, &self.mapping, &self.sources)?;
        let (mut all, mut seen) = (Vec::new(), HashMap::new());
        for ((table, place), known) in self.mapping.tables.iter().zip(&places).zip(&people.tables) {
            let mut ask = |question, rows| all.push(Asked { table: Some(table.table.name), question, rows });
            if self.is_suggested {
                // A list of cases with numbers in it looks like figures.
                if self.mapping.kind == Kind::Reported {
                    ask(Question::Kind { suggestion: Kind::Reported.name() }, 0);
                }
                let sheets = self.files[place.0].book.sheets();
                if sheets.iter().position(|sheet| !sheet.hidden) != Some(place.1) {
                    ask(Question::Sheet { suggestion: told_sheet(&self.files, *place) }, 0);
                }
                if table.header != (1, 1) {
                    ask(Question::Header { first: table.header.0, last: table.header.1 }, 0);
                }
            }
            let suggested = self.files[place.0].book.suggested_encoding().map_err(|says| vec![says])?;
            let (headings, look) = look(&mut self.files, *place, table)?;
            seen.insert(table.table.name, seen_columns(table, &headings, &look, &known.secret));
            if let Some(encoding) = suggested.filter(|_| table.encoding.is_none()) {
                ask(Question::Encoding { suggestion: encoding.name() }, look.rows);
            }
            if look.hidden > 0 && table.hidden_rows.is_none() {
                ask(Question::HiddenRows, look.hidden);
            }
            for (column, because) in &known.faults {
                let target = table.table.column(column);
                let is_id = target.and_then(|target| leaves(table.table, target)) == Some(Leaves::Id);
                ask(Question::Unfit { column, is_id, because: because.clone() }, look.rows);
            }
            ask_columns(table, &headings, &look, &mut ask);
            for ((field, held), is_secret) in look.fields.iter().zip(&look.held).zip(&known.secret) {
                if !field.how.pseudonym && !is_secret {
                    ask_values(field.target, field.how, held, &look, &self.own, &mut ask);
                }
            }
            if self.mapping.key.is_none()
                && let Some((column, _)) = table.columns.iter().find(|(_, how)| how.pseudonym)
            {
                ask(Question::Key { column: column.name }, look.rows);
            }
        }
        let missing: Vec<_> =
            NEEDED.into_iter().filter(|name| !self.mapping.package.contains_key(*name)).collect();
        if !missing.is_empty() {
            all.push(Asked { table: None, question: Question::Package { missing }, rows: 0 });
        }
        self.seen = seen;
        Ok(all)
    }

    /// Returns the ids of all statutes that may be meant, each with its law and article.
    pub fn statutes(&self) -> Vec<(String, String)> {
        let all = self.own.all().iter().chain(bundled().all());
        let all: BTreeMap<&str, String> =
            all.map(|own| (own.id.as_str(), format!("{} {}", own.law, own.article))).collect();
        all.into_iter().map(|(id, law)| (id.to_owned(), law)).collect()
    }

    /// Returns the columns of a table's sheet as the last questions found them.
    pub fn seen(&self, table: &str) -> SeenColumns {
        self.seen.get(table).cloned().unwrap_or_default()
    }
}

/// Returns what the screen may show of the columns of a sheet. `secret` says which fields hold names.
fn seen_columns(table: &TableMapping, headings: &Headings, look: &Look<'_>, secret: &[bool]) -> SeenColumns {
    let is_shown = |column: usize| {
        let mut fields = look.fields.iter().zip(secret);
        fields.any(|(field, is_secret)| field.places.contains(&column) && !is_secret && !field.how.pseudonym)
    };
    let columns = (0..headings.names().len()).filter(|column| !headings.name(*column).is_empty());
    let of = |column: usize| {
        let samples = if is_shown(column) { look.columns[column].frequent() } else { Vec::new() };
        let is_taken = look.fields.iter().any(|field| field.places.contains(&column));
        let is_left_out = table.left_out.iter().any(|left| headings.places(left).contains(&column));
        let heading = headings.name(column).to_owned();
        let seen = Seen { heading, samples, is_open: !is_taken && !is_left_out };
        [(headings.told(column), seen.clone()), (headings.letters(column), seen)]
    };
    columns.flat_map(of).collect()
}
