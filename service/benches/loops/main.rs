//! Benchmarks of inner loops, each alone: counting, writing, drawing, reading. `service/BENCHMARKS.md` says how to run them.
//!
//! `tests/bench` compares whole answers with other programs. These benchmarks are for engineers who change a loop and want to
//! see the effect. They use only the library's public interface.

mod counting;
mod reading;
mod register;
mod telling;

/// The same allocator as in the program, because the loops' times depend on it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}
