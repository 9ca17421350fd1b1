//! The way from sheets to a package: what is certain is taken, everything else is asked.

use std::collections::{HashMap, HashSet};

use crate::domain::{Register, Say};
use crate::ingest::Report;
use crate::package::Kind;

use super::answer::{Answered, answer};
use super::columns::{By, Target, targets};
use super::convert::{Converted, convert, gate, written};
use super::form::{ColumnMapping, Mapping, Origin, SheetChoice, TableMapping, plain};
use super::headings::SeenColumns;
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
use super::values::stands;
use super::walk::{Place, SheetFile, places};

/// Sheets, and the mapping as far as it is known.
pub struct Session {
    pub(super) files: Vec<SheetFile>,
    ready: Vec<Ready>,
    /// The statutes of the ready files.
    pub(super) own: Register,
    /// The ids of the sources of the ready files.
    pub(super) sources: HashSet<String>,
    pub(super) mapping: Mapping,
    /// Whether nobody has seen the mapping yet.
    pub(super) is_suggested: bool,
    /// The key of pseudonyms.
    pub(super) key: Option<Key>,
    /// What the screen may show of the columns of each table.
    pub(super) seen: HashMap<&'static str, SeenColumns>,
}

impl Session {
    /// Begins with files. What their columns are is taken from their headings, where those are certain. `ready` are copied.
    ///
    /// # Errors
    /// When no file holds a table, or one is damaged.
    pub fn open(mut files: Vec<SheetFile>, ready: Vec<Ready>) -> Result<Self, Vec<Say>> {
        let mapping = suggested(&mut files, None)?;
        let (own, sources) = (statutes_of(&ready), sources_of(&ready));
        Ok(Self { files, ready, own, sources, mapping, is_suggested: true, key: None, seen: HashMap::new() })
    }

    /// Takes the answers to all questions that have one certain answer: a statute that is named by its law, or by the only list.
    ///
    /// # Errors
    /// As [`Self::questions`].
    pub fn accept(&mut self) -> Result<(), Vec<Say>> {
        for Asked { table, question, .. } in self.all_questions()? {
            if let Question::Value { column, value, meant: Meant::Code(code), .. } = question
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
        // What is made of no column makes room for one.
        own.columns.retain(|(made, how)| match &how.from {
            Origin::Columns(from) => from[..] != [heading],
            _ => made.name != target,
        });
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

    /// Takes a mapping of these very sheets, with the publisher's answers. One of an earlier time is held against them first
    /// ([`Self::take_earlier`]).
    pub fn with(&mut self, mapping: Mapping) {
        self.mapping = mapping;
        self.is_suggested = false;
    }

    /// Takes the key of pseudonyms, and the answers that the mapping keeps by it.
    ///
    /// # Errors
    /// When the mapping was made with another key, and as [`Self::questions`].
    pub fn take_key(&mut self, key: Key) -> Result<(), Vec<Say>> {
        if *self.mapping.key.get_or_insert_with(|| key.mark()) != key.mark() {
            return Err(vec![Say::new("key_other")]);
        }
        let places = places(&self.files, &self.mapping)?;
        for (table, place) in self.mapping.tables.iter_mut().zip(places) {
            let (_, look) = look(&mut self.files, place, table)?;
            let kept: Vec<Vec<_>> = look
                .fields
                .iter()
                .zip(&look.held)
                .map(|(field, held)| {
                    let values = held.texts.keys().map(|text| plain(text));
                    values
                        .filter_map(|value| {
                            let code = field.how.by_key.get(&key.value_mark(field.target.name, &value))?;
                            Some((value, code.clone()))
                        })
                        .collect()
                })
                .collect();
            for ((_, how), kept) in table.columns.iter_mut().zip(kept) {
                kept.into_iter().for_each(|(value, code)| _ = how.values.entry(value).or_insert(code));
            }
        }
        self.key = Some(key);
        Ok(())
    }

    /// Whether a key is there.
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Whether pseudonyms are made.
    pub fn has_pseudonyms(&self) -> bool {
        self.mapping.tables.iter().flat_map(|table| &table.columns).any(|(_, how)| how.pseudonym)
    }

    /// Whether values have codes that stand in no list of ours. The mapping keeps such answers only by a key.
    pub fn has_unlisted(&self) -> bool {
        let columns = self.mapping.tables.iter().flat_map(|table| &table.columns);
        let mut values = columns.flat_map(|(target, how)| how.values.keys().map(|value| (*target, value)));
        values.any(|(target, value)| !stands(target, value))
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
        Ok(written(&mut self.files, &places, &self.mapping, &people, &gate, self.key.as_ref()))
    }

    /// Writes the refused rows of a table, those that its check refused too. Returns how many there are.
    ///
    /// # Errors
    /// When a file is damaged, or nothing can be written.
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
    pub fn finish(&mut self, created: &str) -> Result<Converted, Vec<Say>> {
        convert(&mut self.files, &self.ready, &self.mapping, self.key.as_ref(), created)
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
            found if is_left_out(found) => left_out.push(headings.letters(place)),
            _ => {}
        }
    }
    (table.columns, table.left_out, table.layout) = (columns, left_out, Some(headings.layout()));
    Ok(())
}

/// Whether a column is certainly left out, because of what it is.
pub(super) fn is_left_out(found: Option<(Target, By)>) -> bool {
    matches!(found, Some((Target::Personal | Target::RowNumber | Target::Desk, _)))
}
