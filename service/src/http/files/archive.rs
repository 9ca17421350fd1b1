//! `aggregate.zip`: the answer with everything that it needs where there is no network.

use super::Asked;
use crate::http::problem::Problem;
use crate::present::archive::{self, ArchiveError};
use crate::query::Params;

/// Makes the archive of the answer.
pub fn answer(asked: &Asked, mut params: Params) -> Result<Vec<u8>, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    let published = dataset.ask(&query)?;
    Ok(archive::answer(dataset, &query, &published, language, &asked.base)?)
}

impl From<ArchiveError> for Problem {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Answer(error) => error.into(),
            error => {
                crate::http::log(&error.to_string());
                Self::internal()
            }
        }
    }
}
