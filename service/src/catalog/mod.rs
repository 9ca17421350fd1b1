//! The datasets that are served, in all their releases, and which statutes they cover.
//!
//! A catalog never changes. When something is published or withdrawn, [`Sources`] makes a new one, and the
//! service swaps it whole: an answer is made from one catalog from beginning to end.

mod error;
mod lives;
mod shelf;
mod sources;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::answer::Dataset;
use crate::coverage::Coverage;
use crate::domain::{Statute, nearest};
use crate::release::{Entry, Store};

pub use error::{Absent, LoadError};
pub use shelf::Shelf;
pub use sources::{Bundled, Sources};

/// All datasets, by id.
#[derive(Debug, Default)]
pub struct Catalog {
    datasets: BTreeMap<String, Served>,
    /// Their ids in the order in which they are shown, and asked about what several of them know.
    order: Vec<String>,
    coverage: BTreeMap<String, Vec<Coverage>>,
}

/// A dataset with its releases.
#[derive(Debug)]
struct Served {
    /// The newest release that is not withdrawn, ready to be asked.
    current: Option<Arc<Dataset>>,
    /// What it has on each statute.
    coverage: Arc<BTreeMap<String, Coverage>>,
    /// All its releases, the oldest first.
    releases: Vec<Listed>,
    /// Why the list of its releases cannot be read, where it never could. Then nobody knows which release is the newest and
    /// which is withdrawn.
    unlisted: Option<Arc<LoadError>>,
}

impl Served {
    /// Says that something is not among its releases; that they are not known, where they are not.
    fn without(&self, absent: Absent) -> Absent {
        self.unlisted.clone().map_or(absent, Absent::Failed)
    }

    /// Whether another serves the very same.
    fn is_same(&self, other: &Self) -> bool {
        let is_current = match (&self.current, &other.current) {
            (Some(own), Some(others)) => Arc::ptr_eq(own, others),
            (own, others) => own.is_none() && others.is_none(),
        };
        let entries = self.releases.iter().map(|listed| &listed.entry);
        self.unlisted.is_some() == other.unlisted.is_some()
            && is_current
            && entries.eq(other.releases.iter().map(|listed| &listed.entry))
    }

    /// Whether a release is the one that is asked without naming any.
    fn is_at(&self, release: &str) -> bool {
        self.current.as_ref().is_some_and(|current| current.release.id().as_str() == release)
    }
}

/// A release of a dataset.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What is said of it.
    pub entry: Entry,
    held: Held,
}

/// Where a release is.
#[derive(Debug, Clone)]
enum Held {
    /// In memory, from a package.
    Ready(Arc<Dataset>),
    /// In a store; loaded when somebody asks.
    Stored(Store, Arc<Shelf>),
}

impl Catalog {
    /// Whether another catalog serves the very same, so that what was answered from one is right under the other.
    pub fn is_same(&self, other: &Self) -> bool {
        let is_there =
            |(id, served): (&String, &Served)| other.datasets.get(id).is_some_and(|own| own.is_same(served));
        self.datasets.len() == other.datasets.len() && self.datasets.iter().all(is_there)
    }

    /// Returns a dataset in its newest release; `None` when there is none, or all are withdrawn.
    pub fn dataset(&self, id: &str) -> Option<&Arc<Dataset>> {
        self.datasets.get(id)?.current.as_ref()
    }

    /// Returns a dataset in a release, or in its newest one. Loading an old one takes time.
    ///
    /// # Errors
    /// When there is none, it was withdrawn, or it cannot be loaded.
    pub fn release(&self, dataset: &str, release: Option<&str>) -> Result<Arc<Dataset>, Absent> {
        let served = self.served(dataset)?;
        let current = served.current.as_ref();
        let Some(release) = release else {
            let newest = || {
                // It is there and could not be loaded, or all are withdrawn.
                let live = served.releases.iter().rev().find(|listed| listed.entry.withdrawn.is_none());
                match live {
                    Some(live) => live.load(dataset),
                    None => {
                        let last = served.releases.iter().rev().find_map(Listed::tombstone);
                        Err(served.without(last.unwrap_or(Absent::NoRelease(None))))
                    }
                }
            };
            return current.cloned().map_or_else(newest, Ok);
        };
        if let Some(current) = current.filter(|current| current.release.id().as_str() == release) {
            return Ok(Arc::clone(current));
        }
        let Some(listed) = served.releases.iter().find(|listed| listed.entry.id == release) else {
            let ids = served.releases.iter().filter(|listed| listed.entry.withdrawn.is_none());
            let meant = nearest(release, ids.map(|listed| listed.entry.id.as_str())).map(str::to_owned);
            return Err(served.without(Absent::NoRelease(
                meant.or_else(|| current.map(|current| current.release.id().to_string())),
            )));
        };
        listed.load(dataset)
    }

    /// Returns all releases of a dataset, the oldest first.
    ///
    /// # Errors
    /// When there is no such dataset, or its list cannot be read.
    pub fn releases(&self, dataset: &str) -> Result<&[Listed], Absent> {
        let served = self.served(dataset)?;
        served.unlisted.clone().map_or(Ok(served.releases.as_slice()), |fault| Err(Absent::Failed(fault)))
    }

