//! Memory for bodies: each holds its bytes, or the table that it is written from, until the last of its readers has taken
//! all of it, and readers may be slow. Without an end, a few hundred slow readers of large answers would take all memory
//! there is.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Bytes;

use super::log::Seldom;
use super::metrics::{Metrics, Refusal, Timeout};
use super::problem::Problem;

/// Room in bytes where nobody says otherwise: for two of the largest answers, or dozens of a hundred thousand rows.
pub const ROOM: u64 = 512 * 1024 * 1024;

/// Largest body that is not counted, in bytes: as much as the kernel keeps for a slow reader anyway.
pub const SMALL: usize = 128 * 1024;

/// Longest time in which an answer that is too large to be kept is sent. Who has not taken all of it by then asks for the
/// rest, as after every transfer that broke off.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The room.
#[derive(Debug)]
pub struct Sending {
    /// So much of it what is kept may take, whether it is being sent or not.
    kept: i64,
    room: i64,
    longest: Duration,
    taken: Arc<AtomicI64>,
    /// What nobody needs at this moment and somebody may ask for again, with its bytes; the oldest first.
    spare: Mutex<VecDeque<Spare>>,
    metrics: Arc<Metrics>,
    is_full: Seldom,
}

/// Something with a place, and how many bytes that is.
type Spare = (i64, Arc<dyn Any + Send + Sync>);

/// A part of the room, until the last copy is dropped.
#[derive(Debug, Clone)]
pub struct Place(Arc<Taken>);

#[derive(Debug)]
struct Taken {
    bytes: i64,
    end: Instant,
    all: Arc<AtomicI64>,
    metrics: Arc<Metrics>,
}

impl Sending {
    /// Makes room for so many bytes of what is kept, and for so many besides.
    pub fn new(kept: u64, room: u64, metrics: Arc<Metrics>) -> Self {
        Self::within(LONGEST, kept, room, metrics)
    }

    /// The same, with another longest time.
    pub fn within(longest: Duration, kept: u64, room: u64, metrics: Arc<Metrics>) -> Self {
        let [kept, room] =
            [kept, kept.saturating_add(room)].map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
        metrics.sending_limit.set(room);
        let (taken, spare, is_full) = (Arc::default(), Mutex::default(), Seldom::default());
        Self { kept, room, longest, taken, spare, metrics, is_full }
    }

    /// Has bytes hold a part of the room for as long as there is a copy of them; `None` where there is not so much left.
    pub fn hold(&self, bytes: Bytes) -> Option<Bytes> {
        if bytes.len() <= SMALL {
            return Some(bytes);
        }
        let place = self.take(bytes.len() as u64, self.room, 0)?;
        Some(Bytes::from_owner(Held { bytes, _place: place }))
    }

    /// Takes a part of the room for what is too large to be kept; `None` where there is not so much left. The last quarter is
    /// for what is smaller, and comes and goes sooner.
    pub fn place(&self, bytes: u64) -> Option<Place> {
        self.take(bytes, self.room - self.room / 4, 0)
    }

    /// Takes a part of the room for somebody who reads or codes a body that has a place of so many bytes already.
    pub fn reader(&self, bytes: u64, of: u64) -> Option<Place> {
        self.take(bytes, self.room, of)
    }

    /// Holds something that has a place until the room is needed, or what was put here later takes as much as what is kept
    /// may. Where nothing is kept, this is not either.
    pub fn spare(&self, bytes: u64, thing: Arc<dyn Any + Send + Sync>) {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        spare.push_back((bytes, thing));
        // The last one stays, however large it is.
        let most = if self.kept > 0 { 1 } else { 0 };
        let all =
            |spare: &VecDeque<Spare>| spare.iter().fold(0_i64, |sum, (own, _)| sum.saturating_add(*own));
        while spare.len() > most && all(&spare) > self.kept {
            spare.pop_front();
        }
    }

    /// Takes a part of the room, `most` of which may be taken besides a body of `of` bytes; what is spare makes room.
    fn take(&self, bytes: u64, most: i64, of: u64) -> Option<Place> {
        let [bytes, of] = [bytes, of].map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
        let with = |taken: i64| {
            let all = taken.saturating_add(bytes);
            // A single one has always room, however large it is.
            (all <= most.saturating_add(of) || taken <= self.kept.saturating_add(of)).then_some(all)
        };
        while self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, with).is_err() {
            let oldest = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            // Dropped here, and its place with it, unless somebody reads it.
            oldest?;
        }
        self.metrics.sending.add(bytes);
        let (all, metrics) = (Arc::clone(&self.taken), Arc::clone(&self.metrics));
        Some(Place(Arc::new(Taken { bytes, end: Instant::now() + self.longest, all, metrics })))
    }

    /// Counts that somebody found no room, and says what they are told.
    pub fn refuse(&self) -> Problem {
        self.metrics.refused(Refusal::SendingFull);
        let message = "readers of large answers hold all the room there is; a further one was refused";
        self.is_full.warn("sending.full", message);
        Problem::no_room()
    }
}

