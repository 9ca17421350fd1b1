//! Applies a mapping to sheets.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::mem::take;

use serde_json::{Value as Json, json};

use crate::domain::Say;
use crate::domain::tables::{Column, Need, Table};
use crate::package::DESCRIPTOR;

use super::form::{Mapping, Origin, SheetChoice};
use super::id_form::IdForm;
use super::leaves::{Asking, Gate, Leaves, leaves, quoting};
use super::making::{Made, made};
use super::names::PersonNames;
use super::people::{People, people};
use super::pseudonym::Key;
use super::ready::{Ready, sources_of, statutes_of};
use super::registers::{bundled, table_of};
use super::values::{is_code, stands};
use super::walk::{Place, SheetFile, is_first_choice, number_of, places, told_sheet};

/// The name of a mapping in a package.
pub const MAPPING: &str = "mapping.json";

/// Properties of a descriptor, which may be told.
const PROPERTIES: [&str; 10] = [
    "name",
    "title",
    "description",
    "version",
    "created",
    "keywords",
    "contributors",
    "licenses",
    "sources",
    "chargesheet",
];

/// The package that sheets became, and what was refused of them.
#[derive(Debug)]
pub struct Converted {
    /// What became of each table.
    pub tables: Vec<Made>,
    /// The files of the package: the descriptor, the tables, and the mapping.
    pub files: Vec<(String, Vec<u8>)>,
    /// What somebody should know of the files.
    pub warnings: Vec<Say>,
}

/// Applies a mapping. `ready` are copied. `created` is the moment that the package states where the mapping does not.
///
/// # Errors
/// Everything for which nothing can be made at all: a sheet, a column or a key that is missing, a code that is none, a column
/// that may not be what it was chosen for, a file that is damaged.
pub fn convert(
    files: &mut [SheetFile],
    ready: &[Ready],
    mapping: &Mapping,
    key: Option<&Key>,
    created: &str,
) -> Result<Converted, Vec<Say>> {
    let mut faults = faults_of_key(mapping, key);
    faults.extend(faults_of_codes(mapping));
    let places = match places(files, mapping) {
        Ok(places) if faults.is_empty() => places,
        Ok(_) => return Err(faults),
        Err(further) => return Err(faults.into_iter().chain(further).collect()),
    };
    let sources = sources_of(ready);
    let people = people(files, &places, mapping, &sources)?;
    let gate = gate(&people, ready, &sources);
    faults.extend(people.tables.iter().flat_map(|columns| &columns.faults).map(|(_, says)| says.clone()));
    faults.extend(faults_of_texts(mapping, &gate));
    faults.extend(ready.iter().flat_map(|own| own.faults(&people.names)));
    if !faults.is_empty() {
        return Err(faults);
    }
    let (mut tables, mut out, mut statutes) = (Vec::new(), Vec::new(), BTreeSet::new());
    for ((table, place), columns) in mapping.tables.iter().zip(&places).zip(&people.tables) {
        let (mut made, csv) = made(files, *place, table, key, &gate, columns)?;
        statutes.append(&mut made.statutes);
        out.push((made.name, csv));
        tables.push(made);
    }
    let used: HashSet<Place> = places.iter().copied().collect();
    let mut warnings = warnings_of_files(files, &used);
    out.extend(ready.iter().map(|own| (own.table.name, own.bytes.clone())));
    // Without a list of the publisher's, the statutes are those of our own list.
    if !ready.iter().any(|own| own.table.name == "statutes") && !statutes.is_empty() {
        let (csv, count) = table_of(&statutes);
        out.push(("statutes", csv));
        warnings.push(Say::new("statutes_recognised").with("count", count));
    }
    let names: Vec<&str> = out.iter().map(|(name, _)| *name).collect();
    let mut all = vec![(DESCRIPTOR.to_owned(), descriptor(mapping, &names, created))];
    all.extend(out.into_iter().map(|(name, csv)| (format!("{name}.csv"), csv)));
    let written = written(files, &places, mapping, &people, &gate, key);
    all.push((MAPPING.to_owned(), written.to_json().into_bytes()));
    Ok(Converted { tables, files: all, warnings })
}

