//! The store: a folder of immutable releases and, for each dataset, a journal that lists them.
//!
//! ```text
//! STORE/chargesheet-store.json            says that this folder is a store
//! STORE/{dataset}/releases.json           the journal: the dataset's releases, in order of publication
//! STORE/{dataset}/{release}/manifest.json what the release consists of
//! STORE/{dataset}/{release}/*.parquet     its tables
//! STORE/{dataset}/{release}/columns.bin   the charges again, in the layout that queries read
//! STORE/{dataset}/{release}/reference/    the code lists that the release was made with
//! STORE/{dataset}/{release}/SHA256SUMS    digests of these files' bytes, as `sha256sum -c` reads them
//! STORE/{dataset}/{release}/report.json   how many rows were accepted, rejected or duplicates
//! ```
//!
//! Publishing writes the files to a temporary folder, syncs them to the disk, renames the folder, and adds the release to the
//! journal.
//! A release exists once the journal lists it. Publishing replaces the journal last, and in one step. After a crash, a full
//! disk or a race between two publishers, the journal is therefore either the old one or the new one.
//! No journal lists the files of an interrupted publish; the next publish removes them.

mod error;
mod files;
mod load;
mod publish;
mod publish_parts;
mod verify;

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use error::StoreError;
pub use load::read_charges;
pub use publish::{Published, entry_of};
pub use publish_parts::Writing;
pub use verify::Verified;

#[cfg(feature = "cluster")]
pub(super) use files::sha256;
pub(super) use files::{NewFile, open};

use super::ReleaseId;
use super::format;
use super::journal::{Entry, Journal, Withdrawn};
use crate::domain::nearest;
use crate::package::STORE_MARK;

/// Content of the file that marks a folder as a store.
const MARKED: &[u8] = b"{\"chargesheet_store\":1}\n";
/// Version of the store's form, as that file says it.
const FORMAT: u32 = 1;
/// File name of a dataset's journal.
const JOURNAL: &str = "releases.json";
/// File name of a release's manifest.
const MANIFEST: &str = "manifest.json";
/// File name of a release's checksums. Files are checked against them before they are read, so that data damaged on the disk
/// is never served.
/// The checksums are no part of the release's id, because another Parquet writer produces other bytes from the same content.
const SUMS: &str = "SHA256SUMS";

/// A folder of releases.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

/// A fingerprint of all journals of a store. It changes when a release is published or withdrawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp(Vec<(String, u64, Option<SystemTime>)>);

/// A dataset in a store.
#[derive(Debug)]
pub struct Found {
    /// Its id.
    pub dataset: String,
    /// Its releases, the oldest first; or the error that kept the journal from being read.
    pub releases: Result<Vec<Entry>, StoreError>,
}

