//! The numbering of cells. A cell is a combination of dimension values; every selected charge belongs to one cell, and the
//! cells with charges are the rows of the answer.
//!
//! Dimensions that depend on the same thing share one digit of the cell number: a statute determines its country and category
//! of offence, and a month determines its year. The numbering therefore covers only combinations that can occur.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::Plan;
use crate::domain::{Dimension, Measure};
use crate::query::in_time;
use crate::release::{COLUMNS, Codes, Columns, Periods, Table, number};
use chargesheet_count::engine::Cells;
use chargesheet_count::engine::{Provision, Selection};

/// A digit of the cell number, named after what determines it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Statute,
    Time,
    Of(Dimension),
}

/// The distinct values of the dimensions that share a digit.
#[derive(Debug, Default)]
struct Values {
    /// Indexes of these dimensions in `by`.
    dimensions: Vec<usize>,
    /// The values, sorted. A single empty tuple where no dimension uses this digit.
    tuples: Vec<Vec<Option<i32>>>,
    /// The weight of this digit in a cell number.
    stride: u64,
}

impl Values {
    fn size(&self) -> u64 {
        self.tuples.len() as u64
    }

    fn place(&self, tuple: &[Option<i32>]) -> Option<u32> {
        self.tuples
            .binary_search_by(|other| other.as_slice().cmp(tuple))
            .ok()
            .and_then(|place| u32::try_from(place).ok())
    }
}

/// The limit of cell numbers. Higher ones could not be distinguished from [`super::scan::Key::OUT`].
const MOST_CELLS: u64 = 1 << 59;

/// The cells of a selection, and the digits of statutes, dates and codes in their numbers.
#[derive(Debug)]
pub struct Layout {
    parts: BTreeMap<Part, Values>,
    /// Number of dimensions of the answer.
    dimensions: usize,
    /// Number of cells.
    pub cells: u64,
    /// Whether ascending cell numbers give the rows in their final order.
    pub is_in_order: bool,
    /// The selected statutes that have charges, each with its digit.
    pub statutes: Vec<(usize, u32)>,
    /// For each date of the charges, its digit; `None` where the date is not selected. Empty unless distinct defendants or
    /// cases are counted.
    pub dates: Vec<Option<u32>>,
    /// The same for each period of the table that is added up.
    pub periods: Vec<Option<u32>>,
    /// For each column that the selection uses, the digit of each code; `None` where the code is not selected.
    pub codes: Vec<(Dimension, Vec<Option<u32>>)>,
}

impl Layout {
    /// Lays out a selection; `None` when there would be too many cells to number.
    pub fn of(selection: &Selection, columns: &Columns, plan: &Plan) -> Option<Self> {
        let mut parts: BTreeMap<Part, Values> = BTreeMap::new();
        let mut order: Vec<Part> = Vec::new();
        for (place, &dimension) in selection.by.iter().enumerate() {
            let part = part(dimension);
            parts.entry(part).or_default().dimensions.push(place);
            order.push(part);
        }
        // The rows come out in order when the dimensions of each digit are neighbours in `by`.
        order.dedup();
        let is_in_order = order.len() == parts.len();
        for part in [Part::Statute, Part::Time] {
            parts.entry(part).or_default();
        }
        let statutes = statutes(selection, &plan.statutes, &mut parts);
        let [dates, periods] = times(selection, columns, plan, &mut parts);
        let codes = plan
            .columns
            .iter()
            .map(|&column| (column, codes(selection, column, columns, &plan.statutes, &mut parts)))
            .collect();
        for values in parts.values_mut().filter(|values| values.tuples.is_empty()) {
            // No charge is selected, or none has a source.
            values.tuples.push(vec![None; values.dimensions.len()]);
        }
        let mut cells: u64 = 1;
        let mut seen = BTreeSet::new();
        let first: Vec<Part> = order.into_iter().filter(|&part| seen.insert(part)).collect();
        for part in first.iter().rev() {
            if let Some(values) = parts.get_mut(part) {
                values.stride = cells;
                // Statutes need 16 bits, months 17, and the columns of codes 8, 8 and 16. Only further coded texts can exceed
                // the limit.
                cells = cells.checked_mul(values.size()).filter(|&cells| cells < MOST_CELLS)?;
            }
        }
        let dimensions = selection.by.len();
        Some(Self { parts, dimensions, cells, is_in_order, statutes, dates, periods, codes })
    }

