//! The limit of open connections.

use crate::http::observe::process::most_descriptors;

/// Most connections at once, where descriptors are not the limit. A waiting connection costs some 20 kB; four thousand of them
/// less than a hundred megabytes.
const CONNECTIONS: u64 = 4096;
/// Descriptors kept for everything but connections: the listener and the log, the runtime's own, and the files that are
/// opened to load releases, to look at the store and to list open descriptors.
const RESERVE: u64 = 64;
/// The limit of descriptors that is assumed where the kernel does not tell it: the smallest one in use (macOS).
const UNKNOWN: u64 = 256;

/// Returns how many connections there may be at once, so that files can still be opened when all of them are taken.
pub fn connection_limit() -> usize {
    of(most_descriptors().unwrap_or(UNKNOWN))
}

fn of(descriptors: u64) -> usize {
    let reserve = RESERVE.min(descriptors / 2);
    let connections = (descriptors - reserve).clamp(1, CONNECTIONS);
    usize::try_from(connections).unwrap_or(usize::MAX)
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
