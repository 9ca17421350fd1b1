//! The path from a query to its answer. An engine counts, the disclosure policy decides what may leave, and only from that are
//! shares, rates and stackable dimensions computed.

mod additivity;
mod dataset;
mod error;
mod left_out;
mod rates;
mod shares;

pub use dataset::Dataset;
pub use error::AnswerError;
pub use left_out::{Left, LeftOut};
pub use rates::population_of;
