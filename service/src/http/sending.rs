//! Memory for bodies: each holds its bytes, or the table that it is written from, until the last of its readers has taken
//! all of it, and readers may be slow. Without an end, a few hundred slow readers of large answers would take all memory
//! there is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::body::Bytes;

use super::log::Seldom;
use super::metrics::{Metrics, Refusal};

/// Room in bytes where nobody says otherwise: for two of the largest answers, or dozens of a hundred thousand rows.
pub const ROOM: u64 = 512 * 1024 * 1024;

/// Largest body that is not counted, in bytes: as much as the kernel keeps for a slow reader anyway.
const SMALL: usize = 128 * 1024;

/// Longest time in which an answer that is too large to be kept is sent. Who has not taken all of it by then asks for the rest, as after every
/// transfer that broke off; it is computed anew, and the same.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The room.
#[derive(Debug)]
pub struct Sending {
    room: i64,
    longest: Duration,
    metrics: Arc<Metrics>,
    is_full: Seldom,
}

/// A part of the room, until the last copy is dropped.
#[derive(Debug, Clone)]
pub struct Place(Arc<Taken>);

#[derive(Debug)]
struct Taken {
    bytes: i64,
    end: Instant,
    metrics: Arc<Metrics>,
}

impl Sending {
    /// Makes room for so many bytes.
    pub fn new(room: u64, metrics: Arc<Metrics>) -> Self {
        Self::within(LONGEST, room, metrics)
    }

    /// The same, with another longest time.
    pub fn within(longest: Duration, room: u64, metrics: Arc<Metrics>) -> Self {
        let room = i64::try_from(room).unwrap_or(i64::MAX);
        metrics.sending_limit.set(room);
        Self { room, longest, metrics, is_full: Seldom::default() }
    }

    /// Has bytes hold a part of the room for as long as there is a copy of them; `None` where there is not so much left.
    pub fn hold(&self, bytes: Bytes) -> Option<(Bytes, Option<Place>)> {
        if bytes.len() <= SMALL {
            return Some((bytes, None));
        }
        let place = self.place(bytes.len() as u64)?;
        Some((Bytes::from_owner(Held { bytes, _place: place.clone() }), Some(place)))
    }

    /// Takes a part of the room; `None` where there is not so much left. A single answer always has a place, however large it
    /// is.
    pub fn place(&self, bytes: u64) -> Option<Place> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        // Counted first and looked at then: of two that come at once both may be refused, never both let in.
        self.metrics.sending.add(bytes);
        let taken = Taken { bytes, end: Instant::now() + self.longest, metrics: Arc::clone(&self.metrics) };
        let all = self.metrics.sending.get();
        if all <= self.room || all == bytes {
            return Some(Place(Arc::new(taken)));
        }
        self.metrics.refused(Refusal::SendingFull);
        self.is_full.warn(
            "sending.full",
            "readers of large answers hold all the room there is; a further one was refused",
        );
        None
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

impl Place {
    /// Whether it was held for longer than any may be.
    pub fn is_over(&self) -> bool {
        self.0.end <= Instant::now()
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.metrics.sending.sub(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_last_copy_is_gone() {
        let metrics = Arc::new(Metrics::new());
        let sending = Sending::new(100, Arc::clone(&metrics));
        let first = sending.place(60).expect("there is room");
        let copy = first.clone();
        assert!(sending.place(41).is_none());
        let second = sending.place(40).expect("there is just enough");
        drop(first);
        assert!(sending.place(1).is_none());
        drop(copy);
        assert_eq!(metrics.sending.get(), 40);
        assert!(sending.place(60).is_some());
        drop(second);
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn bytes_hold_their_place_until_the_last_copy_is_gone() {
        let metrics = Arc::new(Metrics::new());
        let sending = Sending::new(3 * SMALL as u64, Arc::clone(&metrics));
        let (small, place) = sending.hold(vec![1; SMALL].into()).expect("there is room");
        assert!(place.is_none() && small.len() == SMALL && metrics.sending.get() == 0);
        let (large, place) = sending.hold(vec![1; 2 * SMALL].into()).expect("there is room");
        assert_eq!((large.len() as i64, place.is_some()), (metrics.sending.get(), true));
        let part = large.slice(5..10);
        drop((large, place));
        assert!(sending.hold(vec![1; 2 * SMALL].into()).is_none());
        drop(part);
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn one_answer_may_be_larger_than_the_room() {
        let sending = Sending::new(100, Arc::new(Metrics::new()));
        let large = sending.place(1000).expect("nobody else has any");
        assert!(sending.place(1).is_none());
        drop(large);
        assert!(sending.place(1).is_some());
    }

    #[test]
    fn a_place_ends() {
        let metrics = Arc::new(Metrics::new());
        let sending = Sending::within(Duration::ZERO, 100, Arc::clone(&metrics));
        assert!(sending.place(1).is_some_and(|place| place.is_over()));
        assert!(Sending::new(100, metrics).place(1).is_some_and(|place| !place.is_over()));
    }
}
