//! A scan over rows that computes their cell numbers.

use std::ops::{AddAssign, Range};

use super::layout::Layout;
use crate::release::{Codes, Table};

/// Number of rows scanned at once: few enough to stay in the fastest cache.
pub const CHUNK: usize = 512;

/// The integer type of cell numbers, as wide as a query needs.
pub trait Key: Copy + Default + AddAssign + Ord + Send + Sync {
    /// Marks a code that is not selected. Larger than any cell number, and the sum of several still fits the type.
    const OUT: Self;
    /// Converts a number that fits the type.
    fn of(number: u64) -> Self;
    /// Converts to `u64`.
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

/// Computes the cell numbers of rows of a table.
pub struct Scan<'t, K> {
    /// For each column of the query, what each code adds to the cell number.
    columns: Vec<(&'t Codes, Vec<K>)>,
}

impl<'t, K: Key> Scan<'t, K> {
    /// Makes a scan of a table. `stride` gives the weight of a column's digit, by the column's index in [`Layout::codes`].
    /// With `periods`, dates are part of the number too.
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

    /// Whether no column is scanned. All rows of a range then belong to one cell.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Computes the cell numbers of at most [`CHUNK`] rows: `base` plus what the row's codes add.
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

/// Returns what each code adds to a cell number.
fn added<K: Key>(places: &[Option<u32>], stride: u64, bound: usize) -> Vec<K> {
    let mut added = vec![K::OUT; bound];
    for (added, place) in added.iter_mut().zip(places) {
        if let Some(place) = place {
            *added = K::of(u64::from(*place) * stride);
        }
    }
    added
}

/// A range of dates that fall into one cell, or are all not selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Index of the first date.
    pub from: u32,
    /// Index after the last date.
    pub to: u32,
    /// The digit of these dates; `None` if they are not selected.
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

/// Returns the rows of each span within some rows of a statute.
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
