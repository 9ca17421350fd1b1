//! What holds of several files at once.

mod documented;
mod metrics;
