//! A budget for the memory that response bodies hold while clients read them.
//!
//! A slow client keeps its body in memory until it has read the last byte, and a few hundred slow clients of large answers
//! would use up the machine. Every body above 128 KiB therefore needs a permit from this budget.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Bytes;

use crate::http::observe::metrics::{Metrics, Timeout};

/// Default budget in bytes. Enough for two of the largest answers, or for dozens of answers of 100,000 rows.
pub const DEFAULT_BUDGET: u64 = 512 * 1024 * 1024;

/// Largest body that needs no permit, in bytes. The kernel buffers as much for a slow client anyway.
pub const SMALL: usize = 128 * 1024;

/// How long a client may take to read an answer too large to cache. Then the connection is closed; a Range request resumes the
/// transfer.
const MAX_SEND_TIME: Duration = Duration::from_secs(15 * 60);

/// The budget. `S` is a spare item: it holds a permit, but nobody uses it at the moment.
#[derive(Debug)]
pub struct BodyBudget<S> {
    /// The part of the limit for cached bodies, in bytes, whether they are being sent or not.
    cached: i64,
    limit: i64,
    max_send_time: Duration,
    taken: Arc<AtomicI64>,
    /// Spare items with their sizes in bytes, the oldest first. A later request may reuse them.
    spare: Mutex<VecDeque<(i64, S)>>,
    metrics: Arc<Metrics>,
}

/// A share of the budget. It is returned when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct BodyPermit(Arc<Taken>);

#[derive(Debug)]
struct Taken {
    bytes: i64,
    end: Instant,
    all: Arc<AtomicI64>,
    metrics: Arc<Metrics>,
}

impl<S: Clone> BodyBudget<S> {
    /// Makes a budget of `cached` bytes for cached bodies and `besides` more bytes.
    pub fn new(cached: u64, besides: u64, metrics: Arc<Metrics>) -> Self {
        Self::within(MAX_SEND_TIME, cached, besides, metrics)
    }

    /// Makes a budget with another `max_send_time`.
    pub fn within(max_send_time: Duration, cached: u64, besides: u64, metrics: Arc<Metrics>) -> Self {
        let [cached, limit] = [cached, cached.saturating_add(besides)].map(signed);
        metrics.sending_limit.set(limit);
        let (taken, spare) = (Arc::default(), Mutex::default());
        Self { cached, limit, max_send_time, taken, spare, metrics }
    }

    /// Takes a permit for bytes and attaches it to them until their last clone is dropped. `None` if the budget is exhausted. Small
    /// bodies need no permit.
    pub fn hold(&self, bytes: Bytes) -> Option<Bytes> {
        if bytes.len() <= SMALL {
            return Some(bytes);
        }
        let permit = self.take(bytes.len() as u64, self.limit, 0)?;
        Some(Bytes::from_owner(Held { bytes, _permit: permit }))
    }

    /// Returns a permit for a body too large to cache. A quarter of the budget stays reserved for smaller bodies, which are sent
    /// sooner.
    pub fn large(&self, bytes: u64) -> Option<BodyPermit> {
        self.take(bytes, self.limit - self.limit / 4, 0)
    }

    /// Returns a permit for the memory that reading or coding takes, besides a body that has a permit of `of` bytes already.
    pub fn reader(&self, bytes: u64, of: u64) -> Option<BodyPermit> {
        self.take(bytes, self.limit, of)
    }

    /// Keeps an item with its permit as a spare. Spares are dropped, oldest first, when a new permit needs the memory or when they
    /// exceed the size of the cache. Without a cache nothing is kept.
    pub fn hold_spare(&self, bytes: u64, thing: S) {
        let mut spare = self.spare();
        spare.push_back((signed(bytes), thing));
        // The newest spare stays, however large it is.
        let least = usize::from(self.cached > 0);
        while spare.len() > least
            && spare.iter().fold(0_i64, |sum, (bytes, _)| sum.saturating_add(*bytes)) > self.cached
        {
            spare.pop_front();
        }
    }

    /// Returns the first spare item that matches.
    pub fn find_spare(&self, is_wanted: impl Fn(&S) -> bool) -> Option<S> {
        self.spare().iter().map(|(_, thing)| thing).find(|thing| is_wanted(thing)).cloned()
    }

    fn spare(&self) -> std::sync::MutexGuard<'_, VecDeque<(i64, S)>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes `bytes` from the budget. `most` is the limit for all permits, besides a body of `of` bytes that the caller holds
    /// already. Drops spares, oldest first, to make room.
    fn take(&self, bytes: u64, most: i64, of: u64) -> Option<BodyPermit> {
        let [bytes, of] = [bytes, of].map(signed);
        let with = |taken: i64| {
            let all = taken.saturating_add(bytes);
            // A single body always gets a permit, however large it is.
            (all <= most.saturating_add(of) || taken <= self.cached.saturating_add(of)).then_some(all)
        };
        while self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, with).is_err() {
            let oldest = self.spare().pop_front();
            // Dropping the spare returns its permit, unless a client is still reading it.
            oldest?;
        }
        self.metrics.sending.add(bytes);
        let (all, metrics) = (Arc::clone(&self.taken), Arc::clone(&self.metrics));
        Some(BodyPermit(Arc::new(Taken { bytes, end: Instant::now() + self.max_send_time, all, metrics })))
    }
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

