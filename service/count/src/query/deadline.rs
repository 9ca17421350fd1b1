//! Deadlines for computing answers. A thread cannot be stopped from outside, so every loop over rows checks the deadline.
//!
//! When the deadline has passed, the computation unwinds like a panic, with [`Over`] as the payload. No function on the way
//! needs an error for this case, and none can mistake it for another error. Nothing is printed, and no panic is counted.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

thread_local! {
    /// The deadline of the answer that this thread computes.
    static CURRENT: Cell<Deadline> = const { Cell::new(Deadline::none()) };
    /// How often this thread has checked, modulo 256.
    static ASKED: Cell<u8> = const { Cell::new(0) };
}

/// The payload of the unwinding: the deadline has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over;

/// A moment after which nobody waits for the answer any more, or no limit.
///
/// Checking the deadline reads the clock (some 25 ns). That is cheap once per thousand rows, and expensive for every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// Returns no deadline, for the terminal and for tests.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Returns the deadline that lies `time` from now. A time too long for the clock gives no deadline.
    pub fn within(time: Duration) -> Self {
        Self(Instant::now().checked_add(time))
    }

    /// Whether the deadline has passed.
    pub fn is_over(self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }

    /// Runs `work` and ends it early when the deadline passes. Every function that `work` calls checks this deadline.
    ///
    /// # Errors
    /// When the work was ended early.
    pub fn during<T>(self, work: impl FnOnce() -> T) -> Result<T, Over> {
        let before = CURRENT.replace(self);
        // After unwinding, only data behind locks can be seen again, and the holders of these locks ignore poisoning.
        let done = catch_unwind(AssertUnwindSafe(work));
        CURRENT.set(before);
        done.or_else(|payload| if payload.is::<Over>() { Err(Over) } else { resume_unwind(payload) })
    }

    /// Unwinds if the deadline has passed.
    pub fn keep(self) {
        if self.is_over() {
            resume_unwind(Box::new(Over));
        }
    }

    /// Returns the deadline of the answer that this thread computes. Helper threads must be given it explicitly.
    pub fn current() -> Self {
        CURRENT.get()
    }

    /// Returns the moment of the deadline, if there is one.
    pub const fn moment(self) -> Option<Instant> {
        self.0
    }
}

/// Unwinds if this thread's deadline has passed. Only one call of 256 reads the clock, so it may be called for every row.
#[inline]
pub fn keep_deadline() {
    let asked = ASKED.get().wrapping_add(1);
    ASKED.set(asked);
    if asked == 0 {
        Deadline::current().keep();
    }
}

/// Wraps an iterator so that each item checks the deadline of this thread's answer.
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
