//! `population.csv`: how many people countries have, for rates. An optional table.

use super::field::{Dates, Lookup, address, count, listed, year};
use super::header::{Column, Need};
use super::reader::{Rules, Table};
use super::report::{Reason, Report};
use super::row::{Refusal, Refusals, Row, Taken};
use super::unique::Unique;
use crate::domain::{Population, countries};
use crate::package::Source;

const COUNTRY: usize = 0;
const YEAR: usize = 1;
const POPULATION: usize = 2;
const SOURCE: usize = 3;
const URL: usize = 4;

pub(super) const COLUMNS: [Column; 5] = [
    Column { name: "country", need: Need::Filled },
    Column { name: "year", need: Need::Filled },
    Column { name: "population", need: Need::Filled },
    Column { name: "source", need: Need::Filled },
    Column { name: "url", need: Need::Filled },
];

/// Reads the populations, by country and year. Rows that are refused are not among them; the report says which.
///
/// There can be no more of them than countries and years, so nothing limits their number.
pub fn read(source: Source<'_>, dates: &Dates, rules: &Rules, report: &mut Report) -> Vec<Population> {
    let Some(mut table) = Table::open(source, &COLUMNS, rules, report) else {
        return Vec::new();
    };
    let mut unique: Unique<Population> = Unique::new();
    let mut known = Lookup::of(countries());
    table.for_each(|row| {
        let read = row.filled().and_then(|()| population(row, dates, &mut known));
        let population = read.inspect_err(|_| unique.refuse(key(row)))?;
        unique.take(key(row), population, row.place);
        Ok(Taken::Kept)
    });
    let (mut all, _places) = unique.settle(&mut table, COUNTRY);
    table.close(report);
    all.sort_by(|left, right| left.place().cmp(&right.place()));
    all
}

/// What names a row, as it is shown when it stands in the file twice.
fn key(row: &Row<'_>) -> String {
    [COUNTRY, YEAR].map(|column| row.text(column)).join(", ")
}

fn population(row: &Row<'_>, dates: &Dates, known: &mut Lookup) -> Result<Population, Refusals> {
    let mut faults = Refusals::default();
    faults.note(listed(row, COUNTRY, known, Reason::UnknownCountry));
    let year = faults.note(year(row, YEAR, dates));
    let persons = faults.note(count(row, POPULATION).and_then(|persons| match persons {
        0 => Err(Refusal::new(POPULATION, Reason::BadNumber, "is nobody, and a rate would be of nothing")),
        _ => Ok(persons),
    }));
    let url = faults.note(address(row, URL).map(str::to_owned));
    faults.settle()?;
    Ok(Population {
        country: row.text(COUNTRY).to_owned(),
        year: year.unwrap_or_default(),
        persons: persons.unwrap_or_default(),
        source: row.text(SOURCE).to_owned(),
        url: url.unwrap_or_default(),
    })
}