impl BodyPermit {
    /// Whether the permit has been held for too long. If so, a timeout is counted.
    pub fn is_over(&self) -> bool {
        let is_over = self.0.end <= Instant::now();
        if is_over {
            self.0.metrics.timed_out(Timeout::Sending);
        }
        is_over
    }
}

/// Bytes with the permit for their memory.
struct Held {
    bytes: Bytes,
    _permit: BodyPermit,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes, Ordering::AcqRel);
        self.metrics.sending.sub(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(kept: usize, room: usize) -> (BodyBudget<BodyPermit>, Arc<Metrics>) {
        let metrics = Arc::new(Metrics::default());
        (BodyBudget::new(kept as u64, room as u64, Arc::clone(&metrics)), metrics)
    }

    fn bytes(length: usize) -> Bytes {
        vec![1; length].into()
    }

    #[test]
    fn a_place_is_free_again_when_its_last_copy_is_gone() {
        let (budget, metrics) = budget(0, 100);
        let first = budget.large(50).expect("there is room");
        let copy = first.clone();
        assert!(budget.large(26).is_none(), "a quarter is for what is smaller");
        let second = budget.large(25).expect("there is just enough");
        drop(first);
        assert!(budget.large(1).is_none());
        drop(copy);
        assert_eq!(metrics.sending.get(), 25);
        assert!(budget.large(50).is_some());
        drop(second);
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn bytes_hold_their_place_until_the_last_copy_is_gone() {
        let (budget, metrics) = budget(0, 3 * SMALL);
        let small = budget.hold(bytes(SMALL)).expect("there is room");
        assert_eq!((small.len(), metrics.sending.get()), (SMALL, 0));
        let large = budget.hold(bytes(2 * SMALL)).expect("there is room");
        assert_eq!(large.len() as i64, metrics.sending.get());
        let part = large.slice(5..10);
        drop(large);
        assert!(budget.hold(bytes(2 * SMALL)).is_none());
        drop(part);
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn one_answer_may_be_larger_than_the_room_whatever_is_kept() {
        let (budget, _) = budget(2 * SMALL, 100);
        let kept = budget.hold(bytes(2 * SMALL)).expect("there is room for what is kept");
        let large = budget.large(1 << 40).expect("nobody else is sent anything");
        // The first reader's memory may exceed the budget too. A second reader's may not.
        let reader = budget.reader(1000, 1 << 40).expect("nobody else is sent anything");
        assert!(budget.reader(1, 1 << 40).is_none());
        drop(reader);
        assert!(budget.large(1).is_none() && budget.hold(bytes(SMALL + 1)).is_none());
        drop((large, kept));
        assert!(budget.large(1).is_some());
    }

    #[test]
    fn what_is_spare_is_held_until_the_room_is_needed() {
        let (budget, metrics) = budget(50, 50);
        let spare = |bytes: u64| budget.hold_spare(bytes, budget.large(bytes).expect("there is room"));
        spare(20);
        spare(30);
        assert_eq!(metrics.sending.get(), 50);
        // Spares may not exceed the size of the cache, so the oldest is dropped.
        spare(10);
        assert_eq!(metrics.sending.get(), 40);
        let other = budget.large(20).expect("there is room");
        let needed = budget.large(30).expect("what is spare makes room");
        assert_eq!(metrics.sending.get(), 20 + 30 + 10);
        drop((other, needed));
        // A single spare may be larger. While a client reads it, it stays counted.
        let read = budget.large(75).expect("there is room");
        budget.hold_spare(75, read.clone());
        assert_eq!(metrics.sending.get(), 75);
        assert!(budget.large(10).is_none());
        drop(read);
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn where_nothing_is_kept_nothing_is_spare() {
        let (budget, metrics) = budget(0, 100);
        budget.hold_spare(10, budget.large(10).expect("there is room"));
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn a_place_ends_and_that_is_counted() {
        let metrics = Arc::new(Metrics::default());
        let budget = BodyBudget::<()>::within(Duration::ZERO, 0, 100, Arc::clone(&metrics));
        assert!(budget.large(1).is_some_and(|permit| permit.is_over()));
        assert!(metrics.text().contains("chargesheet_timeouts_total{kind=\"sending\"} 1"));
        assert!(BodyBudget::<()>::new(0, 100, metrics).large(1).is_some_and(|permit| !permit.is_over()));
    }
}
