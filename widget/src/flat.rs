//! The flat form in which the browser passes an answer: each leaf of `aggregate.json` is one record, which is
//! the path to the leaf and its text, separated by control characters.
//!
//! A JSON parser would be a third of the download, and the browser has one. The custom element therefore only
//! flattens the parsed JSON, and this module interprets the records. Nulls and empty lists have no record. Records
//! are in document order, except that JavaScript puts integer keys of an object first; none of our codes is one.

use crate::wire::{
    Answer, Beside, Column, ColumnRole, Disagreement, InForce, LawEvent, Look, RATES, Row, Text, Value,
};

/// The separator between two records.
pub const RECORD: char = '\u{1E}';
/// The separator between the parts of a path, and between the path and the text.
pub const FIELD: char = '\u{1F}';

/// The reason why a text is not an answer. Its display is a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlatError {
    /// There are no columns: the address does not lead to an aggregate.
    #[error("The address given as `src` does not lead to an aggregate.")]
    NotAnAggregate,
    /// A column has a role that this version does not know.
    #[error("The answer has a column of the unknown role `{0}`.")]
    Role(String),
    /// A count or year is not a whole number in range.
    #[error("The answer has `{0}` where a whole number belongs.")]
    Number(String),
    /// A share is not a number from 0 to 1.
    #[error("The answer has `{0}` where a share from 0 to 1 belongs.")]
    Share(String),
}

/// Reads the parts of an answer that a chart needs. All other parts stay empty.
pub fn read(flat: &str) -> Result<Answer, FlatError> {
    let mut answer = Answer::default();
    let mut column = None;
    let mut row = None;
    let mut disagreement = None;
    for record in flat.split(RECORD) {
        let mut path = record.split(FIELD);
        match (path.next(), path.next(), path.next(), path.next()) {
            (Some("language"), Some(text), None, None) => text.clone_into(&mut answer.language),
            (Some("additive"), Some(_), Some(name), None) => answer.additive.push(name.to_owned()),
            (Some("in_force"), Some(end), Some(day), None) => {
                let in_force = answer.in_force.get_or_insert_with(InForce::default);
                match end {
                    "from" => in_force.from = Some(day.to_owned()),
                    "to" => in_force.to = Some(day.to_owned()),
                    _ => {}
                }
            }
            (Some("labels"), Some(dimension), Some(code), Some(label)) => {
                let labels = &mut answer.labels.0;
                if labels.last().is_none_or(|(last, _)| last != dimension) {
                    labels.push((dimension.to_owned(), Vec::new()));
                }
                if let Some((_, codes)) = labels.last_mut() {
                    codes.push((code.to_owned(), label.to_owned()));
                }
            }
            (Some("text"), Some(name), Some(first), second) => {
                text(&mut answer.text, name, second.unwrap_or(first))
            }
            (Some("beside"), Some(name), Some(first), field) => {
                beside(&mut answer.beside, [name, first, field.unwrap_or("")], path.next().unwrap_or(""));
            }
            // The columns come before the rows.
            (Some("columns"), Some(index), Some(field), Some(text)) => {
                if column != Some(index) {
                    column = Some(index);
                    let role = ColumnRole::Label;
                    answer.columns.push(Column { name: String::new(), role, title: String::new() });
                }
                match (answer.columns.last_mut(), field) {
                    (Some(last), "name") => text.clone_into(&mut last.name),
                    (Some(last), "title") => text.clone_into(&mut last.title),
                    (Some(last), "role") => last.role = role(text)?,
                    _ => {}
                }
            }
            (Some("rows"), Some(index), Some(name), Some(text)) => {
                if row != Some(index) {
                    row = Some(index);
                    disagreement = None;
                    answer
                        .rows
                        .push(Row { values: vec![Value::Absent; answer.columns.len()], ..Row::default() });
                }
                let Some(last) = answer.rows.last_mut() else {
                    continue;
                };
                if name == "disagreements" {
                    if let (Some(field), Some(value)) = (path.next(), path.next()) {
                        if disagreement != Some(text) {
                            disagreement = Some(text);
                            last.disagreements.push(Disagreement {
                                measure: String::new(),
                                value: 0,
                                source: String::new(),
                            });
                        }
                        if let (Some(other), "measure") = (last.disagreements.last_mut(), field) {
                            value.clone_into(&mut other.measure);
                        }
                    }
                } else if let Some(place) = answer.columns.iter().position(|column| column.name == name) {
                    let value = cell(&answer.columns[place], text)?;
                    if let Some(last) = last.values.get_mut(place) {
                        *last = value;
                    }
                }
            }
            _ => {}
        }
    }
    if answer.columns.is_empty() { Err(FlatError::NotAnAggregate) } else { Ok(answer) }
}

