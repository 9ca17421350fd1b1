//! Leave to compute: as many at once as there are processors, some that wait, and a refusal for the others.
//!
//! Without an end, a queue turns a moment's rush into minutes in which everybody is answered too late. Who is refused at
//! once can come again in a second, or be sent elsewhere by a load balancer.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::log::Seldom;
use super::metrics::{Metrics, Refusal, Timeout};

/// How many may wait for each processor: at the few milliseconds that an answer takes, some tenths of a second.
const WAITING_EACH: i64 = 64;
/// Longest wait for leave to compute. Who has waited that long has been overtaken by readers who gave up.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The queue.
#[derive(Debug)]
pub struct Queue {
    /// Fair: first come, first served.
    permits: Arc<Semaphore>,
    most: i64,
    longest: Duration,
    metrics: Arc<Metrics>,
    is_full: Seldom,
    is_late: Seldom,
}

/// Leave to compute, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
    metrics: Arc<Metrics>,
}

/// Why somebody may not compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// As many as may wait do already.
    Full,
    /// The wait was too long.
    Late,
}

impl Queue {
    /// Makes the queue of a machine with so many processors.
    pub fn of(processors: usize, metrics: Arc<Metrics>) -> Self {
        let most = i64::try_from(processors).unwrap_or(i64::MAX).saturating_mul(WAITING_EACH);
        Self::with(processors, most, LONGEST_WAIT, metrics)
    }

    fn with(processors: usize, most: i64, longest: Duration, metrics: Arc<Metrics>) -> Self {
        metrics.computations_limit.set(i64::try_from(processors).unwrap_or(i64::MAX));
        metrics.queue_limit.set(most);
        let permits = Arc::new(Semaphore::new(processors));
        Self { permits, most, longest, metrics, is_full: Seldom::default(), is_late: Seldom::default() }
    }

    /// Waits for leave to compute. Who stops waiting (the future is dropped, because the client has gone) leaves the queue.
    ///
    /// # Errors
    /// When too many wait already, or the wait is too long.
    pub async fn turn(&self) -> Result<Turn, Refused> {
        let metrics = Arc::clone(&self.metrics);
        // A permit that is free has nobody waiting for it: the semaphore hands permits to those who wait.
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(Turn::begin(permit, metrics));
        }
        let Some(_place) = Place::take(&self.metrics, self.most) else {
            metrics.refused(Refusal::QueueFull);
            let message = format!("{} questions wait already; a further one was refused", self.most);
            self.is_full.warn("queue.full", &message);
            return Err(Refused::Full);
        };
        match tokio::time::timeout(self.longest, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Turn::begin(permit, metrics)),
            // The semaphore is never closed; were it, nobody would compute any more.
            Ok(Err(_)) => Err(Refused::Full),
            Err(_) => {
                metrics.timed_out(Timeout::Queue);
                let message =
                    format!("a question has waited {:?} for its turn and was refused", self.longest);
                self.is_late.warn("queue.late", &message);
                Err(Refused::Late)
            }
        }
    }
}

impl Turn {
    fn begin(permit: OwnedSemaphorePermit, metrics: Arc<Metrics>) -> Self {
        metrics.computations.inc();
        Self { _permit: permit, metrics }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.metrics.computations.dec();
    }
}

/// A place in the queue, until it is dropped. The gauge that the operator sees is the very count that is kept to.
struct Place<'a>(&'a Metrics);

impl<'a> Place<'a> {
    fn take(metrics: &'a Metrics, most: i64) -> Option<Self> {
        // Counted first and looked at then: of two that come at once for the last place both may be refused, never both let in.
        metrics.queue.inc();
        let place = Self(metrics);
        (metrics.queue.get() <= most).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.queue.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(most: i64, longest: Duration) -> Queue {
        Queue::with(1, most, longest, Arc::new(Metrics::new()))
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
        assert_eq!(queue.turn().await.expect_err("it is full"), Refused::Full);
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
        assert_eq!(queue.turn().await.expect_err("it takes too long"), Refused::Late);
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
