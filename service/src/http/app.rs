//! The state of the service, shared by all routes.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde_json::json;

use super::body::Budget;
use super::body::budget::DEFAULT_BUDGET;
use super::observe::cluster::waiting;
use super::observe::log::{self, Level, tell};
use super::observe::metrics::{Metrics, Timeout};
use super::observe::panics::caught;
use super::pipeline::body_coders::BodyCoders;
use super::pipeline::cache::{Cache, DEFAULT_SIZE};
use super::problem::Problem;
use super::threads::processors;
use super::widget_archive::WidgetArchive;
use super::worker_pool::WorkerPool;
use crate::answer::Dataset;
use crate::catalog::{Catalog, LoadError, Sources};
use crate::explorer::About;
use crate::query::{Deadline, Over};
use crate::release::Stamp;

/// How often the store is checked for changes. With this interval, a new release is served within two seconds.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long to wait before retrying a release that could not be loaded, while the list of releases does not change. Each retry
/// reads the whole release.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Default time limit for one answer, from the request to its first byte.
pub const ANSWER_TIME: Duration = Duration::from_secs(30);

/// The state of the service. Clones share it.
#[derive(Debug, Clone)]
pub struct App {
    /// The sources of the datasets.
    sources: Arc<Sources>,
    /// The catalog that is served now. It is replaced as a whole, so that an answer is made from a single catalog.
    catalog: Arc<RwLock<Arc<Catalog>>>,
    /// The stamp of the store when the catalog was made.
    stamp: Stamp,
    /// Public address of the service, without a trailing slash.
    pub base: Arc<str>,
    /// The texts about the publisher.
    pub about: Arc<About>,
    /// Earlier versions of the widget, if there is a store to keep them in.
    pub widgets: Option<Arc<WidgetArchive>>,
    /// The number of the catalog. Answers of an earlier catalog may not be sent once there is a new one.
    generation: Arc<AtomicU64>,
    /// The cache of answers.
    pub cache: Arc<Cache>,
    /// The worker pool for computing answers.
    computing: Arc<WorkerPool>,
    /// The coders for cached bodies, with the budget for bodies.
    pub coders: BodyCoders,
    /// Time limit for one answer.
    answer_time: Duration,
    /// The metrics of the service.
    pub metrics: Arc<Metrics>,
}

