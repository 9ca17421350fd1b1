//! `newer.json`: whether a newer release is there, and what it says of the figures of a pinned answer.

use super::Asked;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present;
use crate::present::newer::Newer;
use crate::query::Params;

/// Tells of the newest release, or that this is it.
pub fn json(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let Asked { dataset, catalog, base, .. } = asked;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    let before = present::wire(dataset, &query, &dataset.ask(&query)?, language, base)?;
    let (id, own) = (dataset.release.dataset(), dataset.release.id().as_str());
    let newer = catalog
        .newer_than(id, own)
        .map(|(newest, published)| Newer::than(&before, newest, published, language, base));
    let told = serde_json::json!({ "dataset": id, "release": own, "newer": newer });
    Ok(serde_json::to_vec(&told).expect("changes have only strings and numbers").into())
}
