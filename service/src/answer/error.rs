//! Why there is no answer.

use crate::engine::{EngineError, MOST_ROWS};
use crate::query::QueryError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The question is refused.
    #[error(transparent)]
    Refused(#[from] QueryError),
    /// The question is right and could not be answered: a bug.
    #[error("the answer could not be computed: {0}")]
    Failed(EngineError),
}

impl From<EngineError> for AnswerError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::TooManyRows => Self::Refused(QueryError::TooManyRows { most: MOST_ROWS }),
            error => Self::Failed(error),
        }
    }
}
