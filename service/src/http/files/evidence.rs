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
    let evidence = dataset.evidence(&query)?;
    let rows = present::evidence::rows(&dataset.release, &evidence);
    Ok(Body::from(present::evidence::csv(&query, &dataset.release, &evidence)).with_rows(rows))
}
