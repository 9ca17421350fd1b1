//! A bounded pool for work on blocking threads. At most one task per processor runs, a limited number waits, and the rest is
//! refused.
//!
//! An unbounded queue turns a short rush into minutes in which every answer is too late. A client that is refused at once can try
//! again after a second, or is sent to another server by its load balancer.

use std::sync::Arc;
use std::time::Duration;

use prometheus::IntGauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::observe::log;
use super::observe::metrics::{Metrics, Refusal, Timeout, Turns};
use super::observe::panics::caught;
use super::problem::Problem;

/// A kind of work.
#[derive(Debug)]
struct Work {
    /// Number of tasks that may wait, per processor.
    waiting_each: i64,
    /// Longest time that a task may wait.
    longest: Duration,
    full: Refusal,
    late: Timeout,
    /// Event and message of a full queue. In the log, the message follows the number of waiting tasks.
    is_full: (&'static str, &'static str),
    /// Event and message of a wait that was too long. In the log, the length of the wait follows the message.
    is_late: (&'static str, &'static str),
}

/// Computing answers. An answer takes a few milliseconds, so the whole queue is done within some tenths of a second. If a request
/// waits for five seconds, the work ahead of it was for clients that have given up.
const COMPUTING: Work = Work {
    waiting_each: 64,
    longest: Duration::from_secs(5),
    full: Refusal::QueueFull,
    late: Timeout::Queue,
    is_full: ("queue.full", "questions wait already; a further one was refused"),
    is_late: ("queue.late", "a question was refused that has waited for its turn for"),
};

/// Coding bodies. Each takes up to half a second. Nearly every client accepts the body uncoded, so the wait is short.
const CODING: Work = Work {
    waiting_each: 16,
    longest: Duration::from_secs(2),
    full: Refusal::CodingFull,
    late: Timeout::Coding,
    is_full: ("coding.full", "bodies wait to be coded already; a further one is sent as it is, or refused"),
    is_late: ("coding.late", "a body is sent as it is, or refused, that has waited to be coded for"),
};

/// Decoding bodies. Each takes some milliseconds. A client that accepts no coding can get no other form, so decoding does not wait
/// behind coding.
const DECODING: Work = Work {
    waiting_each: 64,
    longest: Duration::from_secs(5),
    is_full: ("decoding.full", "bodies wait to be decoded already; a further answer was refused"),
    is_late: ("decoding.late", "an answer was refused that has waited to be decoded for"),
    ..CODING
};

/// A pool for one kind of work.
#[derive(Debug)]
pub struct WorkerPool {
    /// Fair: first come, first served.
    permits: Arc<Semaphore>,
    work: Work,
    most: i64,
    turns: Turns,
    metrics: Arc<Metrics>,
}

/// A permit to run one task.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
    running: IntGauge,
}

/// The reason for a refusal when the queue is full.
const FULL: &str = "more questions wait for an answer at this moment than can be answered in time";
/// The reason for a refusal when the wait was too long.
const LATE: &str = "the question has waited too long for its turn";

impl WorkerPool {
    /// Makes a pool for computing answers, on a machine with this number of processors.
    pub fn computing(processors: usize, metrics: Arc<Metrics>) -> Self {
        Self::new(processors, COMPUTING, metrics.computing(), metrics)
    }

    /// Makes a pool for coding bodies.
    pub fn coding(processors: usize, metrics: Arc<Metrics>) -> Self {
        Self::new(processors, CODING, metrics.with_bodies("coding"), metrics)
    }

    /// Makes a pool for decoding bodies.
    pub fn decoding(processors: usize, metrics: Arc<Metrics>) -> Self {
        Self::new(processors, DECODING, metrics.with_bodies("decoding"), metrics)
    }

    fn new(processors: usize, work: Work, turns: Turns, metrics: Arc<Metrics>) -> Self {
        let permits = Arc::new(Semaphore::new(processors));
        let processors = i64::try_from(processors).unwrap_or(i64::MAX);
        let most = processors.saturating_mul(work.waiting_each);
        turns.running_limit.set(processors);
        turns.waiting_limit.set(most);
        Self { permits, work, most, turns, metrics }
    }

    /// Whether a task would start at once.
    pub fn is_free(&self) -> bool {
        self.permits.available_permits() > 0
    }

