//! Columns of numbers, either in memory of their own or inside the memory that a file was read into.

#[cfg(not(target_arch = "wasm32"))]
use std::io;
use std::ops::{Deref, Range};
use std::sync::Arc;

use bytemuck::Pod;
#[cfg(not(target_arch = "wasm32"))]
use memmap2::{Mmap as Memory, MmapMut};

/// The memory that a file was read into; a browser reads none.
#[cfg(target_arch = "wasm32")]
type Memory = Vec<u8>;

/// A column of numbers. Cloning a column of a file copies no numbers.
#[derive(Clone)]
pub struct Numbers<T>(Held<T>);

#[derive(Clone)]
enum Held<T> {
    Own(Vec<T>),
    /// A byte range of the file's memory, whose length is a whole number of elements.
    Part(Arc<Memory>, Range<usize>),
}

impl<T: Pod> Numbers<T> {
    /// Returns the column in a byte range of the file's memory; `None` when the range exceeds the memory, or begins or ends
    /// within a number.
    pub fn part(memory: &Arc<Memory>, bytes: Range<usize>) -> Option<Self> {
        bytemuck::try_cast_slice::<u8, T>(memory.get(bytes.clone())?).ok()?;
        Some(Self(Held::Part(Arc::clone(memory), bytes)))
    }
}

impl<T: Pod> Deref for Numbers<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Held::Own(own) => own,
            Held::Part(memory, bytes) => bytemuck::cast_slice(&memory[bytes.clone()]),
        }
    }
}

impl<T> From<Vec<T>> for Numbers<T> {
    fn from(own: Vec<T>) -> Self {
        Self(Held::Own(own))
    }
}

impl<T> FromIterator<T> for Numbers<T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Self {
        Vec::from_iter(numbers).into()
    }
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T: Pod + PartialEq> PartialEq for Numbers<T> {
    fn eq(&self, other: &Self) -> bool {
        self[..] == other[..]
    }
}

impl<T: Pod + Eq> Eq for Numbers<T> {}

impl<T: Pod + std::fmt::Debug> std::fmt::Debug for Numbers<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self[..].fmt(out)
    }
}

/// Allocates zeroed, page-aligned memory for a file directly from the system. The allocator would mix such a large block with
/// small ones, might move it, and might not return all of it.
///
/// # Errors
/// When there is not enough memory.
#[cfg(not(target_arch = "wasm32"))]
pub fn memory(bytes: usize) -> io::Result<MmapMut> {
    let memory = MmapMut::map_anon(bytes.max(1))?;
    // Large pages make random access to columns faster. A system without them works too.
    #[cfg(target_os = "linux")]
    let _ = memory.advise(memmap2::Advice::HugePage);
    Ok(memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_within_the_memory_are_taken() {
        let mut bytes = memory(16).unwrap();
        bytes[4..8].copy_from_slice(&7_u32.to_le_bytes());
        let bytes = Arc::new(bytes.make_read_only().unwrap());
        let numbers = Numbers::<u32>::part(&bytes, 0..8).unwrap();
        assert_eq!(numbers, Numbers::from(vec![0, 7]));
        assert_eq!(format!("{:?}", numbers.clone()), "[0, 7]");
        for wrong in [2..6, 0..7, 8..20, 20..24] {
            assert!(Numbers::<u32>::part(&bytes, wrong.clone()).is_none(), "{wrong:?}");
        }
        assert!(Numbers::<u8>::part(&bytes, 3..3).unwrap().is_empty());
    }
}
