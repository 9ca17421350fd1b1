//! Finds the names of persons in a sheet before anything of it is written.

use crate::domain::Say;
use crate::sheet::{Row, Value};

use super::columns::{Target, by_name};
use super::content::is_person;
use super::form::{Origin, TableMapping};
use super::headings::Headings;
use super::names::PersonNames;
use super::samples::Samples;
use super::walk::{Place, SheetFile, walk};

/// A column that is not written as it is.
struct Unwritten {
    place: usize,
    heading: String,
    /// Whether its heading, or the mapping, says that it holds names.
    is_named: bool,
    samples: Samples,
}

/// Adds the names of a sheet: of columns that become pseudonyms, and of those that are not written and hold names.
pub(super) fn names_of(
    files: &mut [SheetFile],
    place: Place,
    table: &TableMapping,
    names: &mut PersonNames,
) -> Result<(), Vec<Say>> {
    let begin = |headings: &Headings, _is_1904: bool| Ok(unwritten(table, headings));
    let each = |columns: &mut Vec<Unwritten>, _headings: &Headings, row: &Row| {
        for column in columns {
            match row.value(column.place) {
                Value::Text(text) if column.is_named => names.add(text, &column.heading),
                Value::Text(text) => column.samples.take(Value::Text(text), false),
                _ => {}
            }
        }
    };
    let (_, _, columns) = walk(files, place, table, begin, each)?;
    for column in columns.iter().filter(|column| !column.is_named && is_person(&column.samples)) {
        column.samples.texts.keys().for_each(|name| names.add(name, &column.heading));
    }
    Ok(())
}

fn unwritten(table: &TableMapping, headings: &Headings) -> Vec<Unwritten> {
    let places = |is_pseudonym: bool| -> Vec<usize> {
        let columns = table.columns.iter().filter(|(_, how)| how.pseudonym == is_pseudonym);
        let headings_ = columns.flat_map(|(_, how)| match &how.from {
            Origin::Columns(headings) => &headings[..],
            _ => &[],
        });
        headings_.flat_map(|heading| headings.places(heading)).collect()
    };
    let (written, pseudonyms) = (places(false), places(true));
    let all = headings.names().iter().enumerate().filter(|(place, _)| !written.contains(place));
    all.map(|(place, heading)| Unwritten {
        place,
        heading: heading.clone(),
        is_named: pseudonyms.contains(&place) || by_name(table.table, heading) == Some(Target::Names),
        samples: Samples::default(),
    })
    .collect()
}
