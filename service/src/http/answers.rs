//! `/v1/datasets/{dataset}/…`: the files that a dataset answers with; pinned under `/releases/{release}/…`.

use std::sync::Arc;

use warp::http::header::{CONTENT_DISPOSITION, LINK};
use warp::http::{HeaderValue, StatusCode};
use warp::reply::Response;

use super::app::App;
use super::files::{Asked, FILES, File, Taken};
use super::headers::{Caching, NOTE, RELEASE, respond, standing_alone};
use super::problem::Problem;
use crate::domain::nearest;
use crate::query::Params;

/// What is said of a table without rows.
const NOTHING: &str =
    "Nothing is recorded for this question. That is not a zero: no source was found that says how many.";

/// Answers a request for a file of a dataset.
pub async fn answer(
    app: App,
    dataset: String,
    release: Option<String>,
    file: String,
    query: String,
) -> Response {
    match try_answer(&app, &dataset, release.as_deref(), &file, query).await {
        Ok(response) => response,
        Err(problem) => problem.response(),
    }
}

async fn try_answer(
    app: &App,
    dataset: &str,
    release: Option<&str>,
    file: &str,
    query: String,
) -> Result<Response, Problem> {
    let dataset = app.dataset(dataset, release).await?;
    let Some(file) = File::named(file) else {
        let own = FILES.iter().map(|file| file.name);
        // What differs between releases, and which there are, is asked of a dataset, not of a release.
        let others = ["changes.csv", "changes.json", "releases"].into_iter().filter(|_| release.is_none());
        return Err(Problem::not_found("file", file, nearest(file, own.chain(others))));
    };
    let caching = if release.is_some() && file.lasts { Caching::Pinned } else { Caching::Current };
    let id =
        HeaderValue::from_str(dataset.release.id().as_str()).map_err(|_not_ascii| Problem::internal())?;
    let own = Arc::clone(&dataset);
    let (catalog, base, drawn) = (app.catalog(), Arc::clone(&app.base), Arc::clone(&app.drawn));
    let link = file.link(&query).and_then(|text| HeaderValue::from_str(&text).ok());
    let asked = Asked { dataset, query, catalog, base, drawn, deadline: app.deadline() };
    let deadline = asked.deadline;
    let made = move || (file.make)(&asked, Params::parse(&asked.query)?);
    let body = app.compute_until(deadline, made).await?;
    let disposition = file.disposition(&own, body.is_saved());
    let is_empty = body.rows() == Some(0);
    let mut response = respond(StatusCode::OK, file.media_type, body, caching);
    if file.taken == Taken::Saved && file.media_type.starts_with("text/html") {
        response = standing_alone(response);
    }
    response.headers_mut().insert(RELEASE, id);
    if is_empty {
        response.headers_mut().insert(NOTE, HeaderValue::from_static(NOTHING));
    }
    if let Some(disposition) = disposition.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    }
    if let Some(link) = link {
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}
