//! A look at all files before anything of them is written: which names of persons stand there, which ids have the form of ids,
//! and which columns may not be what they were chosen for.

use std::collections::{BTreeSet, HashSet};

use crate::domain::Say;
use crate::domain::tables::CHARGES;
use crate::sheet::{Row, Value};

use super::columns::{Target, by_name};
use super::content::is_person;
use super::form::{HiddenRows, Mapping, TableMapping, plain};
use super::headings::Headings;
use super::id_form::IdForm;
use super::leaves::{Leaves, country_of_region, is_whole, leaves};
use super::names::PersonNames;
use super::row::{Field, total};
use super::samples::Samples;
use super::walk::{Place, SheetFile, all_places, number_of, walk};

/// Rows of a sheet that no table is made of, in which a heading is looked for.
const LOOKED_AT: usize = 30;

/// What is known of persons and ids.
#[derive(Default)]
pub(super) struct People {
    /// The names of all files.
    pub names: PersonNames,
    /// What is known of each table.
    pub tables: Vec<Columns>,
}

/// What is known of the columns of a table, in the order of the mapping.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// The headings of the sheet.
    pub headings: Headings,
    /// The form of the ids of each column.
    pub forms: Vec<IdForm>,
    /// Whether each column is made of one that holds names, and is no id.
    pub secret: Vec<bool>,
    /// Why each column is left out, if it is: its texts could name a person.
    pub left_out: Vec<Option<Say>>,
    /// Why a column may not be what it was chosen for: the name of the column, and the reason.
    pub faults: Vec<(&'static str, Say)>,
}

/// Looks at all files. `sources` are the ids of all sources.
pub(super) fn people(
    files: &mut [SheetFile],
    places: &[Place],
    mapping: &Mapping,
    sources: &HashSet<String>,
) -> Result<People, Vec<Say>> {
    let mut people = People::default();
    for (table, place) in mapping.tables.iter().zip(places) {
        let columns = of_table(files, *place, table, sources, &mut people.names)?;
        people.tables.push(columns);
    }
    let others: Vec<Place> = all_places(files).filter(|place| !places.contains(place)).collect();
    for place in others {
        of_other_sheet(files, place, &mut people.names).map_err(|says| vec![says])?;
    }
    Ok(people)
}

struct Looking<'m> {
    fields: Vec<Field<'m>>,
    forms: Vec<IdForm>,
    samples: Vec<Samples>,
    /// Whether each column of the sheet holds names by its heading, or becomes pseudonyms.
    named: Vec<bool>,
    /// How each column is told, if its values are names and nothing else.
    told: Vec<Option<String>>,
    /// What may leave of each field.
    leaves: Vec<Option<Leaves>>,
    /// The first row of each field that has no code, where that matters.
    others: Vec<Option<u32>>,
}

fn of_table(
    files: &mut [SheetFile],
    place: Place,
    table: &TableMapping,
    sources: &HashSet<String>,
    names: &mut PersonNames,
) -> Result<Columns, Vec<Say>> {
    let begin = |headings: &Headings, _is_1904: bool| {
        let columns = table.columns.iter();
        let fields: Vec<Field<'_>> = columns
            .map(|(target, how)| {
                let places = how.from.headings().iter().flat_map(|own| headings.places(own)).collect();
                Field::new(target, how, places)
            })
            .collect();
        let is_named = |(column, heading): (usize, &String)| {
            let mut own = fields.iter().filter(|field| field.places.contains(&column));
            by_name(table.table, heading) == Some(Target::Names) || own.any(|field| field.how.pseudonym)
        };
        let named: Vec<bool> = headings.names().iter().enumerate().map(is_named).collect();
        let told = |column: usize| {
            let mut own = fields.iter().filter(|field| field.places.contains(&column));
            (named[column] && own.all(|field| field.how.pseudonym)).then(|| headings.told(column))
        };
        let told = (0..named.len()).map(told).collect();
        let leaves: Vec<Option<Leaves>> =
            fields.iter().map(|field| leaves(table.table, field.target)).collect();
        let others = vec![None; fields.len()];
        let samples = named.iter().map(|_| Samples::default()).collect();
        let forms = fields.iter().map(|_| IdForm::default()).collect();
        Ok(Looking { fields, forms, samples, named, told, leaves, others })
    };
    let each = |looking: &mut Looking<'_>, _headings: &Headings, row: &Row| {
        for (column, samples) in looking.samples.iter_mut().enumerate() {
            if let Value::Text(text) = row.value(column) {
                samples.take(Value::Text(text), false);
                if let Some(told) = &looking.told[column] {
                    names.add(text, told);
                }
            }
        }
        let is_left_out = row.hidden && table.hidden_rows != Some(HiddenRows::Read);
        if is_left_out || row.fault.is_some() || total(row).is_some() {
            return;
        }
        for (number, field) in looking.fields.iter().enumerate() {
            let text = || {
                let joined = field.joined(row);
                field.value(row, joined.as_deref()).text()
            };
            let other = &mut looking.others[number];
            match looking.leaves[number] {
                Some(Leaves::Id) => looking.forms[number].take(&text(), row.number),
                Some(own @ (Leaves::Source | Leaves::Region)) if other.is_none() => {
                    let text = text();
                    let text = field.how.values.get(&plain(&text)).cloned().flatten().unwrap_or(text);
                    let is_code = match own {
                        Leaves::Source => sources.contains(text.trim()),
                        _ => country_of_region(&text).is_some(),
                    };
                    *other = Some(row.number).filter(|_| !is_code && !text.trim().is_empty());
                }
                _ => {}
            }
        }
    };
    // A file in an encoding that nobody has named is looked at in the one that it seems to have.
    let mut shown = table.clone();
    if shown.encoding.is_none() {
        shown.encoding = files[place.0].book.suggested_encoding().map_err(|says| vec![says])?;
    }
    let (headings, _, looking) = walk(files, place, &shown, begin, each)?;
    Ok(judged(table, headings, looking, names))
}

