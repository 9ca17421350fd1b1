//! Reads a data package: a folder with a `datapackage.json` (Frictionless Data Package v2) and its files.

mod descriptor;
mod digest;
mod error;
mod json;
mod reading;
mod source;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use bytes::Bytes;

pub use descriptor::{
    Caveat, Contributor, Descriptor, Disclosure, Kind, License, Origin, Resource, Settings, TimeBasis,
};
pub use digest::{Digest, hex};
pub use error::PackageError;
pub use reading::STORE_MARK;
pub use source::{Declared, Facts, Input, SharedInput, SharedReader, Source};

use crate::disk;
use crate::domain::tables::TABLES;
use source::LARGEST;

/// The file in which a package says what it is.
const DESCRIPTOR: &str = "datapackage.json";
/// Most bytes of it.
const LARGEST_DESCRIPTOR: u64 = 16 << 20;

/// A data package: what it says of itself, and its files.
#[derive(Debug)]
pub struct Package {
    /// What `datapackage.json` says.
    pub descriptor: Descriptor,
    files: Files,
}

/// Where the files of a package are.
#[derive(Debug)]
enum Files {
    Folder(PathBuf),
    /// Their paths and their bytes.
    Memory(Vec<(String, Bytes)>),
}

impl Package {
    /// Opens the package in a folder.
    ///
    /// # Errors
    /// When the folder or its `datapackage.json` is missing, is not JSON, or says what cannot be used.
    pub fn from_folder(folder: &Path) -> Result<Self, PackageError> {
        if !folder.is_dir() {
            return Err(PackageError::NoFolder { folder: folder.to_owned() });
        }
        Self::open(Files::Folder(folder.to_owned()), &folder.display().to_string())
    }

    /// Opens a package that is compiled into the program.
    ///
    /// # Errors
    /// As [`Package::from_folder`].
    pub fn bundled(package: &'static chargesheet_data::Package) -> Result<Self, PackageError> {
        let files = package.files.iter().map(|file| (file.path.to_owned(), Bytes::from_static(file.bytes)));
        Self::open(Files::Memory(files.collect()), package.name)
    }

    /// Opens a package whose files, `datapackage.json` among them, are in memory: their paths and their bytes. `place` names
    /// it in what is said of it.
    ///
    /// # Errors
    /// As [`Package::from_folder`].
    pub fn in_memory(place: &str, files: Vec<(String, Vec<u8>)>) -> Result<Self, PackageError> {
        let files = files.into_iter().map(|(path, bytes)| (path, bytes.into())).collect();
        Self::open(Files::Memory(files), place)
    }

    fn open(files: Files, place: &str) -> Result<Self, PackageError> {
        let unread = |source| PackageError::Read { path: format!("{place}/{DESCRIPTOR}"), source };
        let text = files
            .open(DESCRIPTOR)
            .and_then(|file| disk::read_all(file, LARGEST_DESCRIPTOR))
            .map_err(|error| unread(files.instead_of_descriptor().unwrap_or(error)))?;
        let json = json::read(&text)
            .ok_or_else(|| unread(std::io::Error::other("it is not UTF-8; save it as that")))?
            .map_err(|source| PackageError::Json { place: place.to_owned(), source })?;
        let descriptor = reading::read(&json, place)?;
        let package = Self { descriptor, files };
        // Each is opened once more to be read; here it is for telling of all that cannot be.
        let is_table = |own: &&Resource| TABLES.iter().any(|table| table.name == own.name);
        let tables = package.descriptor.resources.iter().filter(is_table);
        let unread: Vec<PackageError> = tables
            .filter_map(|own| Some(package.unreadable(own, package.files.open(&own.path).err()?)))
            .collect();
        if unread.is_empty() { Ok(package) } else { Err(unread.into()) }
    }

