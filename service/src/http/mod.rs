//! Bytes to and from the network. `route_table` lists everything that can be asked, `routes` answers it.

mod address;
mod answers;
mod app;
mod appended;
mod assets;
mod body;
mod cache;
mod coders;
mod coding;
mod connection;
mod datasets;
#[cfg(test)]
mod documented;
mod edge;
mod embed;
mod files;
mod headers;
mod inside;
mod kept;
mod link;
mod lives;
mod log;
mod metrics;
mod openapi;
mod pages;
mod panics;
mod part;
mod problem;
mod queue;
mod range;
mod readiness;
mod releases;
mod route_table;
mod routes;
mod selected;
mod sending;
mod short;
mod statutes;
mod template;
mod threads;

pub use app::{ANSWER_TIME, App};
pub use cache::ROOM;
pub use connection::{bind, serve};
pub use inside::{Inside, Reaction, Reply, Wish};
pub use log::{Level, LogFormat, choose as choose_log, tell};
pub use metrics::Metrics;
pub use panics::count_all as count_panics;
pub use threads::{processors, runtime};

/// Writes a line for the operator. Never an address, a referrer, a user agent or a query of a visitor.
fn log(line: &str) {
    log::fault(line);
}
