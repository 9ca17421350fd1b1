//! What every route can reach.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::cache::Cache;
use super::kept::Kept;
use super::problem::Problem;
use crate::answer::Dataset;
use crate::catalog::{Catalog, LoadError, Sources};
use crate::release::Stamp;

/// How often the store is looked at. A new release is served within two seconds.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The datasets, the public address, and leave to compute.
#[derive(Debug, Clone)]
pub struct App {
    /// Where the datasets come from.
    sources: Arc<Sources>,
    /// What is served now: swapped whole, so that an answer is made from one state of things.
    catalog: Arc<RwLock<Arc<Catalog>>>,
    /// How the store looked when the catalog was made.
    stamp: Stamp,
    /// Public address of the service, without a final slash.
    pub base: Arc<str>,
    /// Earlier versions of the widget, where there is a store to keep them in.
    kept: Option<Arc<Kept>>,
    /// Counts the catalogs: what was made from one may not be sent once there is another.
    generation: Arc<AtomicU64>,
    /// Answers that were made already.
    pub(super) cache: Arc<Cache>,
    /// As many computations at once as there are processors: more would only wait for each other.
    permits: Arc<Semaphore>,
}

impl App {
    /// Makes the state of a service.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(sources: Sources) -> Result<Self, LoadError> {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        // Looked at before it is read: what is published in between is found by the next look.
        let stamp = sources.stamp()?;
        let (catalog, problems) = sources.catalog(None)?;
        for problem in problems {
            super::log(&problem);
        }
        let kept = sources.store_folder().map(|store| Arc::new(Kept::in_store(store)));
        Ok(Self {
            kept,
            sources: Arc::new(sources),
            catalog: Arc::new(RwLock::new(Arc::new(catalog))),
            stamp,
            base: "".into(),
            generation: Arc::default(),
            cache: Arc::default(),
            permits: Arc::new(Semaphore::new(processors)),
        })
    }

    /// Tells the public address.
    pub fn at(mut self, base: &str) -> Self {
        self.base = base.trim_end_matches('/').into();
        self
    }

    /// Gives answers that were made already so much room, in bytes.
    pub fn keeping(mut self, room: u64) -> Self {
        self.cache = Arc::new(Cache::new(room));
        self
    }

    /// Returns the number of the catalog that is served. Whoever keeps what they make takes it before the catalog, so that
    /// nothing old is kept under a new number.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Returns the versions of the widget that are kept.
    pub fn kept_widgets(&self) -> Option<Arc<Kept>> {
        self.kept.clone()
    }

    /// Returns what is served now. A request takes it once.
    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the store again and again, and serves what was published or withdrawn since. Never ends.
    pub async fn keep_up(self) {
        let mut stamp = self.stamp.clone();
        let mut told = Vec::new();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let (sources, before, old) = (Arc::clone(&self.sources), self.catalog(), stamp.clone());
            let looked = tokio::task::spawn_blocking(move || {
                let now = sources.stamp()?;
                if now == old { Ok(None) } else { sources.catalog(Some(&before)).map(|new| Some((now, new))) }
            });
            let problems = match looked.await {
                Ok(Ok(None)) => continue,
                Ok(Ok(Some((now, (new, problems))))) => {
                    *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
                    self.generation.fetch_add(1, Ordering::AcqRel);
                    // What could not be loaded is tried again at every look.
                    stamp = if problems.is_empty() { now } else { Stamp::default() };
                    problems
                }
                Ok(Err(error)) => vec![format!("the store cannot be read: {}", LoadError::to_string(&error))],
                Err(panic) => vec![format!("a release could not be loaded: {panic}")],
            };
            // The operator is told once.
            for problem in problems.iter().filter(|problem| !told.contains(*problem)) {
                super::log(problem);
            }
            told = problems;
        }
    }

    /// Computes off the threads that serve the network.
    ///
    /// # Errors
    /// What the computation says; or an internal problem when it panics.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let _permit = self.permits.acquire().await;
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|panic| {
            super::log(&format!("a computation panicked: {panic}"));
            Err(Problem::internal())
        })
    }

    /// Returns a dataset, in the release asked for where one is; an old one is loaded where it is not there.
    ///
    /// # Errors
    /// When there is no such dataset or release, with the nearest one; when it was withdrawn or cannot be loaded.
    pub async fn dataset(&self, id: &str, release: Option<&str>) -> Result<Arc<Dataset>, Problem> {
        let catalog = self.catalog();
        if let Some(current) = catalog.dataset(id)
            && release.is_none_or(|release| current.release.id().as_str() == release)
        {
            return Ok(Arc::clone(current));
        }
        let (id, release) = (id.to_owned(), release.map(str::to_owned));
        let found = move || {
            let found = catalog.release(&id, release.as_deref());
            found.map_err(|absent| Problem::absent(&id, release.as_deref(), absent))
        };
        self.compute(found).await
    }
}
