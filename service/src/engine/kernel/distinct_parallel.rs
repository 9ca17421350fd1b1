//! Distinct ids of one large group that is one cell, on every processor at once: each marks the ids of a part of the rows
//! on its own, and what two of them have marked was counted twice.

use std::io;
use std::ops::Range;

use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use rayon::slice::{ParallelSlice as _, ParallelSliceMut as _};

use super::marks::Marks;

/// Words that are joined at once.
const CHUNK: usize = 1 << 16;

/// Counts the different ids of some rows. `ids` has the id of each row, each below `known`.
///
/// # Errors
/// When there is no memory for marks.
pub fn together(pieces: &[Range<usize>], ids: &[u32], known: usize) -> Result<u32, io::Error> {
    let parts = cut(pieces, rayon::current_num_threads());
    let marked = parts.into_par_iter().map(|part| {
        let mut bits = Marks::of(known.div_ceil(64))?;
        let count = mark(&part, ids, &mut bits);
        Ok((bits, count))
    });
    let marked = marked.collect::<Result<Vec<_>, io::Error>>()?;
    let mut marked = marked.into_iter();
    let Some((mut all, mut count)) = marked.next() else {
        return Ok(0);
    };
    for (bits, new) in marked {
        let join = |(all, bits): (&mut [u64], &[u64])| {
            let mut twice = 0;
            for (all, &bits) in all.iter_mut().zip(bits) {
                twice += (*all & bits).count_ones();
                *all |= bits;
            }
            twice
        };
        let twice: u32 = all.par_chunks_mut(CHUNK).zip(bits.par_chunks(CHUNK)).map(join).sum();
        // Added first: no part has fewer than what it shares.
        count = count + new - twice;
    }
    Ok(count)
}

/// Sets the bits of the ids of some rows, and returns how many were not set before.
pub fn mark(pieces: &[Range<usize>], ids: &[u32], bits: &mut [u64]) -> u32 {
    let mut count = 0;
    for piece in pieces {
        for &id in &ids[piece.clone()] {
            let (word, bit) = (&mut bits[id as usize / 64], 1 << (id % 64));
            count += u32::from(*word & bit == 0);
            *word |= bit;
        }
    }
    count
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
            cut in any::<prop::sample::Index>(),
        ) {
            let cut = cut.index(ids.len() + 1);
            let count = together(&[0..cut, cut..ids.len()], &ids, 200).unwrap();
            prop_assert_eq!(count as usize, ids.iter().collect::<BTreeSet<_>>().len());
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
