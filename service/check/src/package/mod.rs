//! A data package: a `datapackage.json` (Frictionless Data Package v2) and its files, on disk or in memory.

pub mod decoding;
mod descriptor;
mod digest;
mod error;
mod files;
pub(crate) mod json;
mod parts;
mod picked;
pub(crate) mod places;
mod reading;
mod source;
mod zip;

use std::sync::Arc;

#[cfg(target_arch = "wasm32")]
pub use decoding::browser_decodes;
pub use descriptor::{
    Caveat, Contributor, DESCRIPTOR, Descriptor, Disclosure, Kind, License, Origin, Resource, Settings,
    TimeBasis,
};
pub use digest::{Digest, hex};
pub use error::PackageError;
pub use files::Files;
pub use picked::{among, is_sheet, unpacked};
pub use reading::STORE_MARK;
pub use source::{Declared, Facts, Input, LARGEST, Source, read_all, within};
pub use zip::{Archive, Unpacked, ZipError, unzip};

use crate::domain::Lists;
use crate::domain::tables::TABLES;

/// Most bytes of `datapackage.json`.
const LARGEST_DESCRIPTOR: u64 = 16 << 20;

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
        let mut descriptor = reading::read(&json, &places, place, &lists.outcomes)?;
        descriptor.resources = parts::found(&*files, descriptor.resources, &descriptor.name)?;
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
        Ok((resource, self.open_file(resource)?))
    }

    /// Opens a file of a table as plain bytes.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_file(&self, resource: &Resource) -> Result<Box<dyn Input>, PackageError> {
        self.files.open(&resource.path).map_err(|source| self.unreadable(resource, source))
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
        let read = names.flat_map(|name| self.descriptor.files_of(name));
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
