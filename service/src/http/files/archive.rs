//! `aggregate.zip`: the answer with everything that it needs where there is no network. `package.zip`: the whole
//! dataset as its publisher would give it to us.

use super::Asked;
use crate::answer::RecordsError;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::archive::{self, ArchiveError};
use crate::present::package;
use crate::query::Params;

/// Makes the archive of the answer.
pub fn answer(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    let published = dataset.ask(&query)?;
    Ok(archive::answer(dataset, &query, &published, language, &asked.base)?.into())
}

/// Makes the package of the whole dataset.
pub fn package(asked: &Asked, params: Params) -> Result<Body, Problem> {
    params.finish_with(&[])?;
    let release = &asked.dataset.release;
    let count = release.manifest().records();
    if count > package::LIMIT {
        return Err(Problem::not_implemented(&format!(
            "dataset `{}` has {count} records, and packages are made of at most {}; ask for the groups that you need \
             with /v1/datasets/{}/aggregate.csv, or its publisher for the package",
            release.dataset(),
            package::LIMIT,
            release.dataset(),
        )));
    }
    let records = asked.dataset.records()?;
    Ok(package::package(release, &records).map_err(ArchiveError::from)?.into())
}

impl From<RecordsError> for Problem {
    fn from(error: RecordsError) -> Self {
        crate::http::observe::log::fault(&error.to_string());
        match error {
            RecordsError::Store(_) => Self::unreadable("the records cannot be read at this moment"),
        }
    }
}

impl From<ArchiveError> for Problem {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Answer(error) => error.into(),
            error => {
                crate::http::observe::log::fault(&error.to_string());
                Self::internal()
            }
        }
    }
}
