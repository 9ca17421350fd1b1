//! End-to-end tests: the real program over HTTP, and a real browser.
//!
//! They link none of our crates: JSON is read as JSON and CSV as CSV, so that a renamed field breaks a test.

mod commands;
mod errors;
mod explorer;
mod figures;
mod layout;
mod pictures;
mod recount;
mod routes;
mod same_bytes;
