//! Counts by the number of a cell.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::engine::contract::MOST_ROWS;

/// From so many rows on, every processor goes through a part of them.
pub const MANY: usize = if cfg!(test) { 16 } else { 1 << 18 };

/// Most cells that have a place of their own each, 4 bytes wide.
const DENSE: u64 = 1 << 24;

/// Counts by cell: in a row where cells are few, else only those that are not zero.
#[derive(Debug)]
pub enum Tally {
    /// A place for each cell, and one behind them for what is not kept.
    Dense(Vec<u32>),
    /// Cells that were counted.
    Sparse(HashMap<u64, u32, RandomState>),
}

impl Tally {
    /// Makes one for so many cells.
    pub fn of(cells: u64) -> Self {
        if is_dense(cells) {
            Self::Dense(vec![0; usize::try_from(cells).unwrap_or_default() + 1])
        } else {
            Self::Sparse(HashMap::default())
        }
    }

    /// Counts some in a cell.
    #[inline]
    pub fn add(&mut self, cell: u64, count: u32) {
        match self {
            Self::Dense(cells) => cells[cell as usize] += count,
            Self::Sparse(cells) => *cells.entry(cell).or_default() += count,
        }
    }

    /// Whether there are more cells than an answer has rows.
    pub fn is_too_long(&self) -> bool {
        match self {
            // They are looked at once, when all is counted.
            Self::Dense(_) => false,
            Self::Sparse(cells) => cells.len() > MOST_ROWS,
        }
    }

    /// Returns the cells that have a count, in order; `None` where there are more than an answer has rows.
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

    /// Adds the counts of another one of as many cells.
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

/// Whether so many cells have a place of their own each.
pub fn is_dense(cells: u64) -> bool {
    cells <= DENSE
}
