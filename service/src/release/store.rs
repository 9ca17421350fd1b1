//! Where releases are kept: written beside, synced, renamed, and only then listed.
//!
//! ```text
//! STORE/chargesheet-store.json            says that this folder is a store
//! STORE/{dataset}/releases.json           the journal: which releases there are, in order
//! STORE/{dataset}/{release}/manifest.json what the release consists of
//! STORE/{dataset}/{release}/*.parquet     its tables
//! STORE/{dataset}/{release}/reference/    the code lists that it was made with
//! STORE/{dataset}/{release}/report.json   how many rows were read, refused, counted once
//! ```
//!
//! A release is there when the journal lists it, and the journal is replaced in one step as the last thing that
//! publishing does. So a crash, a full disk or a second publisher leave the old list or the new one. What an
//! interrupted publish leaves beside is in no list, and the next one takes it away.

mod files;
mod publish;
mod verify;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

pub use publish::Published;
pub use verify::Verified;

pub(super) use files::{create, sync};

use super::charge_reader::{self, Wanted};
use super::journal::{Entry, Journal, Withdrawn};
use super::small_tables;
use super::text_table::TextTable;
use super::{Content, Manifest, Release, ReleaseId};
use crate::domain::{Lists, nearest};
use crate::ingest::{Ingested, Records};
use crate::package::Kind;

/// The file that says that a folder is a store.
const MARK: &str = "chargesheet-store.json";
/// What stands in it.
const MARKED: &[u8] = b"{\"chargesheet_store\":1}\n";
/// A dataset's list of releases.
const JOURNAL: &str = "releases.json";
/// A release's manifest.
const MANIFEST: &str = "manifest.json";

/// A folder of releases.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

/// Why a store cannot do what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file could not be read or written.
    #[error("cannot {what} {path}: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// A table could not be read or written.
    #[error("cannot {what} {path}: {source}")]
    Parquet {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: String,
        /// Why not.
        source: Box<parquet::errors::ParquetError>,
    },
    /// A file is not what was written.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// The folder is something else.
    #[error("{path} is no store of releases; {instead}")]
    NoStore {
        /// The folder.
        path: String,
        /// What to do.
        instead: &'static str,
    },
    /// Somebody else is changing the dataset.
    #[error(
        "somebody else is publishing or withdrawing in dataset `{dataset}` at this moment; try again when that is done"
    )]
    Busy {
        /// The dataset.
        dataset: String,
    },
    /// The very content was published and withdrawn.
    #[error(
        "release {release} of `{dataset}` was withdrawn on {since}; the same content cannot be published again"
    )]
    WasWithdrawn {
        /// The dataset.
        dataset: String,
        /// The release.
        release: String,
        /// Since when.
        since: String,
    },
    /// There is no such dataset or release.
    #[error("the store has no {what} `{name}`{hint}")]
    Missing {
        /// A dataset or a release.
        what: &'static str,
        /// Its name.
        name: String,
        /// What may have been meant.
        hint: String,
    },
}

impl StoreError {
    pub(super) fn io(what: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { what, path: path.display().to_string(), source }
    }

    pub(super) fn parquet(what: &'static str, path: &Path, source: parquet::errors::ParquetError) -> Self {
        Self::Parquet { what, path: path.display().to_string(), source: Box::new(source) }
    }

    pub(super) fn damaged(path: &Path, why: impl Into<String>) -> Self {
        Self::Damaged { path: path.display().to_string(), why: why.into() }
    }

    fn missing(what: &'static str, name: &str, nearest: Option<&str>) -> Self {
        let hint = nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
        Self::Missing { what, name: name.to_owned(), hint }
    }
}

/// How the journals of a store look from outside: when it differs, something was published or withdrawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp(Vec<(String, u64, Option<SystemTime>)>);

/// A dataset in a store.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its id.
    pub dataset: String,
    /// Its releases, the oldest first.
    pub releases: Vec<Entry>,
}

