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
    /// Which reported figures of a cell or series are selected.
    pub figures: Kept,
}

/// Which reported figures are selected, of those that describe the same thing in other ways. A question that groups by a
/// dimension or filters it asks for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The figures of every source; otherwise only the preferred figure of each cell.
    pub every_source: bool,
    /// The figures of every period; otherwise only those of calendar years, which make series.
    pub every_period: bool,
    /// The figures of every part of a country; otherwise only those of whole countries.
    pub every_area: bool,
    /// The figures of every counting rule; otherwise only those by the main rule of each series.
    pub every_rule: bool,
}

impl Kept {
    /// All figures.
    pub const ALL: Self = Self { every_source: true, every_period: true, every_area: true, every_rule: true };

    fn of(query: &Query) -> Self {
        let asks = |dimension| query.by.contains(&dimension) || query.keep.contains_key(&dimension);
        Self {
            every_source: asks(Dimension::Source),
            every_period: asks(Dimension::Period),
            every_area: asks(Dimension::Area),
            every_rule: asks(Dimension::Rule),
        }
    }
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
        let coded = COLUMNS.into_iter().chain([Dimension::Period, Dimension::Area, Dimension::Rule]);
        let codes = coded.filter_map(|of| Some((of, query.keep.get(&of)?.clone())));
        Self {
            by: query.by.clone(),
            measures: query.measures.clone(),
            statutes: kept.into_iter().map(provision).filter(is_kept).collect(),
            codes: codes.collect(),
            from: query.from,
            to: query.to,
            figures: Kept::of(query),
        }
    }

    /// Resolves a query that counts records by the values of one dimension.
    pub fn of_facets(query: &Query, of: Dimension, release: &Release) -> Self {
        let by_value = Query { by: vec![of], ..query.clone() };
        let counted = Self::of(&by_value, release);
        // Sources of a cell repeat each other, so they are counted only where the query asks for all of them.
        Self { figures: Kept { every_source: Kept::of(query).every_source, ..counted.figures }, ..counted }
    }

    /// Returns a selection of the same records, counted as charges in other groups.
    pub fn charges_by(&self, by: Vec<Dimension>) -> Self {
        Self { by, measures: vec![Measure::Charges], ..self.clone() }
    }

    /// Returns a selection of charges that adds the source to the groups.
    pub fn charges_by_source(&self) -> Self {
        self.charges_by([&self.by[..], &[Dimension::Source]].concat())
    }

    /// Returns the number of a selected figure in a dimension: that of the statute it stands for, not its own.
    pub fn key(&self, release: &Release, figure: &Figure, dimension: Dimension) -> Option<i32> {
        match dimension {
            Dimension::Country | Dimension::Statute | Dimension::Category => {
                let place = self.statutes.binary_search_by_key(&figure.statute, |statute| statute.code);
                place.ok().and_then(|place| self.statutes[place].key(dimension))
            }
            _ => release.key(figure, dimension),
        }
    }
}
