//! What every route can reach.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde_json::json;

use super::cache::{Cache, ROOM};
use super::coders::Coders;
use super::kept::Kept;
use super::log::{Level, Seldom, tell};
use super::metrics::{Metrics, Timeout};
use super::panics::caught;
use super::problem::Problem;
use super::queue::Queue;
use super::sending::{self, Sending};
use super::threads::processors;
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
    /// Who may compute, and who waits.
    queue: Arc<Queue>,
    /// Room for bodies that are kept or being sent.
    pub(super) sending: Arc<Sending>,
    /// Who codes bodies, and what waits for it.
    pub(super) coders: Coders,
    /// Longest time for one answer.
    answer_time: Duration,
    is_too_slow: Arc<Seldom>,
    /// What is counted.
    pub(super) metrics: Arc<Metrics>,
}

impl App {
    /// Makes the state of a service.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(sources: Sources) -> Result<Self, LoadError> {
        Self::counting(sources, Arc::default())
    }

    /// The same, and what happens is counted there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn counting(sources: Sources, metrics: Arc<Metrics>) -> Result<Self, LoadError> {
        let processors = processors();
        // Looked at before it is read: what is published in between is found by the next look.
        let stamp = sources.stamp()?;
        let (catalog, problems) = sources.catalog(None)?;
        for problem in problems {
            super::log(&problem);
        }
        let kept = sources.store_folder().map(|store| Arc::new(Kept::in_store(store)));
        tell_of_releases(&metrics, &Catalog::default(), &catalog);
        let sending = Arc::new(Sending::new(ROOM, sending::ROOM, Arc::clone(&metrics)));
        Ok(Self {
            kept,
            sources: Arc::new(sources),
            catalog: Arc::new(RwLock::new(Arc::new(catalog))),
            stamp,
            base: "".into(),
            generation: Arc::default(),
            cache: Arc::new(Cache::new(ROOM, &metrics)),
            queue: Arc::new(Queue::of(processors, Arc::clone(&metrics))),
            coders: Coders::of(processors, Arc::clone(&sending), Arc::clone(&metrics)),
            sending,
            answer_time: ANSWER_TIME,
            is_too_slow: Arc::default(),
            metrics,
        })
    }

    /// Sets the longest time for one answer.
    pub fn answering_within(self, answer_time: Duration) -> Self {
        Self { answer_time, ..self }
    }

    /// Tells the public address.
    pub fn at(mut self, base: &str) -> Self {
        self.base = base.trim_end_matches('/').into();
        self
    }

    /// Gives answers that were made already so much room, in bytes, and bodies that are being sent so much besides.
    pub fn keeping(mut self, room: u64, sending: u64) -> Self {
        self.cache = Arc::new(Cache::new(room, &self.metrics));
        self.sending = Arc::new(Sending::new(room, sending, Arc::clone(&self.metrics)));
        self.coders = self.coders.within(Arc::clone(&self.sending));
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
        // What could not be loaded is tried again, the first time also what could not at the start.
        let mut again = Some(Instant::now() + TRY_AGAIN);
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let (sources, before, old) = (Arc::clone(&self.sources), self.catalog(), stamp.clone());
            let is_due = again.is_some_and(|again| again <= Instant::now());
            let looked = tokio::task::spawn_blocking(move || {
                let now = sources.stamp()?;
                let is_new = is_due || now != old;
                Ok(is_new.then(|| (now, caught(|| sources.catalog(Some(&before))))))
            });
            let problems = match looked.await {
                Ok(Ok(None)) => continue,
                Ok(Ok(Some((now, made)))) => {
                    stamp = now;
                    match made {
                        Ok(Ok((new, problems))) => {
                            self.swap(new);
                            problems
                        }
                        Ok(Err(error)) => vec![format!("the store cannot be read: {error}")],
                        Err(_told) => {
                            vec!["a release could not be loaded by a bug of the program".to_owned()]
                        }
                    }
                }
                Ok(Err(error)) => vec![format!("the store cannot be read: {}", LoadError::to_string(&error))],
                // The runtime is going down.
                Err(_cancelled) => return,
            };
            again = (!problems.is_empty()).then(|| Instant::now() + TRY_AGAIN);
            // The operator is told once.
            for problem in problems.iter().filter(|problem| !told.contains(*problem)) {
                super::log(problem);
            }
            told = problems;
        }
    }

    /// Serves another catalog. Where it is the same as before, answers that were made from that stay right and are kept.
    fn swap(&self, new: Catalog) {
        let before = self.catalog();
        if !new.is_same(&before) {
            tell_of_releases(&self.metrics, &before, &new);
            *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Computes off the threads that serve the network: as many at once as there are processors, since more would only
    /// wait for each other.
    ///
    /// What takes too long is answered in time all the same. It ends soon after: every loop over rows looks at the deadline
    /// ([`crate::query::keep_deadline`]). Until then it keeps its turn.
    ///
    /// # Errors
    /// What the computation says; that too many wait, or that it takes too long; an internal problem when it panics.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let deadline = Deadline::within(self.answer_time);
        let turn = self.queue.turn().await.map_err(Problem::busy)?;
        let computing = tokio::task::spawn_blocking(move || {
            // Held here: when the client goes away, the computation does not.
            let _turn = turn;
            caught(|| deadline.during(work))
        });
        let done = match deadline.moment() {
            Some(end) => tokio::time::timeout_at(end.into(), computing).await,
            None => Ok(computing.await),
        };
        match done {
            Ok(Ok(Ok(Ok(made)))) => made,
            // It ended itself a moment before we would have given it up.
            Ok(Ok(Ok(Err(Over)))) => Err(self.too_slow()),
            Ok(Ok(Err(fault))) => Err(Problem::fault(&fault)),
            // The runtime is going down.
            Ok(Err(_cancelled)) => Err(Problem::draining()),
            Err(_elapsed) => Err(self.too_slow()),
        }
    }

    /// Notes that an answer was given up.
    fn too_slow(&self) -> Problem {
        self.metrics.timed_out(Timeout::Answer);
        let message = format!("an answer took longer than {:?} and was given up", self.answer_time);
        self.is_too_slow.warn("answer.late", &message);
        Problem::too_slow(self.answer_time)
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

/// Counts what is served now, and tells of each release that was not before.
fn tell_of_releases(metrics: &Metrics, before: &Catalog, now: &Catalog) {
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
        assert_eq!(problem.response().headers()["retry-after"], "10");
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
