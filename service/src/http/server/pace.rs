//! The pace at which a client has to take its answer.

use std::pin::Pin;
use std::task::Context;
use std::time::{Duration, Instant};

use tokio::time::Sleep;

/// Longest wait for a client that takes nothing.
const STALL: Duration = Duration::from_secs(10);
/// Fewest bytes a second that a client has to take while the server waits for it: a quarter of what the slowest mobile
/// networks give (GPRS, some 4 kB/s). A client that takes them one by one only holds a place.
const BYTES_PER_SECOND: u32 = 1000;

/// Patience with a client: used up while it takes nothing, and growing again with every byte that it takes.
#[derive(Debug)]
struct Patience {
    left: Duration,
    /// Since when the server waits for the client.
    since: Option<Instant>,
}

impl Patience {
    /// The client took that many bytes. Most writes never wait, for their socket has room; they change nothing.
    fn took(&mut self, now: Instant, bytes: usize) {
        if let Some(since) = self.since.take() {
            let earned = Duration::from_secs(bytes as u64) / BYTES_PER_SECOND;
            self.left = (self.left.saturating_sub(now - since) + earned).min(STALL);
        }
    }

    /// The client takes nothing now; returns until when the server waits for it.
    fn end(&mut self, now: Instant) -> Instant {
        *self.since.get_or_insert(now) + self.left
    }
}

/// Patience with a clock.
#[derive(Debug)]
pub struct Pace {
    patience: Patience,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { patience: Patience { left: STALL, since: None }, timer: None }
    }
}

impl Pace {
    /// The client took that many bytes.
    pub fn took(&mut self, bytes: usize) {
        if self.patience.since.is_some() {
            self.patience.took(Instant::now(), bytes);
        }
    }

    /// The client takes nothing now; returns whether that has been so for too long, else wakes the task when it will be.
    pub fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        let is_new = self.patience.since.is_none();
        let end = self.patience.end(Instant::now()).into();
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(end)));
        if is_new {
            timer.as_mut().reset(end);
        }
        timer.as_mut().poll(context).is_ready()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client takes that many bytes every tenth of a second; returns after how many seconds it is given up.
    fn given_up(bytes: usize) -> Option<f64> {
        let start = Instant::now();
        let mut patience = Patience { left: STALL, since: None };
        (0..10_000).map(|tenth| start + Duration::from_millis(100) * tenth).find_map(|now| {
            if patience.end(now) <= now {
                return Some((now - start).as_secs_f64());
            }
            if bytes > 0 {
                patience.took(now, bytes);
                patience.end(now);
            }
            None
        })
    }

    #[test]
    fn who_takes_nothing_is_given_up_after_ten_seconds() {
        assert_eq!(given_up(0), Some(10.0));
    }

    #[test]
    fn who_takes_bytes_one_by_one_is_given_up_within_fifteen_seconds() {
        assert!(given_up(1).is_some_and(|seconds| seconds < 11.0));
        assert!(given_up(30).is_some_and(|seconds| seconds < 15.0));
    }

    #[test]
    fn who_is_slow_and_goes_on_is_waited_for() {
        assert_eq!(given_up(100), None);
    }

    #[test]
    fn what_a_client_does_between_answers_counts_nothing() {
        let start = Instant::now();
        let mut patience = Patience { left: STALL, since: None };
        assert_eq!(patience.end(start), start + STALL);
        patience.took(start + Duration::from_secs(1), 100_000);
        let later = start + Duration::from_secs(3600);
        assert_eq!(patience.end(later), later + STALL);
    }
}
