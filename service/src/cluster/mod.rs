//! Apache Spark, asked over Spark Connect: a package that is too large for one machine is checked and sorted there.

mod checking;
mod connection;
mod error;
mod messages;
mod objects;
mod rows;
mod statements;
#[cfg(test)]
pub(crate) mod tests;
mod worker;

pub use checking::{Cluster, Sorted};
pub use connection::{Connection, OPENING, endpoint, uuid};
pub use error::ClusterError;
pub use objects::{Objects, write_objects};
pub use rows::Rows;
pub use worker::{Worker, images};

/// Returns the token of the cluster, which comes from the environment and is printed nowhere.
pub fn token() -> Option<String> {
    std::env::var("CHARGESHEET_ENGINE_TOKEN").ok().filter(|token| !token.is_empty())
}
