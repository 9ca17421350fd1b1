//! The limit of concurrent connections.

use crate::http::observe::process::most_descriptors;

/// Maximum number of concurrent connections, if file descriptors allow as many. An idle connection costs about 20 kB, so 4096 of
/// them take less than 100 MB.
const CONNECTIONS: u64 = 4096;
/// File descriptors reserved for everything but connections: the listener, the log, the runtime, and files opened to load releases,
/// to check the store and to list open descriptors.
const RESERVE: u64 = 64;
/// The limit of file descriptors if the kernel gives none: the smallest limit in use (macOS).
const UNKNOWN: u64 = 256;

/// Returns the number of concurrent connections. With all of them open, the process can still open files.
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