    /// Waits for a permit. If the client goes away, the future is dropped and leaves the queue.
    ///
    /// # Errors
    /// When too many tasks wait already, or the wait is too long.
    pub async fn turn(&self) -> Result<Turn, Problem> {
        // While tasks wait, the semaphore hands every returned permit to them. So a free permit means that no task waits.
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(self.begin(permit));
        }
        let Some(_place) = Place::take(&self.turns.waiting, self.most) else {
            self.metrics.refused(self.work.full);
            let (event, message) = self.work.is_full;
            log::warn(event, &format!("{} {message}", self.most));
            return Err(Problem::busy(FULL));
        };
        match tokio::time::timeout(self.work.longest, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(self.begin(permit)),
            // The semaphore is never closed. If it were, there would be no more permits.
            Ok(Err(_)) => Err(Problem::busy(FULL)),
            Err(_) => {
                self.metrics.timed_out(self.work.late);
                let (event, message) = self.work.is_late;
                log::warn(event, &format!("{message} {:?}", self.work.longest));
                Err(Problem::busy(LATE))
            }
        }
    }

    fn begin(&self, permit: OwnedSemaphorePermit) -> Turn {
        self.turns.running.inc();
        Turn { _permit: permit, running: self.turns.running.clone() }
    }
}

impl Turn {
    /// Runs a task on a blocking thread, and waits for it. The permit is returned when the task ends. If the client goes away, the
    /// task still runs to its end.
    pub fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, Problem>> {
        let working = tokio::task::spawn_blocking(move || {
            let _turn = self;
            caught(work)
        });
        async move {
            match working.await {
                Ok(done) => done.map_err(Problem::from),
                Err(_cancelled) => Err(Problem::draining()),
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.running.dec();
    }
}

/// A place in the queue. The gauge in the metrics is itself the counter that enforces the limit.
struct Place<'a>(&'a IntGauge);

impl<'a> Place<'a> {
    fn take(waiting: &'a IntGauge, most: i64) -> Option<Self> {
        // The counter is raised before it is checked. If two requests compete for the last place, both may be refused, but never
        // both accepted.
        waiting.inc();
        let place = Self(waiting);
        (waiting.get() <= most).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(waiting_each: i64, longest: Duration) -> WorkerPool {
        let metrics = Arc::new(Metrics::default());
        WorkerPool::new(1, Work { waiting_each, longest, ..COMPUTING }, metrics.computing(), metrics)
    }

    #[tokio::test]
    async fn who_computes_codes_or_decodes_waits_for_no_other_kind() {
        let metrics = Arc::new(Metrics::default());
        let queues = [WorkerPool::computing, WorkerPool::coding, WorkerPool::decoding]
            .map(|of| of(1, Arc::clone(&metrics)));
        let mut turns = Vec::new();
        for queue in &queues {
            assert!(queue.is_free());
            turns.push(queue.turn().await.expect("nobody else does the same"));
            assert!(!queue.is_free());
        }
        let limits = queues.each_ref().map(|queue| queue.turns.waiting_limit.get());
        assert_eq!((metrics.computations.get(), limits), (1, [64, 16, 64]));
        drop(turns);
        assert!(queues.iter().all(|queue| queue.is_free() && queue.turns.running.get() == 0));
    }

    #[tokio::test]
    async fn who_comes_when_the_queue_is_full_is_refused_at_once() {
        let queue = queue(1, Duration::from_secs(3600));
        let turn = queue.turn().await.expect("nobody else computes");
        let mut waiting = Box::pin(queue.turn());
        assert!(
            std::future::poll_fn(|context| std::task::Poll::Ready(waiting.as_mut().poll(context)))
                .await
                .is_pending()
        );
        assert_eq!(queue.turn().await.expect_err("it is full"), Problem::busy(FULL));
        assert_eq!(queue.metrics.queue.get(), 1);
        drop(turn);
        let turn = waiting.await.expect("it is its turn");
        assert_eq!((queue.metrics.queue.get(), queue.metrics.computations.get()), (0, 1));
        drop(turn);
        assert_eq!(queue.metrics.computations.get(), 0);
    }

    #[tokio::test]
    async fn who_waits_too_long_is_refused_and_leaves_the_queue() {
        let queue = queue(5, Duration::from_millis(1));
        let _turn = queue.turn().await.expect("nobody else computes");
        assert_eq!(queue.turn().await.expect_err("it takes too long"), Problem::busy(LATE));
        assert_eq!(queue.metrics.queue.get(), 0);
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_queue() {
        let queue = queue(1, Duration::from_secs(3600));
        let _turn = queue.turn().await.expect("nobody else computes");
        let mut waiting = Box::pin(queue.turn());
        assert!(
            std::future::poll_fn(|context| std::task::Poll::Ready(waiting.as_mut().poll(context)))
                .await
                .is_pending()
        );
        drop(waiting);
        assert_eq!(queue.metrics.queue.get(), 0);
    }
}