/// Returns the gate of what the files become. `sources` are the ids of all sources.
pub(super) fn gate<'p>(people: &'p People, ready: &[Ready], sources: &'p HashSet<String>) -> Gate<'p> {
    let own = statutes_of(ready);
    let statutes = own.all().iter().chain(bundled().all()).map(|statute| statute.id.clone()).collect();
    Gate { names: &people.names, statutes, sources }
}

fn faults_of_key(mapping: &Mapping, key: Option<&Key>) -> Vec<Say> {
    let columns = mapping.tables.iter().flat_map(|table| &table.columns);
    let Some((target, _)) = columns.into_iter().find(|(_, how)| how.pseudonym) else { return Vec::new() };
    let column = target.name;
    match (key, &mapping.key) {
        (None, _) => vec![Say::new("key_missing").with("column", column)],
        (Some(key), Some(mark)) if key.mark() != *mark => vec![Say::new("key_other")],
        _ => Vec::new(),
    }
}

fn faults_of_codes(mapping: &Mapping) -> Vec<Say> {
    let columns = mapping.tables.iter().flat_map(|table| &table.columns);
    let codes = columns.flat_map(|(target, how)| {
        let always = match &how.from {
            Origin::Always(text) => Some(text),
            _ => None,
        };
        how.values.values().flatten().chain(&how.empty).chain(always).map(|code| (*target, code))
    });
    let is_right = |target: &Column, code: &str| {
        is_code(target.content, code) || (code.is_empty() && target.need != Need::Filled)
    };
    let wrong = codes.filter(|(target, code)| !is_right(target, code));
    wrong.map(|(target, code)| mapping_code(target, code)).collect()
}

fn mapping_code(target: &Column, code: &str) -> Say {
    let says = quoting("mapping_code", code, target);
    let code = if says.key == "mapping_code" { code } else { "…" };
    Say::new("mapping_code").with("code", code).with("column", target.name)
}

/// Returns the faults of texts that a mapping writes itself.
fn faults_of_texts(mapping: &Mapping, gate: &Gate<'_>) -> Vec<Say> {
    let mut faults = Vec::new();
    for table in &mapping.tables {
        for (target, how) in &table.columns {
            let always = match &how.from {
                Origin::Always(text) => Some(text),
                _ => None,
            };
            let codes = how.values.values().flatten().filter(|_| is_coded(table.table, target));
            let mut all = always.into_iter().chain(&how.empty).chain(codes);
            if !all.all(|text| may_write(gate, table.table, target, text)) {
                faults.push(Say::new("mapping_text").with("column", target.name));
            }
        }
    }
    if mapping.key.as_ref().is_some_and(|key| !is_mark(key)) {
        faults.push(Say::new("key_form"));
    }
    let named = mapping.package.iter().filter(|property| is_named(*property, gate.names));
    faults.extend(named.map(|(property, _)| {
        let own = PROPERTIES.iter().find(|own| *own == property).unwrap_or(&"…");
        Say::new("mapping_package").with("property", own)
    }));
    faults
}

/// Whether a mapping may write a text into a column.
fn may_write(gate: &Gate<'_>, table: &Table, target: &'static Column, text: &str) -> bool {
    gate.pass(table, target, &IdForm::default(), Asking::Text(text.to_owned())).is_ok()
}

