//! Encoders and decoders for cached bodies. At most one of each runs per processor, within the budget for bodies.
//!
//! Without this limit, a few hundred answers requested in a new coding would at once take a thread and megabytes each. If there is
//! no permit or no memory to code a body, clients that accept it get the body uncoded.

use std::sync::Arc;

use hyper::body::Bytes;

use super::cache::Form;
use crate::http::body::codec::encode;
use crate::http::body::coding::Coding;
use crate::http::body::{Body, Budget, Facts};
use crate::http::observe::metrics::Metrics;
use crate::http::problem::Problem;
use crate::http::worker_pool::WorkerPool;

/// Memory that an encoder takes besides the body, in bytes, for its tables and window. Brotli takes the most: for a body of 4 MB it
/// needs twice that length in addition.
const CODER: u64 = 4 * 1024 * 1024;

/// The encoders and decoders. Clones share them.
#[derive(Debug, Clone)]
pub struct BodyCoders {
    coding: Arc<WorkerPool>,
    decoding: Arc<WorkerPool>,
    /// The budget for bodies, which also covers the memory for coding.
    pub budget: Arc<Budget>,
}

impl BodyCoders {
    /// Makes the pools for a machine with this number of processors.
    pub fn new(processors: usize, budget: Arc<Budget>, metrics: &Arc<Metrics>) -> Self {
        let coding = Arc::new(WorkerPool::coding(processors, Arc::clone(metrics)));
        let decoding = Arc::new(WorkerPool::decoding(processors, Arc::clone(metrics)));
        Self { coding, decoding, budget }
    }

    /// Whether a body would be coded without waiting.
    pub fn is_free(&self) -> bool {
        self.coding.is_free()
    }

    /// Codes a body that has a permit. The result has a permit too.
    ///
    /// # Errors
    /// When the pool or the budget is exhausted, or because of a bug.
    pub async fn encode(&self, coding: Coding, bytes: Bytes) -> Result<Bytes, Problem> {
        let length = bytes.len() as u64;
        let encoded =
            self.work(&self.coding, CODER + 2 * length, length, move || encode(coding, &bytes)).await?;
        let coded = encoded.map_err(|error| Problem::bug("a body could not be coded", &error))?;
        self.budget.hold(coded.into()).ok_or_else(Problem::no_room)
    }

    /// Returns the uncoded body of a form, with a permit. `None` if the form cannot be decoded.
    ///
    /// # Errors
    /// When the body must be decoded and the pool or the budget is exhausted, or because of a bug.
    pub async fn decode(&self, form: Form, facts: Facts) -> Result<Option<Body>, Problem> {
        let body = match form {
            Form::Uncoded(body) => Some(body),
            form @ Form::Coded(..) => {
                let memory = CODER + facts.length;
                self.work(&self.decoding, memory, 0, move || form.decoded(&facts)).await?
            }
        };
        body.map(|body| body.permitted(&self.budget).ok_or_else(Problem::no_room)).transpose()
    }

    /// Runs work that takes this much memory, in bytes, besides a body of `of` bytes.
    async fn work<T: Send + 'static>(
        &self,
        pool: &WorkerPool,
        memory: u64,
        of: u64,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = pool.turn().await?;
        let permit = self.budget.reader(memory, of).ok_or_else(Problem::no_room)?;
        let working = turn.run(move || {
            let done = work();
            drop(permit);
            done
        });
        working.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coders(room: u64) -> (BodyCoders, Arc<Metrics>) {
        let metrics = Arc::new(Metrics::default());
        let budget = Arc::new(Budget::new(0, room, Arc::clone(&metrics)));
        (BodyCoders::new(1, budget, &metrics), metrics)
    }

    #[tokio::test]
    async fn a_body_is_coded_and_decoded_with_a_turn_and_a_place_that_end() {
        let (coders, metrics) = coders(64 << 20);
        let text = Bytes::from(b"KAZ-CC-274,convicted,2019\n".repeat(100_000));
        let body = Body::from(text.to_vec());
        for coding in [Coding::Brotli, Coding::Zstd, Coding::Gzip] {
            let coded = coders.encode(coding, text.clone()).await.expect("there is room");
            assert!(coded.len() < text.len() / 10, "{coding:?}");
            let found = Form::Coded(coding, coded);
            let decoded = coders.decode(found, body.facts.clone()).await.expect("there is room");
            assert!(decoded.is_some_and(|decoded| decoded.bytes() == Some(&text)));
            let wrong = Form::Coded(coding, Bytes::from_static(b"x"));
            assert!(coders.decode(wrong, body.facts.clone()).await.is_ok_and(|decoded| decoded.is_none()));
        }
        // A thread returns its permits a moment after it has sent the result.
        while !coders.is_free() || metrics.sending.get() > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn where_others_hold_the_room_nothing_is_coded() {
        let (coders, _) = coders(1 << 20);
        let others = coders.budget.large(2000).expect("there is room");
        let text = Bytes::from(vec![b'x'; 1000]);
        assert_eq!(coders.encode(Coding::Brotli, text.clone()).await, Err(Problem::no_room()));
        assert!(coders.is_free(), "the turn is given back");
        drop(others);
        // A single body always gets a permit.
        assert!(coders.encode(Coding::Brotli, text).await.is_ok());
    }
}
