//! Data packages in folders on disk. The crate `chargesheet-check` defines what a package is.

use std::io::Result;
use std::path::{Path, PathBuf};

pub use chargesheet_check::package::*;

use crate::disk;

/// Opens the package in a folder.
///
/// # Errors
/// When the folder does not exist, and whenever [`Package::open`] fails.
pub fn from_folder(folder: &Path) -> std::result::Result<Package, PackageError> {
    if !folder.is_dir() {
        return Err(PackageError::NoFolder { folder: folder.to_owned() });
    }
    Package::open(Box::new(Folder(folder.to_owned())), &folder.display().to_string())
}

/// Whether a path leads to one of the package's own files.
pub fn is_own_file(package: &Package, path: &Path) -> bool {
    let (Some(folder), Ok(path)) = (package.files.folder(), path.canonicalize()) else { return false };
    let resources = package.descriptor.resources.iter().map(|resource| resource.path.as_str());
    resources.chain([DESCRIPTOR]).any(|own| folder.join(own).canonicalize().is_ok_and(|own| own == path))
}

/// The files of a package in a folder on disk.
#[derive(Debug)]
struct Folder(PathBuf);

impl Files for Folder {
    fn open(&self, path: &str) -> Result<Box<dyn Input>> {
        let file = disk::open_below(&self.0, path)?;
        within(file.metadata()?.len(), LARGEST)?;
        Ok(Box::new(file))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.join(path).metadata().ok().map(|file| file.len())
    }

    fn names(&self) -> Vec<String> {
        let entries = self.0.read_dir().into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.0)
    }
}
