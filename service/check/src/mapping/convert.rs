//! Applies a mapping to sheets.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use crate::domain::tables::Need;
use crate::domain::{Lists, Say};
use crate::ingest::Reason;
use crate::ingest::column_names::REJECTED_BECAUSE;
use crate::package::DESCRIPTOR;
use crate::sheet::Row;

use super::columns::column_of;
use super::form::{HiddenRows, Mapping, Origin, TableMapping};
use super::headings::Headings;
use super::names::PersonNames;
use super::people::names_of;
use super::pseudonym::Key;
use super::refusals::{Refusal, Refusals};
use super::row::{Field, total};
use super::values::is_code;
use super::walk::{Place, SheetFile, places, walk};
use super::warnings::{Seen, warnings};

/// The name of a mapping in a package.
pub const MAPPING: &str = "mapping.json";

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

/// What became of a table. `read` is the sum of rows that were written, refused and left out.
#[derive(Debug)]
pub struct Made {
    /// The name of the table.
    pub name: &'static str,
    /// Rows below the header, without empty ones.
    pub read: u64,
    /// The row of the sheet that each row of the table was made of.
    pub rows: Vec<u32>,
    /// Hidden rows that were left out.
    pub left_out: u64,
    /// The codes of each refused row.
    pub refused: std::collections::BTreeMap<u32, Vec<&'static str>>,
    /// The reasons, as far as they are listed.
    pub refusals: Vec<Refusal>,
    /// What somebody should know of the sheet.
    pub warnings: Vec<Say>,
}

/// Applies a mapping. `created` is the moment that the package states where the mapping does not.
///
/// # Errors
/// Everything for which nothing can be made at all: a sheet, a column or a key that is missing, a code that is none, a
/// file that is damaged.
pub fn convert(
    files: &mut [SheetFile],
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
    let mut names = PersonNames::default();
    for (table, place) in mapping.tables.iter().zip(&places) {
        names_of(files, *place, table, &mut names)?;
    }
    let (mut tables, mut out) = (Vec::new(), Vec::new());
    for (table, place) in mapping.tables.iter().zip(&places) {
        let (made, csv) = made(files, *place, table, key, &names)?;
        out.push((format!("{}.csv", made.name), csv));
        tables.push(made);
    }
    out.insert(0, (DESCRIPTOR.to_owned(), descriptor(mapping, created)));
    out.push((MAPPING.to_owned(), without_names(mapping, &names).to_json().into_bytes()));
    let used: HashSet<Place> = places.into_iter().collect();
    Ok(Converted { tables, files: out, warnings: warnings_of_files(files, &used) })
}

fn faults_of_key(mapping: &Mapping, key: Option<&Key>) -> Vec<Say> {
    let columns = mapping.tables.iter().flat_map(|table| &table.columns);
    let Some((_, how)) = columns.into_iter().find(|(_, how)| how.pseudonym) else { return Vec::new() };
    let column = match &how.from {
        Origin::Columns(headings) => headings.join(", "),
        _ => String::new(),
    };
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
    let wrong = codes.filter(|(target, code)| !is_code(target.content, code));
    wrong
        .map(|(target, code)| Say::new("mapping_code").with("code", code).with("column", target.name))
        .collect()
}

/// What is known of a sheet while its rows are read.
struct Making<'m> {
    fields: Vec<Field<'m>>,
    is_1904: bool,
    /// The headings of the columns that each field is made of.
    headings: Vec<String>,
    out: csv::Writer<Vec<u8>>,
    record: Vec<String>,
    made: Made,
    refusals: Refusals,
    seen: Seen,
}

/// Makes a table. Returns what became of its rows, and the file.
pub(super) fn made(
    files: &mut [SheetFile],
    place: Place,
    table: &TableMapping,
    key: Option<&Key>,
    names: &PersonNames,
) -> Result<(Made, Vec<u8>), Vec<Say>> {
    let begin = |headings: &Headings, is_1904| begin(table, headings, is_1904);
    let each = |making: &mut Making<'_>, headings: &Headings, row: &Row| {
        making.take(table, headings, row, key, names)
    };
    let (headings, facts, mut making) = walk(files, place, table, begin, each)?;
    making.seen.empty_rows += facts.empty_rows - headings.empty_rows;
    for (heading, is_name) in &mut making.seen.left_out {
        *is_name = names.are_in(heading);
    }
    let Refusals { listed, rows } = making.refusals;
    let warnings = warnings(&making.seen, &headings, &facts, table.header);
    let csv = making.out.into_inner().unwrap_or_default();
    Ok((Made { refusals: listed, refused: rows, warnings, ..making.made }, csv))
}

