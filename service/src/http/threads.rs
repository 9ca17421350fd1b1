//! Threads of the program, none of which is made without an end.

use tokio::runtime::{Builder, Runtime};

/// Threads for what is done now and then, such as looking at the store.
const SPARE: usize = 4;

/// Returns how many processors there are; 2 where the system does not say.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Returns how many threads there are at most beside those that serve the network: one for each answer that is computed,
/// each body that is coded, each that is decoded and each piece of a large answer that is written.
fn besides(processors: usize) -> usize {
    4 * processors + SPARE
}

/// Makes the runtime of a program that answers.
///
/// # Errors
/// When no thread can be made; in words.
pub fn runtime() -> Result<Runtime, String> {
    Builder::new_multi_thread()
        .max_blocking_threads(besides(processors()))
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))
}