/// Whether a text is the mark of a key.
fn is_mark(key: &str) -> bool {
    key.len() == 8 && key.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a name stands in a property of the package.
fn is_named((property, value): (&String, &Json), names: &PersonNames) -> bool {
    names.are_told_in(property) || has_name(value, names)
}

/// Whether a name stands anywhere in a property of the package.
fn has_name(json: &Json, names: &PersonNames) -> bool {
    match json {
        Json::String(text) => names.are_told_in(text),
        Json::Array(all) => all.iter().any(|json| has_name(json, names)),
        Json::Object(all) => all.iter().any(|(name, json)| names.are_told_in(name) || has_name(json, names)),
        _ => false,
    }
}

/// Whether the values of a column become codes or ids of a list.
fn is_coded(table: &Table, column: &Column) -> bool {
    matches!(leaves(table, column), Some(own) if own != Leaves::Id)
}

fn descriptor(mapping: &Mapping, tables: &[&str], created: &str) -> Vec<u8> {
    let mut package = mapping.package.clone();
    let resources: Vec<Json> =
        tables.iter().map(|name| json!({ "name": name, "path": format!("{name}.csv") })).collect();
    package.entry("version").or_insert_with(|| "1.0.0".into());
    package.entry("created").or_insert_with(|| created.into());
    package.insert("resources".to_owned(), resources.into());
    let own = package.entry("chargesheet").or_insert_with(|| json!({}));
    if let Some(own) = own.as_object_mut() {
        own.entry("kind").or_insert_with(|| mapping.kind.name().into());
    }
    let mut text = serde_json::to_vec_pretty(&package).unwrap_or_default();
    text.push(b'\n');
    text
}

/// Returns the mapping as it is written: sheets by number, columns by headings of our lists or by letters, and no value of a cell
/// but those of our lists. Of the others stands what the key makes of them; without a key, nothing.
pub(super) fn written(
    files: &mut [SheetFile],
    places: &[Place],
    mapping: &Mapping,
    people: &People,
    gate: &Gate<'_>,
    key: Option<&Key>,
) -> Mapping {
    let mut mapping = mapping.clone();
    mapping.key = mapping.key.filter(|key| is_mark(key));
    let package = mapping.package.into_iter();
    mapping.package = package.filter(|(name, value)| !is_named((name, value), gate.names)).collect();
    for ((table, place), columns) in mapping.tables.iter_mut().zip(places).zip(&people.tables) {
        table.sheet = (!is_first_choice(files, *place, table.table))
            .then(|| SheetChoice::Number(number_of(files, *place)));
        let headings = &columns.headings;
        table.layout = Some(headings.layout());
        let first = |own: &String| headings.places(own).first().copied();
        table.left_out =
            table.left_out.iter().filter_map(|own| Some(headings.letters(first(own)?))).collect();
        let kind = table.table;
        let may = |target: &'static Column, text: &String| may_write(gate, kind, target, text);
        table.columns.retain(|(target, how)| {
            leaves(kind, target).is_some() && !matches!(&how.from, Origin::Always(text) if !may(target, text))
        });
        for (target, how) in &mut table.columns {
            how.empty = how.empty.take().filter(|text| may(target, text));
            if let Origin::Columns(own) = &mut how.from {
                *own = own.iter().filter_map(|own| Some(headings.told(first(own)?))).collect();
            }
            let is_kept = is_coded(kind, target) && !how.pseudonym;
            let is_right =
                |code: &Option<String>| is_kept && code.as_ref().is_none_or(|code| may(target, code));
            how.values.retain(|_, code| is_right(code));
            how.by_key.retain(|_, code| is_right(code));
            let (listed, other) =
                take(&mut how.values).into_iter().partition(|(value, _)| stands(target, value));
            how.values = listed;
            let other: BTreeMap<String, Option<String>> = other;
            let marked = |key: &Key, value: &str| key.value_mark(target.name, value);
            how.by_key.extend(
                key.into_iter().flat_map(|key| {
                    other.iter().map(move |(value, code)| (marked(key, value), code.clone()))
                }),
            );
        }
    }
    mapping
}

fn warnings_of_files(files: &[SheetFile], used: &HashSet<Place>) -> Vec<Say> {
    let mut warnings = Vec::new();
    for (number, file) in files.iter().enumerate() {
        if file.book.has_macros() {
            warnings.push(Say::new("sheet_macros"));
        }
        let sheets = file.book.sheets().iter().enumerate();
        for (place, sheet) in sheets.filter(|(place, _)| !used.contains(&(number, *place))) {
            let key = if sheet.hidden { "sheet_hidden_sheet" } else { "sheet_not_chosen" };
            warnings.push(Say::new(key).with("sheet", told_sheet(files, (number, place))));
        }
    }
    warnings
}
