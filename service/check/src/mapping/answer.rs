//! Answers as somebody types them: a word, a code, a heading, or nothing for what was suggested.

use crate::domain::nearest;
use crate::domain::tables::{Column, Need};
use crate::package::Kind;

use super::columns::Target;
use super::form::{ColumnMapping, DateOrder, HiddenRows, Mapping, Origin, SheetChoice, TableMapping, plain};
use super::leaves::leaves;
use super::meaning::Meant;
use super::question::{Asked, Question};
use super::values::{is_code, meant};
use super::write::ROW_NUMBER;

/// Leaves something out, or refuses it.
pub(super) const NO: &str = "-";
/// Leaves a field empty.
pub(super) const EMPTY: &str = "#empty";
/// Stands before a text that is the same for each row.
pub(super) const ALWAYS: char = '=';
/// Makes pseudonyms of names.
pub(super) const PSEUDONYMS: &str = "p";

/// What an answer led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It is in the mapping, or what was suggested stays.
    Taken,
    /// It is in the mapping. The column had been left out, or holds names, so pseudonyms are made of it.
    Pseudonyms,
    /// Another kind was named: the sheets are to be looked at again.
    OtherKind(Kind),
    /// Another sheet or header was named: the columns of the table are to be looked at again.
    Another {
        /// The sheet, if another one was named.
        sheet: Option<SheetChoice>,
        /// The header, if another one was named.
        header: Option<(u32, u32)>,
    },
}

/// Takes an answer into a mapping. A key and the properties of the descriptor are no answers of this kind, and are left to the
/// caller.
///
/// # Errors
/// What could have been answered.
pub(super) fn answer(mapping: &mut Mapping, asked: &Asked, text: &str) -> Result<Answered, String> {
    let text = text.trim();
    let table = mapping.tables.iter_mut().find(|own| Some(own.table.name) == asked.table);
    let Some(table) = table else { return Ok(Answered::Taken) };
    match &asked.question {
        Question::Kind { suggestion } => {
            let kind = Kind::from_name(text);
            if !text.is_empty() && text != *suggestion {
                return Ok(Answered::OtherKind(kind.ok_or("write case-level or reported")?));
            }
        }
        Question::Sheet { .. } if !text.is_empty() => {
            let number = text.parse().ok().map(SheetChoice::Number);
            let sheet = number.unwrap_or_else(|| SheetChoice::Name(text.to_owned()));
            return Ok(Answered::Another { sheet: Some(sheet), header: None });
        }
        Question::Header { .. } if !text.is_empty() => {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            let rows = first.trim().parse().ok().zip(last.trim().parse().ok());
            let rows =
                rows.filter(|(first, last): &(u32, u32)| *first > 0 && first <= last && last - first < 10);
            let header = rows.ok_or("name its row, or its first and last row: 1-2")?;
            return Ok(Answered::Another { sheet: None, header: Some(header) });
        }
        Question::Sheet { .. }
        | Question::Header { .. }
        | Question::Key { .. }
        | Question::Package { .. } => {}
        Question::HiddenRows => {
            let found = Mapping::HIDDEN.into_iter().find(|(name, _): &(&str, HiddenRows)| *name == text);
            table.hidden_rows = Some(found.ok_or("write read or leave-out")?.1);
        }
        Question::Encoding { suggestion } => {
            let label = if text.is_empty() { suggestion } else { text };
            let found = encoding_rs::Encoding::for_label(label.as_bytes());
            table.encoding = Some(found.ok_or("write a label such as utf-8 or windows-1251")?);
        }
        Question::Column { heading, suggestion, .. } => {
            let target = match (text, suggestion) {
                (NO, _) | ("", None) => None,
                ("", Some(Target::Column(name))) => Some(*name),
                ("", Some(_)) => None,
                (name, _) => Some(name),
            };
            let target = target.map(|name| target_of(table, name)).transpose()?;
            if target.is_some_and(|target| leaves(table.table, target).is_none()) {
                return Err(format!("its texts could name a person; write {NO} to leave it out"));
            }
            match target {
                None => table.left_out.push(heading.clone()),
                Some(target) => add(table, target.name, Origin::Columns(vec![heading.clone()]))?,
            }
        }
        // Another answer may have said where it comes from.
        Question::Needed { column, .. } if how_of(table, column).is_ok() => {}
        Question::Needed { column, is_id, .. } => {
            let from = match text {
                "" if *is_id => Origin::RowNumber,
                "" | NO => {
                    return Err(format!("every row needs it: name a heading, {ALWAYS}TEXT or {ROW_NUMBER}"));
                }
                ROW_NUMBER => Origin::RowNumber,
                text => match text.strip_prefix(ALWAYS) {
                    Some(always) => {
                        let target = target_of(table, column)?;
                        Origin::Always(code_of(target, always.trim())?)
                    }
                    None => Origin::Columns(vec![text.to_owned()]),
                },
            };
            add(table, column, from)?;
        }
        Question::Unfit { column, is_id, .. } => {
            let how = how_of(table, column)?;
            match text {
                PSEUDONYMS if *is_id => how.pseudonym = true,
                ROW_NUMBER if *is_id => {
                    *how = ColumnMapping { from: Origin::RowNumber, ..ColumnMapping::default() }
                }
                "" | NO => table.columns.retain(|(target, _)| target.name != *column),
                _ if *is_id => {
                    return Err(format!(
                        "write p for pseudonyms, {ROW_NUMBER} for the number of the row, or {NO}"
                    ));
                }
                _ => return Err(format!("write {NO} to leave it out")),
            }
        }
        Question::Names { heading, is_free, .. } => match text {
            "" | NO => table.left_out.push(heading.clone()),
            PSEUDONYMS if !is_free => {
                return Err(format!(
                    "defendant_id is made of another column already; write {NO} to leave the column of names out"
                ));
            }
            PSEUDONYMS => {
                add(table, "defendant_id", Origin::Columns(vec![heading.clone()]))?;
                if let Some((_, how)) = table.columns.last_mut() {
                    how.pseudonym = true;
                }
            }
            _ if *is_free => return Err(format!("write p for pseudonyms, or {NO} to leave the column out")),
            _ => return Err(format!("write {NO} to leave the column out")),
        },
        Question::Dates { column, .. } => {
            let order = match text {
                "d" => DateOrder::DayFirst,
                "m" => DateOrder::MonthFirst,
                _ => return Err("write d where the day comes first, m where the month does".to_owned()),
            };
            how_of(table, column)?.dates = Some(order);
        }
        Question::Serials { column, .. } => match text {
            "y" => how_of(table, column)?.serials = true,
            "n" => {}
            _ => return Err("write y or n".to_owned()),
        },
        Question::Value { column, value, meant, .. } => {
            let target = target_of(table, column)?;
            let code = match (text, meant) {
                (NO, _) => None,
                (EMPTY, _) if target.need != Need::Filled => Some(String::new()),
                ("", Meant::Perhaps(code) | Meant::Code(code)) => Some(code.clone()),
                ("", _) => return Err(format!("write a code, or {NO} to refuse such rows")),
                (text, _) => Some(code_of(target, text)?),
            };
            how_of(table, column)?.values.insert(plain(value), code);
        }
        Question::Empty { column, suggestion } => {
            let target = target_of(table, column)?;
            let code = match (text, suggestion) {
                (NO, _) => None,
                ("", Some(code)) => Some((*code).to_owned()),
                ("", None) => return Err(format!("write a code, or {NO} to refuse such rows")),
                (text, _) => Some(code_of(target, text)?),
            };
            how_of(table, column)?.empty = code;
        }
    }
    Ok(Answered::Taken)
}

