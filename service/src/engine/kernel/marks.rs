//! Zeroed arrays, indexed by id, in which distinct ids are marked.

use std::io;
use std::ops::{Deref, DerefMut};

use bytemuck::Pod;
use memmap2::MmapMut;

use crate::release::memory;

/// Size in bytes from which an array gets its memory directly from the system, which takes it all back after use. The
/// allocator is faster for smaller arrays.
const MANY: usize = if cfg!(test) { 1 << 6 } else { 1 << 20 };

/// An array of numbers that are all zero at first.
pub struct Marks<W>(Held<W>);

enum Held<W> {
    Few(Vec<W>),
    /// The memory, and the number of elements.
    Many(MmapMut, usize),
}

impl<W: Pod> Marks<W> {
    /// Allocates an array of which most will be used. It gets large pages, which make random access faster.
    ///
    /// # Errors
    /// When there is not enough memory.
    pub fn of(length: usize) -> Result<Self, io::Error> {
        Self::with(length, memory)
    }

    /// Allocates an array of which little will be used. The system provides memory only for the pages that are touched.
    ///
    /// # Errors
    /// When there is not enough memory.
    pub fn sparse(length: usize) -> Result<Self, io::Error> {
        Self::with(length, |bytes| {
            let memory = MmapMut::map_anon(bytes)?;
            // Otherwise the system may use large pages for all memory.
            #[cfg(target_os = "linux")]
            let _ = memory.advise(memmap2::Advice::NoHugePage);
            Ok(memory)
        })
    }

    fn with(length: usize, memory: impl Fn(usize) -> io::Result<MmapMut>) -> Result<Self, io::Error> {
        let bytes = length * size_of::<W>();
        Ok(Self(if bytes < MANY {
            Held::Few(vec![W::zeroed(); length])
        } else {
            Held::Many(memory(bytes)?, length)
        }))
    }
}

impl<W> Default for Marks<W> {
    fn default() -> Self {
        Self(Held::Few(Vec::new()))
    }
}

impl<W: Pod> Deref for Marks<W> {
    type Target = [W];

    fn deref(&self) -> &[W] {
        match &self.0 {
            Held::Few(numbers) => numbers,
            Held::Many(memory, length) => bytemuck::cast_slice(&memory[..length * size_of::<W>()]),
        }
    }
}

impl<W: Pod> DerefMut for Marks<W> {
    fn deref_mut(&mut self) -> &mut [W] {
        match &mut self.0 {
            Held::Few(numbers) => numbers,
            Held::Many(memory, length) => bytemuck::cast_slice_mut(&mut memory[..*length * size_of::<W>()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_are_as_many_as_were_asked_for_and_zero() {
        for length in [0, 1, 15, 16, 17, 5000] {
            for mut marks in [Marks::<u32>::of(length).unwrap(), Marks::sparse(length).unwrap()] {
                assert_eq!(marks[..], vec![0; length]);
                marks.fill(7);
                assert_eq!(marks[..], vec![7; length]);
            }
        }
        assert!(matches!(Marks::<u32>::of(15).unwrap().0, Held::Few(_)));
        assert!(matches!(Marks::<u32>::of(16).unwrap().0, Held::Many(..)));
        assert!(Marks::<u64>::default().is_empty());
    }
}
