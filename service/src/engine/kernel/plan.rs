//! The plan of a count: which table is added up. The cheapest table that distinguishes what the query needs is chosen.

use crate::domain::{Dimension, Measure, Period, day_number};
use crate::release::{COLUMNS, Columns, Cuboid, Level, Periods, Table};
use chargesheet_count::engine::{Provision, Selection};

/// The plan of a count.
#[derive(Debug)]
pub struct Plan<'c> {
    /// The table that is added up.
    pub table: &'c Table,
    /// The precomputed table, if the plan uses one; `None` for the charges themselves.
    cuboid: Option<&'c Cuboid>,
    /// The columns that the query groups or filters by, as far as the release has them.
    pub columns: Vec<Dimension>,
    /// The selected statutes that have charges, ascending.
    pub statutes: Vec<Provision>,
    /// The first and last selected day. A bound that excludes no charge is dropped, because a table that distinguishes only
    /// years could not apply it.
    pub days: [Option<i32>; 2],
}

/// Approximate cost of finding where a period ends among the charges of a statute, in rows added up.
const SEARCH: usize = 24;

impl<'c> Plan<'c> {
    /// Chooses the cheapest plan.
    pub fn of(selection: &Selection, columns: &'c Columns) -> Self {
        let records = &columns.records;
        let has_charges = |statute: &&Provision| !records.of_statute(statute.code.into()).is_empty();
        let statutes: Vec<Provision> = selection.statutes.iter().filter(has_charges).copied().collect();
        let is_needed = |column: &Dimension| {
            let is_asked = selection.by.contains(column) || selection.codes.contains_key(column);
            is_asked && records.column(*column).is_some()
        };
        let needed: Vec<Dimension> = COLUMNS.into_iter().filter(is_needed).collect();
        let [from, to] = bounds(selection, &records.periods);
        let level = level(selection, from, to);
        let days = [from.map(|from| day_number(from.first_day())), to.map(|to| day_number(to.last_day()))];
        let rows_of = |table: &Table| -> usize {
            statutes.iter().map(|statute| table.of_statute(statute.code.into()).len()).sum()
        };
        let searched = statutes.len() * spans(level, records) * SEARCH;
        let all = rows_of(records);
        // When a query uses nothing but statutes and dates, charges are counted from the positions where periods begin and
        // end.
        let cost = if needed.is_empty() { searched.min(all) } else { all };
        let fits = |cuboid: &&Cuboid| {
            cuboid.level >= level && needed.iter().all(|&column| cuboid.table.column(column).is_some())
        };
        let sized = columns.cuboids.iter().filter(fits).map(|cuboid| (rows_of(&cuboid.table), cuboid));
        let cheapest = sized.min_by_key(|(rows, _)| *rows).filter(|(rows, _)| *rows < cost);
        let cuboid = cheapest.map(|(_, cuboid)| cuboid);
        let table = cuboid.map_or(records, |cuboid| &cuboid.table);
        Self { table, cuboid, columns: needed, statutes, days }
    }

    /// Describes the plan in words, without any number: it must not reveal what a disclosure policy withholds.
    pub fn told(&self, selection: &Selection) -> String {
        let mut told = Vec::new();
        if selection.measures.contains(&Measure::Charges) {
            told.push(match self.cuboid {
                Some(cuboid) => {
                    let columns = COLUMNS.into_iter();
                    let columns = columns.filter(|&column| cuboid.table.column(column).is_some());
                    let names =
                        ["statute", cuboid.level.name()].into_iter().chain(columns.map(Dimension::name));
                    format!("cube by {}", names.collect::<Vec<_>>().join(" "))
                }
                None if self.columns.is_empty() => "offsets of statutes and dates".to_owned(),
                None => "charges".to_owned(),
            });
        }
        if selection.measures.iter().any(|measure| *measure != Measure::Charges) {
            told.push("distinct over charges".to_owned());
        }
        told.join(", ")
    }
}

/// Returns how precisely a table of these charges must distinguish dates to tell a selection.
#[cfg(feature = "cluster")]
pub fn needed(selection: &Selection, columns: &Columns) -> Level {
    let [from, to] = bounds(selection, &columns.records.periods);
    level(selection, from, to)
}

/// Returns the bounds that exclude some charge. Every bound excludes charges of unknown date.
fn bounds(selection: &Selection, periods: &Periods) -> [Option<Period>; 2] {
    let reach = periods.reach();
    let from =
        selection.from.filter(|from| reach.is_none_or(|(first, _)| first < day_number(from.first_day())));
    let to = selection.to.filter(|to| reach.is_none_or(|(_, last)| last > day_number(to.last_day())));
    [from, to]
}

/// Returns how precisely a selection with these bounds distinguishes dates.
fn level(selection: &Selection, from: Option<Period>, to: Option<Period>) -> Level {
    let grouped = if selection.by.contains(&Dimension::Month) {
        Level::Month
    } else if selection.by.contains(&Dimension::Year) {
        Level::Year
    } else {
        Level::All
    };
    let first = |period: Period| {
        let day = period.first_day();
        if day.day() > 1 {
            Level::Day
        } else if day.month() > 1 {
            Level::Month
        } else {
            Level::Year
        }
    };
    let last = |period: Period| {
        let day = period.last_day();
        if day != day.last_of_month() {
            Level::Day
        } else if day.month() < 12 {
            Level::Month
        } else {
            Level::Year
        }
    };
    grouped.max(from.map_or(Level::All, first)).max(to.map_or(Level::All, last))
}

/// Returns the approximate number of time spans into which a statute's charges are cut.
fn spans(level: Level, records: &Table) -> usize {
    let years = records.periods.years().max(1);
    match level {
        Level::All => 1,
        Level::Year | Level::Day => years,
        Level::Month => years * 12,
    }
}
