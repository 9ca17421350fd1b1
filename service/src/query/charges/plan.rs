//! Which table charges are added up from: the cheapest that tells apart what is asked.

use crate::domain::{Dimension, Measure, Period, day_number};
use crate::query::Query;
use crate::release::{Column, Columns, Cuboid, Level, Periods, Release, Table};

/// A way to answer a query.
#[derive(Debug)]
pub struct Plan<'c> {
    /// The table that charges are added up from.
    pub table: &'c Table,
    /// Which one it is; `None` for the charges themselves.
    cuboid: Option<&'c Cuboid>,
    /// The columns that a query groups by or filters, which the table has.
    pub columns: Vec<Column>,
    /// The kept statutes that have charges, ascending.
    pub statutes: Vec<usize>,
    /// The first and the last day of what is kept. A bound of the query that no charge lies beyond is none: a table that
    /// knows the year alone could not tell that.
    pub days: [Option<i32>; 2],
    /// How many rows of the table these have.
    rows: usize,
}

/// About what it costs to find where a period ends among the charges of a statute, in rows added up.
const SEARCH: usize = 24;

impl<'c> Plan<'c> {
    /// Chooses.
    pub fn of(query: &Query, by_origin: bool, release: &Release, columns: &'c Columns) -> Self {
        let statutes = kept(query, release, &columns.records);
        let needed = needed(query, by_origin, &columns.records);
        let [from, to] = bounds(query, &columns.records.periods);
        let level = level(query, from, to);
        let days = [from.map(|from| day_number(from.first_day())), to.map(|to| day_number(to.last_day()))];
        let rows_of = |table: &Table| -> usize {
            statutes.iter().map(|&statute| table.of_statute(statute).len()).sum()
        };
        let searched = statutes.len() * spans(level, &columns.records) * SEARCH;
        let all = rows_of(&columns.records);
        // Where nothing but statutes and dates is looked at, charges are counted by where they begin and end.
        let cost = if needed.is_empty() { searched.min(all) } else { all };
        let fits = |cuboid: &&Cuboid| {
            cuboid.level >= level && needed.iter().all(|&column| cuboid.table.column(column).is_some())
        };
        let cheapest = columns
            .cuboids
            .iter()
            .filter(fits)
            .map(|cuboid| (rows_of(&cuboid.table), cuboid))
            .min_by_key(|(rows, _)| *rows)
            .filter(|(rows, _)| *rows < cost);
        match cheapest {
            Some((rows, cuboid)) => {
                Self { table: &cuboid.table, cuboid: Some(cuboid), columns: needed, statutes, days, rows }
            }
            None => {
                Self { table: &columns.records, cuboid: None, columns: needed, statutes, days, rows: all }
            }
        }
    }

    /// Says which way was taken, for `Server-Timing`.
    pub fn told(&self, query: &Query) -> String {
        let mut told = Vec::new();
        if query.measures.contains(&Measure::Charges) {
            told.push(match self.cuboid {
                Some(cuboid) => {
                    let names =
                        Column::ALL.into_iter().filter(|&column| cuboid.table.column(column).is_some());
                    let names: Vec<&str> =
                        ["statute", cuboid.level.name()].into_iter().chain(names.map(Column::name)).collect();
                    format!("cube by {}: {} cells", names.join(" "), self.rows)
                }
                None if self.columns.is_empty() => "offsets of statutes and dates".to_owned(),
                None => format!("charges: {} rows", self.rows),
            });
        }
        if query.measures.iter().any(|measure| *measure != Measure::Charges) {
            told.push("distinct over charges".to_owned());
        }
        told.join(", ")
    }
}

/// The kept statutes that have charges.
fn kept(query: &Query, release: &Release, records: &Table) -> Vec<usize> {
    let has_charges = |&statute: &usize| !records.of_statute(statute).is_empty();
    let countries = query.keep.get(&Dimension::Country);
    let is_kept = |&statute: &usize| {
        countries.is_none_or(|countries| {
            let own = u16::try_from(statute).ok().and_then(|code| release.country(code));
            own.is_some_and(|own| countries.binary_search(&own.into()).is_ok())
        })
    };
    let all = match query.statutes(release) {
        Some(statutes) => statutes.into_iter().map(usize::from).collect(),
        None => (0..records.starts.len().saturating_sub(1)).collect::<Vec<_>>(),
    };
    all.into_iter().filter(has_charges).filter(is_kept).collect()
}

/// The columns that a query groups by or filters.
fn needed(query: &Query, by_origin: bool, records: &Table) -> Vec<Column> {
    let asked = |dimension| query.by.contains(&dimension) || query.keep.contains_key(&dimension);
    let is_needed = |column: &Column| match column {
        Column::Outcome => asked(Dimension::Outcome),
        Column::Role => asked(Dimension::Role),
        Column::Region => asked(Dimension::Region),
        Column::Origin => by_origin,
    };
    Column::ALL.into_iter().filter(is_needed).filter(|&column| records.column(column).is_some()).collect()
}

/// The bounds of a query that some charge lies beyond; what is of unknown date lies beyond every bound.
fn bounds(query: &Query, periods: &Periods) -> [Option<Period>; 2] {
    let reach = periods.reach();
    let from = query.from.filter(|from| reach.is_none_or(|(first, _)| first < day_number(from.first_day())));
    let to = query.to.filter(|to| reach.is_none_or(|(_, last)| last > day_number(to.last_day())));
    [from, to]
}

/// How exactly a query with these bounds tells dates apart.
fn level(query: &Query, from: Option<Period>, to: Option<Period>) -> Level {
    let grouped = if query.by.contains(&Dimension::Month) {
        Level::Month
    } else if query.by.contains(&Dimension::Year) {
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

/// About how many pieces of time a statute's charges are cut into.
fn spans(level: Level, records: &Table) -> usize {
    let years = records.periods.years().max(1);
    match level {
        Level::All => 1,
        Level::Year | Level::Day => years,
        Level::Month => years * 12,
    }
}
