//! The reported figures that a query keeps, one by one: what may be added, and what stands behind an answer, is asked of
//! each.

use super::Query;
use crate::domain::{Dimension, Period};
use crate::ingest::{Figure, Records};
use crate::release::Release;

/// The figures of an answer, with what they are grouped by.
pub(super) struct Kept<'r> {
    /// Places of the figures in the release, ascending.
    pub places: Vec<usize>,
    figures: &'r [Figure],
    standing: Vec<u16>,
    categories: Vec<Option<u16>>,
}

impl<'r> Kept<'r> {
    /// Finds the figures that an answer is made of; none in a case-level dataset.
    ///
    /// The same that [`aggregate`](super::aggregate()) adds up, found without it: a property test compares them.
    pub fn by(query: &Query, release: &'r Release) -> Self {
        let figures: &[Figure] = match release.records() {
            Records::Figures { figures, .. } => figures,
            Records::Charges(_) => &[],
        };
        let statutes = query.statutes(release);
        let by_source = query.by.contains(&Dimension::Source) || query.keep.contains_key(&Dimension::Source);
        let keeps = |dimension: Dimension, number: u32| {
            query.keep.get(&dimension).is_none_or(|kept| kept.contains(&number))
        };
        let is_kept = |figure: &Figure| {
            query.measures.contains(&figure.measure)
                && (by_source || figure.preferred)
                && statutes.as_ref().is_none_or(|kept| kept.binary_search(&figure.statute).is_ok())
                && keeps(Dimension::Country, figure.country.into())
                && keeps(Dimension::Outcome, figure.outcome.into())
                && keeps(Dimension::Source, figure.source.into())
                && inside(figure.year, query)
        };
        let places = figures.iter().enumerate().filter(|(_, figure)| is_kept(figure));
        Self {
            places: places.map(|(place, _)| place).collect(),
            figures,
            standing: query.standing(release),
            categories: query.categories(release),
        }
    }

    /// Returns the figures kept.
    pub fn figures(&self) -> impl Iterator<Item = &'r Figure> {
        self.places.iter().map(|&place| &self.figures[place])
    }

    /// Returns the code of the statute that a figure stands for.
    pub fn standing(&self, figure: &Figure) -> u16 {
        self.standing[usize::from(figure.statute)]
    }

    /// Returns a figure's number in a dimension.
    pub fn key(&self, figure: &Figure, dimension: Dimension) -> Option<i32> {
        match dimension {
            Dimension::Country => Some(figure.country.into()),
            Dimension::Statute => Some(self.standing(figure).into()),
            Dimension::Category => self.categories[usize::from(figure.statute)].map(i32::from),
            Dimension::Outcome => Some(figure.outcome.into()),
            Dimension::Source => Some(figure.source.into()),
            Dimension::Year => Some(figure.year),
            Dimension::Role | Dimension::Region | Dimension::Month => None,
        }
    }
}

/// Whether a calendar year lies wholly inside what a query keeps.
fn inside(year: i32, query: &Query) -> bool {
    if query.from.is_none() && query.to.is_none() {
        return true;
    }
    let first = i16::try_from(year).ok().and_then(|year| jiff::civil::Date::new(year, 1, 1).ok());
    first.map(Period::Year).is_some_and(|period| {
        query.from.is_none_or(|from| period.first_day() >= from.first_day())
            && query.to.is_none_or(|to| period.last_day() <= to.last_day())
    })
}

/// Returns the codes of the statutes whose own figures an answer is made of, in order; none in a case-level dataset.
pub fn statutes_behind(query: &Query, release: &Release) -> Vec<u16> {
    let mut behind: Vec<u16> = Kept::by(query, release).figures().map(|figure| figure.statute).collect();
    behind.sort_unstable();
    behind.dedup();
    behind
}
