//! Counts of distinct ids in one large group with several cells. Rows are first partitioned by ranges of ids, so that the
//! marks of one partition fit in the processor's cache.
//!
//! With a single array of marks, every access would be random, and most would miss the cache. That takes longer than to write
//! every row's id and cell once more. This is the partitioned aggregation of S. Manegold, P. A. Boncz, M. L. Kersten,
//! "Optimizing main-memory join on modern hardware", IEEE TKDE 14 (2002), 709-730.

use std::io;
use std::ops::Range;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::marks::Marks;
use super::scan::Key as _;

/// Most partitions written at once: as many as the processor has page translations for.
const PARTS: usize = 1 << 10;
/// Fewest bits of an id's offset within its partition.
const LEAST_BITS: u32 = 14;
/// Most marks of a partition, in bits: one megabyte. More would gain nothing.
const MOST_MARKS: u64 = 1 << 23;

/// Rows of cells and ids.
pub trait Rows: Sync {
    /// Calls `take` with the cell and the id of each row. A row that is not selected has the cell [`super::scan::Key::OUT`] or
    /// more.
    fn each(&self, pieces: &[Range<usize>], take: impl FnMut(u32, u32));
}

/// The partitioning of ids.
#[derive(Debug, Clone, Copy)]
pub struct Parting {
    /// Bits of an id's offset within its partition.
    bits: u32,
    parts: usize,
    cells: u32,
}

impl Parting {
    /// Returns the partitioning of ids below `known` that are counted in `cells` cells; `None` when there are too many cells.
    pub fn of(known: usize, cells: u64) -> Option<Self> {
        let bits = known.div_ceil(PARTS).next_power_of_two().trailing_zeros().max(LEAST_BITS);
        let cells = u32::try_from(cells).ok().filter(|&cells| u64::from(cells) <= MOST_MARKS >> bits)?;
        Some(Self { bits, parts: (known >> bits) + 1, cells })
    }

    /// Counts the distinct ids of each cell. `ids` has the id of each row.
    ///
    /// # Errors
    /// When memory for the copied rows cannot be allocated.
    pub fn count(self, pieces: &[Range<usize>], ids: &[u32], all: &impl Rows) -> Result<Vec<u32>, io::Error> {
        let parts = cut(pieces, rayon::current_num_threads());
        let written = parts.into_par_iter().map(|pieces| self.write(&pieces, ids, all));
        let written = written.collect::<Result<Vec<_>, io::Error>>()?;
        let processors = rayon::current_num_threads();
        let counts = (0..processors).into_par_iter().map(|first| {
            let own = (first..self.parts).step_by(processors);
            self.marked(own, &written)
        });
        let none = || vec![0; self.cells as usize];
        Ok(counts.reduce(none, |mut one, other| {
            one.iter_mut().zip(other).for_each(|(one, other)| *one += other);
            one
        }))
    }

    /// Copies the selected rows into their partitions.
    fn write(self, pieces: &[Range<usize>], ids: &[u32], rows: &impl Rows) -> Result<Written, io::Error> {
        let mut starts = vec![0; self.parts];
        for piece in pieces {
            ids[piece.clone()].iter().for_each(|&id| starts[(id >> self.bits) as usize] += 1);
        }
        let mut sum = 0;
        for start in &mut starts {
            (*start, sum) = (sum, sum + *start);
        }
        let mut numbers = Marks::<u32>::of(sum)?;
        let mut ends = starts.clone();
        let within = (1 << self.bits) - 1;
        let all = &mut numbers[..];
        rows.each(pieces, |cell, id| {
            if cell < u32::OUT {
                let end = &mut ends[(id >> self.bits) as usize];
                all[*end] = cell << self.bits | (id & within);
                *end += 1;
            }
        });
        Ok(Written { numbers, starts, ends })
    }

