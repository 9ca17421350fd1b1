//! `aggregate.{json,csv}`: the answer to a question.

use super::Asked;
use crate::http::problem::Problem;
use crate::present;
use crate::query::Params;

/// Makes the table with all that a reader or a chart needs.
pub fn json(asked: &Asked, mut params: Params) -> Result<Vec<u8>, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    let published = dataset.ask(&query)?;
    Ok(present::json(&present::wire(dataset, &query, &published, language, &asked.base)?))
}

/// Makes the table.
pub fn csv(asked: &Asked, mut params: Params) -> Result<Vec<u8>, Problem> {
    let dataset = &asked.dataset;
    let query = params.take_query(&dataset.release)?;
    params.finish(&[])?;
    Ok(present::csv::csv(&query, &dataset.release, &dataset.ask(&query)?))
}