impl Store {
    /// Opens a store.
    ///
    /// # Errors
    /// When the folder is not a store.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        if is_marked(root)? {
            return Ok(Self { root: root.to_owned() });
        }
        let instead = if root.is_dir() {
            "name the folder that `chargesheet publish --store` made"
        } else {
            "there is no such folder; `chargesheet publish --store` makes one"
        };
        Err(StoreError::NoStore { path: root.display().to_string(), instead })
    }

    /// Returns the store's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Opens a store. A missing or empty folder becomes a new store.
    ///
    /// # Errors
    /// When the folder holds something else, or cannot be made.
    pub fn open_or_make(root: &Path) -> Result<Self, StoreError> {
        let path = || root.display().to_string();
        std::fs::create_dir_all(root).map_err(|source| StoreError::io("make", root, source))?;
        if !is_marked(root)? {
            let is_empty = files::names(root)?.is_empty();
            // Another process may be making the same store at this moment.
            if !is_empty && !is_marked(root)? {
                let instead = "name an empty folder, or one that is a store";
                return Err(StoreError::NoStore { path: path(), instead });
            }
            files::make_mark(&root.join(STORE_MARK), MARKED)?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Returns every dataset that has releases. A dataset whose journal cannot be read is returned with the error.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn datasets(&self) -> Result<Vec<Found>, StoreError> {
        let found = |dataset: String| {
            let releases = self.releases(&dataset);
            let nothing = releases.as_ref().is_ok_and(Vec::is_empty);
            (!nothing).then_some(Found { dataset, releases })
        };
        Ok(self.names()?.into_iter().filter_map(found).collect())
    }

    /// Returns the releases of a dataset, the oldest first. The list is empty for a dataset that was never published.
    ///
    /// # Errors
    /// When the journal cannot be read, or is missing although there are releases.
    pub fn releases(&self, dataset: &str) -> Result<Vec<Entry>, StoreError> {
        Ok(self.journal(dataset)?.map_or(Vec::new(), |journal| journal.releases))
    }

    /// Returns the store's current fingerprint.
    ///
    /// # Errors
    /// When a journal cannot be read.
    pub fn stamp(&self) -> Result<Stamp, StoreError> {
        let looked = |name: String| {
            let file = self.root.join(&name).join(JOURNAL).metadata().ok()?;
            Some((name, file.len(), file.modified().ok()))
        };
        Ok(Stamp(self.names()?.into_iter().filter_map(looked).collect()))
    }

    /// Returns the names that may be datasets, in byte order: folders, and entries whose type cannot be determined.
    fn names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = files::names(&self.root)?;
        names.retain(|name| {
            let place = self.root.join(name);
            !name.starts_with('.') && place.metadata().map_or(place.is_symlink(), |found| found.is_dir())
        });
        Ok(names)
    }

    /// Returns the journal of a dataset; `None` when the dataset was never published.
    fn journal(&self, dataset: &str) -> Result<Option<Journal>, StoreError> {
        let path = self.root.join(dataset).join(JOURNAL);
        match files::read(&path) {
            Ok(json) => match Journal::read(&json) {
                Some(journal) if journal.dataset == dataset => Ok(Some(journal)),
                _ => Err(match Journal::needs(&json) {
                    Some(needs) => {
                        StoreError::Newer { what: format!("the list of releases of `{dataset}`"), needs }
                    }
                    None => StoreError::damaged(&path, "it is no list of this dataset's releases"),
                }),
            },
            Err(error) if error.is_missing() => {
                // The journal is written before the first release, so a folder without a journal has lost it.
                let folder = self.root.join(dataset);
                let mut releases = match files::names(&folder) {
                    // A dangling link is an error, not a dataset that was never published.
                    Err(error) if error.is_missing() && !folder.is_symlink() => return Ok(None),
                    names => names?,
                };
                releases.retain(|name| ReleaseId::parse(name).is_some());
                if !releases.is_empty() {
                    let why = format!("it is lost, and {} are there; restore it", releases.join(", "));
                    return Err(StoreError::damaged(&path, why));
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn folder(&self, dataset: &str, release: &str) -> PathBuf {
        self.root.join(dataset).join(release)
    }

    /// Withdraws a release: deletes its files, but keeps its manifest and a tombstone in the journal.
    ///
    /// # Errors
    /// When there is no such release, or the journal cannot be written.
    pub fn withdraw(
        &self,
        dataset: &str,
        release: &str,
        tombstone: Withdrawn,
    ) -> Result<Withdrawn, StoreError> {
        let missing = || -> Result<StoreError, StoreError> {
            let names = self.names()?;
            let meant = nearest(dataset, names.iter().map(String::as_str));
            Ok(StoreError::missing("dataset", dataset, meant))
        };
        if self.journal(dataset)?.is_none() {
            return Err(missing()?);
        }
        let _lock = self.lock(dataset)?;
        let Some(mut journal) = self.journal(dataset)? else { return Err(missing()?) };
        let ids: Vec<String> = journal.releases.iter().map(|entry| entry.id.clone()).collect();
        let Some(entry) = journal.releases.iter_mut().find(|entry| entry.id == release) else {
            let meant = nearest(release, ids.iter().map(String::as_str));
            return Err(StoreError::missing("release", release, meant));
        };
        let withdrawn = entry.withdrawn.get_or_insert(tombstone).clone();
        files::replace(&self.root.join(dataset).join(JOURNAL), &journal.to_json())?;
        // The journal already says "withdrawn". After a crash at this point, the remaining files are not served, and a second
        // call removes them.
        files::remove_all_but(&self.folder(dataset, release), MANIFEST)?;
        Ok(withdrawn)
    }

    /// Locks a dataset: nobody else can change it until the returned lock is dropped.
    ///
    /// # Errors
    /// When another process holds the lock.
    pub fn lock(&self, dataset: &str) -> Result<Lock, StoreError> {
        let path = self.root.join(format!(".lock-{dataset}"));
        let file = files::open_lock(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Busy { dataset: dataset.to_owned() }),
            Err(std::fs::TryLockError::Error(source)) => Err(StoreError::io("lock", &path, source)),
        }
    }
}

/// Whether the folder contains the mark of a store. A store of a newer format is an error.
fn is_marked(root: &Path) -> Result<bool, StoreError> {
    let mark = root.join(STORE_MARK);
    match mark.metadata() {
        Ok(found) if found.is_file() => {
            match format::newer(&files::read(&mark)?, "chargesheet_store", FORMAT) {
                Some(needs) => {
                    Err(StoreError::Newer { what: format!("the store {}", root.display()), needs })
                }
                None => Ok(true),
            }
        }
        Ok(_) => Ok(false),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        // Without the permission to look, the answer is unknown; "not a store" could be wrong.
        Err(source) => Err(StoreError::io("read", &mark, source)),
    }
}

/// The right to change a dataset. The lock is released when this value is dropped, and when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}
