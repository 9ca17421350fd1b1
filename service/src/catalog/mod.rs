//! The catalog: all datasets that are served, with their releases, and the statutes that each covers.
//!
//! A catalog never changes. When a release is published or withdrawn, [`Sources`] makes a new catalog and the service replaces the
//! old one as a whole. So every answer is made from a single catalog.

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
    /// The ids in display order. Where several datasets know the same thing, the first in this order is used.
    order: Vec<String>,
    coverage: BTreeMap<String, Vec<Coverage>>,
}

/// A dataset with its releases.
#[derive(Debug)]
struct Served {
    /// The newest release that is not withdrawn, loaded and ready to be queried.
    current: Option<Arc<Dataset>>,
    /// What the dataset has on each statute.
    coverage: Arc<BTreeMap<String, Coverage>>,
    /// All releases of the dataset, the oldest first.
    releases: Vec<Listed>,
    /// Why the list of releases cannot be read, if it never could be. Without the list, nobody knows which release is the newest
    /// and which ones are withdrawn.
    unlisted: Option<Arc<LoadError>>,
}

impl Served {
    /// Returns the error for a release that is not in the list. If the list cannot be read, returns that error instead.
    fn without(&self, absent: Absent) -> Absent {
        self.unlisted.clone().map_or(absent, Absent::Failed)
    }

    /// Whether the other dataset serves exactly the same releases.
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

    /// Whether this release is the current one, which answers requests that name no release.
    fn is_at(&self, release: &str) -> bool {
        self.current.as_ref().is_some_and(|current| current.release.id().as_str() == release)
    }
}

/// A release of a dataset.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What the list says about the release.
    pub entry: Entry,
    held: Held,
}

/// Where the data of a release are.
#[derive(Debug, Clone)]
enum Held {
    /// In memory, from a package.
    Ready(Arc<Dataset>),
    /// In a store. Loaded on the first request.
    Stored(Store, Arc<Shelf>),
}

impl Catalog {
    /// Whether the other catalog serves exactly the same releases. If so, answers made from one catalog are right for the other.
    pub fn is_same(&self, other: &Self) -> bool {
        let is_there =
            |(id, served): (&String, &Served)| other.datasets.get(id).is_some_and(|own| own.is_same(served));
        self.datasets.len() == other.datasets.len() && self.datasets.iter().all(is_there)
    }

    /// Returns a dataset in its newest release. `None` if there is no such dataset, or if all its releases are withdrawn.
    pub fn dataset(&self, id: &str) -> Option<&Arc<Dataset>> {
        self.datasets.get(id)?.current.as_ref()
    }

    /// Returns a dataset in the given release, or in its newest one. Loading an old release takes time.
    ///
    /// # Errors
    /// When the dataset or the release does not exist, was withdrawn, or cannot be loaded.
    pub fn release(&self, dataset: &str, release: Option<&str>) -> Result<Arc<Dataset>, Absent> {
        let served = self.served(dataset)?;
        let current = served.current.as_ref();
        let Some(release) = release else {
            let newest = || {
                // Either the newest release could not be loaded, or all releases are withdrawn.
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
    /// When there is no such dataset, or its list of releases cannot be read.
    pub fn releases(&self, dataset: &str) -> Result<&[Listed], Absent> {
        let served = self.served(dataset)?;
        served.unlisted.clone().map_or(Ok(served.releases.as_slice()), |fault| Err(Absent::Failed(fault)))
    }

    /// Returns a dataset that exists but cannot be read. While there is one, the service cannot say that something is in no
    /// dataset.
    pub fn unread(&self) -> Option<&str> {
        self.all_unread().next()
    }

    /// Returns every dataset that exists but cannot be read.
    pub fn all_unread(&self) -> impl Iterator<Item = &str> {
        let is_live = |listed: &Listed| listed.entry.withdrawn.is_none();
        let is_there =
            move |served: &Served| served.unlisted.is_some() || served.releases.iter().any(is_live);
        let unread = move |served: &Served| served.current.is_none() && is_there(served);
        self.datasets.iter().filter(move |(_, served)| unread(served)).map(|(id, _)| id.as_str())
    }

    /// Returns the dataset and the release whose id ends in these 12 hex digits. Withdrawn releases are found too.
    ///
    /// A manifest names its dataset, so two datasets never have the same digest.
    pub fn release_with_digits(&self, digits: &str) -> Option<(&str, &str)> {
        let is_it = |listed: &&Listed| listed.entry.id.rsplit_once('-').is_some_and(|(_, own)| own == digits);
        self.datasets.iter().find_map(|(dataset, served)| {
            let found = served.releases.iter().find(is_it)?;
            Some((dataset.as_str(), found.entry.id.as_str()))
        })
    }

    /// Returns the newest release of a dataset and the day it was published here. `None` if `release` is already the newest.
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

    /// Returns all datasets in their newest release. The bundled datasets come first, then those of the store in the order of their
    /// first publication, then the `--data` folders in the order given. A new dataset is added at the end, so the pages of earlier
    /// datasets do not change.
    pub fn datasets(&self) -> impl Iterator<Item = &Arc<Dataset>> {
        self.order.iter().filter_map(|id| self.datasets.get(id)?.current.as_ref())
    }

    /// Returns the number of datasets, and the number of releases that are not withdrawn.
    pub fn size(&self) -> (usize, usize) {
        let releases = self.datasets.values().flat_map(|served| &served.releases);
        (self.datasets().count(), releases.filter(|listed| listed.entry.withdrawn.is_none()).count())
    }

    /// Returns the dataset id most similar to a wrong one.
    pub fn nearest_dataset(&self, wrong: &str) -> Option<&str> {
        nearest(wrong, self.datasets.keys().map(String::as_str))
    }

    /// Returns a statute as described by the first dataset that knows it.
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

    /// Returns what each dataset has on a statute and its parts, in the order of [`Self::datasets`]. Among the bundled datasets,
    /// the one with the most rows comes first.
    pub fn coverage(&self, statute: &str) -> &[Coverage] {
        self.coverage.get(statute).map_or(&[], Vec::as_slice)
    }

    /// Returns the statute id most similar to a wrong one.
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
                // The release may have been withdrawn since the list was read.
                let now = store.releases(dataset).unwrap_or_default();
                let now = now.into_iter().find(|entry| entry.id == self.entry.id);
                let now = now.map(|entry| Self { entry, held: self.held.clone() });
                now.as_ref().and_then(Self::tombstone).unwrap_or_else(|| Absent::Failed(Arc::new(error)))
            }),
        }
    }
}
