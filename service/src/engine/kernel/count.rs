//! Counts of charges, by adding up rows.

use std::ops::Range;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::layout::Layout;
use super::plan::Plan;
use super::scan::{CHUNK, Key, Scan, Span, pieces, spans};
use super::tally::{MANY, Tally, is_dense};
use crate::query::Deadline;
use crate::release::Table;
use chargesheet_count::engine::EngineError;

/// Most cells of which every processor keeps its own array.
const OWN_CELLS: u64 = 1 << 20;

/// Counts the charges of each cell.
///
/// # Errors
/// When more cells have charges than an answer may have rows.
pub fn charges(layout: &Layout, plan: &Plan) -> Result<Tally, EngineError> {
    if is_dense(layout.cells) {
        Counting::<u32>::of(layout, plan).all()
    } else {
        Counting::<u64>::of(layout, plan).all()
    }
}

/// How the rows of a statute are processed.
enum Way {
    /// All at once. Dates are read row by row, or not at all.
    Whole,
    /// Span by span. The date adds the same to the cell number of all rows of a span.
    BySpan(Vec<Span>),
}

struct Counting<'a, K> {
    table: &'a Table,
    layout: &'a Layout,
    scan: Scan<'a, K>,
    way: Way,
    deadline: Deadline,
}

impl<'a, K: Key> Counting<'a, K> {
    fn of(layout: &'a Layout, plan: &Plan<'a>) -> Self {
        let table = plan.table;
        let spans = spans(&layout.periods);
        let stride = |number: usize| layout.column(layout.codes[number].0).0;
        let of = |periods| Scan::of(table, layout, stride, periods);
        let rows: usize = layout.statutes.iter().map(|(statute, _)| table.of_statute(*statute).len()).sum();
        let is_whole = matches!(spans[..], [] | [Span { place: Some(0), .. }]);
        // Finding the end of a span takes as long as scanning this many rows.
        let long = if layout.codes.is_empty() && table.counts.is_empty() { 16 } else { 128 };
        let (scan, way) = if is_whole {
            (of(None), Way::Whole)
        } else if rows >= long * spans.len() * layout.statutes.len() {
            (of(None), Way::BySpan(spans))
        } else {
            (of(Some((&layout.periods, layout.time_stride()))), Way::Whole)
        };
        Self { table, layout, scan, way, deadline: Deadline::current() }
    }

    fn all(&self) -> Result<Tally, EngineError> {
        let statutes = &self.layout.statutes;
        let rows = statutes.iter().map(|&(statute, place)| (self.table.of_statute(statute), place));
        let rows: Vec<(Range<usize>, u32)> = rows.collect();
        let all: usize = rows.iter().map(|(rows, _)| rows.len()).sum();
        let processors = rayon::current_num_threads();
        let is_light =
            matches!(self.way, Way::BySpan(_)) && self.scan.is_empty() && self.table.counts.is_empty();
        let parts = if all < MANY || self.layout.cells > OWN_CELLS || is_light { 1 } else { processors };
        if parts == 1 {
            // For so few rows, waking another thread would cost more than it saves.
            return self.part(&rows);
        }
        let tallies = cut(rows, all.div_ceil(parts)).into_par_iter().map(|part| self.part(&part));
        let joined = tallies.try_reduce_with(|one, other| Ok(one.join(other)));
        joined.unwrap_or_else(|| Ok(Tally::of(self.layout.cells)))
    }

    fn part(&self, rows: &[(Range<usize>, u32)]) -> Result<Tally, EngineError> {
        let mut tally = Tally::of(self.layout.cells);
        let (statute_stride, time_stride) = (self.layout.statute_stride(), self.layout.time_stride());
        for (rows, place) in rows {
            let base = u64::from(*place) * statute_stride;
            match &self.way {
                Way::Whole => self.add(rows.clone(), base, &mut tally),
                Way::BySpan(spans) => {
                    for (span, rows) in pieces(self.table, rows.clone(), spans) {
                        if let Some(place) = span.place {
                            self.add(rows, base + u64::from(place) * time_stride, &mut tally);
                        }
                    }
                }
            }
            if tally.is_too_long() {
                return Err(EngineError::TooManyRows);
            }
            self.deadline.keep();
        }
        Ok(tally)
    }

    /// Adds up rows. `base` is the part of the cell number that all of them share.
    fn add(&self, rows: Range<usize>, base: u64, tally: &mut Tally) {
        let counts = &self.table.counts;
        if self.scan.is_empty() {
            let count = if counts.is_empty() {
                u32::try_from(rows.len()).unwrap_or(u32::MAX)
            } else {
                counts[rows].iter().sum()
            };
            tally.add(base, count);
            return;
        }
        let mut keys = [K::default(); CHUNK];
        for from in rows.clone().step_by(CHUNK) {
            let chunk = from..(from + CHUNK).min(rows.end);
            let keys = self.scan.keys(chunk.clone(), K::of(base), &mut keys);
            let counts = if counts.is_empty() { None } else { Some(&counts[chunk]) };
            match tally {
                Tally::Dense(cells) => {
                    // Rows that are not selected are counted in the last cell, which is cheaper than a branch.
                    let last = cells.len() as u64 - 1;
                    match counts {
                        None => keys.iter().for_each(|key| cells[key.wide().min(last) as usize] += 1),
                        Some(counts) => keys
                            .iter()
                            .zip(counts)
                            .for_each(|(key, count)| cells[key.wide().min(last) as usize] += count),
                    }
                }
                Tally::Sparse(_) => {
                    for (place, key) in keys.iter().enumerate().filter(|(_, key)| **key < K::OUT) {
                        tally.add(key.wide(), counts.map_or(1, |counts| counts[place]));
                    }
                }
            }
        }
    }
}

/// Cuts row ranges into lists with about the same number of rows.
fn cut(pieces: Vec<(Range<usize>, u32)>, most: usize) -> Vec<Vec<(Range<usize>, u32)>> {
    let mut parts = Vec::new();
    let (mut part, mut room) = (Vec::new(), most);
    for (mut rows, place) in pieces {
        while rows.len() > room {
            part.push((rows.start..rows.start + room, place));
            rows.start += room;
            parts.push(std::mem::take(&mut part));
            room = most;
        }
        room -= rows.len();
        part.push((rows, place));
    }
    parts.push(part);
    parts
}
