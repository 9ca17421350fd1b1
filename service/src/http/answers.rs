//! `/v1/datasets/{dataset}/…`: the files that a dataset answers with; pinned under `/releases/{release}/…`.

use std::sync::Arc;
use std::time::Instant;

use warp::http::header::{CONTENT_DISPOSITION, LINK};
use warp::http::{HeaderValue, StatusCode};
use warp::reply::Response;

use super::app::App;
use super::body::Body;
use super::cache::Cache;
use super::files::{Asked, Content, FILES, File, FileError, Output, Taken};
use super::headers::{Caching, NOTE, RELEASE, SERVER_TIMING, respond, standing_alone};
use super::problem::Problem;
use crate::domain::nearest;
use crate::query::{Params, escape_part};

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
    // Before the catalog is looked at: see `App::generation`.
    let generation = app.generation();
    let dataset = app.dataset(dataset, release).await?;
    let Some(file) = File::named(file) else {
        let own = FILES.iter().map(|file| file.name);
        // What differs between releases, and which there are, is asked of a dataset, not of a release.
        let others = ["changes.csv", "changes.json", "releases"].into_iter().filter(|_| release.is_none());
        return Err(Problem::not_found("file", file, nearest(file, own.chain(others))));
    };
    let id =
        HeaderValue::from_str(dataset.release.id().as_str()).map_err(|_not_ascii| Problem::internal())?;
    let own = Arc::clone(&dataset);
    let (catalog, base, cache) = (app.catalog(), Arc::clone(&app.base), Arc::clone(&app.cache));
    let pinned = release.map_or(String::new(), |release| format!("/releases/{}", escape_part(release)));
    let path = format!("/v1/datasets/{}{pinned}/{}", escape_part(own.release.dataset()), file.name);
    let links = file.links(&path, &query, &base);
    let asked = Asked { dataset, query, catalog, base };
    let (body, timing) = app.compute(move || made(file, &asked, &cache, generation)).await?;
    let disposition = file.disposition(&own, body.is_saved());
    let is_empty = body.rows() == Some(0);
    let lasts = release.is_some() && file.lasts && !body.is_passing();
    let caching = if lasts { Caching::Pinned } else { Caching::Current };
    let mut response = respond(StatusCode::OK, file.media_type, body, caching);
    if file.taken == Taken::Saved && file.media_type.starts_with("text/html") {
        response = standing_alone(response);
    }
    response.headers_mut().insert(RELEASE, id);
    if let Ok(timing) = HeaderValue::from_str(&timing) {
        response.headers_mut().insert(SERVER_TIMING, timing);
    }
    if is_empty {
        response.headers_mut().insert(NOTE, HeaderValue::from_static(NOTHING));
    }
    if let Some(disposition) = disposition.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    }
    for link in links.iter().filter_map(|link| HeaderValue::from_str(link).ok()) {
        response.headers_mut().append(LINK, link);
    }
    Ok(response)
}

/// Returns the body of a file, and where the time went: it is made, unless the same was asked before, however it was
/// spelled.
fn made(file: &File, asked: &Asked, cache: &Cache, generation: u64) -> Result<(Body, String), Problem> {
    let question = file.question(asked, generation);
    if let Some(body) = question.as_deref().and_then(|question| cache.answer(question)) {
        return Ok((body, "cache;desc=\"hit\"".to_owned()));
    }
    let since = Instant::now();
    let body = body((file.make)(asked, Params::parse(&asked.query)?)?);
    let plan = body.plan().map_or(String::new(), |plan| format!(";desc=\"{plan}\""));
    let timing = format!("query{plan};dur={:.3}", since.elapsed().as_secs_f64() * 1000.0);
    if let Some(question) = question {
        cache.keep_answer(question, &body);
    }
    Ok((body, timing))
}

/// Measures a file.
fn body(made: Output) -> Body {
    let Output { content, rows, plan, is_saved, is_passing } = made;
    let mut body = match content {
        Content::Bytes(bytes) => bytes.into(),
        Content::Text(text) => Body::measured(text),
    };
    if let Some(rows) = rows {
        body = body.with_rows(rows);
    }
    if let Some(plan) = plan {
        body = body.with_plan(&plan);
    }
    if is_saved {
        body = body.saved();
    }
    if is_passing { body.passing() } else { body }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Answer(error) => error.into(),
            FileError::Page(error) => error.into(),
            FileError::Sheet(error) => error.into(),
            FileError::Undrawable(error) => Self::undrawable(error.to_string()),
            FileError::NotMade(detail) => Self::not_implemented(&detail),
            FileError::Unwritten(error) => Self::unwritten(&error),
            FileError::Archive(error) => {
                super::log::fault(&error.to_string());
                Self::internal()
            }
            FileError::Records(error) => {
                super::log::fault(&error.to_string());
                Self::unreadable("the records cannot be read at this moment")
            }
        }
    }
}
