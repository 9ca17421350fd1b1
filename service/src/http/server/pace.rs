//! The pace at which a client must read its response.

use std::pin::Pin;
use std::task::Context;
use std::time::{Duration, Instant};

use tokio::time::Sleep;

/// How long the server waits for a client that reads nothing.
const STALL: Duration = Duration::from_secs(10);
/// Minimum speed at which a client must read while the server waits for it, in bytes per second. This is a quarter of the speed of
/// GPRS, the slowest mobile network (some 4 kB/s). A client that reads byte by byte only occupies a connection.
const BYTES_PER_SECOND: u32 = 1000;

/// The time left to wait for a client. It runs down while the client reads nothing, and grows with every byte that it reads.
#[derive(Debug)]
struct Patience {
    left: Duration,
    /// When the current wait for the client began.
    since: Option<Instant>,
}

impl Patience {
    /// Adds time for the bytes that the client has read. Most writes find room in the socket and never wait, and so change nothing.
    fn took(&mut self, now: Instant, bytes: usize) {
        if let Some(since) = self.since.take() {
            let earned = Duration::from_secs(bytes as u64) / BYTES_PER_SECOND;
            self.left = (self.left.saturating_sub(now - since) + earned).min(STALL);
        }
    }

    /// Begins or continues a wait for the client. Returns the time at which the server gives up.
    fn end(&mut self, now: Instant) -> Instant {
        *self.since.get_or_insert(now) + self.left
    }
}

/// The pace of a client: its patience, and a timer for the end of the wait.
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
    /// Adds time for the bytes that the client has read.
    pub fn took(&mut self, bytes: usize) {
        if self.patience.since.is_some() {
            self.patience.took(Instant::now(), bytes);
        }
    }

    /// Whether the client has read nothing for too long. If not, the task is woken when that happens.
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

    /// Simulates a client that reads this many bytes every tenth of a second. Returns the number of seconds until the server gives
    /// up.
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
