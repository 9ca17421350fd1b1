//! Answers that were given before: what they are, and that they can be given anew.

use crate::domain::Say;
use crate::domain::tables::Need;

use super::answer::{ALWAYS, EMPTY, NO, PSEUDONYMS};
use super::ask::UNLISTED;
use super::form::{ColumnMapping, DateOrder, Mapping, Origin, plain};
use super::question::{Asked, Question};
use super::session::Session;
use super::walk::places;
use super::write::ROW_NUMBER;

impl Mapping {
    /// Returns how a question would be answered to make what the mapping holds. Nothing, where it holds no answer.
    pub fn answer_to(&self, asked: &Asked) -> Option<String> {
        let table = self.tables.iter().find(|own| Some(own.table.name) == asked.table)?;
        let how = |name: &str| table.columns.iter().find(|(own, _)| own.name == name).map(|(_, how)| how);
        let made_of = |heading: &String| {
            let is_it = |own: &ColumnMapping| own.from == Origin::Columns(vec![heading.clone()]);
            table.columns.iter().find(|(_, own)| is_it(own))
        };
        let left_out =
            |heading: &String| table.left_out.iter().any(|left| left == heading).then(|| NO.to_owned());
        match &asked.question {
            Question::HiddenRows => {
                let found = Self::HIDDEN.into_iter().find(|(_, own)| Some(*own) == table.hidden_rows);
                found.map(|(name, _)| name.to_owned())
            }
            Question::Encoding { .. } => table.encoding.map(|own| own.name().to_owned()),
            Question::Column { heading, .. } => {
                made_of(heading).map(|(target, _)| target.name.to_owned()).or_else(|| left_out(heading))
            }
            Question::Names { heading, .. } => {
                let is_pseudonym = made_of(heading).is_some_and(|(_, how)| how.pseudonym);
                is_pseudonym.then(|| PSEUDONYMS.to_owned()).or_else(|| left_out(heading))
            }
            Question::Needed { column, .. } => Some(match &how(column)?.from {
                Origin::Always(text) => format!("{ALWAYS}{text}"),
                Origin::RowNumber => ROW_NUMBER.to_owned(),
                Origin::Columns(headings) => headings.first()?.clone(),
            }),
            Question::Dates { column, .. } => Some(match how(column)?.dates? {
                DateOrder::DayFirst => "d".to_owned(),
                DateOrder::MonthFirst => "m".to_owned(),
            }),
            Question::Serials { column, .. } => how(column)?.serials.then(|| "y".to_owned()),
            Question::Value { column, value, .. } => {
                Some(match how(column)?.values.get(&plain(value))?.as_deref() {
                    None => NO.to_owned(),
                    Some("") => EMPTY.to_owned(),
                    Some(code) => code.to_owned(),
                })
            }
            Question::Empty { column, .. } => how(column)?.empty.clone(),
            _ => None,
        }
    }
}

impl Session {
    /// Takes back every answer that can be asked for again, and returns the mapping that held them. What the columns of the sheet are
    /// stays: that is changed by [`Self::assign`]. So do answers about values that the sheet does not have.
    ///
    /// # Errors
    /// As [`Self::questions`]. Nothing is taken back then.
    pub fn take_back(&mut self) -> Result<Mapping, Vec<Say>> {
        let before = self.mapping.clone();
        let after = self.without_answers();
        self.mapping = before.clone();
        self.with(after?);
        self.is_suggested = true;
        Ok(before)
    }

    /// Returns the mapping without the answers that its sheets ask for. The mapping of the session is used up.
    fn without_answers(&mut self) -> Result<Mapping, Vec<Say>> {
        let mut after = self.mapping.clone();
        for table in &mut self.mapping.tables {
            table.hidden_rows = None;
            for (_, how) in &mut table.columns {
                let from = std::mem::take(&mut how.from);
                *how = ColumnMapping { from, pseudonym: how.pseudonym, ..ColumnMapping::default() };
            }
        }
        loop {
            let (asked, mut count) = (self.questions()?, 0);
            for asked in asked {
                let is_its = |name| Some(name) == asked.table;
                let Some(number) = after.tables.iter().position(|own| is_its(own.table.name)) else {
                    continue;
                };
                let table = &mut after.tables[number];
                let open = &mut self.mapping.tables[number];
                let how = |column: &str| open.columns.iter().position(|(own, _)| own.name == column);
                match &asked.question {
                    Question::HiddenRows => table.hidden_rows = None,
                    Question::Dates { column, .. } => {
                        how(column).into_iter().for_each(|own| table.columns[own].1.dates = None);
                    }
                    Question::Serials { column, .. } => {
                        how(column).into_iter().for_each(|own| table.columns[own].1.serials = false);
                    }
                    Question::Empty { column, .. } => {
                        how(column).into_iter().for_each(|own| table.columns[own].1.empty = None);
                    }
                    Question::Value { column, value, .. } => {
                        let Some(own) = how(column) else { continue };
                        let value = plain(value);
                        let kept = &mut table.columns[own].1;
                        kept.values.remove(&value);
                        if let Some(key) = &self.key {
                            kept.by_key.remove(&key.value_mark(column, &value));
                        }
                        open.columns[own].1.values.insert(value, None);
                        count += 1;
                    }
                    _ => {}
                }
            }
            // Only so many of a column's own values are asked for at once.
            if count < UNLISTED {
                break;
            }
        }
        let places = places(&self.files, &after)?;
        for (table, place) in after.tables.iter_mut().zip(places) {
            if self.files[place.0].book.suggested_encoding().map_err(|says| vec![says])?.is_some() {
                table.encoding = None;
            }
            // Where these come from is asked as long as they are made of nothing.
            table.columns.retain(|(target, how)| {
                target.need != Need::Filled || matches!(how.from, Origin::Columns(_))
            });
        }
        Ok(after)
    }
}
