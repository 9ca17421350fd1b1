//! The sources of datasets: the bundled packages, folders of packages, and a store.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Catalog, Held, Listed, LoadError, Served, Shelf};
use crate::answer::{Dataset, opened};
use crate::coverage::covered;
use crate::ingest::{Problem, Rules, ingest};
use crate::package::{Package, from_path};
use crate::release::{Release, Stamp, Store, entry_of};

/// Whether the bundled datasets are served too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundled {
    /// Served, except where a folder has a dataset with the same name.
    Served,
    /// Not served.
    LeftOut,
}

/// The sources that catalogs are made from.
#[derive(Debug)]
pub struct Sources {
    /// Bundled releases. They count as older than any release in the store.
    bundled: Vec<Arc<Dataset>>,
    /// Releases from folders. They count as newer than any release in the store.
    folders: Vec<Arc<Dataset>>,
    store: Option<Store>,
    shelf: Arc<Shelf>,
}

impl Sources {
    /// Returns the folder of the store, if there is a store.
    pub fn store_folder(&self) -> Option<&Path> {
        self.store.as_ref().map(Store::root)
    }

    /// Loads the packages in folders and the bundled packages, and opens the store.
    ///
    /// # Errors
    /// When a package cannot be read, any of its rows is refused, two folders have a dataset with the same name, or the path leads
    /// to no store.
    pub fn load(folders: &[PathBuf], bundled: Bundled, store: Option<&Path>) -> Result<Self, LoadError> {
        let mut sources = Self {
            bundled: Vec::new(),
            folders: Vec::new(),
            store: store.map(Store::open).transpose()?,
            shelf: Arc::default(),
        };
        let named =
            |all: &[Arc<Dataset>], name: &str| all.iter().any(|dataset| dataset.release.dataset() == name);
        for folder in folders {
            let package = from_path(folder)?;
            let dataset = package.descriptor.name.clone();
            let place = folder.display().to_string();
            if named(&sources.folders, &dataset) {
                return Err(LoadError::Twice { place, dataset });
            }
            sources.folders.push(Arc::new(dataset_of(&package, &place)?));
        }
        if bundled == Bundled::Served {
            // Earlier versions come first, because the last release of a dataset counts as the newest.
            for package in chargesheet_data::EARLIER.iter().chain(chargesheet_data::PACKAGES) {
                if !named(&sources.folders, package.name) {
                    let dataset = dataset_of(&Package::bundled(package)?, package.name)?;
                    sources.bundled.push(Arc::new(dataset));
                }
            }
        }
        Ok(sources)
    }

