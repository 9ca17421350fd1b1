//! Catches panics. A bug in one answer becomes a 500 with a fault number, and all other requests go on.
//!
//! The response and the log have the same number. It consists of the second in which the program started and a counter of panics,
//! so it reveals nothing about the client.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::Poll;

use serde_json::json;

use super::log::{Level, tell};
use super::metrics::Metrics;

/// The number of a panic, which appears in the response and in the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FaultId(String);

impl FaultId {
    fn next() -> Self {
        static STARTED: LazyLock<i64> = LazyLock::new(|| jiff::Timestamp::now().as_second());
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self(format!("{:x}-{:x}", *STARTED, COUNT.fetch_add(1, Ordering::Relaxed) + 1))
    }
}

thread_local! {
    /// The last panic logged on this thread that has not been caught yet.
    static TOLD: RefCell<Option<FaultId>> = const { RefCell::new(None) };
}

/// Counts and logs every panic of the program. The log has its place in the code, but not its message, which may contain a
/// visitor's input. `RUST_BACKTRACE=1` adds the backtrace.
pub fn count_all(metrics: Arc<Metrics>) {
    std::panic::set_hook(Box::new(move |panic: &PanicHookInfo<'_>| {
        metrics.panics.inc();
        let fault = FaultId::next();
        let place = panic.location().map_or("an unknown place".to_owned(), ToString::to_string);
        let mut fields = vec![("fault", json!(fault.to_string())), ("place", json!(place))];
        let way = std::backtrace::Backtrace::capture();
        if way.status() == std::backtrace::BacktraceStatus::Captured {
            fields.push(("backtrace", json!(way.to_string())));
        }
        let message = format!("a panic at {place} (fault {fault}); everything else goes on");
        tell(Level::Error, "panic", &message, &fields);
        TOLD.with(|told| told.replace(Some(fault)));
    }));
}

/// Runs `work`, and catches a panic in it.
///
/// # Errors
/// With the number of the panic.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, FaultId> {
    // After a panic, only data behind locks are used again. Their holders ignore poisoning.
    catch_unwind(AssertUnwindSafe(work)).map_err(|_payload| number())
}

/// Awaits `work`, and catches a panic in it.
///
/// # Errors
/// With the number of the panic.
pub async fn caught_async<T>(work: impl Future<Output = T>) -> Result<T, FaultId> {
    let mut work = pin!(work);
    std::future::poll_fn(|context| match caught(|| work.as_mut().poll(context)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
        // A future that has panicked is not polled again.
        Err(fault) => Poll::Ready(Err(fault)),
    })
    .await
}

/// Returns the number under which this thread logged the panic. A panic that came from another thread was logged there under
/// another number. In that case a new number is made, and its log line points to the earlier one.
fn number() -> FaultId {
    TOLD.with(RefCell::take).unwrap_or_else(|| {
        let fault = FaultId::next();
        let message = format!(
            "an answer failed by a panic of another thread, which was told of before (fault {fault})"
        );
        tell(Level::Error, "panic.handed", &message, &[("fault", json!(fault.to_string()))]);
        fault
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panicking() -> u8 {
        panic!("a test panics on purpose")
    }

    #[test]
    fn a_panic_has_a_number_of_its_own_and_others_are_answered() {
        let first = caught(panicking).expect_err("it panics");
        let second = caught(panicking).expect_err("it panics");
        assert_ne!(first, second);
        assert_eq!(caught(|| 7), Ok(7));
    }

    #[tokio::test]
    async fn a_panic_after_waiting_is_caught_too() {
        let late = async {
            tokio::task::yield_now().await;
            panicking()
        };
        assert!(caught_async(late).await.is_err());
        assert_eq!(caught_async(async { 7 }).await, Ok(7));
    }
}
