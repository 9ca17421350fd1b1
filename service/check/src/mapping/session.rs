//! The way from sheets to a package: what is certain is taken, everything else is asked.

use std::collections::HashSet;

use crate::domain::{Register, Say};
use crate::ingest::Report;
use crate::package::Kind;

use super::answer::{Answered, answer};
use super::ask::{ask_columns, ask_values};
use super::columns::{By, Target, targets};
use super::convert::{Converted, convert, gate, written};
use super::form::{ColumnMapping, Mapping, Origin, SheetChoice, TableMapping, plain};
use super::leaves::{Leaves, leaves};
use super::look::look;
use super::making::Made;
use super::meaning::Meant;
use super::people::{Columns, people};
use super::pseudonym::Key;
use super::quarantine::quarantine;
use super::question::{Asked, Question};
use super::ready::{Ready, sources_of, statutes_of};
use super::registers::bundled;
use super::survey::tables_of;
use super::walk::{Place, SheetFile, places, told_sheet};

/// What a descriptor must say.
const NEEDED: [&str; 5] = ["name", "title", "licenses", "sources", "chargesheet"];

/// The column that pseudonyms of persons stand in.
const PERSON: &str = "defendant_id";

/// Sheets, and the mapping as far as it is known.
pub struct Session {
    files: Vec<SheetFile>,
    ready: Vec<Ready>,
    /// The statutes of the ready files.
    own: Register,
    /// The ids of the sources of the ready files.
    sources: HashSet<String>,
    mapping: Mapping,
    /// Whether nobody has seen the mapping yet.
    is_suggested: bool,
}

impl Session {
    /// Begins with files. What their columns are is taken from their headings, where those are certain. `ready` are copied.
    ///
    /// # Errors
    /// When no file holds a table, or one is damaged.
    pub fn open(mut files: Vec<SheetFile>, ready: Vec<Ready>) -> Result<Self, Vec<Say>> {
        let mapping = suggested(&mut files, None)?;
        let (own, sources) = (statutes_of(&ready), sources_of(&ready));
        Ok(Self { files, ready, own, sources, mapping, is_suggested: true })
    }

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

    /// Takes the answers to all questions that have one certain answer: a statute that is named by its law, or by the only list.
    ///
    /// # Errors
    /// As [`Self::questions`].
    pub fn accept(&mut self) -> Result<(), Vec<Say>> {
        for Asked { table, question, .. } in self.all_questions()? {
            if let Question::Value { column, value, meant: Meant::Code(code) } = question
                && let Some(own) = self.mapping.tables.iter_mut().find(|own| Some(own.table.name) == table)
                && let Some((_, how)) = own.columns.iter_mut().find(|(target, _)| target.name == column)
            {
                how.values.entry(plain(&value)).or_insert(Some(code));
            }
        }
        Ok(())
    }

    /// Takes an answer to a question, and what follows from it.
    ///
    /// # Errors
    /// What could have been answered. It quotes nothing that could be a name.
    pub fn answer(&mut self, asked: &Asked, text: &str) -> Result<Answered, String> {
        let told = |faults: Vec<Say>| faults.iter().map(Say::english).collect::<Vec<_>>().join("; ");
        let mut mapping = self.mapping.clone();
        let answered = answer(&mut mapping, asked, text)?;
        match &answered {
            Answered::OtherKind(kind) => self.choose_kind(*kind).map_err(told)?,
            Answered::Another { sheet, header } => {
                let table = asked.table.unwrap_or_default();
                let own = mapping.tables.iter().find(|own| own.table.name == table);
                let header = header.or(own.map(|own| own.header)).unwrap_or((1, 1));
                self.choose(table, sheet.clone(), header).map_err(told)?;
            }
            Answered::Taken | Answered::Pseudonyms => {
                let is_pseudonym = self.judge(&mut mapping, asked).map_err(told)?;
                self.with(mapping);
                if is_pseudonym {
                    return Ok(Answered::Pseudonyms);
                }
            }
        }
        Ok(answered)
    }

