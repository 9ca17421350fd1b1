//! A column of an answer: numbers that may be absent, each as wide as the number alone.

/// A number with one value that stands for none.
pub trait Number: Copy + PartialEq {
    /// The value that no key and no count ever has.
    const NONE: Self;
}

impl Number for i32 {
    const NONE: Self = Self::MIN;
}

impl Number for u64 {
    const NONE: Self = Self::MAX;
}

/// Cells of a column, by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells<T>(Vec<T>);

impl<T> Default for Cells<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Number> Cells<T> {
    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of a row.
    #[inline]
    pub fn at(&self, row: usize) -> Option<T> {
        let number = self.0[row];
        (number != T::NONE).then_some(number)
    }

    /// Returns all numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<T>> + '_ {
        self.0.iter().map(|&number| (number != T::NONE).then_some(number))
    }

    /// Puts the rows into another order.
    pub fn reorder(&mut self, order: &[usize]) {
        self.0 = order.iter().map(|&row| self.0[row]).collect();
    }
}

impl<T: Number> FromIterator<Option<T>> for Cells<T> {
    fn from_iter<I: IntoIterator<Item = Option<T>>>(numbers: I) -> Self {
        Self(numbers.into_iter().map(|number| number.unwrap_or(T::NONE)).collect())
    }
}
