//! `evidence.csv`: the sources behind an answer.

use super::Asked;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present;
use crate::query::Params;

/// Makes the table.
pub fn csv(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    // Sources speak their own languages; what any other file is asked can be asked here.
    params.take_language("lang")?;
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    Ok(present::evidence::csv(&query, &dataset.release, &dataset.evidence(&query)?).into())
}
