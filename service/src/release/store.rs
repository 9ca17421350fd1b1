//! Where releases are kept: written beside, synced, renamed, and only then listed.
//!
//! ```text
//! STORE/chargesheet-store.json            says that this folder is a store
//! STORE/{dataset}/releases.json           the journal: which releases there are, in order
//! STORE/{dataset}/{release}/manifest.json what the release consists of
//! STORE/{dataset}/{release}/*.parquet     its tables
//! STORE/{dataset}/{release}/columns.bin   charges once more, as they are asked
//! STORE/{dataset}/{release}/reference/    the code lists that it was made with
//! STORE/{dataset}/{release}/SHA256SUMS    digests of these files' bytes, as `sha256sum -c` reads them
//! STORE/{dataset}/{release}/report.json   how many rows were taken, refused, counted once
//! ```
//!
//! A release is there when the journal lists it, and the journal is replaced in one step as the last thing that
//! publishing does. So a crash, a full disk or a second publisher leave the old list or the new one. What an
//! interrupted publish leaves beside is in no list, and the next one takes it away.

mod error;
mod files;
mod load;
mod publish;
mod verify;

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use error::StoreError;
pub use publish::Published;
pub use verify::Verified;

pub(super) use files::{NewFile, open};

use super::ReleaseId;
use super::journal::{Entry, Journal, Withdrawn};
use crate::domain::nearest;
use crate::package::STORE_MARK;

/// What stands in the file that says that a folder is a store.
const MARKED: &[u8] = b"{\"chargesheet_store\":1}\n";
/// A dataset's list of releases.
const JOURNAL: &str = "releases.json";
/// A release's manifest.
const MANIFEST: &str = "manifest.json";
/// The digests of a release's files: a file that the disk has changed is never read. They are no part of what a
/// release is: another writer of Parquet gives other bytes for the same content.
const SUMS: &str = "SHA256SUMS";

/// A folder of releases.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

/// How the journals of a store look from outside: when it differs, something was published or withdrawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp(Vec<(String, u64, Option<SystemTime>)>);

/// A dataset in a store.
#[derive(Debug)]
pub struct Found {
    /// Its id.
    pub dataset: String,
    /// Its releases, the oldest first; or why they are not known.
    pub releases: Result<Vec<Entry>, StoreError>,
}

impl Store {
    /// Opens a store.
    ///
    /// # Errors
    /// When the folder is no store.
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

    /// Returns its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Opens a store, and makes it where the folder is missing or empty.
    ///
    /// # Errors
    /// When the folder is something else, or cannot be made.
    pub fn open_or_make(root: &Path) -> Result<Self, StoreError> {
        let path = || root.display().to_string();
        std::fs::create_dir_all(root).map_err(|source| StoreError::io("make", root, source))?;
        if !is_marked(root)? {
            let is_empty = files::names(root)?.is_empty();
            // Somebody else may be making the same store at this moment.
            if !is_empty && !is_marked(root)? {
                let instead = "name an empty folder, or one that is a store";
                return Err(StoreError::NoStore { path: path(), instead });
            }
            files::make_mark(&root.join(STORE_MARK), MARKED)?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Returns every dataset that has releases; for one whose list cannot be read, why not.
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

    /// Returns the releases of a dataset, the oldest first; none where nothing of it was ever published.
    ///
    /// # Errors
    /// When its list cannot be read, or is lost.
    pub fn releases(&self, dataset: &str) -> Result<Vec<Entry>, StoreError> {
        Ok(self.journal(dataset)?.map_or(Vec::new(), |journal| journal.releases))
    }

    /// Returns how the store looks from outside.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn stamp(&self) -> Result<Stamp, StoreError> {
        let looked = |name: String| {
            let file = self.root.join(&name).join(JOURNAL).metadata().ok()?;
            Some((name, file.len(), file.modified().ok()))
        };
        Ok(Stamp(self.names()?.into_iter().filter_map(looked).collect()))
    }

    /// Names of what can be datasets, in byte order: folders, and what cannot be looked at and may be one.
    fn names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = files::names(&self.root)?;
        names.retain(|name| {
            let place = self.root.join(name);
            !name.starts_with('.') && place.metadata().map_or(place.is_symlink(), |found| found.is_dir())
        });
        Ok(names)
    }

    /// Returns the journal of a dataset; `None` when nothing of it was ever published.
    fn journal(&self, dataset: &str) -> Result<Option<Journal>, StoreError> {
        let path = self.root.join(dataset).join(JOURNAL);
        match files::read(&path) {
            Ok(json) => match Journal::read(&json) {
                Some(journal) if journal.dataset == dataset => Ok(Some(journal)),
                _ => Err(StoreError::damaged(&path, "it is no list of this dataset's releases")),
            },
            Err(error) if error.is_missing() => {
                // A list is there before the first release is, so releases without a list are a loss.
                let folder = self.root.join(dataset);
                let mut releases = match files::names(&folder) {
                    // A link that leads nowhere is no dataset that never was.
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

    /// Takes a release out: its files go, its manifest and its tombstone stay.
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
        // The list says so already; a crash in between leaves files that nobody serves, and calling again removes them.
        files::remove_all_but(&self.folder(dataset, release), MANIFEST)?;
        Ok(withdrawn)
    }

    /// Keeps everybody else from changing a dataset while the result lives.
    ///
    /// # Errors
    /// When somebody else does.
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

/// Whether a folder says that it is a store.
fn is_marked(root: &Path) -> Result<bool, StoreError> {
    let mark = root.join(STORE_MARK);
    match mark.metadata() {
        Ok(found) => Ok(found.is_file()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        // Whoever may not look must not be told that it is none.
        Err(source) => Err(StoreError::io("read", &mark, source)),
    }
}

/// Leave to change a dataset; given back when it is dropped, also when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}
