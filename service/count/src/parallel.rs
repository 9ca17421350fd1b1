//! Work on many records at once. A machine does it on all its processors, with rayon; a browser does it one after another, by the
//! same names.

#[cfg(not(target_arch = "wasm32"))]
pub use rayon::{
    iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator},
    scope,
    slice::{ParallelSlice, ParallelSliceMut},
};

#[cfg(target_arch = "wasm32")]
pub use one_by_one::{IntoParallelIterator, IntoParallelRefIterator, ParallelSlice, ParallelSliceMut, scope};

#[cfg(target_arch = "wasm32")]
mod one_by_one {
    use std::cmp::Ordering;

    /// What [`scope`] gives its work.
    pub struct Scope;

    impl Scope {
        /// Does a part of the work at once.
        pub fn spawn(&self, part: impl FnOnce(&Self)) {
            part(self);
        }
    }

    /// Does work that has parts.
    pub fn scope<R>(work: impl FnOnce(&Scope) -> R) -> R {
        work(&Scope)
    }

    /// Items that are taken one after another.
    pub trait IntoParallelIterator: IntoIterator + Sized {
        /// Returns the items.
        fn into_par_iter(self) -> Self::IntoIter {
            self.into_iter()
        }
    }

    impl<I: IntoIterator> IntoParallelIterator for I {}

    /// A list whose items are looked at one after another.
    pub trait IntoParallelRefIterator<T> {
        /// Returns the items.
        fn par_iter(&self) -> std::slice::Iter<'_, T>;
    }

    impl<T> IntoParallelRefIterator<T> for [T] {
        fn par_iter(&self) -> std::slice::Iter<'_, T> {
            self.iter()
        }
    }

    /// A list in pieces.
    pub trait ParallelSlice<T> {
        /// Returns pieces of a length.
        fn par_chunks(&self, length: usize) -> std::slice::Chunks<'_, T>;
    }

    impl<T> ParallelSlice<T> for [T] {
        fn par_chunks(&self, length: usize) -> std::slice::Chunks<'_, T> {
            self.chunks(length)
        }
    }

    /// A list that is sorted.
    pub trait ParallelSliceMut<T> {
        /// Sorts the list by a key.
        fn par_sort_unstable_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);
        /// Sorts the list.
        fn par_sort_unstable_by(&mut self, order: impl FnMut(&T, &T) -> Ordering);
        /// Returns runs of equal items.
        fn par_chunk_by_mut<F: FnMut(&T, &T) -> bool>(
            &mut self,
            is_equal: F,
        ) -> std::slice::ChunkByMut<'_, T, F>;
    }

    impl<T> ParallelSliceMut<T> for [T] {
        fn par_sort_unstable_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
            self.sort_unstable_by_key(key);
        }

        fn par_sort_unstable_by(&mut self, order: impl FnMut(&T, &T) -> Ordering) {
            self.sort_unstable_by(order);
        }

        fn par_chunk_by_mut<F: FnMut(&T, &T) -> bool>(
            &mut self,
            is_equal: F,
        ) -> std::slice::ChunkByMut<'_, T, F> {
            self.chunk_by_mut(is_equal)
        }
    }
}
