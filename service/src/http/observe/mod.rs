//! What the operator is told: the log, the metrics, and panics that were caught.

pub mod log;
pub mod metrics;
pub mod panics;
pub mod process;
pub mod words;
