//! The datasets that are served, and which statutes they cover.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::answer::{AnswerError, Dataset};
use crate::coverage::{Coverage, covered};
use crate::domain::{Statute, nearest, today};
use crate::ingest::{Problem, Severity, ingest};
use crate::package::{Package, PackageError};
use crate::release::Release;

/// All datasets, by id.
#[derive(Debug, Default)]
pub struct Catalog {
    datasets: BTreeMap<String, Arc<Dataset>>,
    coverage: BTreeMap<String, Vec<Coverage>>,
}

/// Why a dataset cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The package cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// Some of its rows are not valid.
    #[error(
        "{place}: {refused} faults; the first is in {file}: {first}. Run `chargesheet check {place}` for all of them"
    )]
    Refused {
        /// The package.
        place: String,
        /// How many faults there are.
        refused: usize,
        /// File of the first.
        file: String,
        /// The first.
        first: String,
    },
    /// Two folders bring a dataset of one name.
    #[error("{place}: there is a dataset named `{dataset}` in an earlier --data folder already")]
    Twice {
        /// The second folder.
        place: String,
        /// The name.
        dataset: String,
    },
    /// The columns cannot be laid out or asked: a bug.
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

/// Whether the datasets that are compiled in are served too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundled {
    /// They are, unless a folder brings one of the same name.
    Served,
    /// They are not.
    LeftOut,
}

impl Catalog {
    /// Loads the packages in folders, and the bundled ones.
    ///
    /// # Errors
    /// When a package cannot be read, any of its rows is refused, or two folders have one name.
    pub fn load(folders: &[PathBuf], bundled: Bundled) -> Result<Self, LoadError> {
        let mut catalog = Self::default();
        for folder in folders {
            let package = Package::from_folder(folder)?;
            let dataset = package.descriptor.name.clone();
            let place = folder.display().to_string();
            if catalog.datasets.contains_key(&dataset) {
                return Err(LoadError::Twice { place, dataset });
            }
            catalog.add(&package, &place)?;
        }
        if bundled == Bundled::Served {
            for package in chargesheet_data::PACKAGES {
                if !catalog.datasets.contains_key(package.name) {
                    catalog.add(&Package::bundled(package)?, package.name)?;
                }
            }
        }
        for (id, dataset) in &catalog.datasets {
            for (statute, covered) in covered(id, dataset)? {
                catalog.coverage.entry(statute).or_default().push(covered);
            }
        }
        for covering in catalog.coverage.values_mut() {
            covering.sort_by_key(|coverage| std::cmp::Reverse(coverage.rows));
        }
        Ok(catalog)
    }

    fn add(&mut self, package: &Package, place: &str) -> Result<(), LoadError> {
        let (ingested, report) = ingest(package, today())?;
        let mut errors = report.problems.iter().filter(|problem| problem.severity == Severity::Error);
        if let Some(first) = errors.next() {
            return Err(LoadError::Refused {
                place: place.to_owned(),
                refused: errors.count() + 1,
                file: first.file.clone(),
                first: Problem::to_text(first),
            });
        }
        let dataset = Dataset::new(Release::seal(ingested))?;
        self.datasets.insert(dataset.release.dataset().to_owned(), Arc::new(dataset));
        Ok(())
    }

    /// Returns a dataset.
    pub fn dataset(&self, id: &str) -> Option<&Arc<Dataset>> {
        self.datasets.get(id)
    }

    /// Returns all datasets, in byte order of their ids.
    pub fn datasets(&self) -> impl Iterator<Item = &Arc<Dataset>> {
        self.datasets.values()
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

    /// Returns what each dataset has on a statute and its parts, the one with most to see first.
    pub fn coverage(&self, statute: &str) -> &[Coverage] {
        self.coverage.get(statute).map_or(&[], Vec::as_slice)
    }

    /// Returns the statute id nearest to a wrong one.
    pub fn nearest_statute(&self, wrong: &str) -> Option<&str> {
        nearest(wrong, self.statutes().into_iter().map(|statute| statute.id.as_str()))
    }
}
