//! A tally: counts by cell number.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use chargesheet_count::engine::MOST_ROWS;

/// Number of rows from which the work is divided among all processors.
pub const MANY: usize = if cfg!(test) { 16 } else { 1 << 18 };

/// Most cells for which a tally is an array, with 4 bytes for each cell.
const DENSE: u64 = 1 << 24;

/// Counts by cell: an array if there are few cells, otherwise a map of the cells that are not zero.
#[derive(Debug)]
pub enum Tally {
    /// One entry for each cell, then one for rows that are not selected.
    Dense(Vec<u32>),
    /// The cells with a count.
    Sparse(HashMap<u64, u32, RandomState>),
}

impl Tally {
    /// Makes an empty tally for `cells` cells.
    pub fn of(cells: u64) -> Self {
        if is_dense(cells) {
            Self::Dense(vec![0; usize::try_from(cells).unwrap_or_default() + 1])
        } else {
            Self::Sparse(HashMap::default())
        }
    }

    /// Adds to the count of a cell.
    #[inline]
    pub fn add(&mut self, cell: u64, count: u32) {
        match self {
            Self::Dense(cells) => cells[cell as usize] += count,
            Self::Sparse(cells) => *cells.entry(cell).or_default() += count,
        }
    }

    /// Whether there are more cells than an answer may have rows.
    pub fn is_too_long(&self) -> bool {
        match self {
            // For an array, this is checked once, after everything has been counted.
            Self::Dense(_) => false,
            Self::Sparse(cells) => cells.len() > MOST_ROWS,
        }
    }

    /// Returns the cells that have a count, in order; `None` where there are more than an answer may have rows.
    pub fn cells(&self) -> Option<Vec<u64>> {
        let cells: Vec<u64> = match self {
            Self::Dense(all) => {
                let cells = all.split_last().map_or(&[][..], |(_, cells)| cells);
                let there = (0..).zip(cells).filter(|(_, count)| **count > 0);
                there.map(|(cell, _)| cell).take(MOST_ROWS + 1).collect()
            }
            Self::Sparse(all) => {
                let mut cells: Vec<u64> = all.keys().copied().collect();
                cells.sort_unstable();
                cells
            }
        };
        (cells.len() <= MOST_ROWS).then_some(cells)
    }

    /// Returns the count of a cell.
    #[inline]
    pub fn at(&self, cell: u64) -> u64 {
        match self {
            Self::Dense(cells) => cells[cell as usize].into(),
            Self::Sparse(cells) => cells.get(&cell).copied().unwrap_or_default().into(),
        }
    }

    /// Adds the counts of another tally with the same number of cells.
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Dense(mut all), Self::Dense(other)) => {
                for (count, more) in all.iter_mut().zip(other) {
                    *count += more;
                }
                Self::Dense(all)
            }
            (Self::Sparse(mut all), Self::Sparse(other)) => {
                for (cell, count) in other {
                    *all.entry(cell).or_default() += count;
                }
                Self::Sparse(all)
            }
            (one, _) => one,
        }
    }
}

/// Whether a tally of this many cells is an array.
pub fn is_dense(cells: u64) -> bool {
    cells <= DENSE
}