/// Reads the role of a column.
fn role(name: &str) -> Result<ColumnRole, FlatError> {
    Ok(match name {
        "dimension" => ColumnRole::Dimension,
        "label" => ColumnRole::Label,
        "measure" => ColumnRole::Measure,
        "share" => ColumnRole::Share,
        "status" => ColumnRole::Status,
        "sources" => ColumnRole::Sources,
        other => return Err(FlatError::Role(other.to_owned())),
    })
}

/// Reads a cell by the role of its column. Labels and sources are not drawn.
fn cell(column: &Column, text: &str) -> Result<Value, FlatError> {
    let number = || FlatError::Number(text.to_owned());
    Ok(match column.role {
        ColumnRole::Dimension if column.name == "year" => {
            let year = whole(text).and_then(|year| i32::try_from(year).ok());
            Value::Year(year.ok_or_else(number)?)
        }
        ColumnRole::Dimension | ColumnRole::Status => Value::Text(text.to_owned()),
        ColumnRole::Measure => {
            let count = whole(text).and_then(|count| u64::try_from(count).ok());
            Value::Count(count.ok_or_else(number)?)
        }
        ColumnRole::Share => {
            let share = real(text).filter(|share| *share <= 1.0);
            Value::Real(share.ok_or_else(|| FlatError::Share(text.to_owned()))?)
        }
        // The role of rates is that of labels, for there were answers before rates.
        ColumnRole::Label if RATES.iter().any(|end| column.name.ends_with(end)) => {
            Value::Real(real(text).ok_or_else(|| FlatError::Share(text.to_owned()))?)
        }
        ColumnRole::Label | ColumnRole::Sources => Value::Absent,
    })
}

/// Reads a whole number. The standard library's parser is not used, because it is compiled anew for each type.
pub(crate) fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut value = 0_i64;
    for digit in digits.bytes() {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
    }
    let value = if digits.len() < text.len() { -value } else { value };
    (!digits.is_empty()).then_some(value)
}