/// Says what the columns may be, and adds the names that stand in them.
fn judged(
    table: &TableMapping,
    headings: Headings,
    looking: Looking<'_>,
    names: &mut PersonNames,
) -> Columns {
    let Looking { fields, forms, samples, named, leaves, others, .. } = looking;
    let holds_names: Vec<bool> =
        named.iter().zip(&samples).map(|(named, samples)| *named || is_person(samples)).collect();
    let mut columns = Columns { forms, ..Columns::default() };
    let mut plain_ids = BTreeSet::new();
    for (number, (field, form)) in fields.iter().zip(&columns.forms).enumerate() {
        let (target, told) = (field.target, field.places.iter().map(|place| headings.told(*place)));
        let told = told.collect::<Vec<_>>().join(", ");
        let is_of_names = field.places.iter().any(|place| holds_names[*place]) && !field.how.pseudonym;
        let mut is_secret = is_of_names;
        let mut fault = |says: Say| {
            columns.faults.push((target.name, says.with("column", &told).with("name", target.name)))
        };
        let left_out = |key| Say::new(key).with("column", &told);
        columns.left_out.push(match (leaves[number], others[number]) {
            (None, _) if !field.places.is_empty() => Some(left_out("text_left_out")),
            (Some(own), Some(row)) if is_whole(table.table, target) => {
                let key = if own == Leaves::Source { "source_left_out" } else { "region_left_out" };
                Some(left_out(key).with("row", row))
            }
            _ => None,
        });
        match leaves[number] {
            _ if field.how.pseudonym || field.places.is_empty() => is_secret = false,
            Some(Leaves::Id) if form.is_kept() => {
                is_secret = false;
                plain_ids.extend(field.places.iter().copied());
            }
            Some(Leaves::Id) => fault(Say::new("id_form").with("row", form.first_other())),
            _ => {}
        }
        columns.secret.push(is_secret);
    }
    for (place, samples) in
        samples.iter().enumerate().filter(|(place, _)| holds_names[*place] && !plain_ids.contains(place))
    {
        samples.texts.keys().for_each(|name| names.add(name, &headings.told(place)));
    }
    columns.headings = headings;
    columns
}

/// Adds the names of a sheet that no table is made of.
fn of_other_sheet(files: &mut [SheetFile], place: Place, names: &mut PersonNames) -> Result<(), Say> {
    let told = format!("sheet {}", number_of(files, place));
    let (mut rows, mut row) = (files[place.0].book.rows(place.1)?, Row::default());
    let (mut named, mut samples, mut count) = (BTreeSet::new(), Vec::<Samples>::new(), 0);
    while rows.next(&mut row)? {
        count += 1;
        for column in 0..row.width() {
            let Value::Text(text) = row.value(column) else { continue };
            if count <= LOOKED_AT && by_name(&CHARGES, text) == Some(Target::Names) {
                named.insert(column);
            } else if named.contains(&column) {
                names.add(text, &told);
            } else {
                if samples.len() <= column {
                    samples.resize_with(column + 1, Samples::default);
                }
                samples[column].take(Value::Text(text), false);
            }
        }
    }
    for samples in samples.iter().filter(|samples| is_person(samples)) {
        samples.texts.keys().for_each(|name| names.add(name, &told));
    }
    Ok(())
}