    /// Returns the weight of the statute's digit in a cell number.
    pub fn statute_stride(&self) -> u64 {
        self.stride(Part::Statute)
    }

    /// Returns the weight of the date's digit in a cell number.
    pub fn time_stride(&self) -> u64 {
        self.stride(Part::Time)
    }

    /// Returns the weight of a column's digit in a cell number, and how many values the digit has.
    pub fn column(&self, column: Dimension) -> (u64, u64) {
        let values = self.parts.get(&Part::Of(column));
        values.map_or((0, 1), |values| (values.stride, values.size()))
    }

    fn stride(&self, part: Part) -> u64 {
        self.parts.get(&part).map_or(0, |values| values.stride)
    }

    /// Returns the dimension values of cells: one column for each dimension.
    pub fn keys(&self, cells: &[u64]) -> Vec<Cells<Option<i32>>> {
        let mut keys = vec![Cells::default(); self.dimensions];
        for values in self.parts.values().filter(|values| !values.dimensions.is_empty()) {
            for (within, &dimension) in values.dimensions.iter().enumerate() {
                let column: Vec<Option<i32>> = values.tuples.iter().map(|tuple| tuple[within]).collect();
                let place = |cell: u64| ((cell / values.stride) % values.size()) as usize;
                keys[dimension] = in_time(cells).map(|&cell| column[place(cell)]).collect();
            }
        }
        keys
    }
}

fn part(dimension: Dimension) -> Part {
    match dimension {
        column if COLUMNS.contains(&column) => Part::Of(column),
        time if time.is_time() => Part::Time,
        _ => Part::Statute,
    }
}

fn statutes(
    selection: &Selection,
    kept: &[Provision],
    parts: &mut BTreeMap<Part, Values>,
) -> Vec<(usize, u32)> {
    let values = parts.entry(Part::Statute).or_default();
    let tuple = |statute: &Provision| -> Vec<Option<i32>> {
        values.dimensions.iter().map(|&place| statute.key(selection.by[place])).collect()
    };
    let tuples: Vec<Vec<Option<i32>>> = kept.iter().map(tuple).collect();
    let known: BTreeSet<&Vec<Option<i32>>> = tuples.iter().collect();
    values.tuples = known.into_iter().cloned().collect();
    let placed = |(statute, tuple): (&Provision, &Vec<_>)| Some((statute.code.into(), values.place(tuple)?));
    kept.iter().zip(&tuples).filter_map(placed).collect()
}

/// Numbers the dates of the charges, by which only distinct defendants and cases are counted, and the periods of the table
/// that is added up. Both get the same digits.
fn times(
    selection: &Selection,
    columns: &Columns,
    plan: &Plan,
    parts: &mut BTreeMap<Part, Values>,
) -> [Vec<Option<u32>>; 2] {
    let values = parts.entry(Part::Time).or_default();
    let dimensions: Vec<Dimension> = values.dimensions.iter().map(|&place| selection.by[place]).collect();
    let is_distinct = selection.measures.iter().any(|measure| *measure != Measure::Charges);
    let (records, table) = (&columns.records.periods, &plan.table.periods);
    let is_same = std::ptr::eq(records, table);
    let dates = if is_distinct || is_same { kept_times(plan, &dimensions, records) } else { Vec::new() };
    let periods = if is_same { Vec::new() } else { kept_times(plan, &dimensions, table) };
    // Neighbouring dates mostly give the same time: there are far fewer months than days.
    let mut known: Vec<Time> = Vec::new();
    for &time in dates.iter().chain(&periods).flatten() {
        if known.last() != Some(&time) {
            known.push(time);
        }
    }
    known.sort_unstable();
    known.dedup();
    values.tuples = known.iter().map(|time| time[..dimensions.len()].to_vec()).collect();
    let dates = places(&dates, &known);
    if is_same { [dates.clone(), dates] } else { [dates, places(&periods, &known)] }
}

