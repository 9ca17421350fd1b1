//! Until when an answer is worth computing. A computation cannot be ended from outside, so every loop over rows asks.
//!
//! A computation whose deadline has passed ends by unwinding ([`Over`]), as one that panics would: no function on the way
//! needs an error of its own for it, and none can take it for another error. Nothing is printed and no panic counted.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

thread_local! {
    /// The deadline of the answer that this thread computes.
    static CURRENT: Cell<Deadline> = const { Cell::new(Deadline::none()) };
    /// How often this thread has asked.
    static ASKED: Cell<u8> = const { Cell::new(0) };
}

/// The deadline has passed: the payload that unwinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over;

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

    /// Computes something that ends early when the deadline has passed: whatever is asked on the way, and however deep.
    ///
    /// # Errors
    /// When it has ended early.
    pub fn during<T>(self, work: impl FnOnce() -> T) -> Result<T, Over> {
        let before = CURRENT.replace(self);
        // Of what the work has touched, only what locks guard is seen again, and their holders take poison for nothing.
        let done = catch_unwind(AssertUnwindSafe(work));
        CURRENT.set(before);
        done.or_else(|payload| if payload.is::<Over>() { Err(Over) } else { resume_unwind(payload) })
    }

    /// Ends the computation when the deadline has passed.
    pub fn keep(self) {
        if self.is_over() {
            resume_unwind(Box::new(Over));
        }
    }

    /// Returns the deadline of the answer that this thread computes. Threads that help with it are handed it.
    pub fn current() -> Self {
        CURRENT.get()
    }

    /// Returns the moment, where there is one.
    pub const fn moment(self) -> Option<Instant> {
        self.0
    }
}

/// Ends the computation of this thread when its deadline has passed. Only one call of 256 looks at the clock, so that every
/// row may ask.
#[inline]
pub fn keep_deadline() {
    let asked = ASKED.get().wrapping_add(1);
    ASKED.set(asked);
    if asked == 0 {
        Deadline::current().keep();
    }
}

/// Goes through something for as long as the deadline of this thread's answer allows.
pub fn in_time<I: IntoIterator>(items: I) -> std::iter::Inspect<I::IntoIter, impl FnMut(&I::Item) + Clone> {
    items.into_iter().inspect(|_| keep_deadline())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_computed_knows_its_deadline_and_what_comes_after_does_not() {
        let over = Deadline::within(Duration::ZERO);
        assert_eq!(over.during(|| Deadline::current().is_over()), Ok(true));
        let caught = catch_unwind(|| over.during(|| panic!("a test panics on purpose")));
        assert!(caught.is_err() && Deadline::current() == Deadline::none());
    }

    #[test]
    fn a_loop_ends_soon_after_its_deadline_and_without_one_never() {
        let endless = || in_time(0_u64..).map(std::hint::black_box).count();
        assert_eq!(Deadline::within(Duration::from_millis(1)).during(endless), Err(Over));
        let short = || in_time(0..100_000).count();
        assert_eq!(Deadline::none().during(short), Ok(100_000));
        assert_eq!(Deadline::within(Duration::from_secs(3600)).during(short), Ok(100_000));
    }

    #[test]
    fn a_deadline_is_over_when_its_time_has_passed_and_none_never_is() {
        assert!(Deadline::within(Duration::ZERO).is_over());
        assert!(!Deadline::within(Duration::from_secs(3600)).is_over());
        assert!(!Deadline::none().is_over());
        assert_eq!(Deadline::within(Duration::MAX), Deadline::none());
    }
}