    /// Makes another column of the table of a column of a sheet, or none where `target` is `-`.
    ///
    /// # Errors
    /// As [`Self::answer`].
    pub fn assign(&mut self, table: &str, heading: &str, target: &str) -> Result<Answered, String> {
        let before = self.mapping.clone();
        let mut mapping = before.clone();
        let Some(own) = mapping.tables.iter_mut().find(|own| own.table.name == table) else {
            return Ok(Answered::Taken);
        };
        let asked = Asked {
            table: Some(own.table.name),
            question: Question::Column {
                heading: heading.to_owned(),
                samples: Vec::new(),
                free: Vec::new(),
                suggestion: None,
                by: None,
            },
            rows: 0,
        };
        own.columns.retain(|(_, how)| how.from != Origin::Columns(vec![heading.to_owned()]));
        own.left_out.retain(|left| left != heading);
        self.mapping = mapping;
        let answered = self.answer(&asked, target);
        if answered.is_err() {
            self.mapping = before;
        }
        answered
    }

    /// Judges what an answer made of a mapping: the columns that it names must be there, and a statute must be in a list. Returns
    /// whether pseudonyms are made of a column because it had been left out.
    fn judge(&mut self, mapping: &mut Mapping, asked: &Asked) -> Result<bool, Vec<Say>> {
        let places = places(&self.files, mapping)?;
        let people = people(&mut self.files, &places, mapping, &self.sources)?;
        let number = mapping.tables.iter().position(|own| Some(own.table.name) == asked.table);
        let Some((table, Columns { headings, .. })) =
            number.map(|number| (&mut mapping.tables[number], &people.tables[number]))
        else {
            return Ok(false);
        };
        let mut is_pseudonym = false;
        for (target, how) in &mut table.columns {
            let Origin::Columns(own) = &how.from else { continue };
            let found: Vec<usize> =
                own.iter().filter_map(|own| headings.places(own).first().copied()).collect();
            if found.len() < own.len() {
                let all = (0..headings.names().len()).filter(|place| !headings.name(*place).is_empty());
                let all: Vec<String> = all.map(|place| headings.told(place)).collect();
                return Err(vec![Say::new("column_not_there").with("columns", all.join(", "))]);
            }
            let is_left_out = table
                .left_out
                .iter()
                .any(|left| headings.places(left).iter().any(|place| found.contains(place)));
            if is_left_out && leaves(table.table, target) == Some(Leaves::Id) {
                table
                    .left_out
                    .retain(|left| !headings.places(left).iter().any(|place| found.contains(place)));
                is_pseudonym |= !how.pseudonym;
                how.pseudonym = true;
            }
        }
        if let Question::Value { column: column @ "statute", value, .. } = &asked.question {
            let how = table.columns.iter().find(|(target, _)| target.name == *column).map(|(_, how)| how);
            let code = how.and_then(|how| how.values.get(&plain(value)).cloned()).flatten();
            let own = &self.own;
            if let Some(code) = code.filter(|code| own.get(code).or(bundled().get(code)).is_none()) {
                let near = own.nearest(&code).or(bundled().nearest(&code));
                let says = |near| Say::new("statute_nowhere.near").with("near", near);
                return Err(vec![near.map_or(Say::new("statute_nowhere"), says)]);
            }
        }
        Ok(is_pseudonym)
    }

    /// Takes another kind of package, and the tables that the sheets hold then.
    ///
    /// # Errors
    /// When no sheet holds such a table.
    pub fn choose_kind(&mut self, kind: Kind) -> Result<(), Vec<Say>> {
        let mapping = suggested(&mut self.files, Some(kind))?;
        self.mapping = Mapping { package: self.mapping.package.clone(), ..mapping };
        Ok(())
    }

