//! File operations that survive a power cut: a file is there completely or not at all.

use std::fs::File;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::StoreError;
use crate::disk;
use crate::package::hex;

/// A file being written. Its digest is computed along the way.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    path: PathBuf,
    sha256: Sha256,
}

impl NewFile {
    /// Creates a new file.
    ///
    /// # Errors
    /// When the file exists already, or cannot be created.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let file = File::create_new(path).map_err(|source| StoreError::io("write", path, source))?;
        disk::inherit(&file, path);
        Ok(Self { file, path: path.to_owned(), sha256: Sha256::new() })
    }

    /// Waits until all bytes are on the disk. Returns their digest, in hex digits.
    ///
    /// # Errors
    /// When the bytes cannot be written; the disk may be full.
    pub fn finish(self) -> Result<String, StoreError> {
        self.file.sync_all().map_err(|source| StoreError::io("write", &self.path, source))?;
        Ok(hex(&self.sha256.finalize()))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let size = self.file.write(bytes)?;
        self.sha256.update(&bytes[..size]);
        Ok(size)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Waits until a folder's entries are on the disk.
pub fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| StoreError::io("sync", path, source))
}

/// Takes a file that another program wrote: gives it the owner and the rights of our own, and waits until it is on the disk.
pub fn take_over(path: &Path) -> Result<(), StoreError> {
    let file = open(path)?;
    disk::inherit(&file, path);
    file.sync_all().map_err(|source| StoreError::io("sync", path, source))
}

/// Writes a new file and waits until it is on the disk. Returns the digest of its bytes.
pub fn write(path: &Path, content: &[u8]) -> Result<String, StoreError> {
    let mut file = NewFile::create(path)?;
    file.write_all(content).map_err(|source| StoreError::io("write", path, source))?;
    file.finish()
}

/// Replaces a file in one step: a reader sees either the old content or the new.
pub fn replace(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let written =
        remove(&beside).and_then(|()| write(&beside, content)).and_then(|_digest| rename(&beside, path));
    if written.is_err() {
        let _ = remove(&beside);
    }
    written?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Creates a marker file, unless another process has created it meanwhile.
pub fn make_mark(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    match File::create_new(path) {
        Ok(mut file) => {
            disk::inherit(&file, path);
            let written = file.write_all(content).and_then(|()| file.sync_all());
            written.map_err(|source| StoreError::io("write", path, source))?;
            sync_folder(path.parent().unwrap_or(Path::new(".")))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(StoreError::io("write", path, source)),
    }
}

/// Renames a file or folder.
pub fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    std::fs::rename(from, to).map_err(|source| StoreError::io("rename", from, source))
}

/// Largest file that is read whole, in bytes. Journals, manifests and code lists are far smaller.
const LARGEST: u64 = 256 << 20;

/// Makes a folder, unless it exists.
pub fn make_folder(path: &Path) -> Result<(), StoreError> {
    disk::make_folder(path).map_err(|source| StoreError::io("make", path, source))
}

/// Opens the file that serves as a lock, and makes it if it is missing. The file stays empty.
pub fn open_lock(path: &Path) -> Result<File, StoreError> {
    disk::open_lock(path).map_err(|source| StoreError::io("open", path, source))
}

/// Opens a file of a store.
pub fn open(path: &Path) -> Result<File, StoreError> {
    disk::open(path).map_err(|source| StoreError::io("read", path, source))
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    disk::read(path, LARGEST).map_err(|source| StoreError::io("read", path, source))
}

/// Returns the digest of a file's bytes, in hex digits.
pub fn sha256(path: &Path) -> Result<String, StoreError> {
    let failed = |source| StoreError::io("read", path, source);
    let mut file = open(path)?;
    let mut sha256 = Sha256::new();
    let mut chunk = vec![0; 1 << 18];
    loop {
        match file.read(&mut chunk).map_err(failed)? {
            0 => return Ok(hex(&sha256.finalize())),
            size => sha256.update(&chunk[..size]),
        }
    }
}

/// Returns the names in a folder, in byte order.
pub fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let failed = |source| StoreError::io("read", folder, source);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// Removes a file, or a folder with its contents, if it exists.
pub fn remove(path: &Path) -> Result<(), StoreError> {
    let gone = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match gone {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", path, error))
        }
        _ => Ok(()),
    }
}

/// Removes everything in a folder except one file.
pub fn remove_all_but(folder: &Path, kept: &str) -> Result<(), StoreError> {
    for name in names(folder)?.into_iter().filter(|name| name != kept) {
        remove(&folder.join(name))?;
    }
    sync_folder(folder)
}