impl App {
    /// Makes the state of a service whose metrics nobody reads.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(sources: Sources) -> Result<Self, LoadError> {
        Self::counting(sources, Arc::default())
    }

    /// Makes the state of a service with the given metrics.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn counting(sources: Sources, metrics: Arc<Metrics>) -> Result<Self, LoadError> {
        let processors = processors();
        // The stamp is taken before the store is read. A release published in between is found at the next check.
        let stamp = sources.stamp()?;
        let (catalog, problems) = sources.catalog(None)?;
        problems.iter().for_each(|problem| log::fault(problem));
        report_releases(&metrics, &Catalog::default(), &catalog);
        let budget = Arc::new(Budget::new(DEFAULT_SIZE, DEFAULT_BUDGET, Arc::clone(&metrics)));
        Ok(Self {
            widgets: sources.store_folder().map(|store| Arc::new(WidgetArchive::in_store(store))),
            sources: Arc::new(sources),
            catalog: Arc::new(RwLock::new(Arc::new(catalog))),
            stamp,
            base: "".into(),
            about: Arc::default(),
            generation: Arc::default(),
            cache: Arc::new(Cache::new(DEFAULT_SIZE, Arc::clone(&budget), &metrics)),
            computing: Arc::new(WorkerPool::computing(processors + waiting(), Arc::clone(&metrics))),
            coders: BodyCoders::new(processors, budget, &metrics),
            answer_time: ANSWER_TIME,
            metrics,
        })
    }

    /// Sets the time limit for one answer.
    pub fn answering_within(self, answer_time: Duration) -> Self {
        Self { answer_time, ..self }
    }

    /// Sets the public address.
    pub fn at(self, base: &str) -> Self {
        Self { base: base.trim_end_matches('/').into(), ..self }
    }

    /// Sets the texts about the publisher.
    pub fn telling(self, about: About) -> Self {
        Self { about: Arc::new(about), ..self }
    }

    /// Sets the size of the cache, and the memory that bodies may hold besides it while they are sent, both in bytes.
    pub fn keeping(mut self, cache: u64, sending: u64) -> Self {
        self.coders.budget = Arc::new(Budget::new(cache, sending, Arc::clone(&self.metrics)));
        self.cache = Arc::new(Cache::new(cache, Arc::clone(&self.coders.budget), &self.metrics));
        self
    }

    /// Returns the number of the current catalog. Read the number before the catalog, so that an old answer is never cached under a
    /// new number.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Returns the catalog that is served now. A request reads it once.
    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Checks the store for changes in a loop, and serves what was published or withdrawn. Never returns.
    pub async fn keep_up(self) {
        let mut stamp = self.stamp.clone();
        let mut logged = Vec::new();
        // Releases that could not be loaded are retried. The first retry covers those that failed at the start.
        let mut again = Some(Instant::now() + TRY_AGAIN);
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let (sources, before, old) = (Arc::clone(&self.sources), self.catalog(), stamp.clone());
            let is_due = again.is_some_and(|again| again <= Instant::now());
            let looked = tokio::task::spawn_blocking(move || {
                let now = sources.stamp()?;
                let is_new = is_due || now != old;
                Ok::<_, LoadError>(is_new.then(|| (now, caught(|| sources.catalog(Some(&before))))))
            });
            let Ok(looked) = looked.await else {
                // The runtime is shutting down.
                return;
            };
            let unread = |error: LoadError| vec![format!("the store cannot be read: {error}")];
            let problems = match looked {
                Ok(None) => continue,
                Err(error) => unread(error),
                Ok(Some((now, made))) => {
                    stamp = now;
                    match made {
                        Ok(Ok((new, problems))) => {
                            self.swap(new);
                            problems
                        }
                        Ok(Err(error)) => unread(error),
                        Err(_logged) => {
                            vec!["a release could not be loaded by a bug of the program".to_owned()]
                        }
                    }
                }
            };
            again = (!problems.is_empty()).then(|| Instant::now() + TRY_AGAIN);
            // Each problem is logged once.
            problems
                .iter()
                .filter(|problem| !logged.contains(*problem))
                .for_each(|problem| log::fault(problem));
            logged = problems;
        }
    }

    /// Replaces the catalog. If it serves the same releases as before, cached answers stay valid.
    fn swap(&self, new: Catalog) {
        let before = self.catalog();
        if !new.is_same(&before) {
            report_releases(&self.metrics, &before, &new);
            *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Computes on a blocking thread, so that the network threads stay free. At most one computation per processor runs at a time,
    /// since more would only wait for each other.
    ///
    /// If a computation takes too long, the client gets its error in time. The computation ends soon after, because every loop over
    /// rows checks the deadline ([`crate::query::keep_deadline`]). Until then it keeps its permit.
    ///
    /// # Errors
    /// The computation's own error; a refusal if too many wait or the computation takes too long; an internal error if it panics.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let deadline = Deadline::within(self.answer_time);
        let computing = self.computing.turn().await?.run(move || deadline.during(work));
        let done = match deadline.moment() {
            Some(end) => tokio::time::timeout_at(end.into(), computing).await,
            None => Ok(computing.await),
        };
        match done {
            Ok(Ok(Ok(made))) => made,
            Ok(Err(failure)) => Err(failure),
            // The computation either noticed the deadline itself or is still running.
            Ok(Ok(Err(Over))) | Err(_) => {
                self.metrics.timed_out(Timeout::Answer);
                let message = format!("an answer took longer than {:?} and was given up", self.answer_time);
                log::warn("answer.late", &message);
                Err(Problem::too_slow(self.answer_time))
            }
        }
    }

    /// Returns a dataset in the given release, or in its newest one. An old release is loaded if it is not cached.
    ///
    /// # Errors
    /// When there is no such dataset or release (the error names the nearest one), or when it was withdrawn or cannot be loaded.
    pub async fn dataset(&self, id: &str, release: Option<&str>) -> Result<Arc<Dataset>, Problem> {
        let catalog = self.catalog();
        if let Some(current) = catalog.dataset(id)
            && release.is_none_or(|release| current.release.id().as_str() == release)
        {
            return Ok(Arc::clone(current));
        }
        let (id, release) = (id.to_owned(), release.map(str::to_owned));
        self.compute(move || dataset_of(&catalog, &id, release.as_deref())).await
    }
}