    /// Counts the distinct ids of partitions, by cell.
    fn marked(self, parts: impl Iterator<Item = usize>, written: &[Written]) -> Vec<u32> {
        let mut counts = vec![0_u32; self.cells as usize];
        let mut marks = vec![0_u64; ((self.cells as usize) << self.bits) / 64];
        for part in parts {
            for written in written {
                for &number in written.part(part) {
                    let (mark, bit) = (&mut marks[number as usize / 64], 1 << (number % 64));
                    counts[(number >> self.bits) as usize] += u32::from(*mark & bit == 0);
                    *mark |= bit;
                }
            }
            for written in written {
                written.part(part).iter().for_each(|&number| marks[number as usize / 64] = 0);
            }
        }
        counts
    }
}

/// Copied rows: the cell in the high bits, the id's offset within the partition in the low bits.
struct Written {
    numbers: Marks<u32>,
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Written {
    fn part(&self, part: usize) -> &[u32] {
        &self.numbers[self.starts[part]..self.ends[part]]
    }
}

/// Cuts row ranges into `parts` lists with about the same number of rows.
fn cut(pieces: &[Range<usize>], parts: usize) -> Vec<Vec<Range<usize>>> {
    let rows: usize = pieces.iter().map(Range::len).sum();
    let most = rows.div_ceil(parts).max(1);
    let mut all = vec![Vec::new()];
    let mut room = most;
    for piece in pieces {
        let mut piece = piece.clone();
        while !piece.is_empty() {
            if room == 0 {
                all.push(Vec::new());
                room = most;
            }
            let own = piece.start..piece.end.min(piece.start + room);
            (room, piece.start) = (room - own.len(), own.end);
            if let Some(part) = all.last_mut() {
                part.push(own);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    struct Made(Vec<(u32, u32)>);

    impl Rows for Made {
        fn each(&self, pieces: &[Range<usize>], mut take: impl FnMut(u32, u32)) {
            for row in pieces.iter().cloned().flatten() {
                // The last cell means "not selected".
                let (id, cell) = self.0[row];
                take(if cell == 5 { u32::OUT } else { cell }, id);
            }
        }
    }

    proptest! {
        #[test]
        fn ids_are_counted_once_in_each_cell_whichever_part_they_are_in(
            rows in prop::collection::vec((0_u32..100_000, 0_u32..6), 0..300),
            cut in any::<prop::sample::Index>(),
        ) {
            let ids: Vec<u32> = rows.iter().map(|(id, _)| *id).collect();
            let cut = cut.index(rows.len() + 1);
            let parting = Parting::of(100_000, 5).unwrap();
            prop_assert!(parting.parts > 1);
            let made = Made(rows.clone());
            let counts = parting.count(&[0..cut, cut..rows.len()], &ids, &made).unwrap();
            for cell in 0..5_u32 {
                let own: BTreeSet<u32> =
                    rows.iter().filter(|(_, own)| *own == cell).map(|(id, _)| *id).collect();
                prop_assert_eq!(counts[cell as usize] as usize, own.len());
            }
        }

        #[test]
        fn parts_have_all_rows_in_order_and_none_is_much_larger(
            lengths in prop::collection::vec(0_usize..50, 0..20),
            parts in 1_usize..6,
        ) {
            let mut start = 0;
            let pieces: Vec<Range<usize>> = lengths.iter().map(|length| {
                let piece = start..start + length;
                start = piece.end + 3;
                piece
            }).collect();
            let cut = cut(&pieces, parts);
            let rows = |pieces: &[Range<usize>]| -> Vec<usize> { pieces.iter().cloned().flatten().collect() };
            prop_assert_eq!(cut.iter().flat_map(|part| rows(part)).collect::<Vec<_>>(), rows(&pieces));
            prop_assert!(cut.len() <= parts);
            let most = rows(&pieces).len().div_ceil(parts);
            prop_assert!(cut.iter().all(|part| rows(part).len() <= most));
        }
    }

    #[test]
    fn numbers_are_never_too_large() {
        for known in [0, 1, 1 << 14, (1 << 24) - 1, 1 << 24, 100_000_000, u32::MAX as usize] {
            let parting = Parting::of(known, 2).unwrap();
            assert!(parting.parts <= PARTS + 1 && parting.parts << parting.bits >= known, "{parting:?}");
        }
        assert!(Parting::of(1 << 24, 1 << 9).is_some() && Parting::of(1 << 24, (1 << 9) + 1).is_none());
        assert!(Parting::of(1, u64::MAX).is_none());
    }
}
