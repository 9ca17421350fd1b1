//! The server: connections, and what every request must hold to before it is answered.

pub mod accept;
pub mod connection_limit;
pub mod pace;
pub mod refusal;
pub mod request;
pub mod serve;
pub mod socket;
pub mod target;
