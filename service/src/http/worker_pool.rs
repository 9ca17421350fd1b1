//! A bounded pool of work off the threads that serve the network: as much at once as there are processors, some that waits,
//! and a refusal for the rest.
//!
//! An unbounded queue turns a moment's rush into minutes in which everybody is answered too late. A client that is refused at
//! once can come again in a second, or be sent elsewhere by a load balancer.

use std::sync::Arc;
use std::time::Duration;

use prometheus::IntGauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::observe::log;
use super::observe::metrics::{Metrics, Refusal, Timeout, Turns};
use super::observe::panics::caught;
use super::problem::Problem;

/// One kind of work.
#[derive(Debug)]
struct Work {
    /// How many may wait for each processor.
    waiting_each: i64,
    /// Longest wait.
    longest: Duration,
    full: Refusal,
    late: Timeout,
    /// Event and message when as many as may wait do already; the message follows their number.
    is_full: (&'static str, &'static str),
    /// Event and message when a wait was too long; the message is followed by its length.
    is_late: (&'static str, &'static str),
}

/// Answers. One takes a few milliseconds, so all who wait have their turn within some tenths of a second. A request that has
/// waited for five seconds was overtaken by readers who gave up.
const COMPUTING: Work = Work {
    waiting_each: 64,
    longest: Duration::from_secs(5),
    full: Refusal::QueueFull,
    late: Timeout::Queue,
    is_full: ("queue.full", "questions wait already; a further one was refused"),
    is_late: ("queue.late", "a question was refused that has waited for its turn for"),
};

/// Bodies to be coded: up to half a second each. Nearly every client can be sent the body uncoded, so the wait is short.
const CODING: Work = Work {
    waiting_each: 16,
    longest: Duration::from_secs(2),
    full: Refusal::CodingFull,
    late: Timeout::Coding,
    is_full: ("coding.full", "bodies wait to be coded already; a further one is sent as it is, or refused"),
    is_late: ("coding.late", "a body is sent as it is, or refused, that has waited to be coded for"),
};

/// Bodies to be decoded: some milliseconds each, but a client that takes no coding cannot be sent another form. They do not
/// wait behind those that are coded.
const DECODING: Work = Work {
    waiting_each: 64,
    longest: Duration::from_secs(5),
    is_full: ("decoding.full", "bodies wait to be decoded already; a further answer was refused"),
    is_late: ("decoding.late", "an answer was refused that has waited to be decoded for"),
    ..CODING
};

/// The pool.
#[derive(Debug)]
pub struct WorkerPool {
    /// Fair: first come, first served.
    permits: Arc<Semaphore>,
    work: Work,
    most: i64,
    turns: Turns,
    metrics: Arc<Metrics>,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
    running: IntGauge,
}

/// Said to those who are refused: as many as may wait do already.
const FULL: &str = "more questions wait for an answer at this moment than can be answered in time";
/// The same after a wait that was too long.
const LATE: &str = "the question has waited too long for its turn";

impl WorkerPool {
    /// A pool for answers on a machine with so many processors.
    pub fn computing(processors: usize, metrics: Arc<Metrics>) -> Self {
        Self::new(processors, COMPUTING, metrics.computing(), metrics)
    }

    /// A pool for bodies to be coded.
    pub fn coding(processors: usize, metrics: Arc<Metrics>) -> Self {
        Self::new(processors, CODING, metrics.with_bodies("coding"), metrics)
    }

    /// A pool for bodies to be decoded.
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

    /// Whether a turn is free, and nobody waits for it.
    pub fn is_free(&self) -> bool {
        self.permits.available_permits() > 0
    }

    /// Waits for a turn. Dropping the future, because the client has gone, leaves the queue.
    ///
    /// # Errors
    /// When too many wait already, or the wait is too long.
    pub async fn turn(&self) -> Result<Turn, Problem> {
        // A permit that is free has nobody waiting for it: the semaphore hands permits to those who wait.
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
            // The semaphore is never closed; were it, nobody would have a turn any more.
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
    /// Begins work on a thread of its own, and waits for it. The turn ends with the work, not with the wait: when the client
    /// goes away, the work goes on.
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

/// A place in the queue, until it is dropped. The gauge that the operator sees is the very count that is kept to.
struct Place<'a>(&'a IntGauge);

impl<'a> Place<'a> {
    fn take(waiting: &'a IntGauge, most: i64) -> Option<Self> {
        // Counted first and looked at then: of two that come at once for the last place both may be refused, never both let in.
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
