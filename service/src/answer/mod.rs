//! The path from a query to its answer. An engine counts, the disclosure policy decides what may leave, and only from that are
//! shares, rates and stackable dimensions computed.

mod additivity;
mod dataset;
mod error;
mod rates;
mod records;
mod shares;

pub use dataset::{Dataset, RecordsError};
pub use error::AnswerError;
pub use rates::population_of;
