//! A column of codes in the narrowest width that holds them.

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;

use super::Numbers;

/// Codes of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// None is above 255.
    U8(Numbers<u8>),
    /// None is above 65,535.
    U16(Numbers<u16>),
    /// Any.
    U32(Numbers<u32>),
}

impl Default for Codes {
    fn default() -> Self {
        Self::U8(Numbers::default())
    }
}

/// Does the same with a column of any width.
macro_rules! each_width {
    ($codes:expr, $column:ident => $work:expr) => {
        match $codes {
            Codes::U8($column) => $work,
            Codes::U16($column) => $work,
            Codes::U32($column) => $work,
        }
    };
}
pub(super) use each_width;

impl Codes {
    /// Takes codes of which none is above `most`.
    ///
    /// # Panics
    /// When one is.
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

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        each_width!(self, column => column.len())
    }

    /// Whether there is none.
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

    /// Returns the largest code, or 0 where there is none. Every processor looks at a part.
    pub fn most(&self) -> u32 {
        match self {
            Self::U8(column) => largest(column).map_or(0, u32::from),
            Self::U16(column) => largest(column).map_or(0, u32::from),
            Self::U32(column) => largest(column).unwrap_or_default(),
        }
    }

    /// Returns one more than the largest code of its width: how long a table of all codes must be. Of the widest, where
    /// that would be too long, one more than the largest code that it has.
    pub fn bound(&self) -> usize {
        match self {
            Self::U8(_) => 1 << 8,
            Self::U16(_) => 1 << 16,
            Self::U32(column) => column.iter().max().map_or(0, |&most| most as usize + 1),
        }
    }

    /// Returns the first of the rows from which on no code is below `least`; in the range, codes never fall.
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
