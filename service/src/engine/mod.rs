//! Counting engines: each turns a [`Selection`] into [`Counts`].
//!
//! `polars` is the reference. It answers every question about both kinds of dataset with a plan that a
//! statistician can read. `kernel` is many times faster for charges and answers nothing else. Tests hold each of them
//! against the other and against a recount in plain maps (`query/recount`).

mod cells;
mod choice;
mod coded;
mod contract;
mod counts;
mod kernel;
mod polars;
mod selection;

pub use cells::{Cell, Cells, Gap, plus};
pub use choice::{Choice, open};
pub use contract::{Engine, EngineError, MOST_ROWS};
pub use counts::{Behind, Counts, Evidence, Rival};
pub use selection::{Provision, Selection};
