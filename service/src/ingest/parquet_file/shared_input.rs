//! A file that several readers share.

use std::io::{Read, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use crate::package::Input;

/// A file that several readers share. Each reads at its own place.
#[derive(Clone)]
pub struct SharedInput {
    input: Arc<Mutex<Box<dyn Input>>>,
    size: u64,
}

impl SharedInput {
    /// Shares a file.
    ///
    /// # Errors
    /// When the file has no known size, as a pipe has none.
    pub fn new(mut input: Box<dyn Input>) -> std::io::Result<Self> {
        let size = input.seek(SeekFrom::End(0))?;
        Ok(Self { input: Arc::new(Mutex::new(input)), size })
    }

    /// Returns the size of the file in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns a reader that starts at a place.
    pub fn at(&self, place: u64) -> SharedReader {
        SharedReader { shared: self.clone(), place }
    }
}

/// A reader of a [`SharedInput`] from one place on.
pub struct SharedReader {
    shared: SharedInput,
    place: u64,
}

impl Read for SharedReader {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        // A reader that panicked may have left the file at any place. Every reader seeks to its own place first.
        let mut input = self.shared.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.seek(SeekFrom::Start(self.place))?;
        let size = input.read(out)?;
        self.place += size as u64;
        Ok(size)
    }
}