/// Reads a share or rate, and keeps six decimals as whole millionths. The standard library's parser reads any fraction,
/// and would be a fifth of the download. Dividing by a million gives exactly the number that was written.
fn real(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (units, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let mut value = 0_u64;
    for digit in units.bytes().chain(decimals.bytes()) {
        if !digit.is_ascii_digit() || value >> 40 > 0 {
            return None;
        }
        value = value * 10 + u64::from(digit - b'0');
    }
    // An exponent as in "2.5e-5" moves the decimal point to the left.
    let mut places = decimals.len() as i64 - whole(exponent)?.clamp(-30, 0);
    while places < 6 {
        (value, places) = (value * 10, places + 1);
    }
    while places > 6 {
        // The digit that is left out rounds the last.
        (value, places) = ((value + if places == 7 { 5 } else { 0 }) / 10, places - 1);
    }
    (!units.is_empty() && value >> 52 == 0).then(|| value as f64 / 1e6)
}

/// Reads a part of what a picture shows besides the answer: a text, a field of an event, or a field of a look.
fn beside(beside: &mut Beside, [name, first, field]: [&str; 3], value: &str) {
    let text = match name {
        "short" => &mut beside.short,
        "counted" => &mut beside.counted,
        "filters" => &mut beside.filters,
        "chosen" => &mut beside.chosen,
        "source" => &mut beside.source,
        "credit" => &mut beside.credit,
        "more" => &mut beside.more,
        "notes" => &mut beside.notes,
        "free" => &mut beside.free,
        "in_words" => return beside.in_words.push(field.to_owned()),
        "names" => return beside.names.push((first.to_owned(), field.to_owned())),
        "events" => return event(&mut beside.events, field, value),
        "looks" => return look(&mut beside.looks.0, first, field, value),
        _ => return,
    };
    first.clone_into(text);
}

fn event(events: &mut Vec<LawEvent>, field: &str, value: &str) {
    // Every event has a date, which comes first.
    if field == "at" {
        events.push(LawEvent::default());
    }
    let Some(last) = events.last_mut() else {
        return;
    };
    let text = match field {
        "at" => &mut last.at,
        "label" => &mut last.label,
        "statute" => &mut last.statute,
        "breaks" => return last.breaks = value == "true",
        _ => return,
    };
    value.clone_into(text);
}

fn look(looks: &mut Vec<(String, Look)>, code: &str, field: &str, value: &str) {
    if field == "0" {
        looks.push((code.to_owned(), Look::default()));
    }
    let Some((_, look)) = looks.last_mut() else {
        return;
    };
    // A letter from a to f ends in the bits of 1 to 6.
    let digit = |letter: u8| u32::from(letter & 15) + u32::from(letter >> 6) * 9;
    let color = value.bytes().fold(0_u32, |color, letter| (color << 4) + digit(letter));
    match field {
        "0" => look.light = color,
        "1" => look.dark = color,
        _ => look.mark = color as u8,
    }
}

fn text(text: &mut Text, name: &str, value: &str) {
    let field = match name {
        "notes" => return text.notes.push(value.to_owned()),
        "title" => &mut text.title,
        "subtitle" => &mut text.subtitle,
        "x_title" => &mut text.x_title,
        "y_title" => &mut text.y_title,
        "share_title" => &mut text.share_title,
        "source_line" => &mut text.source_line,
        "dataset_line" => &mut text.dataset_line,
        "unknown" => &mut text.unknown,
        "not_in_force" => &mut text.not_in_force,
        "not_shown" => &mut text.not_shown,
        "shown_periods" => &mut text.shown_periods,
        "key_break" => &mut text.key_break,
        "key_provisional" => &mut text.key_provisional,
        "key_disagree" => &mut text.key_disagree,
        "key_interval" => &mut text.key_interval,
        "empty" => &mut text.empty,
        "alt" => &mut text.alt,
        "thousands" => &mut text.thousands,
        "decimal" => &mut text.decimal,
        _ => return,
    };
    value.clone_into(field);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flat(records: &[&[&str]]) -> String {
        records.iter().map(|record| record.join("\u{1F}")).collect::<Vec<_>>().join("\u{1E}")
    }

    #[test]
    fn rows_are_read_by_the_roles_of_their_columns() {
        let answer = read(&flat(&[
            &["columns", "0", "name", "year"],
            &["columns", "0", "role", "dimension"],
            &["columns", "1", "name", "persons"],
            &["columns", "1", "role", "measure"],
            &["rows", "0", "year", "2020"],
            &["rows", "0", "persons", "4"],
            &["rows", "1", "persons", "1"],
            &["rows", "1", "disagreements", "0", "measure", "persons"],
            &["rows", "1", "disagreements", "0", "value", "7"],
            &["text", "notes", "0", "2020:stock."],
            &["beside", "in_words", "0", "One."],
            &["text", "thousands", " "],
        ]))
        .expect("an answer");
        assert_eq!(answer.rows[0].values, [Value::Year(2020), Value::Count(4)]);
        assert_eq!(answer.rows[1].values, [Value::Absent, Value::Count(1)]);
        assert_eq!(answer.rows[1].disagreements.len(), 1);
        assert_eq!((answer.notes(), answer.text.thousands.as_str()), (&["One.".to_owned()][..], " "));
    }

    #[test]
    fn what_is_no_aggregate_is_said_to_be_none() {
        assert_eq!(read("title\u{1F}Not found"), Err(FlatError::NotAnAggregate));
        let counted = flat(&[
            &["columns", "0", "name", "persons"],
            &["columns", "0", "role", "measure"],
            &["rows", "0", "persons", "1.5"],
        ]);
        assert_eq!(read(&counted), Err(FlatError::Number("1.5".to_owned())));
    }

    #[test]
    fn a_share_is_the_number_that_was_written() {
        for text in ["0", "1", "0.5", "0.123456", "0.000001", "1e-6", "2.5e-5", "0.999999", "1.0"] {
            assert_eq!(real(text), text.parse().ok(), "{text}");
        }
        for text in ["", "-0.5", "0,5", "NaN", "0x1", "1e", "."] {
            assert_eq!(real(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn millionths_are_read_exactly(millionths in 0..=1_000_000_u32) {
            let value = f64::from(millionths) / 1e6;
            prop_assert_eq!(real(&value.to_string()), Some(value));
        }

        #[test]
        fn no_text_makes_it_panic(
            records in prop::collection::vec(prop::collection::vec(
                prop::sample::select(vec!["columns", "rows", "text", "labels", "in_force", "additive", "beside", "events", "looks", "at", "label", "0", "1", "name", "role",
                    "year", "month", "persons", "dimension", "measure", "share", "0.5", "status", "disagreements", "from", "2020-13", "99999999999999999999", "-5", ""]),
                0..7), 0..30),
            noise in any::<String>(),
        ) {
            let records: Vec<&[&str]> = records.iter().map(Vec::as_slice).collect();
            let spec = crate::chart::Spec::new(320, 260).expect("valid");
            if let Ok(answer) = read(&flat(&records)) {
                let _ = crate::chart::draw(&answer, &spec);
            }
            let _ = read(&noise);
        }
    }
}
