//! Columns of an answer, each value packed into one number.

/// What stands in a cell of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// A count.
    Count(u64),
    /// Nobody reports a figure.
    NotReported,
    /// The law was not in force, so there is nothing to count.
    NotInForce,
    /// Nobody knows the count.
    Unknown,
    /// The disclosure policy keeps the count back.
    Withheld,
}

impl Cell {
    /// Returns the count, where there is one.
    pub fn count(self) -> Option<u64> {
        match self {
            Self::Count(count) => Some(count),
            _ => None,
        }
    }

    /// Adds another count. A sum with a withheld part is withheld; a part without a count adds nothing.
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Withheld, _) | (_, Self::Withheld) => Self::Withheld,
            (Self::Count(one), Self::Count(other)) => Self::Count(one + other),
            (Self::Count(one), _) | (_, Self::Count(one)) => Self::Count(one),
            (one, _) => one,
        }
    }
}

/// A value that is stored as one number.
pub trait Packed: Copy {
    /// The number.
    type Number: Copy;
    /// Turns the value into its number.
    fn pack(self) -> Self::Number;
    /// Turns a number back into its value.
    fn unpack(number: Self::Number) -> Self;
}

/// A key; `None` is not known.
impl Packed for Option<i32> {
    type Number = i32;

    fn pack(self) -> i32 {
        self.unwrap_or(i32::MIN)
    }

    #[inline]
    fn unpack(number: i32) -> Self {
        (number != i32::MIN).then_some(number)
    }
}

/// The numbers from here on are no counts.
const NO_COUNT: u64 = u64::MAX - 3;

impl Packed for Cell {
    type Number = u64;

    fn pack(self) -> u64 {
        match self {
            Self::Count(count) => count,
            Self::NotReported => NO_COUNT,
            Self::NotInForce => NO_COUNT + 1,
            Self::Unknown => NO_COUNT + 2,
            Self::Withheld => NO_COUNT + 3,
        }
    }

    #[inline]
    fn unpack(number: u64) -> Self {
        match number.checked_sub(NO_COUNT) {
            None => Self::Count(number),
            Some(0) => Self::NotReported,
            Some(1) => Self::NotInForce,
            Some(2) => Self::Unknown,
            Some(_) => Self::Withheld,
        }
    }
}

/// The values of a column, by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells<T: Packed>(Vec<T::Number>);

impl<T: Packed> Default for Cells<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Packed> Cells<T> {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value of a row.
    #[inline]
    pub fn at(&self, row: usize) -> T {
        T::unpack(self.0[row])
    }

    /// Returns all values, in order of the rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = T> + '_ {
        self.0.iter().map(|&number| T::unpack(number))
    }

    /// Puts the rows into another order.
    pub fn reorder(&mut self, order: &[usize]) {
        self.0 = order.iter().map(|&row| self.0[row]).collect();
    }
}

impl<T: Packed> FromIterator<T> for Cells<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().map(T::pack).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_count_stays_what_it_is() {
        let all = [
            Cell::Count(0),
            Cell::Count(NO_COUNT - 1),
            Cell::NotReported,
            Cell::NotInForce,
            Cell::Unknown,
            Cell::Withheld,
        ];
        assert!(all.into_iter().collect::<Cells<Cell>>().iter().eq(all));
        let keys = [Some(0), None, Some(i32::MAX)];
        assert!(keys.into_iter().collect::<Cells<Option<i32>>>().iter().eq(keys));
    }

    #[test]
    fn a_sum_with_a_withheld_part_is_withheld() {
        let sum = |parts: [Cell; 3]| parts.into_iter().fold(Cell::NotReported, Cell::plus);
        assert_eq!(sum([Cell::Count(2), Cell::Withheld, Cell::Count(3)]), Cell::Withheld);
        assert_eq!(sum([Cell::Count(2), Cell::NotReported, Cell::Count(3)]), Cell::Count(5));
        assert_eq!(sum([Cell::NotReported; 3]), Cell::NotReported);
    }
}
