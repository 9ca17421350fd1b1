//! Apache Spark, asked over Spark Connect.

mod connection;
mod error;
mod messages;
#[cfg(test)]
mod tests;

pub use connection::Connection;
pub use error::ClusterError;
