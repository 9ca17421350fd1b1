//! What every route can reach.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::problem::Problem;
use crate::answer::Dataset;
use crate::catalog::Catalog;

/// The datasets, the public address, and leave to compute.
#[derive(Debug, Clone)]
pub struct App {
    /// The datasets.
    pub catalog: Arc<Catalog>,
    /// Public address of the service, without a final slash.
    pub base: Arc<str>,
    /// As many computations at once as there are processors: more would only wait for each other.
    permits: Arc<Semaphore>,
}

impl App {
    /// Makes the state of a service at a public address.
    pub fn new(catalog: Catalog, base: &str) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            catalog: Arc::new(catalog),
            base: base.trim_end_matches('/').into(),
            permits: Arc::new(Semaphore::new(processors)),
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

    /// Returns a dataset, in the release asked for where one is.
    ///
    /// # Errors
    /// When there is no such dataset or release, with the nearest one.
    pub fn dataset(&self, id: &str, release: Option<&str>) -> Result<Arc<Dataset>, Problem> {
        let Some(dataset) = self.catalog.dataset(id) else {
            return Err(Problem::not_found("dataset", id, self.catalog.nearest_dataset(id)));
        };
        let own = dataset.release.id().as_str();
        match release {
            Some(release) if release != own => Err(Problem::not_found("release", release, Some(own))),
            _ => Ok(Arc::clone(dataset)),
        }
    }
}
