//! Rates per 100,000 people, computed from released counts.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::disclosure::Published;
use crate::domain::{Dimension, Population};
use crate::engine::{Cell, Gap};
use crate::query::{Deadline, Query};
use crate::release::Release;
use crate::statistics::{Bounds, Rate};

/// Returns the population by which a row is divided; `None` where the release has none for the row's country and year, or the
/// row has no year.
pub fn population_of<'r>(
    query: &Query,
    release: &'r Release,
    key: impl Fn(usize) -> Option<i32>,
) -> Option<&'r Population> {
    let place = |wanted| query.by.iter().position(|&dimension| dimension == wanted);
    let number = |wanted| place(wanted).map(|column| key(column).and_then(|key| u32::try_from(key).ok()));
    let of_statute = |number: u32| {
        let code = u16::try_from(number).ok()?;
        Some(release.register().at(code).country.as_str())
    };
    let country = if let Some(own) = number(Dimension::Country) {
        release.code(Dimension::Country, own?)
    } else if let Some(only) = query.only_country() {
        release.code(Dimension::Country, only)
    } else if let Some(own) = number(Dimension::Statute) {
        of_statute(own?)?
    } else {
        of_statute(*query.keep.get(&Dimension::Statute)?.first()?)?
    };
    let year = match place(Dimension::Year) {
        Some(column) => key(column)?,
        None => query.only_year()?,
    };
    release.population(country, year)
}

/// Returns the rate of each row. It is unknown where the population is.
pub fn rates(query: &Query, release: &Release, published: &Published) -> Vec<Cell<Rate>> {
    if !query.rate {
        return Vec::new();
    }
    // Computing quantiles takes a thousand times as long as everything else here, and a table mostly repeats a few counts.
    let mut known: HashMap<u64, Bounds, RandomState> = HashMap::default();
    let mut bounds = |count: u64| {
        *known.entry(count).or_insert_with(|| {
            Deadline::current().keep();
            Bounds::of(count)
        })
    };
    let rate = |row: usize| {
        let count = published.cell(0, row)?;
        let population = population_of(query, release, |column| published.key(column, row));
        let people = population.map_or(0, |population| population.persons);
        if people > 0 { Ok(bounds(count).among(people)) } else { Err(Gap::Unknown) }
    };
    published.each_row().map(rate).collect()
}
