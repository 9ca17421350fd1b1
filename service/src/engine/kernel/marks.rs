//! Marks at the places of ids.

use std::io;
use std::ops::{Deref, DerefMut};

use bytemuck::Pod;
use memmap2::MmapMut;

use crate::release::memory;

/// Bytes from which marks have memory of the system: all of it goes back when they are no longer needed. What is smaller an
/// allocator gives sooner.
const MANY: usize = if cfg!(test) { 1 << 6 } else { 1 << 20 };

/// Numbers that are all zero at first.
pub struct Marks<W>(Held<W>);

enum Held<W> {
    Few(Vec<W>),
    /// With how many there are.
    Many(MmapMut, usize),
}

impl<W: Pod> Marks<W> {
    /// Takes memory for so many, most of which will be met: in large pages, in which a place that is met at random is found
    /// sooner.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(length: usize) -> Result<Self, io::Error> {
        Self::with(length, memory)
    }

    /// Takes memory for so many, few of which will be met: only what is around them is made.
    ///
    /// # Errors
    /// When there is none.
    pub fn sparse(length: usize) -> Result<Self, io::Error> {
        Self::with(length, |bytes| {
            let memory = MmapMut::map_anon(bytes)?;
            // A system may have large pages everywhere.
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
