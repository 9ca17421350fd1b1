//! Makes a table of the rows of a sheet.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::domain::Say;
use crate::domain::tables::{Column, Need};
use crate::ingest::Reason;
use crate::ingest::column_names::REJECTED_BECAUSE;
use crate::sheet::Row;

use super::columns::{column_of, is_listed};
use super::form::{HiddenRows, TableMapping};
use super::headings::Headings;
use super::leaves::{Cleared, Gate, country_of_region, leaves};
use super::people::Columns;
use super::pseudonym::Key;
use super::refusals::{Refusal, Refusals};
use super::row::{Field, total};
use super::walk::{Place, SheetFile, walk};
use super::warnings::{Seen, warnings};

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
    pub refused: BTreeMap<u32, Vec<&'static str>>,
    /// How many of them are sums of other rows, which are no records.
    pub totals: u64,
    /// The ids of statutes that its rows name.
    pub statutes: BTreeSet<String>,
    /// The reasons, as far as they are listed.
    pub refusals: Vec<Refusal>,
    /// What somebody should know of the sheet.
    pub warnings: Vec<Say>,
}

/// What is known of a sheet while its rows are read.
struct Making<'m> {
    fields: Vec<Field<'m>>,
    is_1904: bool,
    /// The columns that each field is made of, as they are told.
    headings: Vec<String>,
    out: csv::Writer<Vec<u8>>,
    record: Vec<Cleared>,
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
    gate: &Gate<'_>,
    columns: &Columns,
) -> Result<(Made, Vec<u8>), Vec<Say>> {
    let begin = |headings: &Headings, is_1904| begin(table, headings, is_1904, columns);
    let each = |making: &mut Making<'_>, headings: &Headings, row: &Row| {
        making.take(table, headings, row, key, gate, columns)
    };
    let (headings, facts, mut making) = walk(files, place, table, begin, each)?;
    making.seen.empty_rows += facts.empty_rows - headings.empty_rows;
    for (heading, is_name) in &mut making.seen.left_out {
        *is_name = gate.names.are_in(heading);
    }
    let Refusals { listed, rows } = making.refusals;
    let warnings = warnings(&making.seen, &headings, &facts, table.header);
    let csv = making.out.into_inner().unwrap_or_default();
    Ok((Made { refusals: listed, refused: rows, warnings, ..making.made }, csv))
}

fn begin<'m>(
    table: &'m TableMapping,
    headings: &Headings,
    is_1904: bool,
    columns: &Columns,
) -> Result<Making<'m>, Vec<Say>> {
    let (mut faults, mut fields, mut own, mut decided) = (Vec::new(), Vec::new(), Vec::new(), HashSet::new());
    for (number, (target, how)) in table.columns.iter().enumerate() {
        let wanted = how.from.headings();
        let mut places = Vec::new();
        for heading in wanted {
            match headings.places(heading)[..] {
                [] => faults.push(missing_column(target, heading)),
                [place] => places.push(place),
                [place, ..] => faults.push(Say::new("repeated_column").with("column", headings.told(place))),
            }
        }
        decided.extend(places.iter().copied());
        own.push(places.iter().map(|place| headings.told(*place)).collect::<Vec<_>>().join(", "));
        let mut field = Field::new(target, how, places);
        field.is_secret = columns.secret.get(number).copied().unwrap_or(true);
        field.is_left_out = columns.left_out.get(number).is_none_or(Option::is_some);
        fields.push(field);
    }
    for column in table.table.columns.iter().filter(|column| column.need == Need::Filled) {
        if !table.columns.iter().any(|(target, _)| target.name == column.name) {
            faults.push(Say::new("column_nowhere").with("name", column.name));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut seen = Seen { texts: columns.left_out.iter().flatten().cloned().collect(), ..Seen::default() };
    let places_left_out: Vec<usize> =
        table.left_out.iter().flat_map(|heading| headings.places(heading)).collect();
    for (place, heading) in headings.names().iter().enumerate() {
        let is_chosen = places_left_out.contains(&place);
        if heading.is_empty() || (decided.contains(&place) && !is_chosen) || heading == REJECTED_BECAUSE {
            continue;
        }
        let (told, column) = (headings.told(place), column_of(table.table, heading));
        let is_text = |name| table.table.column(name).is_some_and(|own| leaves(table.table, own).is_none());
        if column.is_some_and(is_text) {
            seen.texts.push(Say::new("text_left_out").with("column", told));
        } else if is_chosen {
            seen.left_out.push((told, false));
        } else {
            seen.open.push((told, column));
        }
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail.
    let _written = out.write_record(fields.iter().filter(|own| !own.is_left_out).map(|own| own.target.name));
    let made = Made {
        name: table.table.name,
        read: 0,
        rows: Vec::new(),
        left_out: 0,
        refused: BTreeMap::new(),
        totals: 0,
        statutes: BTreeSet::new(),
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
        gate: &Gate<'_>,
        columns: &Columns,
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
            self.made.totals += u64::from(says.key == "total_row");
            self.refusals.add(row.number, None, says);
            return;
        }
        self.record.clear();
        let mut is_refused = false;
        for ((field, heading), form) in self.fields.iter_mut().zip(&self.headings).zip(&columns.forms) {
            if field.is_left_out {
                continue;
            }
            let made = field.of(row, self.is_1904, key);
            match made.and_then(|asking| gate.pass(table.table, field.target, form, asking)) {
                Ok(text) => self.record.push(text),
                Err(says) => {
                    is_refused = true;
                    self.refusals.add(row.number, Some(heading), says);
                }
            }
        }
        if is_refused {
            return;
        }
        let kept = self.fields.iter().filter(|field| !field.is_left_out);
        let kept: Vec<(&Column, &str)> =
            kept.map(|field| field.target).zip(self.record.iter().map(Cleared::text)).collect();
        let of = |name: &str| kept.iter().find(|(own, text)| own.name == name && !text.is_empty());
        let region = of("region").or(of("area"));
        let is_other = |(_, text): &&(&Column, &str)| {
            country_of_region(text) != of("country").map(|(_, country)| *country)
        };
        if let Some((column, _)) = region.filter(is_other) {
            let says = Say::new("region_country").with("column", column.name);
            self.refusals.add(row.number, Some(column.name), says);
            return;
        }
        self.made.statutes.extend(of("statute").map(|(_, statute)| (*statute).to_owned()));
        let _written = self.out.write_record(&self.record);
        self.made.rows.push(row.number);
    }
}

/// Says that a mapping names a column that the sheet has not. A heading of somebody's mapping is quoted only if it stands in our lists.
pub(super) fn missing_column(target: &Column, heading: &str) -> Say {
    let told = if is_listed(heading) { heading } else { target.name };
    Say::new("mapping_column").with("column", told)
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
    total(row).map(|_text| Say::new("total_row"))
}
