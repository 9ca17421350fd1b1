//! Counts of distinct defendants and cases.
//!
//! Cases and defendants are numbered without gaps. A bitmap with one bit per number therefore tells exactly which were seen,
//! and no hash table is needed.
//! Charges are sorted by statute and date, so groups of statutes and dates are counted one after the other. When the query
//! also uses outcomes, roles or regions, a group consists of several cells, and its selected charges are copied as pairs of
//! cell and id. Few pairs are sorted; many are partitioned by id ([`distinct_radix`](super::distinct_radix)).

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use super::distinct_radix::{Parting, Rows};
use super::layout::Layout;
use super::marks::Marks;
use super::scan::{CHUNK, Key as _, Scan, Span, spans};
use super::tally::{MANY, Tally};
use crate::query::{Deadline, in_time};
use crate::release::{Columns, Table};
use chargesheet_count::engine::{EngineError, MOST_ROWS};

/// Up to this many charges of a group, sorting is faster than partitioning by id.
const FEW: usize = if cfg!(test) { 16 } else { 1 << 15 };

/// Counts the distinct ids of each cell. `ids` has the id of each charge; every id is below `known`.
///
/// # Errors
/// When there are more cells than an answer may have rows.
pub fn distinct(layout: &Layout, columns: &Columns, ids: &[u32], known: u32) -> Result<Tally, EngineError> {
    let table = &columns.records;
    // Cells within a group have numbers of their own.
    let mut inner: u64 = 1;
    let mut strides = vec![0; layout.codes.len()];
    for (stride, (column, _)) in strides.iter_mut().zip(&layout.codes).rev() {
        let size = layout.column(*column).1;
        if size > 1 {
            *stride = inner;
            inner = inner.saturating_mul(size);
        }
    }
    if inner >= u32::OUT.into() {
        return Err(EngineError::TooManyRows);
    }
    let scan = Scan::of(table, layout, |number| strides[number], None);
    let groups = Groups::of(layout);
    let is_only = groups.len() == 1;
    let known = known as usize;
    let counting = Counting { table, layout, ids, known, scan, strides, inner, is_only };
    let deadline = Deadline::current();
    // Between two groups, all bits of a bitmap are zero.
    let scratches: Mutex<Vec<Marks<u64>>> = Mutex::default();
    // More parts than processors, because groups differ greatly in size.
    let parts = rayon::current_num_threads() * 8;
    let part = |number: usize| groups.len() * number / parts..groups.len() * (number + 1) / parts;
    let count = |number: usize| {
        let bits = scratches.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut bits = bits.unwrap_or_default();
        let mut cells = Vec::new();
        for number in part(number) {
            deadline.keep();
            counting.group(&groups.at(number), &mut bits, &mut cells)?;
            if cells.len() > MOST_ROWS {
                return Err(EngineError::TooManyRows);
            }
        }
        scratches.lock().unwrap_or_else(PoisonError::into_inner).push(bits);
        Ok(cells)
    };
    let rows: usize = layout.statutes.iter().map(|(statute, _)| table.of_statute(*statute).len()).sum();
    let counted: Vec<Vec<(u64, u32)>> = if rows < MANY {
        (0..parts).map(count).collect::<Result<_, EngineError>>()?
    } else {
        (0..parts).into_par_iter().map(count).collect::<Result<_, EngineError>>()?
    };
    let mut tally = Tally::of(layout.cells);
    for (cell, count) in in_time(counted.into_iter().flatten()) {
        tally.add(cell, count);
        if tally.is_too_long() {
            return Err(EngineError::TooManyRows);
        }
    }
    Ok(tally)
}

/// A set of statutes and dates whose charges fall into the same cells.
struct Group<'a> {
    statutes: &'a [usize],
    /// All dates; those of other groups are marked as not selected.
    spans: &'a [Span],
    base: u64,
}

/// The groups: every digit of statutes combined with every digit of dates. They are made one by one, because a large register
/// with many months has more groups than fit in memory.
struct Groups {
    /// The statutes of each digit, after the digit's contribution to the cell number.
    statutes: Vec<(u64, Vec<usize>)>,
    /// The same for dates.
    times: Vec<(u64, Vec<Span>)>,
}

impl Groups {
    fn of(layout: &Layout) -> Self {
        let statutes = layout.statutes.iter().map(|&(statute, place)| (place, statute));
        let times = spans(&layout.dates).into_iter().filter_map(|span| Some((span.place?, span)));
        Self {
            statutes: placed(statutes, layout.statute_stride()),
            times: placed(times, layout.time_stride()),
        }
    }

    fn len(&self) -> usize {
        self.statutes.len() * self.times.len()
    }

    fn at(&self, number: usize) -> Group<'_> {
        let (statute, statutes) = &self.statutes[number / self.times.len()];
        let (time, spans) = &self.times[number % self.times.len()];
        Group { statutes, spans, base: statute + time }
    }
}

/// Groups items by their digit. Items of one digit keep their order.
fn placed<T>(all: impl Iterator<Item = (u32, T)>, stride: u64) -> Vec<(u64, Vec<T>)> {
    let mut places: BTreeMap<u32, Vec<T>> = BTreeMap::new();
    for (place, one) in all {
        places.entry(place).or_default().push(one);
    }
    places.into_iter().map(|(place, all)| (u64::from(place) * stride, all)).collect()
}

struct Counting<'a> {
    table: &'a Table,
    layout: &'a Layout,
    ids: &'a [u32],
    known: usize,
    scan: Scan<'a, u32>,
    strides: Vec<u64>,
    /// Number of cells within a group.
    inner: u64,
    /// Whether there is only one group. Then nothing has to be cleared for the next.
    is_only: bool,
}

