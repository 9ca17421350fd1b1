//! One computation for all who ask for the same at the same time.
//!
//! Those who wait share one future. It goes on while anybody waits for it, and is dropped with the last who leaves: a
//! client that hangs up takes nothing from the others, and a queue has no place taken for nobody.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use super::super::panics::{FaultId, caught, caught_waiting};

/// What all who wait are given: a value, or the number of the panic that it failed by.
type Landed<V> = Result<V, FaultId>;

/// What is being computed, for as long as somebody waits for it.
type Flight<V> = WeakShared<BoxFuture<'static, Landed<V>>>;

/// What is being computed, by what it is. A copy is the same one.
#[derive(Debug)]
pub struct Flights<K, V: Clone>(Arc<Mutex<Table<K, V>>>);

#[derive(Debug)]
struct Table<K, V: Clone> {
    open: HashMap<K, (u64, Flight<V>)>,
    /// Numbers the flights: one that ends late must not take a later one of the same key with it.
    next: u64,
}

impl<K, V: Clone> Clone for Flights<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V: Clone> Default for Flights<K, V> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Table { open: HashMap::new(), next: 0 })))
    }
}

impl<K, V> Flights<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Returns what is computed for a key, and whether it was begun by this call: `begin` is called when nobody else's
    /// computation is open. A panic of either is caught here and told to all who wait: else they would wait for ever, and
    /// whoever asks for the same would join them.
    pub async fn join(&self, key: K, begin: impl FnOnce() -> BoxFuture<'static, V>) -> (Landed<V>, bool) {
        let (shared, is_first) = self.enter(key, begin);
        (shared.await, is_first)
    }

    fn enter(
        &self,
        key: K,
        begin: impl FnOnce() -> BoxFuture<'static, V>,
    ) -> (Shared<BoxFuture<'static, Landed<V>>>, bool) {
        let mut table = locked(&self.0);
        if let Some(shared) = table.open.get(&key).and_then(|(_, weak)| weak.upgrade()) {
            return (shared, false);
        }
        let number = table.next;
        table.next += 1;
        let leave = Leave { flights: Arc::clone(&self.0), key: key.clone(), number };
        let begun = caught(begin);
        let shared = async move {
            let landed = match begun {
                Ok(own) => caught_waiting(own).await,
                Err(fault) => Err(fault),
            };
            drop(leave);
            landed
        }
        .boxed()
        .shared();
        // It was not polled, so it has not ended.
        if let Some(weak) = shared.downgrade() {
            table.open.insert(key, (number, weak));
        }
        (shared, true)
    }
}

fn locked<K, V: Clone>(table: &Mutex<Table<K, V>>) -> MutexGuard<'_, Table<K, V>> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a flight off the table when it ends, whichever way.
struct Leave<K: Eq + Hash, V: Clone> {
    flights: Arc<Mutex<Table<K, V>>>,
    key: K,
    number: u64,
}

impl<K: Eq + Hash, V: Clone> Drop for Leave<K, V> {
    fn drop(&mut self) {
        let mut table = locked(&self.flights);
        if table.open.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
            table.open.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::oneshot;

    use super::*;

    fn run<T>(test: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test)
    }

    #[test]
    fn a_hundred_who_ask_at_once_have_it_computed_once() {
        run(async {
            let flights = Flights::<&str, u32>::default();
            let count = Arc::new(AtomicUsize::new(0));
            let (go, wait) = oneshot::channel::<()>();
            let mut wait = Some(wait);
            let mut all = Vec::new();
            for _ in 0..100 {
                let (own, wait) = (Arc::clone(&count), &mut wait);
                let (shared, _) = flights.enter("a", || {
                    let wait = wait.take().unwrap();
                    async move {
                        let _ = wait.await;
                        own.fetch_add(1, Ordering::SeqCst);
                        7
                    }
                    .boxed()
                });
                all.push(shared);
            }
            go.send(()).unwrap();
            for one in all {
                assert_eq!(one.await, Ok(7));
            }
            assert_eq!(count.load(Ordering::SeqCst), 1);
            // What has ended is computed anew.
            assert_eq!(flights.join("a", || async { 8 }.boxed()).await, (Ok(8), true));
            assert!(locked(&flights.0).open.is_empty());
        });
    }

    #[test]
    fn who_asked_first_may_leave_and_nothing_is_kept_for_nobody() {
        run(async {
            let flights = Flights::<&str, u32>::default();
            let (go, wait) = oneshot::channel::<u32>();
            let (first, led) = flights.enter("a", || async { wait.await.unwrap() }.boxed());
            assert!(led);
            let (second, led) = flights.enter("a", || async { 0 }.boxed());
            assert!(!led);
            drop(first);
            go.send(5).unwrap();
            assert_eq!(second.await, Ok(5));
            let (nobody, _) = flights.enter("b", || std::future::pending().boxed());
            drop(nobody);
            assert!(locked(&flights.0).open.is_empty());
        });
    }

    #[test]
    fn a_panic_is_told_to_all_who_wait_and_the_next_is_computed_anew() {
        run(async {
            let flights = Flights::<&str, u32>::default();
            let (first, led) = flights.join("a", || panic!("a test panics on purpose")).await;
            assert!(led && first.is_err());
            assert!(locked(&flights.0).open.is_empty());
            // One that has begun, and others that wait for it.
            let (go, wait) = oneshot::channel::<()>();
            let (first, _) = flights.enter("a", || {
                async {
                    let _ = wait.await;
                    panic!("a test panics on purpose")
                }
                .boxed()
            });
            let (second, led) = flights.enter("a", || async { 0 }.boxed());
            assert!(!led);
            let second = tokio::spawn(second);
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            let fault = first.await.expect_err("it panics");
            assert_eq!(second.await.unwrap(), Err(fault));
            assert_eq!(flights.join("a", || async { 8 }.boxed()).await, (Ok(8), true));
            assert!(locked(&flights.0).open.is_empty());
        });
    }
}
