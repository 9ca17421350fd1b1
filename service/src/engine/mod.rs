//! Counting engines. An engine turns a [`Selection`] into [`Counts`].
//!
//! `polars` is the reference. It answers every question about both kinds of dataset with a plan that a statistician can read.
//! `kernel` is many times faster for charges and answers nothing else. Tests compare the two with each other and with a
//! recount in plain maps (`query/recount`).

mod cells;
mod contract;
mod counts;
mod kernel;
mod polars;
mod selection;

use std::sync::Arc;

pub use cells::{Cell, Cells, Gap, plus};
pub use contract::{Engine, EngineError, MOST_ROWS};
pub use counts::{Behind, Counts, Evidence, Rival};
pub use polars::main_rules;
pub use selection::{Kept, Provision, Selection};

use self::kernel::Kernel;
use self::polars::Polars;
use crate::release::{Columns, Release};

/// The choice of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// The fastest engine for each kind of dataset.
    #[default]
    Fastest,
    /// Polars for everything.
    Polars,
}

impl std::str::FromStr for Choice {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "fastest" => Ok(Self::Fastest),
            "polars" => Ok(Self::Polars),
            _ => Err("expected fastest or polars".to_owned()),
        }
    }
}

/// Opens an engine for a release. `columns` are its charges; a reported dataset has none.
///
/// # Errors
/// When the engine fails.
pub fn open(
    choice: Choice,
    release: &Arc<Release>,
    columns: Option<&Arc<Columns>>,
) -> Result<Box<dyn Engine>, EngineError> {
    Ok(match (choice, columns) {
        (Choice::Fastest, Some(columns)) => Box::new(Kernel::new(columns)),
        (Choice::Polars, Some(columns)) => Box::new(Polars::of_charges(columns)?),
        (_, None) => Box::new(Polars::of_figures(release)?),
    })
}