impl Counting<'_> {
    fn group(
        &self,
        group: &Group<'_>,
        bits: &mut Marks<u64>,
        cells: &mut Vec<(u64, u32)>,
    ) -> Result<(), EngineError> {
        let pieces: Vec<Range<usize>> =
            group.statutes.iter().flat_map(|&statute| self.within(statute, group.spans)).collect();
        let rows: usize = pieces.iter().map(Range::len).sum();
        if rows == 0 {
            return Ok(());
        }
        // A single group is not counted beside others, so it may use all processors.
        let is_alone = self.is_only && rows >= MANY;
        if self.inner == 1 && self.scan.is_empty() {
            cells.push((group.base, self.bits(&pieces, rows, bits)?));
            return Ok(());
        }
        let counts = match Parting::of(self.known, self.inner) {
            Some(parting) if is_alone => met(parting.count(&pieces, self.ids, self)?),
            Some(parting) => match self.kept(&pieces, FEW) {
                Some(kept) => sorted(kept),
                None => met(parting.count(&pieces, self.ids, self)?),
            },
            None => sorted(self.kept(&pieces, usize::MAX).unwrap_or_default()),
        };
        cells.extend(counts.into_iter().map(|(inner, count)| (group.base + self.outer(inner), count)));
        Ok(())
    }

    /// Returns the rows of a statute that lie within the given dates.
    fn within(&self, statute: usize, spans: &[Span]) -> Vec<Range<usize>> {
        let mut rows = self.table.of_statute(statute);
        let mut found = Vec::with_capacity(spans.len());
        for span in spans {
            let from = self.table.period.first_from(rows.clone(), span.from);
            let to = self.table.period.first_from(from..rows.end, span.to);
            if from < to {
                found.push(from..to);
            }
            rows.start = to;
        }
        found
    }

    /// Returns what a cell within a group adds to the group's cell number.
    fn outer(&self, inner: u64) -> u64 {
        self.strides
            .iter()
            .zip(&self.layout.codes)
            .filter(|(stride, _)| **stride > 0)
            .map(|(stride, (column, _))| {
                let (outer, size) = self.layout.column(*column);
                inner / stride % size * outer
            })
            .sum()
    }

    /// Counts the distinct ids of a group that is a single cell.
    fn bits(&self, pieces: &[Range<usize>], rows: usize, bits: &mut Marks<u64>) -> Result<u32, EngineError> {
        let words = self.known.div_ceil(64);
        let are_few = rows < words;
        let bits = ready(bits, words, rows)?;
        let mut count = 0;
        for piece in pieces {
            for &id in &self.ids[piece.clone()] {
                let (word, bit) = (&mut bits[id as usize / 64], 1 << (id % 64));
                count += u32::from(*word & bit == 0);
                *word |= bit;
            }
        }
        if self.is_only {
            return Ok(count);
        }
        // The next group needs an all-zero bitmap. When few bits are set, they are cleared one by one.
        if are_few {
            let ids = pieces.iter().flat_map(|piece| &self.ids[piece.clone()]);
            ids.for_each(|&id| bits[id as usize / 64] = 0);
        } else {
            bits.fill(0);
        }
        Ok(count)
    }

    /// Copies the selected charges of a group as pairs of cell and id; `None` when there are more than `most`.
    fn kept(&self, pieces: &[Range<usize>], most: usize) -> Option<Vec<u64>> {
        let mut kept: Vec<u64> = Vec::new();
        for piece in pieces {
            for from in piece.clone().step_by(FEW) {
                let rows = from..(from + FEW).min(piece.end);
                self.each(&[rows], |key, id| {
                    if key < u32::OUT {
                        kept.push(u64::from(key) << 32 | u64::from(id));
                    }
                });
                if kept.len() > most {
                    return None;
                }
            }
        }
        Some(kept)
    }
}

/// Counts the distinct ids of each cell by sorting the pairs.
fn sorted(mut kept: Vec<u64>) -> Vec<(u64, u32)> {
    kept.par_sort_unstable();
    kept.dedup();
    let of_one = kept.chunk_by(|left, right| left >> 32 == right >> 32);
    of_one.map(|ids| (ids[0] >> 32, u32::try_from(ids.len()).unwrap_or(u32::MAX))).collect()
}

impl Rows for Counting<'_> {
    fn each(&self, pieces: &[Range<usize>], mut take: impl FnMut(u32, u32)) {
        let mut keys = [0; CHUNK];
        for piece in pieces {
            for from in piece.clone().step_by(CHUNK) {
                let chunk = from..(from + CHUNK).min(piece.end);
                let found = self.scan.keys(chunk.clone(), 0, &mut keys);
                for (&key, &id) in found.iter().zip(&self.ids[chunk]) {
                    take(key, id);
                }
            }
        }
    }
}

/// Returns the cells with at least one id.
fn met(counts: Vec<u32>) -> Vec<(u64, u32)> {
    (0..).zip(counts).filter(|(_, count)| *count > 0).collect()
}

/// Allocates the bitmap for the first group, which has `rows` rows. Later groups find it all zero.
fn ready(bits: &mut Marks<u64>, length: usize, rows: usize) -> Result<&mut [u64], EngineError> {
    if bits.len() != length {
        // Once a quarter of the small pages is touched, allocating these one by one takes longer than allocating everything in
        // large pages.
        let is_sparse = rows < length * size_of::<u64>() / (4 * 4096);
        *bits = if is_sparse { Marks::sparse(length)? } else { Marks::of(length)? };
    }
    Ok(bits)
}
