//! `facets.json`: how many records each value has.

use serde::Serialize;

use super::Asked;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::{self, Facet};
use crate::query::Params;

/// Counts per value, with the release they are of.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Facets<'a> {
    dataset: &'a str,
    release: &'a str,
    facets: Vec<Facet>,
}

/// Makes the counts of each dimension that is asked for.
pub fn json(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    let release = &dataset.release;
    let language = params.take_language("lang")?.unwrap_or_default();
    let of = params.take_facets(release)?;
    // Facets count records; how they would be grouped and measured does not change them.
    let query = params.take_query(release)?;
    params.finish(&["of", "lang"])?;
    let facets = of
        .iter()
        .map(|&of| Ok(present::facets(of, release, &dataset.facets(&query, of)?, language)))
        .collect::<Result<_, Problem>>()?;
    let facets = Facets { dataset: release.dataset(), release: release.id().as_str(), facets };
    Ok(serde_json::to_vec(&facets).expect("facets have only strings, numbers and lists").into())
}
