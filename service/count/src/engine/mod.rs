//! Counting engines. An engine turns a [`Selection`] into [`Counts`].
//!
//! [`Maps`] answers every question in plain maps, one record after another: it needs nothing that a browser lacks. The service has
//! two more: a reference that a statistician can read, and one that is many times faster for charges. Tests compare all three.

mod cells;
mod contract;
mod counts;
mod evidence;
mod main_rules;
mod maps;
mod selection;

pub use cells::{Cell, Cells, Gap, plus};
pub use contract::{Engine, EngineError, MOST_ROWS, Origins};
pub use counts::{Behind, Counts, Evidence, Rival};
pub use evidence::{behind, evidence_of};
pub use main_rules::main_rules;
pub use maps::Maps;
pub use selection::{Kept, Provision, Selection};
