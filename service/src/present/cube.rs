//! An answer as statisticians take it: axes of codes, and a figure for each combination. JSON-stat and SDMX are made from this.

use std::collections::BTreeSet;

use super::keys::code;
use super::table::{Cell, Column, Holds, cell, columns};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::engine::Gap;
use crate::query::Query;
use crate::release::Release;

/// The code that stands for one that is not known, as in SDMX.
pub const UNKNOWN: &str = "_U";

/// An answer as a cube.
pub struct Cube<'a> {
    /// The axes, in the order of the query.
    pub axes: Vec<Axis>,
    /// The columns of figures: the last axis.
    pub figures: Vec<Column>,
    /// The query.
    pub query: &'a Query,
    /// The release.
    pub release: &'a Release,
    answer: &'a Published,
}

/// A dimension of an answer.
pub struct Axis {
    /// The dimension.
    pub dimension: Dimension,
    /// Its position in the query.
    place: usize,
    /// The keys that occur, in the order of their codes; `None`, which comes first, is one that is not known.
    pub keys: Vec<Option<i32>>,
}

impl Axis {
    /// Returns the code of a key.
    pub fn code(&self, release: &Release, key: Option<i32>) -> String {
        code(release, self.dimension, key).unwrap_or_else(|| UNKNOWN.to_owned())
    }

    /// Returns the label of a key in a language.
    pub fn label(&self, release: &Release, key: Option<i32>, language: Language) -> String {
        let number = key.filter(|_| !self.dimension.is_time()).and_then(|key| u32::try_from(key).ok());
        match number {
            Some(number) => release.label(self.dimension, number, language).to_owned(),
            None if key.is_none() => super::texts::Texts::of(language).unknown.clone(),
            None => self.code(release, key),
        }
    }
}

/// A figure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// A number that is whole.
    Whole(u64),
    /// A share or a rate.
    Real(f64),
    /// No figure; never zero.
    None(Gap),
}

impl<'a> Cube<'a> {
    /// Makes the cube of an answer.
    pub fn of(query: &'a Query, release: &'a Release, answer: &'a Published) -> Self {
        let axis = |(place, &dimension): (usize, &Dimension)| {
            let keys: BTreeSet<Option<i32>> = answer.each_row().map(|row| answer.key(place, row)).collect();
            Axis { dimension, place, keys: keys.into_iter().collect() }
        };
        let is_figure =
            |own: &Column| matches!(own.holds, Holds::Count(_) | Holds::Share(_) | Holds::Rate(_));
        Self {
            axes: query.by.iter().enumerate().map(axis).collect(),
            figures: columns(query, release).into_iter().filter(is_figure).collect(),
            query,
            release,
            answer,
        }
    }

    /// Returns the number of combinations; `usize::MAX` where they are more than can be counted.
    pub fn size(&self) -> usize {
        let lengths = self.axes.iter().map(|axis| axis.keys.len()).chain([self.figures.len()]);
        lengths.fold(1_usize, usize::saturating_mul)
    }

    /// Returns the rows of the answer.
    pub fn rows(&self) -> impl Iterator<Item = usize> + use<> {
        self.answer.each_row()
    }

    /// Returns the keys of a row.
    pub fn keys(&self, row: usize) -> impl Iterator<Item = Option<i32>> {
        self.axes.iter().map(move |axis| self.answer.key(axis.place, row))
    }

    /// Returns the place of each key of a row on its axis.
    pub fn places(&self, row: usize) -> impl Iterator<Item = usize> {
        let found = |(axis, key): (&Axis, Option<i32>)| axis.keys.binary_search(&key).unwrap_or_default();
        self.axes.iter().zip(self.keys(row)).map(found)
    }

    /// Returns the figure of a row in a column of figures.
    pub fn figure(&self, column: &Column, row: usize) -> Figure {
        match cell(column.holds, self.release, self.answer, row) {
            Cell::Count(count) => Figure::Whole(count),
            Cell::Share(real) | Cell::Rate(real) => Figure::Real(real),
            Cell::Absent(gap) => Figure::None(gap),
            // No column of figures holds anything else.
            _ => Figure::None(Gap::Unknown),
        }
    }

    /// Returns the observation status of a row in SDMX's codes; `A` where the dataset has none.
    pub fn status(&self, row: usize) -> &'static str {
        self.answer.evidence(row).map_or("A", |evidence| evidence.status.code())
    }
}
