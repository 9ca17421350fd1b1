//! How many connections there may be at once.

use crate::http::metrics::most_descriptors;

/// Most connections at once, where descriptors are not the limit. A connection that waits costs some 20 kB; four thousand
/// of them less than a hundred megabytes.
const CONNECTIONS: u64 = 4096;
/// Descriptors kept for everything but connections: the listener and the log, the runtime's own, and the files that are
/// opened to load releases, to look at the store and to list open descriptors.
const RESERVE: u64 = 64;
/// What is supposed where the kernel does not say how many files may be open: the smallest limit in use (macOS).
const UNKNOWN: u64 = 256;

/// Returns how many connections there may be at once: so few that files can still be opened when all of them are taken.
pub fn places() -> usize {
    of(most_descriptors().unwrap_or(UNKNOWN))
}

fn of(descriptors: u64) -> usize {
    let reserve = RESERVE.min(descriptors / 2);
    let places = (descriptors - reserve).clamp(1, CONNECTIONS);
    usize::try_from(places).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_kept_for_files_and_there_is_always_a_place() {
        assert_eq!(of(1_048_576), 4096);
        assert_eq!(of(1024), 960);
        assert_eq!(of(64), 32);
        assert_eq!((of(1), of(0)), (1, 1));
    }
}
