//! Trends of series over time, and differences between two periods, each with its uncertainty and its limits.
//!
//! `kendall`, `sen`, `rates` and `movers` compute statistics from numbers. `series`, `outcomes` and `periods` take these numbers
//! from counts that [`crate::disclosure`] has passed. No module here has texts for people: those are in `present`.

mod comparable;
mod kendall;
mod movers;
mod outcomes;
mod periods;
mod question;
mod rates;
mod sen;
mod series;
#[cfg(test)]
mod vectors;

pub use comparable::Incomparable;
pub use kendall::{FEWEST, Kendall, Method, mann_kendall, years_needed};
pub use movers::{Direction, Mover, Ratio, ratio};
pub use outcomes::{ACQUITTED, CONVICTED, ENDED, NoRates, Outcomes, UNKNOWN, outcomes};
pub use periods::{Apart, Movers, movers};
pub use question::{Question, Span};
pub use rates::{Missing, Rate, SMALL, rate, relative_change};
pub use sen::{Slope, theil_sen};
pub use series::{
    Limits, Point, Series, Undated, Unused, last_complete_year, law_breaks, law_events, series, undated,
};