    /// Returns the current stamp of the store, which changes when the store does. The stamp is empty if there is no store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn stamp(&self) -> Result<Stamp, LoadError> {
        Ok(self.store.as_ref().map(Store::stamp).transpose()?.unwrap_or_default())
    }

    /// Makes a catalog from the current state of the sources. Datasets that have not changed are taken over from `before`.
    ///
    /// Problems of a single dataset are returned as messages beside the catalog. They hide neither the other datasets nor a
    /// withdrawal.
    ///
    /// # Errors
    /// When the store itself cannot be read.
    pub fn catalog(&self, before: Option<&Catalog>) -> Result<(Catalog, Vec<String>), LoadError> {
        let mut problems = Vec::new();
        let mut unlisted: BTreeMap<String, Arc<LoadError>> = BTreeMap::new();
        let mut releases: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
        for dataset in &self.bundled {
            releases.entry(dataset.release.dataset().to_owned()).or_default().push(ready(dataset));
        }
        for found in self.store.as_ref().map(Store::datasets).transpose()?.unwrap_or_default() {
            let held = || self.store.clone().map(|store| Held::Stored(store, Arc::clone(&self.shelf)));
            let stored: Vec<Listed> = match found.releases {
                Ok(entries) => {
                    let listed =
                        entries.into_iter().filter_map(|entry| Some(Listed { entry, held: held()? }));
                    listed.collect()
                }
                Err(error) => {
                    problems.push(format!("dataset `{}`: {error}", found.dataset));
                    let known = before.and_then(|catalog| catalog.datasets.get(&found.dataset));
                    match known.filter(|served| served.unlisted.is_none()) {
                        // The releases of the previous catalog are kept.
                        Some(served) => served.releases.clone(),
                        None => {
                            // The unreadable list may withdraw a bundled release or contain a newer one, so the bundled releases
                            // are dropped.
                            releases.insert(found.dataset.clone(), Vec::new());
                            unlisted.insert(found.dataset.clone(), Arc::new(error.into()));
                            Vec::new()
                        }
                    }
                }
            };
            let listed = releases.entry(found.dataset).or_default();
            // The store's entry replaces the bundled one, because the release may have been withdrawn since the program was built.
            listed.retain(|bundled| stored.iter().all(|stored| stored.entry.id != bundled.entry.id));
            listed.extend(stored);
        }
        for dataset in &self.folders {
            let listed = releases.entry(dataset.release.dataset().to_owned()).or_default();
            listed.retain(|stored| stored.entry.id != dataset.release.id().as_str());
            listed.push(ready(dataset));
        }
        let mut catalog = Catalog::default();
        let mut order: Vec<(Since, String)> =
            releases.iter().map(|(id, releases)| (self.since(id, releases), id.clone())).collect();
        order.sort_unstable();
        for (since, id) in order {
            let listed = releases.remove(&id).unwrap_or_default();
            let served =
                Served { unlisted: unlisted.remove(&id), ..self.served(&id, listed, before, &mut problems) };
            for (statute, covered) in served.coverage.iter() {
                let covering = catalog.coverage.entry(statute.clone()).or_default();
                covering.push(covered.clone());
                if since == Since::Bundled {
                    covering.sort_by_key(|coverage| std::cmp::Reverse(coverage.rows));
                }
            }
            catalog.datasets.insert(id.clone(), served);
            catalog.order.push(id);
        }
        Ok((catalog, problems))
    }

    /// Returns when a dataset was added, which decides its place in the order.
    fn since(&self, id: &str, releases: &[Listed]) -> Since {
        if chargesheet_data::PACKAGES.iter().any(|package| package.name == id) {
            return Since::Bundled;
        }
        let stored = releases.iter().find(|listed| matches!(listed.held, Held::Stored(..)));
        match stored {
            Some(first) => Since::Published(first.entry.published.parse().ok()),
            None => Since::Given(self.folders.iter().position(|own| own.release.dataset() == id)),
        }
    }

    /// Makes a dataset from its releases. If the newest release cannot be loaded, the release that was served before stays, unless
    /// it was withdrawn. Any older release is not served, because readers would take it for the newest.
    fn served(
        &self,
        id: &str,
        releases: Vec<Listed>,
        before: Option<&Catalog>,
        problems: &mut Vec<String>,
    ) -> Served {
        let newest = releases.iter().rev().find(|listed| listed.entry.withdrawn.is_none());
        let before = before.and_then(|catalog| catalog.datasets.get(id));
        let loaded = newest.map(|newest| {
            if let Some(same) = before.filter(|served| served.is_at(&newest.entry.id)) {
                return Ok((same.current.clone(), Arc::clone(&same.coverage)));
            }
            let current = match &newest.held {
                Held::Ready(ready) => Arc::clone(ready),
                Held::Stored(store, shelf) => shelf.get(store, id, &newest.entry.id)?,
            };
            let coverage = Arc::new(covered(id, &current)?);
            Ok::<_, LoadError>((Some(current), coverage))
        });
        let (current, coverage) = match loaded {
            Some(Ok(loaded)) => loaded,
            None => (None, Arc::default()),
            Some(Err(error)) => {
                problems.push(format!("the newest release of `{id}` cannot be loaded: {error}"));
                let live = |listed: &Listed| listed.entry.withdrawn.is_none();
                let still_live = before.filter(|served| {
                    releases.iter().filter(|listed| live(listed)).any(|listed| served.is_at(&listed.entry.id))
                });
                still_live.map_or((None, Arc::default()), |served| {
                    (served.current.clone(), Arc::clone(&served.coverage))
                })
            }
        };
        Served { current, coverage, releases, unlisted: None }
    }
}

/// When a dataset was added. The earliest comes first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Since {
    /// The dataset is bundled, or replaces a bundled one.
    Bundled,
    /// The time at which the first release was published to the store.
    Published(Option<jiff::Timestamp>),
    /// The position of the dataset's folder among the `--data` folders.
    Given(Option<usize>),
}

/// Makes the list entry of a release in memory. Such a release was never published here, so the entry has the date of its package.
fn ready(dataset: &Arc<Dataset>) -> Listed {
    let published = dataset.release.descriptor().created.clone();
    Listed { entry: entry_of(&dataset.release, published), held: Held::Ready(Arc::clone(dataset)) }
}

/// Makes a dataset from a package, and fails if any row is refused. Nobody reviews a report for datasets that are served without
/// being published.
fn dataset_of(package: &Package, place: &str) -> Result<Dataset, LoadError> {
    // A single refused row is an error here. With a limit of 100 %, the report names the row and not the share of refused rows.
    let rules = Rules { max_rejected_percent: 100.0, ..Rules::of_any_day() };
    let (ingested, report) = ingest(package, &rules)?;
    if let Some(first) = report.first_error() {
        return Err(LoadError::Refused {
            place: place.to_owned(),
            refused: report.errors(),
            file: first.file.clone(),
            first: Problem::to_text(first),
        });
    }
    Ok(opened(Release::seal(ingested))?)
}
