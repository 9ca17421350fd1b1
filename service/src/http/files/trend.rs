//! `trend.json`: what an answer says over time.

use super::Asked;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::trend::{json as written, trend};
use crate::query::Params;

/// Makes the trends.
pub fn json(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    Ok(written(&trend(dataset, &query, language)?).into())
}