impl Place {
    /// Whether it was held for longer than any may be; then it is counted as too long a wait.
    pub fn is_over(&self) -> bool {
        let is_over = self.0.end <= Instant::now();
        if is_over {
            self.0.metrics.timed_out(Timeout::Sending);
        }
        is_over
    }
}

/// Bytes with their place.
struct Held {
    bytes: Bytes,
    _place: Place,
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

    fn sending(kept: usize, room: usize) -> (Sending, Arc<Metrics>) {
        let metrics = Arc::new(Metrics::new());
        (Sending::new(kept as u64, room as u64, Arc::clone(&metrics)), metrics)
    }

    fn bytes(length: usize) -> Bytes {
        vec![1; length].into()
    }

    #[test]
    fn a_place_is_free_again_when_its_last_copy_is_gone() {
        let (sending, metrics) = sending(0, 100);
        let first = sending.place(50).expect("there is room");
        let copy = first.clone();
        assert!(sending.place(26).is_none(), "a quarter is for what is smaller");
        let second = sending.place(25).expect("there is just enough");
        drop(first);
        assert!(sending.place(1).is_none());
        drop(copy);
        assert_eq!(metrics.sending.get(), 25);
        assert!(sending.place(50).is_some());
        drop(second);
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn bytes_hold_their_place_until_the_last_copy_is_gone() {
        let (sending, metrics) = sending(0, 3 * SMALL);
        let small = sending.hold(bytes(SMALL)).expect("there is room");
        assert_eq!((small.len(), metrics.sending.get()), (SMALL, 0));
        let large = sending.hold(bytes(2 * SMALL)).expect("there is room");
        assert_eq!(large.len() as i64, metrics.sending.get());
        let part = large.slice(5..10);
        drop(large);
        assert!(sending.hold(bytes(2 * SMALL)).is_none());
        drop(part);
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn one_answer_may_be_larger_than_the_room_whatever_is_kept() {
        let (sending, _) = sending(2 * SMALL, 100);
        let kept = sending.hold(bytes(2 * SMALL)).expect("there is room for what is kept");
        let large = sending.place(1 << 40).expect("nobody else is sent anything");
        // So may what a single reader takes besides; not that of a second one.
        let reader = sending.reader(1000, 1 << 40).expect("nobody else is sent anything");
        assert!(sending.reader(1, 1 << 40).is_none());
        drop(reader);
        assert!(sending.place(1).is_none() && sending.hold(bytes(SMALL + 1)).is_none());
        drop((large, kept));
        assert!(sending.place(1).is_some());
    }

    #[test]
    fn what_is_spare_is_held_until_the_room_is_needed() {
        let (sending, metrics) = sending(50, 50);
        let spare = |bytes: u64| sending.spare(bytes, Arc::new(sending.place(bytes).expect("there is room")));
        spare(20);
        spare(30);
        assert_eq!(metrics.sending.get(), 50);
        // No more of it than what is kept may take: the oldest goes.
        spare(10);
        assert_eq!(metrics.sending.get(), 40);
        let other = sending.place(20).expect("there is room");
        let needed = sending.place(30).expect("what is spare makes room");
        assert_eq!(metrics.sending.get(), 20 + 30 + 10);
        drop((other, needed));
        // One alone may be larger; and what is being read stays counted.
        let read = sending.place(75).expect("there is room");
        sending.spare(75, Arc::new(read.clone()));
        assert_eq!(metrics.sending.get(), 75);
        assert!(sending.place(10).is_none());
        drop(read);
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn where_nothing_is_kept_nothing_is_spare() {
        let (sending, metrics) = sending(0, 100);
        sending.spare(10, Arc::new(sending.place(10).expect("there is room")));
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn a_place_ends_and_that_is_counted() {
        let metrics = Arc::new(Metrics::new());
        let sending = Sending::within(Duration::ZERO, 0, 100, Arc::clone(&metrics));
        assert!(sending.place(1).is_some_and(|place| place.is_over()));
        assert!(metrics.text().contains("chargesheet_timeouts_total{kind=\"sending\"} 1"));
        assert!(Sending::new(0, 100, metrics).place(1).is_some_and(|place| !place.is_over()));
    }
}
