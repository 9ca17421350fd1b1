//! What a release is, and how its records are counted and shown: from checked records to answers and pictures. This part of
//! Chargesheet also runs in a browser.
//!
//! Data flows in one direction: [`release`] → [`query`] → [`engine`] → [`disclosure`] → [`answer`] → [`present`] →
//! [`picture`]. [`coverage`] says what a dataset has, and [`preview`] draws what a package would become. Nothing in this
//! crate uses a disk or a network, and only [`parallel`] uses threads, where there are any. The service adds what needs
//! more: stores, the engines for many records, other forms of answers.

pub mod answer;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod coverage;
pub mod disclosure;
pub mod engine;
pub mod parallel;
pub mod picture;
pub mod present;
pub mod preview;
pub mod query;
pub mod release;
pub mod statistics;

pub use chargesheet_check::{domain, ingest, package};
