//! Tests that span several files.

mod documented;
mod metrics;
