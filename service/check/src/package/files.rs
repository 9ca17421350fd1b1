//! The files of a package, wherever they are.

use std::fmt::Debug;
use std::io::Cursor;
use std::path::Path;

use super::Input;

/// The place where the files of a package are, such as a folder or memory.
pub trait Files: Debug + Send + Sync {
    /// Opens a file. `path` has `/` between folders.
    ///
    /// # Errors
    /// When there is no such file, or it cannot be read.
    fn open(&self, path: &str) -> std::io::Result<Box<dyn Input>>;

    /// Returns the size of a file in bytes, if it is known.
    fn size(&self, path: &str) -> Option<u64>;

    /// Returns the names of the files beside `datapackage.json`, as far as they are known.
    fn names(&self) -> Vec<String>;

    /// Returns the paths of all files in a folder and in the folders within it; `None` where `path` is no folder.
    ///
    /// # Errors
    /// When the folder cannot be read.
    fn below(&self, path: &str) -> std::io::Result<Option<Vec<String>>> {
        let folder = format!("{path}/");
        let names: Vec<String> = self.names().into_iter().filter(|name| name.starts_with(&folder)).collect();
        Ok(Some(names).filter(|names| !names.is_empty()))
    }

    /// Returns the folder of the files, if they are on disk.
    fn folder(&self) -> Option<&Path> {
        None
    }
}

/// Files in memory, each with its path and its bytes.
impl<B: AsRef<[u8]> + Clone + Debug + Send + Sync + 'static> Files for Vec<(String, B)> {
    fn open(&self, path: &str) -> std::io::Result<Box<dyn Input>> {
        let found = self.iter().find(|(own, _)| own == path).ok_or(std::io::ErrorKind::NotFound)?;
        Ok(Box::new(Cursor::new(found.1.clone())))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.iter().find(|(own, _)| own == path).map(|(_, bytes)| bytes.as_ref().len() as u64)
    }

    fn names(&self) -> Vec<String> {
        self.iter().map(|(path, _)| path.clone()).collect()
    }
}
