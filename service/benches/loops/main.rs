//! How long inner loops take, each alone: counting, writing, drawing, reading. `service/BENCHMARKS.md` says how to run it.
//!
//! Whole answers beside others' are measured by `tests/bench`; this is for whoever changes a loop, and wants to see what came
//! of it. All of it goes through what the library offers to everybody.

mod counting;
mod reading;
mod register;
mod telling;

/// The program's own: what loops take depends on it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}
