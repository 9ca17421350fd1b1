//! Which problem a question becomes that could not be answered.

use super::observe::log;
use super::problem::Problem;
use crate::answer::{AnswerError, RecordsError};
use crate::engine::EngineError;
use crate::explorer::PageError;
use crate::present::archive::ArchiveError;
use crate::present::xlsx::SheetError;

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Refused(error) => error.into(),
            AnswerError::Failed(EngineError::Away(why)) => Self::cluster_away(&why),
            AnswerError::Failed(EngineError::Busy) => {
                Self::busy("as many questions wait for the cluster that counts this as may")
            }
            AnswerError::Failed(error) => Self::bug("a query failed", &error),
        }
    }
}

impl From<PageError> for Problem {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Missing { what, id, nearest, .. } => Self::not_found(what, &id, nearest.as_deref()),
            PageError::Unread { id, dataset } => Self::unread_dataset("statute", &id, &dataset),
            PageError::Answer(error) => error.into(),
            PageError::Template(error) => Self::bug("a page failed", &error),
        }
    }
}

impl From<SheetError> for Problem {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::Refused(error) => error.into(),
            SheetError::Failed(error) => Self::unwritten(&error),
        }
    }
}

impl From<ArchiveError> for Problem {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Answer(error) => error.into(),
            error => Self::bug("an archive could not be written", &error),
        }
    }
}

impl From<RecordsError> for Problem {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::InParts => Self::not_implemented(&error.to_string()),
            RecordsError::Store(error) => {
                log::fault(&error.to_string());
                Self::unreadable("the records cannot be read at this moment")
            }
        }
    }
}
