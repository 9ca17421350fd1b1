//! `/v1/datasets/{dataset}/…`: the files of a dataset, pinned to a release under `/releases/{release}/…`.

use std::sync::Arc;
use std::time::Instant;

use warp::http::header::{CONTENT_DISPOSITION, LINK};
use warp::http::{HeaderValue, StatusCode};

use super::app::App;
use super::body::Body;
use super::files::{Asked, FILES, File, Output, Taken};
use super::pipeline::cache::Cache;
use super::problem::{Answer, Problem};
use super::response::{Caching, NOTE, RELEASE, SERVER_TIMING, respond};
use crate::domain::nearest;
use crate::query::{Params, escape_part};

/// The note on an empty table.
const NOTHING: &str = "No figure fits this answer. That is not a zero. The notes in aggregate.json name the figures that it leaves out, if there are any.";

/// Answers a request for a file of a dataset.
pub async fn answer(
    app: App,
    dataset: String,
    release: Option<String>,
    file: String,
    query: String,
) -> Answer {
    // Read before the catalog: see `App::generation`.
    let generation = app.generation();
    let dataset = app.dataset(&dataset, release.as_deref()).await?;
    let Some(file) = File::named(&file) else {
        let own = FILES.iter().map(|file| file.name);
        // Changes and the list of releases belong to a dataset, so a release does not have them.
        let others = ["changes.csv", "changes.json", "releases"].into_iter().filter(|_| release.is_none());
        return Err(Problem::not_found("file", &file, nearest(&file, own.chain(others))));
    };
    let pinned =
        release.as_ref().map_or(String::new(), |release| format!("/releases/{}", escape_part(release)));
    let path = format!("/v1/datasets/{}{pinned}/{}", escape_part(dataset.release.dataset()), file.name);
    let links = file.links(&path, &query, &app.base);
    let (own, cache) = (Arc::clone(&dataset), Arc::clone(&app.cache));
    let (catalog, base) = (app.catalog(), Arc::clone(&app.base));
    let asked = Asked { dataset, query, taken: None, catalog: Arc::clone(&catalog), base: Arc::clone(&base) };
    let made = move || {
        let (release, query) = (Arc::clone(&asked.dataset), asked.query.clone());
        let (body, timing) = made(file, asked, &cache, generation)?;
        let disposition = file.disposition(&release.release, &query, body.facts.is_saved);
        Ok((body, timing, disposition))
    };
    let (body, timing, disposition) = app.compute(made).await?;
    let facts = body.facts.clone();
    let lasts = release.is_some() && file.lasts && !facts.is_passing;
    let caching = if lasts { Caching::Pinned } else { Caching::Current };
    let mut response = respond(StatusCode::OK, file.media_type, body, caching);
    if file.taken == Taken::Saved && file.media_type.starts_with("text/html") {
        response = response.standing_alone();
    }
    response.set(RELEASE, own.release.id().as_str());
    response.set(SERVER_TIMING, &timing);
    if facts.rows == Some(0) {
        response.set(NOTE, NOTHING);
    }
    response.set(CONTENT_DISPOSITION, &disposition);
    for link in links.iter().filter_map(|link| HeaderValue::from_str(link).ok()) {
        response.headers.append(LINK, link);
    }
    Ok(response.dated(&catalog, &own.release).part_of(&own.release, &base))
}

/// Returns the body of a file and the `Server-Timing` of making it. The body comes from the cache if the same question was asked
/// before in any spelling.
fn made(file: &File, mut asked: Asked, cache: &Cache, generation: u64) -> Result<(Body, String), Problem> {
    let mut params = Params::parse(&asked.query)?;
    let question = file.question(&mut asked, &mut params, generation);
    if let Some(body) = question.as_deref().and_then(|question| cache.answer(question)) {
        return Ok((body, "cache;desc=\"hit\"".to_owned()));
    }
    let since = Instant::now();
    let Output { body, plan } = (file.make)(&asked, params)?;
    let plan = plan.as_deref().map_or(String::new(), |plan| format!(";desc=\"{}\"", plain(plan)));
    let timing = format!("query{plan};dur={:.3}", since.elapsed().as_secs_f64() * 1000.0);
    if let Some(question) = question {
        cache.keep_answer(question, &body);
    }
    Ok((body, timing))
}

/// Removes the characters that may not stand in a quoted header string. Printable ASCII without quotes and backslashes remains.
fn plain(plan: &str) -> String {
    let is_plain = |letter: &char| matches!(letter, ' '..='~') && !matches!(letter, '"' | '\\');
    plan.chars().filter(is_plain).collect()
}
