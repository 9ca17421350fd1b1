//! What has to be asked about the columns and values of a sheet.

use std::collections::BTreeMap;

use jiff::civil::date;

use crate::domain::Register;
use crate::domain::tables::{Column, Content, Need};
use crate::sheet::Value;

use super::columns::{Target, targets};
use super::dates::{ReadDate, read_date};
use super::form::{ColumnMapping, Origin, TableMapping, plain};
use super::headings::Headings;
use super::leaves::{Leaves, columns_that_leave, leaves};
use super::look::Look;
use super::meaning::Meant;
use super::question::Question;
use super::registers::bundled;
use super::samples::{Samples, by_frequency};
use super::statutes::statute_meant;
use super::values::{meant, stands};

/// Most values of a column that are asked for and stand in no list: a column with more of them holds other texts than codes.
pub(super) const UNLISTED: usize = 30;

/// Asks what the columns are that nobody decided on, and where those come from that every row needs.
pub(super) fn ask_columns(
    table: &TableMapping,
    headings: &Headings,
    look: &Look<'_>,
    ask: &mut impl FnMut(Question, u64),
) {
    let found = targets(table.table, headings.names(), &look.columns);
    let decided = |place: usize| {
        look.fields.iter().any(|field| field.places.contains(&place))
            || table.left_out.iter().any(|heading| headings.places(heading).contains(&place))
    };
    let is_mapped = |name: &str| table.columns.iter().any(|(target, _)| target.name == name);
    let free = columns_that_leave(table.table);
    let free: Vec<&'static str> = free.map(|column| column.name).filter(|name| !is_mapped(name)).collect();
    let mut open = Vec::new();
    for (place, name) in headings.names().iter().enumerate() {
        if name.is_empty() || decided(place) {
            continue;
        }
        // Of a column of texts nothing may leave, so there is nothing to ask.
        let is_text = |name| table.table.column(name).is_some_and(|own| leaves(table.table, own).is_none());
        if matches!(found[place], Some((Target::Column(name), _)) if is_text(name)) {
            continue;
        }
        open.push(headings.told(place));
        let (heading, samples) = (headings.told(place), &look.columns[place]);
        let known =
            found[place].filter(|(target, _)| !matches!(target, Target::Column(name) if is_mapped(name)));
        if let Some((Target::Names, _)) = known {
            ask(
                Question::Names {
                    heading,
                    different: samples.texts.len(),
                    is_free: !is_mapped("defendant_id"),
                },
                0,
            );
            continue;
        }
        let (suggestion, by, samples) = (known.map(|own| own.0), known.map(|own| own.1), samples.frequent());
        ask(Question::Column { heading, samples, free: free.clone(), suggestion, by }, 0);
    }
    for column in
        table.table.columns.iter().filter(|column| column.need == Need::Filled && !is_mapped(column.name))
    {
        let is_id = leaves(table.table, column) == Some(Leaves::Id);
        ask(Question::Needed { column: column.name, free: open.clone(), is_id }, look.rows);
    }
}

/// Asks what the values of a column mean.
pub(super) fn ask_values(
    target: &'static Column,
    how: &ColumnMapping,
    held: &Samples,
    look: &Look<'_>,
    own: &Register,
    ask: &mut impl FnMut(Question, u64),
) {
    let column = target.name;
    let is_open = |text: &str| !how.values.contains_key(&plain(text));
    let open: BTreeMap<&str, u64> = held
        .texts
        .iter()
        .map(|(text, count)| (text.as_str(), *count))
        .filter(|(text, _)| is_open(text))
        .collect();
    match target.content {
        Content::Period | Content::PeriodOrUnknown | Content::Year => {
            ask_dates(target, how, &open, look.is_1904, ask)
        }
        _ => {
            for (value, count, is_listed) in askable(target, &open) {
                let meant = match target.content {
                    Content::Id("statutes") if own.get(value).or(bundled().get(value)).is_none() => {
                        statute_meant(value, look.country(value).as_deref(), &[own, bundled()])
                    }
                    Content::Code(_)
                    | Content::Measure
                    | Content::Status
                    | Content::Words(_)
                    | Content::Flag => meant(target, value),
                    _ => continue,
                };
                // A code is a code; a statute that is certainly meant is written into the mapping.
                if !matches!(meant, Meant::Code(_)) || column == "statute" {
                    ask(Question::Value { column, value: value.to_owned(), meant, is_listed }, count);
                }
            }
        }
    }
    let is_made_of_cells = matches!(how.from, Origin::Columns(_));
    let empty = look.rows - held.filled.min(look.rows);
    let is_needed =
        target.need == Need::Filled && matches!(target.content, Content::PeriodOrUnknown | Content::Code(_));
    if is_needed && is_made_of_cells && how.empty.is_none() && empty > 0 {
        let suggestion = Some("unknown").filter(|_| target.content == Content::PeriodOrUnknown);
        ask(Question::Empty { column, suggestion }, empty);
    }
}

/// Returns the values that are asked for, with how often they stand there, and whether they stand in our list of the column: all
/// listed ones, and the most frequent of the others. The rows of all further values are refused.
fn askable<'t>(target: &'static Column, open: &BTreeMap<&'t str, u64>) -> Vec<(&'t str, u64, bool)> {
    let all = open.iter().map(|(text, count)| (*text, *count));
    let (listed, other): (Vec<_>, Vec<_>) = all.partition(|(text, _)| stands(target, text));
    let other =
        by_frequency(other.into_iter()).into_iter().take(UNLISTED).map(|(text, count)| (text, count, false));
    listed.into_iter().map(|(text, count)| (text, count, true)).chain(other).collect()
}

fn ask_dates(
    target: &'static Column,
    how: &ColumnMapping,
    open: &BTreeMap<&str, u64>,
    is_1904: bool,
    ask: &mut impl FnMut(Question, u64),
) {
    let column = target.name;
    let (mut first, mut second, mut ambiguous, mut counted) = (0, 0, 0, 0);
    let mut other = BTreeMap::new();
    for (text, count) in open {
        match read_date(Value::Text(text), is_1904) {
            ReadDate::Two(..) => ambiguous += count,
            ReadDate::Serial(_) => counted += count,
            ReadDate::Period(_) => match order(text) {
                Some(true) => first += count,
                Some(false) => second += count,
                None => {}
            },
            ReadDate::None if *text != "unknown" => {
                other.insert(*text, *count);
            }
            _ => {}
        }
    }
    for (value, count, is_listed) in askable(target, &other) {
        let meant = meant(target, value);
        ask(Question::Value { column, value: value.to_owned(), meant, is_listed }, count);
    }
    // The examples are made up: no date of the sheet is told.
    if ambiguous > 0 && how.dates.is_none() {
        let (example, readings) = ("05.03.2022", [date(2022, 3, 5), date(2022, 5, 3)]);
        ask(Question::Dates { column, example, readings, day_first: first, month_first: second }, ambiguous);
    }
    let example = "44623";
    if counted > 0
        && !how.serials
        && let ReadDate::Serial(day) = read_date(Value::Text(example), is_1904)
    {
        ask(Question::Serials { column, example, day }, counted);
    }
}

/// Whether the day comes first in a date that has one reading, if it is written in three numbers with the year behind.
fn order(text: &str) -> Option<bool> {
    let parts: Vec<u32> = text.trim().split(['.', '/', '-']).map_while(|part| part.parse().ok()).collect();
    match parts[..] {
        [13..=31, 1..=12, 100..=9999] => Some(true),
        [1..=12, 13..=31, 100..=9999] => Some(false),
        _ => None,
    }
}
