//! A query resolved to the numbers of one release: everything that an engine needs to know.

use std::collections::BTreeMap;

use crate::domain::{Dimension, Measure, Period};
use crate::ingest::Figure;
use crate::query::Query;
use crate::release::{COLUMNS, Release};

/// Which records are counted, and in which groups.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The dimensions grouped by, in output order. In a case-level dataset, `source` is the text that says where a record
    /// comes from.
    pub by: Vec<Dimension>,
    /// What is counted, in output order.
    pub measures: Vec<Measure>,
    /// The statutes whose records are selected, in order of their codes.
    pub statutes: Vec<Provision>,
    /// For each other filtered dimension, the selected numbers, ascending.
    pub codes: BTreeMap<Dimension, Vec<u32>>,
    /// Records that begin before the first day of this period are left out. A record known only to the year is kept when its
    /// whole year lies inside. A record of unknown date is kept only where there are no bounds.
    pub from: Option<Period>,
    /// Records that end after the last day of this period are left out.
    pub to: Option<Period>,
    /// Whether reported figures of every source are selected; otherwise only the preferred figure of each cell.
    pub every_source: bool,
}

/// A selected statute, with what the register says about it.
#[derive(Debug, Clone, Copy)]
pub struct Provision {
    /// Its code in the register.
    pub code: u16,
    /// Number of its country.
    pub country: Option<u16>,
    /// Code of the statute under which its records are counted: its own, unless `lineage` joins it to its successor.
    pub stands_for: u16,
    /// Category of offence of the statute under which its records are counted.
    pub category: Option<u16>,
}

impl Provision {
    /// Returns the statute's number in a dimension; `None` where it has none, and for dimensions that do not depend on the
    /// statute.
    pub fn key(&self, dimension: Dimension) -> Option<i32> {
        match dimension {
            Dimension::Country => self.country.map(i32::from),
            Dimension::Statute => Some(self.stands_for.into()),
            Dimension::Category => self.category.map(i32::from),
            _ => None,
        }
    }
}

impl Selection {
    /// Resolves a query.
    pub fn of(query: &Query, release: &Release) -> Self {
        let asks = |dimension| query.by.contains(&dimension) || query.keep.contains_key(&dimension);
        let countries = query.keep.get(&Dimension::Country);
        // Country and category are looked up by text, so only when the query needs them.
        let (with_country, with_category) =
            (asks(Dimension::Country), query.by.contains(&Dimension::Category));
        let standing = query.standing(release);
        let provision = |code: u16| {
            let stands_for = standing[usize::from(code)];
            let country = if with_country { release.country(code) } else { None };
            let category = if with_category { release.category(stands_for) } else { None };
            Provision { code, country, stands_for, category }
        };
        let is_kept = |statute: &Provision| {
            let is_one = |countries: &Vec<u32>, own: u16| countries.binary_search(&own.into()).is_ok();
            countries.is_none_or(|countries| statute.country.is_some_and(|own| is_one(countries, own)))
        };
        let all = || (0..).take(standing.len()).collect();
        let kept = query.statutes(release).unwrap_or_else(all);
        let codes = COLUMNS.into_iter().filter_map(|of| Some((of, query.keep.get(&of)?.clone())));
        Self {
            by: query.by.clone(),
            measures: query.measures.clone(),
            statutes: kept.into_iter().map(provision).filter(is_kept).collect(),
            codes: codes.collect(),
            from: query.from,
            to: query.to,
            every_source: every_source(query),
        }
    }

    /// Resolves a query that counts records by the values of one dimension.
    pub fn of_facets(query: &Query, of: Dimension, release: &Release) -> Self {
        let by_value = Query { by: vec![of], ..query.clone() };
        Self { every_source: every_source(query), ..Self::of(&by_value, release) }
    }

    /// Returns a selection of the same records, counted as charges in other groups.
    pub fn charges_by(&self, by: Vec<Dimension>) -> Self {
        Self { by, measures: vec![Measure::Charges], ..self.clone() }
    }

    /// Returns a selection of charges that adds the source to the groups.
    pub fn charges_by_source(&self) -> Self {
        self.charges_by([&self.by[..], &[Dimension::Source]].concat())
    }

    /// Returns the number of a selected figure in a dimension.
    pub fn key(&self, figure: &Figure, dimension: Dimension) -> Option<i32> {
        match dimension {
            Dimension::Outcome => Some(figure.outcome.into()),
            Dimension::Source => Some(figure.source.into()),
            Dimension::Year => Some(figure.year),
            _ => {
                let place = self.statutes.binary_search_by_key(&figure.statute, |statute| statute.code);
                place.ok().and_then(|place| self.statutes[place].key(dimension))
            }
        }
    }
}

/// Whether a query distinguishes sources, so that none has to be preferred.
fn every_source(query: &Query) -> bool {
    query.by.contains(&Dimension::Source) || query.keep.contains_key(&Dimension::Source)
}
