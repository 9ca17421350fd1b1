//! Observability for the operator: the log, the metrics, and caught panics.

pub mod cluster;
pub mod log;
pub mod metrics;
pub mod panics;
pub mod process;
