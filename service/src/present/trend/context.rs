//! The context of a series: its group, its statute, and the law behind the figures.

use super::note::Key;
use crate::domain::{Dimension, Language, Period};
use crate::present::texts::Texts;
use crate::present::{keys, lineage};
use crate::query::{Query, in_force_between};
use crate::release::Release;
use crate::trend::{Limits, Series, law_breaks};

/// The question that the series answer, and the language of the texts.
pub struct Context<'a> {
    pub query: &'a Query,
    pub release: &'a Release,
    pub texts: &'static Texts,
    pub language: Language,
}

impl Context<'_> {
    /// Returns the dimensions that the keys of a series belong to.
    fn dimensions(&self) -> impl Iterator<Item = Dimension> {
        self.query.by.iter().copied().filter(|&dimension| dimension != Dimension::Year)
    }

    /// Sorts series into display order, with unknown keys last.
    pub fn sort(&self, all: &mut [Series]) {
        all.sort_by_cached_key(|series| {
            let place = |(&key, dimension): (&Option<i32>, Dimension)| {
                keys::number(key).map_or(usize::MAX, |number| self.release.place(dimension, number))
            };
            series.keys.iter().zip(self.dimensions()).map(place).collect::<Vec<_>>()
        });
    }

    /// Returns the keys of a series with their labels.
    pub fn keys(&self, series: &Series) -> Vec<Key> {
        let key = |(dimension, &key): (Dimension, &Option<i32>)| Key {
            dimension: dimension.name(),
            code: keys::code(self.release, dimension, key),
            label: keys::name(self.release, dimension, key, self.language),
        };
        self.dimensions().zip(&series.keys).map(key).collect()
    }

    /// Returns the code of a series' statute: the one among its keys, or the single statute that the query keeps.
    pub fn statute(&self, series: &Series) -> Option<u16> {
        match self.dimensions().position(|dimension| dimension == Dimension::Statute) {
            Some(column) => u16::try_from(series.keys[column]?).ok(),
            None => lineage::one(self.query, self.release),
        }
    }

    /// Returns when the statute of a series was in force.
    pub fn in_force(&self, series: &Series) -> (Option<Period>, Option<Period>) {
        let statute = self.statute(series);
        statute.map_or((None, None), |code| in_force_between(self.query, self.release, code))
    }

    /// Returns the years in which the law itself begins a new definition.
    pub fn law(&self, series: &Series) -> Vec<i32> {
        self.statute(series).map_or(Vec::new(), |code| law_breaks(self.query, self.release, code))
    }

    /// Returns the limits that decide which years of a series can be compared.
    pub fn comparable(&self, series: &Series) -> Limits {
        let (from, _) = self.in_force(series);
        Limits {
            in_force_from: from.map(Period::year),
            breaks: self.law(series),
            ..Limits::of(self.query, self.release)
        }
    }
}
