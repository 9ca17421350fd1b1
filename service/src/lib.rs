//! Chargesheet publishes how often a law is used against people.
//!
//! Data flows in one direction. Each stage is a module that uses only the stages before it: [`package`] → [`ingest`] →
//! [`release`] → [`query`] → [`disclosure`] → [`trend`] → [`present`] → [`http`].
//! What a browser can do too is in the crates `chargesheet-check` and `chargesheet-count`; modules of the same name hand it on.
//! [`answer`] takes a query through the stages, and [`catalog`] turns packages into datasets. [`explorer`] renders the pages,
//! and [`domain`] has the types that all modules share.

pub mod answer;
pub mod catalog;
#[cfg(feature = "cluster")]
pub mod cluster;
pub mod command;
pub mod disk;
pub mod engine;
pub mod explorer;
pub mod http;
pub mod ingest;
pub mod mirror;
pub mod package;
pub mod present;
pub mod public_url;
pub mod query;
pub mod release;
pub mod search;
pub mod sources;
pub mod trend;
pub mod widget_files;

pub use chargesheet_check::domain;
pub use chargesheet_count::{coverage, disclosure, statistics};