    /// Opens a declared resource for reading.
    ///
    /// # Errors
    /// When it is not declared, or its file cannot be opened.
    pub fn resource(&self, name: &'static str) -> Result<Source<'static>, PackageError> {
        let resource = self.declared(name)?;
        let file = self.files.open(&resource.path).map_err(|source| self.unreadable(resource, source))?;
        Ok(Source::new(Box::new(file), resource))
    }

    /// Opens a declared resource to be read at any place, and once from its beginning, to be digested.
    ///
    /// # Errors
    /// As [`Package::resource`]; when it is a pipe.
    pub fn seekable(&self, name: &'static str) -> Result<(Source<'static>, SharedInput), PackageError> {
        let resource = self.declared(name)?;
        let shared = self.files.open(&resource.path).and_then(SharedInput::new);
        let shared = shared.map_err(|source| self.unreadable(resource, source))?;
        Ok((Source::new(Box::new(shared.at(0)), resource), shared))
    }

    /// Whether a resource is declared to be Parquet.
    pub fn is_parquet(&self, name: &str) -> bool {
        self.descriptor.resource(name).is_some_and(|resource| resource.is_parquet)
    }

    fn declared(&self, name: &'static str) -> Result<&Resource, PackageError> {
        self.descriptor.resource(name).ok_or_else(|| PackageError::NoResource {
            place: self.descriptor.name.clone(),
            name,
            kind: self.descriptor.chargesheet.kind.name(),
        })
    }

    fn unreadable(&self, resource: &Resource, source: std::io::Error) -> PackageError {
        PackageError::Read { path: format!("{}/{}", self.descriptor.name, resource.path), source }
    }

    /// Opens a resource that a package may do without; `None` where it is not declared.
    ///
    /// # Errors
    /// When it is declared and its file cannot be opened.
    pub fn optional(&self, name: &'static str) -> Result<Option<Source<'static>>, PackageError> {
        self.descriptor.resource(name).map(|_declared| self.resource(name)).transpose()
    }

    /// Whether a path is that of one of its own files.
    pub fn is_own_file(&self, path: &Path) -> bool {
        let Files::Folder(folder) = &self.files else { return false };
        let Ok(path) = path.canonicalize() else { return false };
        let resources = self.descriptor.resources.iter().map(|resource| resource.path.as_str());
        resources.chain([DESCRIPTOR]).any(|own| folder.join(own).canonicalize().is_ok_and(|own| own == path))
    }

    /// Returns how many bytes the file of a resource has; 0 where that is not known.
    pub fn size(&self, name: &str) -> u64 {
        let resource = self.descriptor.resource(name);
        resource.and_then(|resource| self.files.size(&resource.path)).unwrap_or_default()
    }
}

impl Files {
    /// Why there may be no descriptor: what stands there in its place.
    fn instead_of_descriptor(&self) -> Option<std::io::Error> {
        let Self::Folder(folder) = self else { return None };
        let names =
            folder.read_dir().ok()?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let like = |name: &String| name.to_lowercase().starts_with("datapackage.");
        let names: Vec<String> = names.filter(like).collect();
        let other = names.iter().filter(|_| !names.iter().any(|name| name == DESCRIPTOR)).min()?;
        Some(std::io::Error::other(format!(
            "it is not there, and {other:?} is; name it so, and write JSON into it"
        )))
    }

    fn open(&self, path: &str) -> Result<Box<dyn Input>, std::io::Error> {
        match self {
            Self::Folder(folder) => {
                let file = disk::open_below(folder, path)?;
                disk::within(file.metadata()?.len(), LARGEST)?;
                Ok(Box::new(file))
            }
            Self::Memory(files) => {
                let (_, bytes) =
                    files.iter().find(|(own, _)| own == path).ok_or(std::io::ErrorKind::NotFound)?;
                Ok(Box::new(Cursor::new(bytes.clone())))
            }
        }
    }

    fn size(&self, path: &str) -> Option<u64> {
        match self {
            Self::Folder(folder) => folder.join(path).metadata().ok().map(|file| file.len()),
            Self::Memory(files) => {
                files.iter().find(|(own, _)| own == path).map(|(_, bytes)| bytes.len() as u64)
            }
        }
    }
}
