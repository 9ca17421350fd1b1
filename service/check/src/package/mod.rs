//! A data package: a `datapackage.json` (Frictionless Data Package v2) and its files, on disk or in memory.

mod descriptor;
mod digest;
mod error;
pub(crate) mod json;
mod picked;
pub(crate) mod places;
mod reading;
mod source;
mod zip;

use std::fmt::Debug;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

pub use descriptor::{
    Caveat, Contributor, DESCRIPTOR, Descriptor, Disclosure, Kind, License, Origin, Resource, Settings,
    TimeBasis,
};
pub use digest::{Digest, hex};
pub use error::PackageError;
pub use picked::unpacked;
pub use reading::STORE_MARK;
pub use source::{Declared, Facts, Input, LARGEST, Source, read_all, within};
pub use zip::{Archive, Unpacked, ZipError, unzip};

use crate::domain::Lists;
use crate::domain::tables::TABLES;

/// Most bytes of `datapackage.json`.
const LARGEST_DESCRIPTOR: u64 = 16 << 20;

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

/// A data package: its descriptor, and its files.
#[derive(Debug)]
pub struct Package {
    /// What `datapackage.json` says.
    pub descriptor: Descriptor,
    /// The place of its files.
    pub files: Box<dyn Files>,
    /// The code lists that its records are checked against and sealed with: those of today, or for a package that is compiled
    /// in, those that it was published with.
    pub lists: Arc<Lists>,
}

impl Package {
    /// Opens a package that is compiled into the program.
    ///
    /// # Errors
    /// As [`Package::open`].
    pub fn bundled(package: &'static chargesheet_data::Package) -> Result<Self, PackageError> {
        let files: Vec<_> = package.files.iter().map(|file| (file.path.to_owned(), file.bytes)).collect();
        Self::with_lists(Box::new(files), package.name, Lists::of(package.lists))
    }

    /// Opens a package in memory. `files` are the paths and the bytes of its files, with `datapackage.json` among
    /// them.
    ///
    /// # Errors
    /// As [`Package::open`].
    pub fn in_memory(place: &str, files: Vec<(String, Vec<u8>)>) -> Result<Self, PackageError> {
        let files: Vec<_> = files.into_iter().map(|(path, bytes)| (path, Arc::<[u8]>::from(bytes))).collect();
        Self::open(Box::new(files), place)
    }

    /// Opens the package that consists of these files, with `datapackage.json` among them. `place` names the package
    /// in errors.
    ///
    /// # Errors
    /// When `datapackage.json` is missing, is not JSON or has unusable values, or a declared file cannot be opened.
    pub fn open(files: Box<dyn Files>, place: &str) -> Result<Self, PackageError> {
        Self::with_lists(files, place, Arc::clone(Lists::bundled()))
    }

    fn with_lists(files: Box<dyn Files>, place: &str, lists: Arc<Lists>) -> Result<Self, PackageError> {
        let unread = |source| PackageError::Read { path: format!("{place}/{DESCRIPTOR}"), source };
        let text = files
            .open(DESCRIPTOR)
            .and_then(|file| read_all(file, LARGEST_DESCRIPTOR))
            .map_err(|error| unread(instead_of_descriptor(files.names()).unwrap_or(error)))?;
        let (json, places) = json::read(&text)
            .ok_or_else(|| unread(std::io::Error::other("it is not UTF-8; save it as that")))?
            .map_err(|source| PackageError::Json { place: place.to_owned(), source })?;
        let descriptor = reading::read(&json, &places, place, &lists.outcomes)?;
        let package = Self { descriptor, files, lists };
        // Every file is opened again when it is read. Here all are opened once, so that one error names every file
        // that cannot be opened.
        let is_table = |own: &&Resource| TABLES.iter().any(|table| table.name == own.name);
        let tables = package.descriptor.resources.iter().filter(is_table);
        let unread: Vec<PackageError> = tables
            .filter_map(|own| Some(package.unreadable(own, package.files.open(&own.path).err()?)))
            .collect();
        if unread.is_empty() { Ok(package) } else { Err(unread.into()) }
    }

    /// Opens a declared resource as a table.
    ///
    /// # Errors
    /// When it is not declared, or its file cannot be opened.
    pub fn resource(&self, name: &'static str) -> Result<Source<'static>, PackageError> {
        let (resource, file) = self.input(name)?;
        Ok(Source::new(Box::new(file), resource))
    }

    /// Opens the file of a declared resource as plain bytes.
    ///
    /// # Errors
    /// As [`Package::resource`].
    pub fn input(&self, name: &'static str) -> Result<(&Resource, Box<dyn Input>), PackageError> {
        let resource = self.descriptor.resource(name).ok_or_else(|| PackageError::NoResource {
            place: self.descriptor.name.clone(),
            line: None,
            name,
            kind: self.descriptor.chargesheet.kind.name(),
        })?;
        let file = self.files.open(&resource.path).map_err(|source| self.unreadable(resource, source))?;
        Ok((resource, file))
    }

    /// Whether a resource is declared to be Parquet.
    pub fn is_parquet(&self, name: &str) -> bool {
        self.descriptor.resource(name).is_some_and(|resource| resource.is_parquet)
    }

    /// Makes the error for a file that cannot be read.
    pub fn unreadable(&self, resource: &Resource, source: std::io::Error) -> PackageError {
        PackageError::Read { path: format!("{}/{}", self.descriptor.name, resource.path), source }
    }

    /// Opens an optional resource. Returns `None` when it is not declared.
    ///
    /// # Errors
    /// When the resource is declared and its file cannot be opened.
    pub fn optional(&self, name: &'static str) -> Result<Option<Source<'static>>, PackageError> {
        self.descriptor.resource(name).map(|_declared| self.resource(name)).transpose()
    }

    /// Returns the bytes of all files that a check reads, as far as their sizes are known.
    pub fn size(&self) -> u64 {
        let records: &[&str] = match self.descriptor.chargesheet.kind {
            Kind::CaseLevel => &["charges"],
            Kind::Reported => &["sources", "counts"],
        };
        let names = ["statutes", "history", "population"].iter().chain(records);
        let read = names.filter_map(|name| self.descriptor.resource(name));
        read.filter_map(|resource| self.files.size(&resource.path)).sum()
    }
}

/// Returns a likely reason for a missing descriptor: a file with a similar name.
fn instead_of_descriptor(mut names: Vec<String>) -> Option<std::io::Error> {
    names.retain(|name| name.to_lowercase().starts_with("datapackage."));
    let other = names.iter().filter(|_| !names.iter().any(|name| name == DESCRIPTOR)).min()?;
    Some(std::io::Error::other(format!(
        "it is not there, and {other:?} is; name it so, and write JSON into it"
    )))
}
