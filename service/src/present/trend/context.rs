//! What the series of an answer are: their groups, the statute of each, and the law that stands behind it.

use super::note::Key;
use crate::domain::{Dimension, Language, Period};
use crate::present::texts::Texts;
use crate::present::{keys, lineage};
use crate::query::Query;
use crate::release::Release;
use crate::trend::{Limits, Series, in_force_between, law_breaks};

/// The question that series answer, and the language that they are described in.
pub struct Context<'a> {
    pub query: &'a Query,
    pub release: &'a Release,
    pub texts: &'static Texts,
    pub language: Language,
}

impl Context<'_> {
    /// The dimensions of the keys of a series.
    fn dimensions(&self) -> impl Iterator<Item = Dimension> {
        self.query.by.iter().copied().filter(|&dimension| dimension != Dimension::Year)
    }

    /// Puts series into the order in which people are shown them, what is unknown last.
    pub fn sort(&self, all: &mut [Series]) {
        all.sort_by_cached_key(|series| {
            let place = |(&key, dimension): (&Option<i32>, Dimension)| {
                keys::number(key).map_or(usize::MAX, |number| self.release.place(dimension, number))
            };
            series.keys.iter().zip(self.dimensions()).map(place).collect::<Vec<_>>()
        });
    }

    /// The keys of a series with their labels.
    pub fn keys(&self, series: &Series) -> Vec<Key> {
        let key = |(dimension, &key): (Dimension, &Option<i32>)| Key {
            dimension: dimension.name(),
            code: keys::code(self.release, dimension, key),
            label: keys::name(self.release, dimension, key, self.language),
        };
        self.dimensions().zip(&series.keys).map(key).collect()
    }

    /// The code of the statute of a series: its own, or the one that the query keeps.
    pub fn statute(&self, series: &Series) -> Option<u16> {
        match self.dimensions().position(|dimension| dimension == Dimension::Statute) {
            Some(column) => u16::try_from(series.keys[column]?).ok(),
            None => lineage::one(self.query, self.release),
        }
    }

    /// When the statute of a series was in force.
    pub fn in_force(&self, series: &Series) -> (Option<Period>, Option<Period>) {
        let statute = self.statute(series);
        statute.map_or((None, None), |code| in_force_between(self.query, self.release, code))
    }

    /// The years in which the law itself begins a new definition.
    pub fn law(&self, series: &Series) -> Vec<i32> {
        self.statute(series).map_or(Vec::new(), |code| law_breaks(self.query, self.release, code))
    }

    /// What decides which years of a series can be compared.
    pub fn comparable(&self, series: &Series) -> Limits {
        let (from, _) = self.in_force(series);
        Limits {
            in_force_from: from.map(Period::year),
            breaks: self.law(series),
            ..Limits::of(self.query, self.release)
        }
    }
}
