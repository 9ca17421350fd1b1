//! Until when an answer is worth computing. A computation cannot be ended from outside, so it asks now and then.

use std::cell::Cell;
use std::time::{Duration, Instant};

thread_local! {
    /// That of the answer that this thread computes.
    static CURRENT: Cell<Deadline> = const { Cell::new(Deadline::none()) };
}

/// A moment after which nobody waits for an answer any more; or none.
///
/// It costs a look at the clock (some 25 ns): cheap for every thousand rows, dear for every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// There is all the time in the world: on the terminal, and in tests.
    pub const fn none() -> Self {
        Self(None)
    }

    /// It is that long from now. A time too long for the clock is no deadline.
    pub fn within(time: Duration) -> Self {
        Self(Instant::now().checked_add(time))
    }

    /// Whether it has passed.
    pub fn is_over(self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }

    /// Computes something that ends early when the moment has passed: whatever is asked on the way, and however deep.
    pub fn during<T>(self, work: impl FnOnce() -> T) -> T {
        struct Before(Deadline);
        impl Drop for Before {
            fn drop(&mut self) {
                CURRENT.set(self.0);
            }
        }
        let _before = Before(CURRENT.replace(self));
        work()
    }

    /// Returns that of the answer that this thread computes. Threads that help with it are told by it.
    pub fn current() -> Self {
        CURRENT.get()
    }

    /// Returns the moment, where there is one.
    pub const fn moment(self) -> Option<Instant> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_computed_knows_its_deadline_and_what_comes_after_does_not() {
        let over = Deadline::within(Duration::ZERO);
        assert!(over.during(|| Deadline::current().is_over()));
        let caught = std::panic::catch_unwind(|| over.during(|| panic!("a test panics on purpose")));
        assert!(caught.is_err() && Deadline::current() == Deadline::none());
    }

    #[test]
    fn a_deadline_is_over_when_its_time_has_passed_and_none_never_is() {
        assert!(Deadline::within(Duration::ZERO).is_over());
        assert!(!Deadline::within(Duration::from_secs(3600)).is_over());
        assert!(!Deadline::none().is_over());
        assert_eq!(Deadline::within(Duration::MAX), Deadline::none());
    }
}
