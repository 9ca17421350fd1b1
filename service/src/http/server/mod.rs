//! The server: connections, and the checks on every request before it is answered.

pub mod accept;
pub mod connection_limit;
pub mod pace;
pub mod refusal;
pub mod request;
pub mod serve;
pub mod socket;
pub mod target;