    /// Takes another sheet or another header for a table, and what is certain of its columns.
    ///
    /// # Errors
    /// When the sheet is not there or holds no table.
    pub fn choose(
        &mut self,
        table: &str,
        sheet: Option<SheetChoice>,
        header: (u32, u32),
    ) -> Result<(), Vec<Say>> {
        let Some(number) = self.mapping.tables.iter().position(|own| own.table.name == table) else {
            return Ok(());
        };
        let mut mapping = self.mapping.clone();
        let own = &mut mapping.tables[number];
        own.sheet = sheet.or(own.sheet.take());
        own.header = header;
        let places = places(&self.files, &mapping)?;
        let own = &mut mapping.tables[number];
        (own.columns, own.left_out) = (Vec::new(), Vec::new());
        take_certain(&mut self.files, places[number], own)?;
        self.mapping = mapping;
        Ok(())
    }

    /// Returns the files.
    pub fn files(&mut self) -> &mut [SheetFile] {
        &mut self.files
    }

    /// Takes a mapping with the publisher's answers.
    pub fn with(&mut self, mapping: Mapping) {
        self.mapping = mapping;
        self.is_suggested = false;
    }

    /// Returns the mapping as far as it is known.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Returns the mapping as it may be written to a file, even where no package could be made.
    ///
    /// # Errors
    /// As [`convert`].
    pub fn written(&mut self) -> Result<Mapping, Vec<Say>> {
        let places = places(&self.files, &self.mapping)?;
        let people = people(&mut self.files, &places, &self.mapping, &self.sources)?;
        let gate = gate(&people, &self.ready, &self.sources);
        Ok(written(&mut self.files, &places, &self.mapping, &people, &gate))
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
    fn all_questions(&mut self) -> Result<Vec<Asked>, Vec<Say>> {
        let places = places(&self.files, &self.mapping)?;
        let people = people(&mut self.files, &places, &self.mapping, &self.sources)?;
        let mut all = Vec::new();
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
        Ok(all)
    }

    /// Writes the refused rows of a table, those that its check refused too. Returns how many there are.
    ///
    /// # Errors
    /// As [`quarantine`].
    pub fn keep_refused(
        &mut self,
        made: &Made,
        report: Option<&Report>,
        out: impl std::io::Write,
    ) -> Result<u64, Vec<Say>> {
        quarantine(&mut self.files, &self.mapping, made.name, &made.all_refused(report), out)
    }

    /// Makes the package. Rows about which a question is open are refused.
    ///
    /// # Errors
    /// As [`convert`].
    pub fn finish(&mut self, key: Option<&Key>, created: &str) -> Result<Converted, Vec<Say>> {
        convert(&mut self.files, &self.ready, &self.mapping, key, created)
    }
}

/// Returns a mapping of the tables that the sheets seem to hold, with what is certain of their columns.
fn suggested(files: &mut [SheetFile], kind: Option<Kind>) -> Result<Mapping, Vec<Say>> {
    let mut mapping = tables_of(files, kind).map_err(|says| vec![says])?;
    let places = places(files, &mapping)?;
    for (table, place) in mapping.tables.iter_mut().zip(places) {
        take_certain(files, place, table)?;
    }
    Ok(mapping)
}

/// Adds to a table the columns whose headings are certain.
fn take_certain(files: &mut [SheetFile], place: Place, table: &mut TableMapping) -> Result<(), Vec<Say>> {
    let (headings, look) = look(files, place, table)?;
    let found = targets(table.table, headings.names(), &look.columns);
    let (mut columns, mut left_out) = (Vec::new(), Vec::new());
    for (place, found) in found.into_iter().enumerate() {
        match found {
            Some((Target::Column(name), By::Name)) => {
                let target = table.table.column(name).filter(|target| leaves(table.table, target).is_some());
                let from = Origin::Columns(vec![headings.told(place)]);
                let how = ColumnMapping { from, ..ColumnMapping::default() };
                columns.extend(target.map(|target| (target, how)));
            }
            Some((Target::Personal | Target::RowNumber | Target::Desk, _)) => {
                left_out.push(headings.letters(place))
            }
            _ => {}
        }
    }
    (table.columns, table.left_out) = (columns, left_out);
    Ok(())
}
