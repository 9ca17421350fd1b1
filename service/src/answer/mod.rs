//! How a question is answered: counted by an engine, let pass by the disclosure policy, and only then made into shares,
//! rates and what may be stacked.

mod additivity;
mod dataset;
mod error;
mod rates;
mod records;
mod shares;

pub use dataset::{Dataset, RecordsError};
pub use error::AnswerError;
pub use rates::population_of;
