//! Counting engines. An engine turns a [`Selection`] into [`Counts`].
//!
//! `polars` is the reference. It answers every question about both kinds of dataset with a plan that a statistician can read.
//! `kernel` is many times faster for charges and answers nothing else. `cluster` has a cluster of machines count what no single one holds
//! (only with the feature of that name). [`Maps`] answers what is asked about reported figures, and
//! in the browser everything. Tests compare them with each other and with a recount of its own (`query/recount`).

#[cfg(feature = "cluster")]
pub mod cluster;
mod kernel;
mod polars;

use std::sync::Arc;

pub use chargesheet_count::engine::*;

use self::kernel::Kernel;
use self::polars::Polars;
use crate::ingest::Records;
use crate::release::{Columns, Release};

/// The choice of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// The fastest engine for each kind of dataset.
    #[default]
    Fastest,
    /// Polars for everything.
    Polars,
    /// Plain maps for everything, as in the browser.
    Maps,
}

impl std::str::FromStr for Choice {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "fastest" => Ok(Self::Fastest),
            "polars" => Ok(Self::Polars),
            "maps" => Ok(Self::Maps),
            _ => Err("expected fastest, polars or maps".to_owned()),
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
    let is_in_parts = match columns {
        Some(columns) => !columns.records.counts.is_empty(),
        None => matches!(release.records(), Records::Charges(_)),
    };
    if is_in_parts {
        return Err(EngineError::Failed("a release in parts is counted by its cluster alone".to_owned()));
    }
    Ok(match (choice, columns) {
        (Choice::Fastest, Some(columns)) => Box::new(Kernel::new(columns)),
        (Choice::Polars, Some(columns)) => Box::new(Polars::of_charges(columns)?),
        (Choice::Polars, None) => Box::new(Polars::of_figures(release)?),
        (Choice::Fastest | Choice::Maps, _) => Box::new(Maps::of(release, columns)),
    })
}
