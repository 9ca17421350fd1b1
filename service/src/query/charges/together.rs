//! Distinct ids of one large group, on every processor at once: each marks the ids of a part of the rows on its own,
//! and what two of them have marked was counted twice.

use std::marker::PhantomData;
use std::ops::{BitOrAssign, Deref, DerefMut, Range};

use bytemuck::Pod;
use memmap2::MmapMut;
use polars::error::PolarsError;
use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use rayon::slice::{ParallelSlice as _, ParallelSliceMut as _};

use crate::query::AnswerError;
use crate::release::memory;

/// Words that are joined at once.
const CHUNK: usize = 1 << 16;

/// Counts ids by cell: `mark` marks those of some rows in words that are all zero and returns how many each cell has,
/// `twice` adds to each cell what stands in both of two words. `words` is how many words there are.
///
/// # Errors
/// When there is no memory for them.
pub fn together<W>(
    pieces: &[Range<usize>],
    words: usize,
    mark: impl Fn(&[Range<usize>], &mut [W]) -> Vec<u32> + Sync,
    twice: impl Fn(W, W, &mut [u32]) + Sync,
) -> Result<Vec<u32>, AnswerError>
where
    W: Pod + Send + Sync + BitOrAssign,
{
    let parts = cut(pieces, rayon::current_num_threads());
    let marked = parts.into_par_iter().map(|part| {
        let mut own = Marks::<W>::of(words)?;
        let counts = mark(&part, &mut own);
        Ok((own, counts))
    });
    let marked = marked.collect::<Result<Vec<_>, PolarsError>>()?;
    let mut marked = marked.into_iter();
    let Some((mut all, mut counts)) = marked.next() else {
        return Ok(Vec::new());
    };
    for (own, new) in marked {
        let cells = counts.len();
        let join = |(all, own): (&mut [W], &[W])| {
            let mut both = vec![0_u32; cells];
            for (all, &own) in all.iter_mut().zip(own) {
                twice(*all, own, &mut both);
                *all |= own;
            }
            both
        };
        let add = |mut one: Vec<u32>, other: Vec<u32>| {
            one.iter_mut().zip(other).for_each(|(one, other)| *one += other);
            one
        };
        let chunks = all.par_chunks_mut(CHUNK).zip(own.par_chunks(CHUNK));
        let both = chunks.map(join).reduce(|| vec![0; cells], add);
        for ((count, new), both) in counts.iter_mut().zip(new).zip(both) {
            // Added first: no part has fewer than what it shares.
            *count = *count + new - both;
        }
    }
    Ok(counts)
}

/// Words that are all zero at first, in large pages where there are any: they are met at random.
pub struct Marks<W>(MmapMut, usize, PhantomData<W>);

impl<W: Pod> Marks<W> {
    /// Takes memory for so many.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(words: usize) -> Result<Self, PolarsError> {
        Ok(Self(memory(words * size_of::<W>())?, words, PhantomData))
    }
}

impl<W: Pod> Deref for Marks<W> {
    type Target = [W];

    fn deref(&self) -> &[W] {
        bytemuck::cast_slice(&self.0[..self.1 * size_of::<W>()])
    }
}

impl<W: Pod> DerefMut for Marks<W> {
    fn deref_mut(&mut self) -> &mut [W] {
        bytemuck::cast_slice_mut(&mut self.0[..self.1 * size_of::<W>()])
    }
}

/// Cuts pieces into so many parts of about as many rows.
pub fn cut(pieces: &[Range<usize>], parts: usize) -> Vec<Vec<Range<usize>>> {
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

    proptest! {
        #[test]
        fn ids_are_counted_once_however_rows_are_cut(
            ids in prop::collection::vec(0_u32..200, 1..400),
            cells in prop::collection::vec(0_u32..8, 400),
            cut in 0_usize..400,
        ) {
            let cut = cut.min(ids.len());
            let counts = together::<u8>(
                &[0..cut, cut..ids.len()],
                200,
                |pieces, masks| {
                    let mut counts = vec![0; 8];
                    for row in pieces.iter().cloned().flatten() {
                        let (mask, bit) = (&mut masks[ids[row] as usize], 1 << cells[row]);
                        counts[cells[row] as usize] += u32::from(*mask & bit == 0);
                        *mask |= bit;
                    }
                    counts
                },
                |one, other, twice| {
                    (0..8).filter(|cell| one & other & (1 << cell) != 0).for_each(|cell| twice[cell] += 1);
                },
            ).unwrap();
            for cell in 0..8_u32 {
                let own = ids.iter().zip(&cells).filter(|(_, own)| **own == cell).map(|(id, _)| id);
                prop_assert_eq!(counts[cell as usize] as usize, own.collect::<BTreeSet<_>>().len());
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
}
