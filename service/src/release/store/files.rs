//! Files that are there whole or not at all, also after a power cut.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use super::StoreError;

/// Makes a new file.
///
/// # Errors
/// When it is there already, or cannot be made.
pub fn create(path: &Path) -> Result<File, StoreError> {
    File::create_new(path).map_err(|source| StoreError::io("write", path, source))
}

/// Waits until what was written to a file is on the disk.
///
/// # Errors
/// When it cannot be; the disk may be full.
pub fn sync(file: &File, path: &Path) -> Result<(), StoreError> {
    file.sync_all().map_err(|source| StoreError::io("write", path, source))
}

/// Waits until a folder's list of names is on the disk.
pub fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| StoreError::io("sync", path, source))
}

/// Writes a new file to the disk.
pub fn write(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let mut file = create(path)?;
    file.write_all(content).map_err(|source| StoreError::io("write", path, source))?;
    sync(&file, path)
}

/// Replaces a file in one step: whoever reads sees the old content or the new one.
pub fn replace(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let written = remove(&beside).and_then(|()| write(&beside, content)).and_then(|()| rename(&beside, path));
    if written.is_err() {
        let _ = remove(&beside);
    }
    written?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Gives a file or folder another name.
pub fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    std::fs::rename(from, to).map_err(|source| StoreError::io("rename", from, source))
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    std::fs::read(path).map_err(|source| StoreError::io("read", path, source))
}

/// Removes a file or a folder with all in it; it may be missing.
pub fn remove(path: &Path) -> Result<(), StoreError> {
    let gone = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match gone {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", path, error))
        }
        _ => Ok(()),
    }
}

/// Removes everything in a folder but one file.
pub fn remove_all_but(folder: &Path, kept: &str) -> Result<(), StoreError> {
    let failed = |source| StoreError::io("read", folder, source);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name() != kept {
            remove(&entry.path())?;
        }
    }
    sync_folder(folder)
}
