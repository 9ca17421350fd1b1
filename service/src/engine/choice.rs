//! Which engine counts.

use std::sync::Arc;

use super::contract::{Engine, EngineError};
use super::kernel::Kernel;
use super::polars::Polars;
use crate::release::{Columns, Release};

/// An engine by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// The fastest for each kind of dataset.
    #[default]
    Fastest,
    /// Polars, for everything.
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
