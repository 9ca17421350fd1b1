//! Single flight: concurrent requests for the same thing share one computation.
//!
//! All waiting requests share one future. It runs while at least one request waits, and is dropped with the last. So a client that
//! hangs up does not stop the others, and no queue holds a place for clients that have gone.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use crate::http::observe::panics::{FaultId, caught_async};

/// The value, or the number of the panic in its computation.
type Outcome<V> = Result<V, FaultId>;

/// A computation that lives while some request waits for it.
type Open<V> = WeakShared<BoxFuture<'static, Outcome<V>>>;

/// The running computations, by key. Clones share them.
#[derive(Debug)]
pub struct SingleFlight<K, V: Clone>(Arc<Mutex<HashMap<K, Open<V>>>>);

impl<K, V: Clone> Clone for SingleFlight<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V: Clone> Default for SingleFlight<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, V> SingleFlight<K, V>
where
    K: Eq + Hash,
    V: Clone + Send + Sync + 'static,
{
    /// Returns the value for a key, and whether this call has computed it. If a computation for the key is running already, `work`
    /// is dropped. A panic in the computation is caught and reported to every waiting request, which would otherwise wait for ever.
    pub async fn join(&self, key: K, work: impl Future<Output = V> + Send + 'static) -> (Outcome<V>, bool) {
        let (shared, is_first) = self.enter(key, work);
        (shared.await, is_first)
    }

    fn enter(
        &self,
        key: K,
        work: impl Future<Output = V> + Send + 'static,
    ) -> (Shared<BoxFuture<'static, Outcome<V>>>, bool) {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A finished computation may still be in the table, held by a request that has not polled it yet.
        let open = |weak: &WeakShared<_>| weak.upgrade().filter(|shared: &Shared<_>| shared.peek().is_none());
        if let Some(shared) = table.get(&key).and_then(open) {
            return (shared, false);
        }
        // Finished computations are removed when the table would have to grow.
        if table.len() == table.capacity() {
            table.retain(|_, weak| open(weak).is_some());
        }
        let shared = caught_async(work).boxed().shared();
        // The future has not been polled yet, so it has not finished.
        if let Some(weak) = shared.downgrade() {
            table.insert(key, weak);
        }
        (shared, true)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::oneshot;

    use super::*;

    /// Whether no computation is running.
    fn is_empty(flights: &SingleFlight<&str, u32>) -> bool {
        let table = flights.0.lock().unwrap();
        table.values().all(|weak| weak.upgrade().is_none_or(|shared| shared.peek().is_some()))
    }

    fn run<T>(test: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test)
    }

    #[test]
    fn a_hundred_who_ask_at_once_have_it_computed_once() {
        run(async {
            let flights = SingleFlight::<&str, u32>::default();
            let count = Arc::new(AtomicUsize::new(0));
            let (go, wait) = oneshot::channel::<()>();
            let mut wait = Some(wait);
            let mut all = Vec::new();
            for _ in 0..100 {
                let own = Arc::clone(&count);
                let wait = wait.take();
                let (shared, _) = flights.enter("a", async move {
                    let _ = wait.unwrap().await;
                    own.fetch_add(1, Ordering::SeqCst);
                    7
                });
                all.push(shared);
            }
            go.send(()).unwrap();
            for one in all {
                assert_eq!(one.await, Ok(7));
            }
            assert_eq!(count.load(Ordering::SeqCst), 1);
            // A finished computation is started again.
            assert_eq!(flights.join("a", async { 8 }).await, (Ok(8), true));
            assert!(is_empty(&flights));
        });
    }

    #[test]
    fn who_asked_first_may_leave_and_nothing_is_kept_for_nobody() {
        run(async {
            let flights = SingleFlight::<&str, u32>::default();
            let (go, wait) = oneshot::channel::<u32>();
            let (first, led) = flights.enter("a", async { wait.await.unwrap() });
            assert!(led);
            let (second, led) = flights.enter("a", async { 0 });
            assert!(!led);
            drop(first);
            go.send(5).unwrap();
            assert_eq!(second.await, Ok(5));
            let (nobody, _) = flights.enter("b", std::future::pending());
            drop(nobody);
            assert!(is_empty(&flights));
        });
    }

    #[test]
    fn a_panic_is_told_to_all_who_wait_and_the_next_is_computed_anew() {
        run(async {
            let flights = SingleFlight::<&str, u32>::default();
            let (first, led) = flights.join("a", async { panic!("a test panics on purpose") }).await;
            assert!(led && first.is_err());
            assert!(is_empty(&flights));
            // A computation that is running, with others waiting for it.
            let (go, wait) = oneshot::channel::<()>();
            let (first, _) = flights.enter("a", async {
                let _ = wait.await;
                panic!("a test panics on purpose")
            });
            let (second, led) = flights.enter("a", async { 0 });
            assert!(!led);
            let second = tokio::spawn(second);
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            let fault = first.await.expect_err("it panics");
            assert_eq!(second.await.unwrap(), Err(fault));
            assert_eq!(flights.join("a", async { 8 }).await, (Ok(8), true));
            assert!(is_empty(&flights));
        });
    }
}