/// Returns a dataset of a catalog in the given release, or in its newest one. An old release may have to be loaded, so call this
/// only on a thread that holds a permit to compute.
///
/// # Errors
/// When there is no such dataset or release (the error names the nearest one), or when it was withdrawn or cannot be loaded.
pub fn dataset_of(catalog: &Catalog, id: &str, release: Option<&str>) -> Result<Arc<Dataset>, Problem> {
    catalog.release(id, release).map_err(|absent| Problem::absent(id, release, absent))
}

/// Updates the metrics of what is served, and logs each release that is new.
fn report_releases(metrics: &Metrics, before: &Catalog, now: &Catalog) {
    let known: BTreeSet<&str> = before.datasets().map(|dataset| dataset.release.id().as_str()).collect();
    for dataset in now.datasets() {
        let (name, id) = (dataset.release.dataset(), dataset.release.id().as_str());
        if !known.contains(id) {
            let records = dataset.release.manifest().records();
            let fields = [("dataset", json!(name)), ("release", json!(id)), ("records", json!(records))];
            tell(Level::Info, "release.served", &format!("release {id} of {name} is served"), &fields);
        }
    }
    let (datasets, releases) = now.size();
    metrics.datasets.set(i64::try_from(datasets).unwrap_or(i64::MAX));
    metrics.releases.set(i64::try_from(releases).unwrap_or(i64::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Bundled;

    fn app() -> App {
        let sources = Sources::load(&[], Bundled::LeftOut, None).expect("there is nothing to load");
        App::new(sources).expect("there is no store to read")
    }

    #[tokio::test]
    async fn a_panic_is_one_answers_own_and_has_a_number() {
        let app = app();
        let problem = app.compute::<u8>(|| panic!("a test panics on purpose")).await;
        let told = String::from_utf8(problem.expect_err("it panics").to_bytes()).expect("it is JSON");
        assert!(told.contains("\"status\":500") && told.contains("urn:chargesheet:fault:"), "{told}");
        assert_eq!(app.compute(|| Ok(7)).await, Ok(7));
        assert_eq!(app.metrics.computations.get(), 0);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_answered_in_time_and_keeps_its_turn_until_it_ends() {
        let app = app().answering_within(Duration::from_millis(10));
        let (end, is_over) = std::sync::mpsc::channel::<()>();
        let problem = app.compute(move || Ok(is_over.recv().is_err())).await.expect_err("it takes too long");
        assert_eq!(problem.status(), warp::http::StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(problem.response().headers["retry-after"], "10");
        assert_eq!(app.metrics.computations.get(), 1);
        drop(end);
        while app.metrics.computations.get() > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_computation_ends_soon_after_its_deadline_and_gives_its_turn_back() {
        let app = app().answering_within(Duration::from_millis(10));
        let endless = || Ok(crate::query::in_time(0_u64..).map(std::hint::black_box).count());
        let problem = app.compute(endless).await.expect_err("it never ends by itself");
        assert_eq!(problem, Problem::too_slow(Duration::from_millis(10)));
        while app.metrics.computations.get() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!((app.compute(|| Ok(7)).await, app.metrics.panics.get()), (Ok(7), 0));
    }

    #[tokio::test]
    async fn a_computation_whose_client_has_gone_keeps_its_turn_until_it_ends() {
        let app = app();
        let (end, is_over) = std::sync::mpsc::channel::<()>();
        let mut asked = Box::pin(app.compute(move || Ok(is_over.recv().is_err())));
        let polled =
            std::future::poll_fn(|context| std::task::Poll::Ready(asked.as_mut().poll(context))).await;
        assert!(polled.is_pending());
        drop(asked);
        assert_eq!(app.metrics.computations.get(), 1);
        drop(end);
        while app.metrics.computations.get() > 0 {
            tokio::task::yield_now().await;
        }
    }
}
