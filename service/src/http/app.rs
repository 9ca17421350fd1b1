//! The state of a service, which every route can reach.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde_json::json;

use super::body::Budget;
use super::body::budget::DEFAULT_BUDGET;
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
use crate::query::{Deadline, Over};
use crate::release::Stamp;

/// How often the store is looked at. A new release is served within two seconds.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After how long a release that could not be loaded is tried again while the list of releases stays as it is. It is read
/// whole each time.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Longest time for one answer, from the request to its first byte, where the operator sets no other.
pub const ANSWER_TIME: Duration = Duration::from_secs(30);

/// The state of a service. A copy shares it.
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
    pub widgets: Option<Arc<WidgetArchive>>,
    /// Counts the catalogs: an answer from one may not be sent once there is another.
    generation: Arc<AtomicU64>,
    /// Answers that were made already.
    pub cache: Arc<Cache>,
    /// Turns to compute.
    computing: Arc<WorkerPool>,
    /// What codes cached bodies, and the budget for bodies.
    pub coders: BodyCoders,
    /// Longest time for one answer.
    answer_time: Duration,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

impl App {
    /// The state of a service that nobody measures.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(sources: Sources) -> Result<Self, LoadError> {
        Self::counting(sources, Arc::default())
    }

    /// The state of a service.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn counting(sources: Sources, metrics: Arc<Metrics>) -> Result<Self, LoadError> {
        let processors = processors();
        // Looked at before it is read: what is published in between is found by the next look.
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
            generation: Arc::default(),
            cache: Arc::new(Cache::new(DEFAULT_SIZE, Arc::clone(&budget), &metrics)),
            computing: Arc::new(WorkerPool::computing(processors, Arc::clone(&metrics))),
            coders: BodyCoders::new(processors, budget, &metrics),
            answer_time: ANSWER_TIME,
            metrics,
        })
    }

    /// Sets the longest time for one answer.
    pub fn answering_within(self, answer_time: Duration) -> Self {
        Self { answer_time, ..self }
    }

    /// Sets the public address.
    pub fn at(self, base: &str) -> Self {
        Self { base: base.trim_end_matches('/').into(), ..self }
    }

    /// Sets the size of the cache in bytes, and how many bytes bodies may hold besides while they are sent.
    pub fn keeping(mut self, cache: u64, sending: u64) -> Self {
        self.coders.budget = Arc::new(Budget::new(cache, sending, Arc::clone(&self.metrics)));
        self.cache = Arc::new(Cache::new(cache, Arc::clone(&self.coders.budget), &self.metrics));
        self
    }

    /// Returns the number of the catalog that is served. It has to be taken before the catalog, so that nothing old is cached
    /// under a new number.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Returns what is served now. A request takes it once.
    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the store again and again, and serves what was published or withdrawn since. Never ends.
    pub async fn keep_up(self) {
        let mut stamp = self.stamp.clone();
        let mut logged = Vec::new();
        // What could not be loaded is tried again, the first time also what could not at the start.
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
                // The runtime is going down.
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
            // Each is logged once.
            problems
                .iter()
                .filter(|problem| !logged.contains(*problem))
                .for_each(|problem| log::fault(problem));
            logged = problems;
        }
    }

    /// Serves another catalog. Where it is the same as before, answers that were made from that stay right and cached.
    fn swap(&self, new: Catalog) {
        let before = self.catalog();
        if !new.is_same(&before) {
            report_releases(&self.metrics, &before, &new);
            *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Computes off the threads that serve the network: as many at once as there are processors, since more would only
    /// wait for each other.
    ///
    /// A computation that takes too long is answered in time all the same. It ends soon after, since every loop over rows looks
    /// at the deadline ([`crate::query::keep_deadline`]), and keeps its turn until then.
    ///
    /// # Errors
    /// What the computation says; that too many wait, or that it takes too long; an internal problem when it panics.
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
            // It ended itself a moment before it would have been given up, or is given up.
            Ok(Ok(Err(Over))) | Err(_) => {
                self.metrics.timed_out(Timeout::Answer);
                let message = format!("an answer took longer than {:?} and was given up", self.answer_time);
                log::warn("answer.late", &message);
                Err(Problem::too_slow(self.answer_time))
            }
        }
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
        self.compute(move || dataset_of(&catalog, &id, release.as_deref())).await
    }
}

/// Returns a dataset of a catalog, in the release asked for where one is. An old one may have to be loaded, which takes a turn to
/// compute.
///
/// # Errors
/// When there is no such dataset or release, with the nearest one; when it was withdrawn or cannot be loaded.
pub fn dataset_of(catalog: &Catalog, id: &str, release: Option<&str>) -> Result<Arc<Dataset>, Problem> {
    catalog.release(id, release).map_err(|absent| Problem::absent(id, release, absent))
}

/// Counts what is served now, and logs each release that was not before.
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
