//! End-to-end tests: the real program over HTTP, and a real browser.
//!
//! They link none of our crates: JSON is read as JSON and CSV as CSV, so that a renamed field breaks a test.

mod api;
mod charts;
mod check;
mod circles;
mod embeds;
mod explorer;
mod found;
mod layout;
mod publish;
mod server;
mod sheets;
