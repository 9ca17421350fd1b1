//! `codebook.{json,csv}`: what the columns and codes of a dataset mean, or those of one answer.

use super::Asked;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::codebook::{self, Codebook};
use crate::query::Params;

/// Makes the codebook with all that is known.
pub fn json(asked: &Asked, params: Params) -> Result<Body, Problem> {
    Ok(made(asked, params)?.to_json().into())
}

/// Makes the table of columns and codes.
pub fn csv(asked: &Asked, params: Params) -> Result<Body, Problem> {
    Ok(codebook::csv(&made(asked, params)?).into())
}

/// The codebook of the dataset; where a question is asked, of the answer to it.
fn made(asked: &Asked, mut params: Params) -> Result<Codebook, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    if params.is_empty() {
        return Ok(Codebook::of(dataset, language)?);
    }
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    Ok(Codebook::of_answer(&query, &dataset.release, &dataset.ask(&query)?, language))
}
