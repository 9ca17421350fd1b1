//! The HTTP service: connections, the pipeline that every request passes, and the routes that make the answers. `route_table` lists
//! all addresses, and `routes` answers them.

mod address;
mod answers;
mod app;
mod appended;
mod assets;
mod body;
mod datasets;
mod failed;
mod files;
mod forgiven;
mod found;
mod in_process;
mod link;
mod observe;
mod oembed;
mod openapi;
mod pages;
mod pipeline;
mod problem;
mod readiness;
mod releases;
mod response;
mod route_table;
mod routes;
mod says;
mod server;
mod short;
mod signposts;
mod statutes;
mod template;
#[cfg(test)]
mod tests;
mod threads;
mod widget_archive;
mod worker_pool;

pub use app::{ANSWER_TIME, App};
pub use in_process::{Description, InProcess, Request};
pub use observe::log::{Level, LogFormat, choose as choose_log, tell};
pub use observe::panics::count_all as count_panics;
pub use server::serve::{bind, metrics, serve};
pub use threads::{processors, runtime};
