//! Chargesheet publishes how often a law is used against people.
//!
//! Data flow in one direction; each stage is a module that knows the ones before it and nothing after:
//! [`package`] → [`ingest`] → [`release`] → [`query`] → [`disclosure`] → [`trend`] → [`present`] → [`http`].
//! [`answer`] is where a question passes through the stages and [`catalog`] where packages become datasets;
//! [`explorer`] makes the pages; [`domain`] holds the words that all of them use.

pub mod answer;
pub mod catalog;
pub mod command;
pub mod coverage;
pub mod disclosure;
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
pub mod statistics;
pub mod trend;
pub mod widget_files;

pub use chargesheet_check::domain;
