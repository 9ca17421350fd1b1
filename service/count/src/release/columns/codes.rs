//! A column of codes, in the narrowest integer type that holds them.

use super::Numbers;
use crate::parallel::*;

/// A column of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// Codes up to 255.
    U8(Numbers<u8>),
    /// Codes up to 65,535.
    U16(Numbers<u16>),
    /// All codes.
    U32(Numbers<u32>),
}

impl Default for Codes {
    fn default() -> Self {
        Self::U8(Numbers::default())
    }
}

/// Runs the same code for a column of any width.
#[macro_export]
macro_rules! each_width {
    ($codes:expr, $column:ident => $work:expr) => {
        match $codes {
            Codes::U8($column) => $work,
            Codes::U16($column) => $work,
            Codes::U32($column) => $work,
        }
    };
}

impl Codes {
    /// Makes a column. No code may be greater than `most`.
    ///
    /// # Panics
    /// When a code is greater.
    pub fn of(codes: impl ExactSizeIterator<Item = u32>, most: u32) -> Self {
        const FITS: &str = "no code is above the largest";
        if u8::try_from(most).is_ok() {
            Self::U8(codes.map(|code| u8::try_from(code).expect(FITS)).collect())
        } else if u16::try_from(most).is_ok() {
            Self::U16(codes.map(|code| u16::try_from(code).expect(FITS)).collect())
        } else {
            Self::U32(codes.collect())
        }
    }

    /// Returns the number of codes.
    pub fn len(&self) -> usize {
        each_width!(self, column => column.len())
    }

    /// Whether the column is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the code of a row.
    #[inline]
    pub fn at(&self, row: usize) -> u32 {
        match self {
            Self::U8(column) => column[row].into(),
            Self::U16(column) => column[row].into(),
            Self::U32(column) => column[row],
        }
    }

    /// Returns the largest code, or 0 for an empty column. Every processor searches a part.
    pub fn most(&self) -> u32 {
        match self {
            Self::U8(column) => largest(column).map_or(0, u32::from),
            Self::U16(column) => largest(column).map_or(0, u32::from),
            Self::U32(column) => largest(column).unwrap_or_default(),
        }
    }

    /// Returns the length of a lookup table that has an entry for every code: one more than the largest code of the column's
    /// width. For the widest type such a table would be too long, so the length is one more than the largest code in the
    /// column.
    pub fn bound(&self) -> usize {
        match self {
            Self::U8(_) => 1 << 8,
            Self::U16(_) => 1 << 16,
            Self::U32(column) => column.iter().max().map_or(0, |&most| most as usize + 1),
        }
    }

    /// Returns the first row of the range whose code is at least `least`. Within the range, codes must not decrease.
    #[inline]
    pub fn first_from(&self, rows: std::ops::Range<usize>, least: u32) -> usize {
        let from = rows.start;
        from + match self {
            Self::U8(column) => column[rows].partition_point(|&code| u32::from(code) < least),
            Self::U16(column) => column[rows].partition_point(|&code| u32::from(code) < least),
            Self::U32(column) => column[rows].partition_point(|&code| code < least),
        }
    }
}

/// Returns the largest number of a column.
pub fn largest<T: Copy + Ord + Send + Sync>(column: &[T]) -> Option<T> {
    column.par_chunks(1 << 20).filter_map(|part| part.iter().copied().max()).max()
}