fn target_of(table: &TableMapping, name: &str) -> Result<&'static Column, String> {
    table.table.column(name).ok_or_else(|| {
        let near = nearest(name, table.table.columns.iter().map(|column| column.name));
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        format!("the table has no such column{near}")
    })
}

fn add(table: &mut TableMapping, name: &str, from: Origin) -> Result<(), String> {
    let target = target_of(table, name)?;
    if table.columns.iter().any(|(own, _)| own.name == target.name) {
        return Err(format!("{name} is made of another column already; write {NO} to leave this one out"));
    }
    table.columns.push((target, ColumnMapping { from, ..ColumnMapping::default() }));
    Ok(())
}

fn how_of<'t>(table: &'t mut TableMapping, column: &str) -> Result<&'t mut ColumnMapping, String> {
    let found = table.columns.iter_mut().find(|(own, _)| own.name == column);
    found.map(|(_, how)| how).ok_or_else(|| format!("nothing goes to {column}"))
}

/// Returns a text if it is a code of a column, and what it means if that is certain. What was typed is not told: it could be a name.
fn code_of(target: &'static Column, text: &str) -> Result<String, String> {
    match meant(target, text) {
        Meant::Code(code) => Ok(code),
        Meant::Perhaps(near) if near == text => Ok(near),
        Meant::Perhaps(near) => Err(format!("this is no code of {}; did you mean {near}?", target.name)),
        _ if is_code(target.content, text) => Ok(text.to_owned()),
        _ => Err(format!("this is no code of {}", target.name)),
    }
}
