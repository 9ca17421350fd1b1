//! `newer.json`: whether a newer release is there, and what it says of the figures of a pinned answer.

use serde::Serialize;

use super::Asked;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present;
use crate::present::newer::{MOST_COMPARED, Newer};
use crate::query::Params;

/// Whether something newer than a pinned answer is there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NewerAnswer<'a> {
    dataset: &'a str,
    /// The release of the answer.
    release: &'a str,
    /// The newest release; null while it is this one.
    newer: Option<Newer>,
}

/// Tells of the newest release, or that this is it.
pub fn json(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let Asked { dataset, catalog, base, .. } = asked;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    let published = dataset.ask(&query)?;
    present::within(&query, (published.rows(), "rows"), "figures are compared of at most", MOST_COMPARED)?;
    let before = present::wire(dataset, &query, &published, language, base)?;
    let (id, own) = (dataset.release.dataset(), dataset.release.id().as_str());
    let newer = catalog
        .newer_than(id, own)
        .map(|(newest, published)| Newer::than(&before, newest, published, language, base));
    let told = NewerAnswer { dataset: id, release: own, newer };
    Ok(serde_json::to_vec(&told).expect("changes have only strings and numbers").into())
}
