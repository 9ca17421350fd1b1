//! Why a query has no answer.

use crate::engine::{EngineError, MOST_ROWS};
use crate::query::QueryError;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The query is refused.
    #[error(transparent)]
    Refused(#[from] QueryError),
    /// The query is valid but could not be answered, which is a bug.
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
