//! The threads of the program, whose number is limited.

use tokio::runtime::{Builder, Runtime};

use super::observe::cluster::waiting;

/// Threads for occasional work, such as checking the store.
const SPARE: usize = 4;

/// Returns the number of processors, or 2 if the system does not give it.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Returns the limit of blocking threads, which are separate from the network threads. Per processor there is one each to compute
/// an answer, to code a body, to decode a body, and to generate a piece of a large one.
fn besides(processors: usize) -> usize {
    4 * processors + SPARE + waiting()
}

/// Makes the runtime of the service.
///
/// # Errors
/// When a thread cannot be created. The error is in words.
pub fn runtime() -> Result<Runtime, String> {
    Builder::new_multi_thread()
        .max_blocking_threads(besides(processors()))
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))
}
