//! The numbers of cells of many rows at once.

use std::ops::{AddAssign, Range};

use super::layout::Layout;
use crate::release::{Codes, Table};

/// Rows whose cells are found at once: few enough to stay in the fastest cache.
pub const CHUNK: usize = 512;

/// The number of a cell, as wide as it must be.
pub trait Key: Copy + Default + AddAssign + Ord + Send + Sync {
    /// What is added for a code that is not kept: more than any cell's number, and several of them still fit.
    const OUT: Self;
    /// Takes a number that fits.
    fn of(number: u64) -> Self;
    /// Returns the number.
    fn wide(self) -> u64;
}

impl Key for u32 {
    const OUT: Self = 1 << 28;

    #[inline]
    fn of(number: u64) -> Self {
        Self::try_from(number).expect("dense cells are few")
    }

    #[inline]
    fn wide(self) -> u64 {
        self.into()
    }
}

impl Key for u64 {
    const OUT: Self = 1 << 60;

    #[inline]
    fn of(number: u64) -> Self {
        number
    }

    #[inline]
    fn wide(self) -> u64 {
        self
    }
}

/// Turns rows of a table into numbers.
pub struct Scan<'t, K> {
    /// For each column that is looked at: what each of its codes adds.
    columns: Vec<(&'t Codes, Vec<K>)>,
}

impl<'t, K: Key> Scan<'t, K> {
    /// Makes one of a table and what places of codes add: `stride` gives it by the place of the column in
    /// [`Layout::codes`]. With `periods`, dates are looked at as well.
    pub fn of(
        table: &'t Table,
        layout: &Layout,
        stride: impl Fn(usize) -> u64,
        periods: Option<(&[Option<u32>], u64)>,
    ) -> Self {
        let mut columns = Vec::new();
        if let Some((places, stride)) = periods {
            columns.push((&table.period, added(places, stride, table.period.bound())));
        }
        for (number, (column, places)) in layout.codes.iter().enumerate() {
            if let Some(codes) = table.column(*column) {
                columns.push((codes, added(places, stride(number), codes.bound())));
            }
        }
        Self { columns }
    }

    /// Whether no row is looked at: all of a piece are counted in one cell.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Finds the cells of at most [`CHUNK`] rows, each `base` and what its codes add.
    #[inline]
    pub fn keys<'k>(&self, rows: Range<usize>, base: K, keys: &'k mut [K; CHUNK]) -> &'k [K] {
        let keys = &mut keys[..rows.len()];
        keys.fill(base);
        for (codes, added) in &self.columns {
            match codes {
                Codes::U8(codes) => {
                    let added: &[K; 1 << 8] =
                        added.as_slice().try_into().expect("it is as long as its codes are wide");
                    for (key, &code) in keys.iter_mut().zip(&codes[rows.clone()]) {
                        *key += added[usize::from(code)];
                    }
                }
                Codes::U16(codes) => {
                    let added: &[K; 1 << 16] =
                        added.as_slice().try_into().expect("it is as long as its codes are wide");
                    for (key, &code) in keys.iter_mut().zip(&codes[rows.clone()]) {
                        *key += added[usize::from(code)];
                    }
                }
                Codes::U32(codes) => {
                    for (key, &code) in keys.iter_mut().zip(&codes[rows.clone()]) {
                        *key += added[code as usize];
                    }
                }
            }
        }
        keys
    }
}

/// What each code adds to a cell's number.
fn added<K: Key>(places: &[Option<u32>], stride: u64, bound: usize) -> Vec<K> {
    let mut added = vec![K::OUT; bound];
    for (added, place) in added.iter_mut().zip(places) {
        if let Some(place) = place {
            *added = K::of(u64::from(*place) * stride);
        }
    }
    added
}

/// A stretch of dates that are counted in one cell, or not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first date's place.
    pub from: u32,
    /// The place behind the last one.
    pub to: u32,
    /// Where it is counted.
    pub place: Option<u32>,
}

/// Cuts the dates of a table into spans.
pub fn spans(places: &[Option<u32>]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (number, &place) in (0..).zip(places) {
        match spans.last_mut() {
            Some(last) if last.place == place => last.to = number + 1,
            _ => spans.push(Span { from: number, to: number + 1, place }),
        }
    }
    spans
}

/// Finds the rows of each span among some rows of a statute.
pub fn pieces<'s>(
    table: &'s Table,
    rows: Range<usize>,
    spans: &'s [Span],
) -> impl Iterator<Item = (Span, Range<usize>)> + 's {
    let (mut from, end) = (rows.start, rows.end);
    spans.iter().filter_map(move |&span| {
        if from == end {
            return None;
        }
        let to = table.period.first_from(from..end, span.to);
        let piece = from..to;
        from = to;
        (!piece.is_empty()).then_some((span, piece))
    })
}