impl Store {
    /// Opens a store.
    ///
    /// # Errors
    /// When the folder is no store.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        if root.join(MARK).is_file() {
            return Ok(Self { root: root.to_owned() });
        }
        let instead = if root.is_dir() {
            "name the folder that `chargesheet publish --store` made"
        } else {
            "there is no such folder; `chargesheet publish --store` makes one"
        };
        Err(StoreError::NoStore { path: root.display().to_string(), instead })
    }

    /// Opens a store, and makes it where the folder is missing or empty.
    ///
    /// # Errors
    /// When the folder is something else, or cannot be made.
    pub fn open_or_make(root: &Path) -> Result<Self, StoreError> {
        let path = || root.display().to_string();
        std::fs::create_dir_all(root).map_err(|source| StoreError::io("make", root, source))?;
        if !root.join(MARK).is_file() {
            let mut inside =
                std::fs::read_dir(root).map_err(|source| StoreError::io("read", root, source))?;
            // The mark of a first publish that was interrupted may be there half written.
            let others = inside.any(|entry| {
                entry.map_or(true, |entry| !entry.file_name().to_string_lossy().starts_with(MARK))
            });
            if others {
                let instead = "name an empty folder, or one that is a store";
                return Err(StoreError::NoStore { path: path(), instead });
            }
            files::replace(&root.join(MARK), MARKED)?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Returns all datasets with their releases.
    ///
    /// # Errors
    /// When a journal cannot be read.
    pub fn datasets(&self) -> Result<Vec<Found>, StoreError> {
        let mut found = Vec::new();
        for dataset in self.names()? {
            if let Some(journal) = self.journal(&dataset)? {
                found.push(Found { dataset, releases: journal.releases });
            }
        }
        Ok(found)
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

    /// Names of the folders that can be datasets, in byte order.
    fn names(&self) -> Result<Vec<String>, StoreError> {
        let failed = |source| StoreError::io("read", &self.root, source);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.root).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && entry.path().is_dir() {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Returns the journal of a dataset; `None` when nothing of it was ever published.
    fn journal(&self, dataset: &str) -> Result<Option<Journal>, StoreError> {
        let path = self.root.join(dataset).join(JOURNAL);
        match std::fs::read(&path) {
            Ok(json) => match Journal::read(&json) {
                Some(journal) if journal.dataset == dataset => Ok(Some(journal)),
                _ => Err(StoreError::damaged(&path, "it is no list of this dataset's releases")),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::io("read", &path, source)),
        }
    }

    fn folder(&self, dataset: &str, release: &str) -> PathBuf {
        self.root.join(dataset).join(release)
    }

    /// Loads a release, to be asked.
    ///
    /// # Errors
    /// When its files cannot be read, or are not what its manifest says.
    pub fn load(&self, dataset: &str, release: &str) -> Result<Release, StoreError> {
        self.load_with(dataset, release, Wanted::Numbers)
    }

    fn load_with(&self, dataset: &str, release: &str, wanted: Wanted) -> Result<Release, StoreError> {
        let folder = self.folder(dataset, release);
        let path = folder.join(MANIFEST);
        let json = files::read(&path)?;
        let manifest = Manifest::read(&json)
            .ok_or_else(|| StoreError::damaged(&path, "it is no manifest that this program can read"))?;
        let id = ReleaseId::of(&manifest);
        let descriptor = manifest.descriptor();
        if id.as_str() != release || descriptor.name != dataset || manifest.to_json() != json {
            return Err(StoreError::damaged(
                &path,
                format!("it is the manifest of {} {id}", descriptor.name),
            ));
        }
        let reference = folder.join("reference");
        let mut bytes: [Vec<u8>; 4] = Default::default();
        for (place, name) in Lists::NAMES.into_iter().enumerate() {
            bytes[place] = files::read(&reference.join(format!("{name}.csv")))?;
        }
        let lists =
            Lists::read(bytes).ok_or_else(|| StoreError::damaged(&reference, "it holds no code lists"))?;
        let read = |name: &str, columns| TextTable::read(&folder.join(format!("{name}.parquet")), columns);
        let bad = |name: &str| StoreError::damaged(&folder.join(name), "it has values that nobody wrote");
        let statutes = read("statutes", small_tables::STATUTES)?;
        let register = small_tables::register(&statutes).ok_or_else(|| bad("statutes.parquet"))?;
        let mut small = vec![("statutes", statutes)];
        let records = match descriptor.chargesheet.kind {
            Kind::CaseLevel => {
                let path = folder.join("charges.parquet");
                let mut charges = charge_reader::read(&path, &lists, &register, wanted)?;
                charges.sort_dictionaries();
                Records::Charges(Box::new(charges))
            }
            Kind::Reported => {
                let of = read("sources", small_tables::SOURCES)?;
                let sources = small_tables::figure_sources(&of).ok_or_else(|| bad("sources.parquet"))?;
                small.push(("sources", of));
                let counts = read("counts", small_tables::COUNTS)?;
                let figures = small_tables::figures(&counts, &lists, &register, &sources)
                    .ok_or_else(|| bad("counts.parquet"))?;
                small.push(("counts", counts));
                Records::Figures { figures, sources }
            }
        };
        // Small tables are digested again whenever they are read; charges only by `verify`.
        for (name, table) in small {
            let (rows, sha256) = table.digest();
            let said = manifest.tables().iter().find(|table| table.name == name);
            if said.is_none_or(|said| said.rows != rows || said.sha256 != sha256) {
                return Err(StoreError::damaged(
                    &folder.join(format!("{name}.parquet")),
                    "its content is not what the manifest says",
                ));
            }
        }
        Ok(Release { id, manifest, descriptor, lists: Arc::new(lists), register, records })
    }

    /// Loads everything that a release was made of, and puts it into its order again.
    fn load_content(&self, dataset: &str, release: &str) -> Result<Content, StoreError> {
        let release = self.load_with(dataset, release, Wanted::Everything)?;
        let Release { descriptor, lists, register, records, .. } = release;
        Ok(Content::of(Ingested { descriptor, register, records }, lists))
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
        let _lock = self.lock(dataset)?;
        let Some(mut journal) = self.journal(dataset)? else {
            let names = self.names()?;
            let meant = nearest(dataset, names.iter().map(String::as_str));
            return Err(StoreError::missing("dataset", dataset, meant));
        };
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
        let folder = self.root.join(dataset);
        if !folder.is_dir() && !self.root.join(MARK).is_file() {
            return Err(StoreError::missing("dataset", dataset, None));
        }
        let path = self.root.join(format!(".lock-{dataset}"));
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|source| StoreError::io("open", &path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Busy { dataset: dataset.to_owned() }),
            Err(std::fs::TryLockError::Error(source)) => Err(StoreError::io("lock", &path, source)),
        }
    }
}

/// Leave to change a dataset; given back when it is dropped, also when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}
