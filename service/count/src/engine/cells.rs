//! The cells of an answer, in columns that pack each value into one number.

/// A cell of an answer: a count or a value computed from counts, or the reason why there is none.
pub type Cell<T = u64> = Result<T, Gap>;

chargesheet_check::words! {
    /// Why a cell has no number. None of these reasons means zero.
    #[derive(PartialOrd, Ord)]
    Gap {
        /// No source reports a figure.
        NotReported = "not-reported",
        /// The law was not in force, so there was nothing to count.
        NotInForce = "not-in-force",
        /// The count is not known.
        Unknown = "unknown",
        /// The disclosure policy withholds the count.
        Withheld = "withheld",
    }
}

/// Adds two cells. The sum is withheld if either is withheld. A cell without a count for another reason adds nothing.
pub fn plus(one: Cell, other: Cell) -> Cell {
    match (one, other) {
        (Err(Gap::Withheld), _) | (_, Err(Gap::Withheld)) => Err(Gap::Withheld),
        (Ok(one), Ok(other)) => Ok(one + other),
        (one, other) => one.or(other),
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

/// A key; `None` means "unknown".
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

/// The numbers from here on stand for the reasons why there is no count.
const NO_COUNT: u64 = u64::MAX - 3;

impl Packed for Cell {
    type Number = u64;

    fn pack(self) -> u64 {
        match self {
            Ok(count) => count,
            Err(gap) => NO_COUNT + gap as u64,
        }
    }

    #[inline]
    fn unpack(number: u64) -> Self {
        match number.checked_sub(NO_COUNT) {
            None => Ok(number),
            Some(0) => Err(Gap::NotReported),
            Some(1) => Err(Gap::NotInForce),
            Some(2) => Err(Gap::Unknown),
            Some(_) => Err(Gap::Withheld),
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

    /// Reorders the rows.
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
            Ok(0),
            Ok(NO_COUNT - 1),
            Err(Gap::NotReported),
            Err(Gap::NotInForce),
            Err(Gap::Unknown),
            Err(Gap::Withheld),
        ];
        assert!(all.into_iter().collect::<Cells<Cell>>().iter().eq(all));
        let keys = [Some(0), None, Some(i32::MAX)];
        assert!(keys.into_iter().collect::<Cells<Option<i32>>>().iter().eq(keys));
    }

    #[test]
    fn a_sum_with_a_withheld_part_is_withheld() {
        let sum = |parts: [Cell; 3]| parts.into_iter().fold(Err(Gap::NotReported), plus);
        assert_eq!(sum([Ok(2), Err(Gap::Withheld), Ok(3)]), Err(Gap::Withheld));
        assert_eq!(sum([Ok(2), Err(Gap::NotReported), Ok(3)]), Ok(5));
        assert_eq!(sum([Err(Gap::NotReported); 3]), Err(Gap::NotReported));
    }
}