/// The parts of a period that a selection distinguishes: its year, its month, both or neither.
type Time = [Option<i32>; 2];

/// Returns, for each period, the parts that the selection distinguishes; `None` where the period is not selected.
fn kept_times(plan: &Plan, dimensions: &[Dimension], periods: &Periods) -> Vec<Option<Time>> {
    let [from, to] = plan.days;
    // A record known only to the year is selected when its whole year lies inside. A record of unknown date never is.
    let is_kept = |days: Option<(i32, i32)>| match days {
        Some((first, last)) => from.is_none_or(|from| first >= from) && to.is_none_or(|to| last <= to),
        None => from.is_none() && to.is_none(),
    };
    let both = periods.days().iter().zip(periods.times());
    both.map(|(&days, &(year, month))| {
        let value = |place: usize| match dimensions.get(place) {
            Some(Dimension::Year) => year,
            Some(_) => month,
            None => None,
        };
        is_kept(days).then(|| [value(0), value(1)])
    })
    .collect()
}

/// Returns the index of each time among the known ones.
fn places(times: &[Option<Time>], known: &[Time]) -> Vec<Option<u32>> {
    let mut last = None;
    let mut place = |time: &Time| match last {
        Some((before, place)) if before == *time => Some(place),
        _ => {
            let place = known.binary_search(time).ok().and_then(|place| u32::try_from(place).ok())?;
            last = Some((*time, place));
            Some(place)
        }
    };
    times.iter().map(|time| time.as_ref().and_then(&mut place)).collect()
}

/// Numbers the codes of a column.
fn codes(
    selection: &Selection,
    column: Dimension,
    columns: &Columns,
    kept: &[Provision],
    parts: &mut BTreeMap<Part, Values>,
) -> Vec<Option<u32>> {
    let asked = selection.codes.get(&column);
    let is_kept = |code: u32| {
        let own = || number(column, code).and_then(|number| u32::try_from(number).ok());
        asked.is_none_or(|asked| own().is_some_and(|own| asked.binary_search(&own).is_ok()))
    };
    let used = used(column, columns, kept);
    let kept = (0..).zip(&used).map(|(code, &used)| (code, used && is_kept(code)));
    let Some(values) = parts.get_mut(&Part::Of(column)) else {
        return kept.map(|(_, is_kept)| is_kept.then_some(0)).collect();
    };
    // Codes ascend and "unknown" comes first, so digits are in the order of the values.
    let place = |(code, is_kept): (u32, bool)| {
        let place = u32::try_from(values.tuples.len()).ok().filter(|_| is_kept)?;
        values.tuples.push(vec![number(column, code)]);
        Some(place)
    };
    kept.map(place).collect()
}

/// Finds which codes of a column the selected statutes use, from the smallest table that has the column. The result has an
/// entry for every code that the column's width can hold.
fn used(column: Dimension, columns: &Columns, kept: &[Provision]) -> Vec<bool> {
    let tables = columns.cuboids.iter().map(|cuboid| &cuboid.table).chain([&columns.records]);
    let rows = |table: &Table| -> usize {
        kept.iter().map(|statute| table.of_statute(statute.code.into()).len()).sum()
    };
    let with = tables.filter(|table| table.column(column).is_some()).min_by_key(|table| rows(table));
    let Some((table, codes)) = with.and_then(|table| Some((table, table.column(column)?))) else {
        return vec![true];
    };
    let own = columns.records.column(column).map_or(0, Codes::bound);
    let mut used = vec![false; codes.bound().max(own)];
    for statute in kept {
        let rows = table.of_statute(statute.code.into());
        match codes {
            Codes::U8(codes) => codes[rows].iter().for_each(|&code| used[usize::from(code)] = true),
            Codes::U16(codes) => codes[rows].iter().for_each(|&code| used[usize::from(code)] = true),
            Codes::U32(codes) => codes[rows].iter().for_each(|&code| used[code as usize] = true),
        }
    }
    used
}