fn begin<'m>(table: &'m TableMapping, headings: &Headings, is_1904: bool) -> Result<Making<'m>, Vec<Say>> {
    let (mut faults, mut fields, mut own, mut decided) = (Vec::new(), Vec::new(), Vec::new(), HashSet::new());
    for (target, how) in &table.columns {
        let wanted = match &how.from {
            Origin::Columns(wanted) => &wanted[..],
            _ => &[],
        };
        let mut places = Vec::new();
        for heading in wanted {
            match headings.places(heading)[..] {
                [] => faults.push(Say::new("mapping_column").with("column", heading)),
                [place] => places.push(place),
                _ => faults.push(Say::new("repeated_column").with("column", heading)),
            }
        }
        decided.extend(places.iter().copied());
        own.push(wanted.join(", "));
        fields.push(Field::new(target, how, places, Lists::bundled()));
    }
    for column in table.table.columns.iter().filter(|column| column.need == Need::Filled) {
        if !table.columns.iter().any(|(target, _)| target.name == column.name) {
            faults.push(Say::new("column_nowhere").with("name", column.name));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut seen = Seen::default();
    for heading in &table.left_out {
        decided.extend(headings.places(heading));
        seen.left_out.push((heading.clone(), false));
    }
    for (place, heading) in headings.names().iter().enumerate() {
        if !heading.is_empty() && !decided.contains(&place) && heading != REJECTED_BECAUSE {
            seen.open.push((heading.clone(), column_of(table.table, heading)));
        }
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail.
    let _written = out.write_record(table.columns.iter().map(|(target, _)| target.name));
    let made = Made {
        name: table.table.name,
        read: 0,
        rows: Vec::new(),
        left_out: 0,
        refused: Default::default(),
        refusals: Vec::new(),
        warnings: Vec::new(),
    };
    let (record, refusals) = (Vec::new(), Refusals::default());
    Ok(Making { fields, is_1904, headings: own, out, record, made, refusals, seen })
}

impl Making<'_> {
    /// Takes a row: it is written, refused or left out, or it is empty.
    fn take(
        &mut self,
        table: &TableMapping,
        headings: &Headings,
        row: &Row,
        key: Option<&Key>,
        names: &PersonNames,
    ) {
        if row.is_empty() && row.fault.is_none() {
            self.seen.empty_rows += 1;
            return;
        }
        self.made.read += 1;
        self.seen.hidden_rows += u64::from(row.hidden);
        for column in 0..row.width() {
            if headings.name(column).is_empty() && !row.value(column).is_empty() {
                *self.seen.nameless.entry(column).or_default() += 1;
            }
        }
        if row.hidden && table.hidden_rows == Some(HiddenRows::LeaveOut) {
            self.made.left_out += 1;
            return;
        }
        if let Some(says) = refused_whole(table, row) {
            self.refusals.add(row.number, None, says);
            return;
        }
        self.record.clear();
        let mut is_refused = false;
        for (field, heading) in self.fields.iter_mut().zip(&self.headings) {
            let made = field.of(row, self.is_1904, key).and_then(|text| match names.found_in(&text) {
                Some(own) if !field.how.pseudonym => {
                    Err(Say::new("names_in_value").with("column", heading).with("names", own))
                }
                _ => Ok(text),
            });
            match made {
                Ok(text) => self.record.push(text),
                Err(says) => {
                    is_refused = true;
                    self.refusals.add(row.number, Some(heading), says);
                }
            }
        }
        if !is_refused {
            let _written = self.out.write_record(&self.record);
            self.made.rows.push(row.number);
        }
    }
}

/// Returns why a row is refused, whatever stands in its columns.
fn refused_whole(table: &TableMapping, row: &Row) -> Option<Say> {
    if let Some(fault) = row.fault {
        return Some(Say::new(match fault {
            Reason::InvalidUtf8 => "invalid_utf8",
            Reason::ControlCharacter => "control_character",
            Reason::FieldTooLong => "field_too_long",
            Reason::StrayQuote => "stray_quote",
            _ => "unclosed_quote",
        }));
    }
    if row.hidden && table.hidden_rows.is_none() {
        return Some(Say::new("hidden_row"));
    }
    total(row).map(|text| Say::new("total_row").with("value", text))
}

fn descriptor(mapping: &Mapping, created: &str) -> Vec<u8> {
    let mut package = mapping.package.clone();
    let resources: Vec<Json> = mapping
        .tables
        .iter()
        .map(|table| json!({ "name": table.table.name, "path": format!("{}.csv", table.table.name) }))
        .collect();
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

/// Returns the mapping without values that a name stands in.
fn without_names(mapping: &Mapping, names: &PersonNames) -> Mapping {
    let mut mapping = mapping.clone();
    for (_, how) in mapping.tables.iter_mut().flat_map(|table| &mut table.columns) {
        how.values.retain(|value, _| names.found_in(value).is_none());
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
        for (_, sheet) in sheets.filter(|(place, _)| !used.contains(&(number, *place))) {
            let key = if sheet.hidden { "sheet_hidden_sheet" } else { "sheet_not_chosen" };
            warnings.push(Say::new(key).with("sheet", &sheet.name));
        }
    }
    warnings
}
