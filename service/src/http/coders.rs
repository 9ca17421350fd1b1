//! Codes and decodes bodies that are kept: of each as many at once as there are processors, with room for what that takes.
//!
//! Without an end, some hundred answers that are asked for in a new coding at once would take a thread and megabytes each.
//! What has no turn or no room goes uncoded to everybody who takes it so.

use std::sync::Arc;

use hyper::body::Bytes;

use super::body::Body;
use super::cache::AnyForm;
use super::coding::{Coding, encode};
use super::metrics::Metrics;
use super::panics::caught;
use super::problem::Problem;
use super::queue::{Queue, Refused};
use super::sending::Sending;

/// Memory in bytes that a coder takes besides the body: tables and a window. Brotli takes the most, and for a body of 4 MB
/// twice that length besides.
const CODER: u64 = 4 * 1024 * 1024;

/// The coders. A copy is the same ones.
#[derive(Debug, Clone)]
pub struct Coders {
    coding: Arc<Queue>,
    decoding: Arc<Queue>,
    sending: Arc<Sending>,
}

/// Why a body was not coded or decoded.
#[derive(Debug, Clone)]
pub enum Uncoded {
    /// There was no turn.
    NoTurn(Refused),
    /// There was no room for what it takes.
    NoRoom,
    /// A bug, or the service goes down.
    Failed(Box<Problem>),
}

impl Coders {
    /// Makes the coders of a machine with so many processors.
    pub fn of(processors: usize, sending: Arc<Sending>, metrics: Arc<Metrics>) -> Self {
        let coding = Arc::new(Queue::of_coding(processors, Arc::clone(&metrics)));
        Self { coding, decoding: Arc::new(Queue::of_decoding(processors, metrics)), sending }
    }

    /// Takes another room.
    pub fn within(self, sending: Arc<Sending>) -> Self {
        Self { sending, ..self }
    }

    /// Whether a body would be coded at once.
    pub fn is_free(&self) -> bool {
        self.coding.is_free()
    }

    /// Codes a body that has its place in memory; what comes out has one too.
    ///
    /// # Errors
    /// When there is no turn or no room, or by a bug.
    pub async fn encode(&self, coding: Coding, bytes: Bytes) -> Result<Bytes, Uncoded> {
        let length = bytes.len() as u64;
        match self.work(&self.coding, CODER + 2 * length, length, move || encode(coding, &bytes)).await? {
            Ok(coded) => self.sending.hold(coded.into()).ok_or(Uncoded::NoRoom),
            Err(error) => {
                super::log(&format!("a body could not be coded: {error}"));
                Err(Uncoded::Failed(Box::new(Problem::internal())))
            }
        }
    }

    /// Returns a body that was found, with its place in memory; `None` when it cannot be decoded.
    ///
    /// # Errors
    /// When it is to be decoded and there is no turn or no room, or by a bug.
    pub async fn decode(
        &self,
        found: AnyForm,
        digest: [u8; 32],
        length: u64,
    ) -> Result<Option<Body>, Uncoded> {
        let body = match found {
            AnyForm::Body(body) => Some(body),
            found @ AnyForm::Coded(..) => {
                self.work(&self.decoding, CODER + length, 0, move || found.decoded(digest, length)).await?
            }
        };
        Ok(body.map(|body| body.placed(&self.sending)))
    }

    /// Does what takes so much memory besides a body of `of` bytes, off the threads that serve the network.
    async fn work<T: Send + 'static>(
        &self,
        queue: &Queue,
        memory: u64,
        of: u64,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Uncoded> {
        let turn = queue.turn().await.map_err(Uncoded::NoTurn)?;
        let place = self.sending.reader(memory, of).ok_or(Uncoded::NoRoom)?;
        let working = tokio::task::spawn_blocking(move || {
            // Held here: when the client goes away, the work does not.
            let _held = (turn, place);
            caught(work)
        });
        match working.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(fault)) => Err(Uncoded::Failed(Box::new(Problem::fault(&fault)))),
            // The runtime is going down.
            Err(_cancelled) => Err(Uncoded::Failed(Box::new(Problem::draining()))),
        }
    }

    /// Says what somebody is told who takes the body in no other way.
    pub fn refuse(&self, why: Uncoded) -> Problem {
        match why {
            Uncoded::NoTurn(refused) => Problem::busy(refused),
            Uncoded::NoRoom => self.sending.refuse(),
            Uncoded::Failed(problem) => *problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coders(room: u64) -> (Coders, Arc<Metrics>) {
        let metrics = Arc::new(Metrics::new());
        let sending = Arc::new(Sending::new(0, room, Arc::clone(&metrics)));
        (Coders::of(1, sending, Arc::clone(&metrics)), metrics)
    }

    #[tokio::test]
    async fn a_body_is_coded_and_decoded_with_a_turn_and_a_place_that_end() {
        let (coders, metrics) = coders(64 << 20);
        let text = Bytes::from(b"KAZ-CC-274,convicted,2019\n".repeat(100_000));
        let body = Body::from(text.to_vec());
        for coding in [Coding::Brotli, Coding::Zstd, Coding::Gzip] {
            let coded = coders.encode(coding, text.clone()).await.expect("there is room");
            assert!(coded.len() < text.len() / 10, "{coding:?}");
            let found = AnyForm::Coded(coding, coded);
            let decoded = coders.decode(found, body.digest(), body.length()).await.expect("there is room");
            assert!(decoded.is_some_and(|decoded| decoded.bytes() == Some(&text) && decoded.has_room()));
            let wrong = AnyForm::Coded(coding, Bytes::from_static(b"x"));
            assert!(coders.decode(wrong, body.digest(), 5).await.is_ok_and(|decoded| decoded.is_none()));
        }
        // A thread gives its turn and its place back a moment after it has told what came out.
        while !coders.is_free() || metrics.sending.get() > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn where_others_hold_the_room_nothing_is_coded() {
        let (coders, _) = coders(1 << 20);
        let others = coders.sending.place(2000).expect("there is room");
        let text = Bytes::from(vec![b'x'; 1000]);
        assert!(matches!(coders.encode(Coding::Brotli, text.clone()).await, Err(Uncoded::NoRoom)));
        assert!(coders.is_free(), "the turn is given back");
        drop(others);
        // A single one has always room.
        assert!(coders.encode(Coding::Brotli, text).await.is_ok());
    }
}
