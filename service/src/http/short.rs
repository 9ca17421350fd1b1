//! `/s/{code}`: a short address leads to what it stands for, on any service that has the release.

use std::collections::BTreeMap;
use std::sync::Arc;

use warp::http::header::LOCATION;
use warp::http::{HeaderValue, StatusCode};
use warp::reply::Response;

use super::app::App;
use super::files::{FILES, File};
use super::headers::{Caching, RELEASE, respond};
use super::pages::apologise;
use super::problem::Problem;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Language, nearest};
use crate::query::Short;

/// What a short address leads to.
pub struct Led {
    /// The dataset in the release that it names.
    pub dataset: Arc<Dataset>,
    /// The id of that release.
    pub release: String,
    /// The file; `None`: the page for people.
    pub file: Option<&'static str>,
    /// The query.
    pub query: String,
}

impl Led {
    /// The address. That of the page may become another one: its redirect is kept for minutes only.
    fn address(&self) -> String {
        let (dataset, Self { release, query, .. }) = (self.dataset.release.dataset(), self);
        match self.file {
            None => format!("/report/{dataset}/releases/{release}?{query}"),
            Some(file) => format!("/v1/datasets/{dataset}/releases/{release}/{file}?{query}"),
        }
    }
}

/// Reads what stands behind `/s/`.
///
/// # Errors
/// When it is no short address, or stands for nothing here.
pub fn led(catalog: &Catalog, asked: &str) -> Result<Led, Problem> {
    let (code, ending) = match asked.split_once('.') {
        Some((code, ending)) => (code, Some(ending)),
        None => (asked, None),
    };
    let file = ending.map(file_of).transpose()?;
    let short = Short::read(code)?;
    let digits = short.digits();
    let Some((id, release)) = catalog.release_with_digits(&digits) else {
        return Err(catalog.unread().map_or_else(
            || Problem::no_release_with(&digits),
            |dataset| Problem::unread_dataset("release with the digits", &digits, dataset),
        ));
    };
    let dataset = catalog.release(id, Some(release));
    let dataset = dataset.map_err(|absent| Problem::absent(id, Some(release), absent))?;
    let (query, language) = short.open(&dataset.release)?;
    let mut query = query.canonical(&dataset.release);
    let language = language.filter(|own| *own != Language::default());
    if let Some(language) = language.filter(|_| file.is_none_or(File::has_language)) {
        query.push_str(&format!("&lang={language}"));
    }
    Ok(Led { release: release.to_owned(), dataset, file: file.map(|file| file.name), query })
}

/// Answers `/s/{code}` and `/s/{code}.{ending}`. What stands in the query (the width of a picture, say) is handed on.
pub async fn follow(app: App, asked: String, query: String) -> Response {
    let is_page = !asked.contains('.');
    match try_follow(&app, asked, &query).await {
        Ok(response) => response,
        // People type the one, programs ask for the other.
        Err(problem) if is_page => apologise(problem.status(), problem.detail(), None),
        Err(problem) => problem.response(),
    }
}

async fn try_follow(app: &App, asked: String, more: &str) -> Result<Response, Problem> {
    let catalog = app.catalog();
    let led = app.compute(move || led(&catalog, &asked)).await?;
    let place = led.address();
    let place = if more.is_empty() { place } else { format!("{place}&{more}") };
    let header = HeaderValue::from_str(&place).map_err(|_not_ascii| Problem::internal())?;
    let release = HeaderValue::from_str(&led.release).map_err(|_not_ascii| Problem::internal())?;
    let caching = if led.file.is_some() { Caching::Pinned } else { Caching::Program };
    let body = format!("{place}\n").into_bytes();
    let mut response = respond(StatusCode::PERMANENT_REDIRECT, "text/plain; charset=utf-8", body, caching);
    response.headers_mut().insert(LOCATION, header);
    response.headers_mut().insert(RELEASE, release);
    Ok(response)
}

fn file_of(asked: &str) -> Result<&'static File, Problem> {
    let with_ending = FILES.iter().filter_map(|file| Some((file.ending?, file)));
    let all: BTreeMap<(u8, &str), &File> = with_ending.collect();
    all.iter().find(|((_, ending), _)| *ending == asked).map(|(_, file)| *file).ok_or_else(|| {
        let endings: Vec<&str> = all.keys().map(|(_, ending)| *ending).collect();
        Problem::no_ending(asked, &endings, nearest(asked, endings.iter().copied()))
    })
}