    /// Returns a dataset that is there and cannot be read. While there is one, nobody can say that something is nowhere.
    pub fn unread(&self) -> Option<&str> {
        let is_live = |listed: &Listed| listed.entry.withdrawn.is_none();
        let is_there = |served: &Served| served.unlisted.is_some() || served.releases.iter().any(is_live);
        let unread = |served: &Served| served.current.is_none() && is_there(served);
        self.datasets.iter().find(|(_, served)| unread(served)).map(|(id, _)| id.as_str())
    }

    /// Returns the dataset and the id of the release whose id ends in these 12 hex digits, also of one that was withdrawn.
    ///
    /// A manifest names its dataset, so that two datasets have no digest in common.
    pub fn release_with_digits(&self, digits: &str) -> Option<(&str, &str)> {
        let is_it = |listed: &&Listed| listed.entry.id.rsplit_once('-').is_some_and(|(_, own)| own == digits);
        self.datasets.iter().find_map(|(dataset, served)| {
            let found = served.releases.iter().find(is_it)?;
            Some((dataset.as_str(), found.entry.id.as_str()))
        })
    }

    /// Returns the newest release of a dataset and the day it was published here, unless it is this one.
    pub fn newer_than(&self, dataset: &str, release: &str) -> Option<(&Arc<Dataset>, &str)> {
        let served = self.datasets.get(dataset)?;
        let newest = served.current.as_ref().filter(|_| !served.is_at(release))?;
        let id = newest.release.id().as_str();
        let listed = served.releases.iter().find(|listed| listed.entry.id == id);
        let published = listed.map_or("", |listed| listed.entry.published.as_str());
        Some((newest, published.split('T').next().unwrap_or_default()))
    }

    fn served(&self, dataset: &str) -> Result<&Served, Absent> {
        self.datasets
            .get(dataset)
            .ok_or_else(|| Absent::NoDataset(self.nearest_dataset(dataset).map(str::to_owned)))
    }

    /// Returns all datasets in their newest release: those that are compiled in, then those of the store in the order
    /// in which they were first published, then those of `--data` folders as they were given. One that is added stands
    /// behind those that were there, and changes no page of theirs.
    pub fn datasets(&self) -> impl Iterator<Item = &Arc<Dataset>> {
        self.order.iter().filter_map(|id| self.datasets.get(id)?.current.as_ref())
    }

    /// Returns how many datasets there are, and how many releases can be asked for: the withdrawn ones are not counted.
    pub fn size(&self) -> (usize, usize) {
        let releases = self.datasets.values().flat_map(|served| &served.releases);
        (self.datasets().count(), releases.filter(|listed| listed.entry.withdrawn.is_none()).count())
    }

    /// Returns the dataset id nearest to a wrong one.
    pub fn nearest_dataset(&self, wrong: &str) -> Option<&str> {
        nearest(wrong, self.datasets.keys().map(String::as_str))
    }

    /// Returns a statute as the first dataset that knows it describes it.
    pub fn statute(&self, id: &str) -> Option<&Statute> {
        self.datasets().find_map(|dataset| dataset.release.register().get(id))
    }

    /// Returns every statute of every register once, in byte order of the ids.
    pub fn statutes(&self) -> Vec<&Statute> {
        let mut all: BTreeMap<&str, &Statute> = BTreeMap::new();
        for dataset in self.datasets() {
            for statute in dataset.release.register().all() {
                all.entry(&statute.id).or_insert(statute);
            }
        }
        all.into_values().collect()
    }

    /// Returns what each dataset has on a statute and its parts, in the order of [`Self::datasets`]; of those that are
    /// compiled in, the one with most to see first.
    pub fn coverage(&self, statute: &str) -> &[Coverage] {
        self.coverage.get(statute).map_or(&[], Vec::as_slice)
    }

    /// Returns the statute id nearest to a wrong one.
    pub fn nearest_statute(&self, wrong: &str) -> Option<&str> {
        nearest(wrong, self.statutes().into_iter().map(|statute| statute.id.as_str()))
    }
}

impl Listed {
    fn tombstone(&self) -> Option<Absent> {
        let tombstone = self.entry.withdrawn.clone()?;
        Some(Absent::Withdrawn { release: self.entry.id.clone(), tombstone })
    }

    fn load(&self, dataset: &str) -> Result<Arc<Dataset>, Absent> {
        if let Some(withdrawn) = self.tombstone() {
            return Err(withdrawn);
        }
        match &self.held {
            Held::Ready(ready) => Ok(Arc::clone(ready)),
            Held::Stored(store, shelf) => shelf.get(store, dataset, &self.entry.id).map_err(|error| {
                // It may have been withdrawn a moment ago.
                let now = store.releases(dataset).unwrap_or_default();
                let now = now.into_iter().find(|entry| entry.id == self.entry.id);
                let now = now.map(|entry| Self { entry, held: self.held.clone() });
                now.as_ref().and_then(Self::tombstone).unwrap_or_else(|| Absent::Failed(Arc::new(error)))
            }),
        }
    }
}
