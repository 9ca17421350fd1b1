//! Where datasets come from: the packages compiled in, folders of packages, a store.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Catalog, Held, Listed, LoadError, Served, Shelf};
use crate::answer::Dataset;
use crate::coverage::covered;
use crate::domain::{Lists, today};
use crate::ingest::{Problem, Rules, ingest};
use crate::package::Package;
use crate::release::{Release, Stamp, Store};

/// Whether the datasets that are compiled in are served too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundled {
    /// They are, unless a folder brings one of the same name.
    Served,
    /// They are not.
    LeftOut,
}

/// Everything that catalogs are made from.
#[derive(Debug)]
pub struct Sources {
    /// Releases compiled in: older than any that the store has.
    bundled: Vec<Arc<Dataset>>,
    /// Releases from folders: newer than any that the store has.
    folders: Vec<Arc<Dataset>>,
    store: Option<Store>,
    shelf: Arc<Shelf>,
}

impl Sources {
    /// Loads the packages in folders and the bundled ones, and opens a store.
    ///
    /// # Errors
    /// When a package cannot be read, any of its rows is refused, two folders have one name, or the store is
    /// none.
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
            let package = Package::from_folder(folder)?;
            let dataset = package.descriptor.name.clone();
            let place = folder.display().to_string();
            if named(&sources.folders, &dataset) {
                return Err(LoadError::Twice { place, dataset });
            }
            sources.folders.push(Arc::new(dataset_of(&package, &place)?));
        }
        if bundled == Bundled::Served {
            for package in chargesheet_data::PACKAGES {
                if !named(&sources.folders, package.name) {
                    let dataset = dataset_of(&Package::bundled(package)?, package.name)?;
                    sources.bundled.push(Arc::new(dataset));
                }
            }
        }
        Ok(sources)
    }

    /// Returns how the store looks from outside; nothing where there is none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn stamp(&self) -> Result<Stamp, LoadError> {
        Ok(self.store.as_ref().map(Store::stamp).transpose()?.unwrap_or_default())
    }

    /// Makes a catalog of what is there now. What has not changed since `before` is taken from it.
    ///
    /// # Errors
    /// When the store or the newest release of a dataset cannot be read.
    pub fn catalog(&self, before: Option<&Catalog>) -> Result<Catalog, LoadError> {
        let mut releases: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
        for dataset in &self.bundled {
            releases.entry(dataset.release.dataset().to_owned()).or_default().push(ready(dataset));
        }
        if let Some(store) = &self.store {
            for found in store.datasets()? {
                let listed = releases.entry(found.dataset).or_default();
                // What the store says of a bundled release is newer than what is compiled in: it may be withdrawn.
                listed.retain(|bundled| found.releases.iter().all(|entry| entry.id != bundled.entry.id));
                let held = Held::Stored(store.clone(), Arc::clone(&self.shelf));
                listed.extend(found.releases.into_iter().map(|entry| Listed { entry, held: held.clone() }));
            }
        }
        for dataset in &self.folders {
            let listed = releases.entry(dataset.release.dataset().to_owned()).or_default();
            listed.retain(|stored| stored.entry.id != dataset.release.id().as_str());
            listed.push(ready(dataset));
        }
        let mut catalog = Catalog::default();
        for (id, releases) in releases {
            let served = self.served(&id, releases, before)?;
            for (statute, covered) in served.coverage.iter() {
                catalog.coverage.entry(statute.clone()).or_default().push(covered.clone());
            }
            catalog.datasets.insert(id, served);
        }
        for covering in catalog.coverage.values_mut() {
            covering.sort_by_key(|coverage| std::cmp::Reverse(coverage.rows));
        }
        Ok(catalog)
    }

    fn served(&self, id: &str, releases: Vec<Listed>, before: Option<&Catalog>) -> Result<Served, LoadError> {
        let Some(newest) = releases.iter().rev().find(|listed| listed.entry.withdrawn.is_none()) else {
            return Ok(Served { current: None, coverage: Arc::default(), releases });
        };
        let before = before.and_then(|catalog| catalog.datasets.get(id));
        let same = before.and_then(|served| Some((served, served.current.as_ref()?)));
        if let Some((served, current)) = same
            && current.release.id().as_str() == newest.entry.id
        {
            let (current, coverage) = (Some(Arc::clone(current)), Arc::clone(&served.coverage));
            return Ok(Served { current, coverage, releases });
        }
        let current = match &newest.held {
            Held::Ready(ready) => Arc::clone(ready),
            Held::Stored(store, shelf) => shelf.get(store, id, &newest.entry.id)?,
        };
        let coverage = Arc::new(covered(id, &current)?);
        Ok(Served { current: Some(current), coverage, releases })
    }
}

/// A release in memory as it stands in a list. It was never published here; the date of its package stands for that.
fn ready(dataset: &Arc<Dataset>) -> Listed {
    let published = dataset.release.descriptor().created.clone();
    Listed { entry: dataset.release.entry(published), held: Held::Ready(Arc::clone(dataset)) }
}

/// Makes a dataset of a package in which nothing is refused: what is served without publishing is looked at by nobody.
fn dataset_of(package: &Package, place: &str) -> Result<Dataset, LoadError> {
    // Any refused row is one too many here, so it is the row that is told and not their share.
    let rules = Rules { max_rejected_percent: 100.0, ..Rules::of(today()) };
    let (ingested, report) = ingest(package, &rules)?;
    if let Some(first) = report.first_error() {
        return Err(LoadError::Refused {
            place: place.to_owned(),
            refused: report.errors(),
            file: first.file.clone(),
            first: Problem::to_text(first),
        });
    }
    Ok(Dataset::new(Release::seal(ingested, Arc::clone(Lists::bundled())))?)
}
