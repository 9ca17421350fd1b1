//! `/s/{code}`: a short address leads to what it stands for, on any service that has the release.

use warp::http::header::LOCATION;
use warp::http::{HeaderValue, StatusCode};
use warp::reply::Response;

use super::app::App;
use super::files::File;
use super::headers::{Caching, RELEASE, respond};
use super::pages::apologise;
use super::problem::Problem;
use crate::domain::{Language, nearest};
use crate::query::Short;

/// A file that a short address leads to when an ending is added.
struct Ending {
    ending: &'static str,
    file: &'static str,
    /// Whether the file is in a language.
    is_spoken: bool,
}

const fn ending(ending: &'static str, file: &'static str, is_spoken: bool) -> Ending {
    Ending { ending, file, is_spoken }
}

/// The files by ending. An ending never leads to another file than it once did: caches keep where it led. A file that a
/// program does not make yet has no address there.
const ENDINGS: [Ending; 12] = [
    ending("csv", "aggregate.csv", false),
    ending("json", "aggregate.json", true),
    ending("parquet", "aggregate.parquet", false),
    ending("xlsx", "aggregate.xlsx", true),
    ending("zip", "aggregate.zip", true),
    ending("svg", "chart.svg", true),
    ending("png", "chart.png", true),
    ending("html", "chart.html", true),
    ending("txt", "citation.txt", true),
    ending("bib", "citation.bib", true),
    ending("ris", "citation.ris", true),
    ending("csl.json", "citation.json", true),
];

/// The address of the page for people that a short address without an ending leads to. May become another one: this
/// redirect is kept for minutes only.
fn page(dataset: &str, release: &str, query: &str) -> String {
    format!("/report/{dataset}/releases/{release}?{query}")
}

/// Answers `/s/{code}` and `/s/{code}.{ending}`. What stands in the query (the width of a picture, say) is handed on.
pub async fn follow(app: App, asked: String, query: String) -> Response {
    let (code, ending) = match asked.split_once('.') {
        Some((code, ending)) => (code, Some(ending)),
        None => (&*asked, None),
    };
    match try_follow(&app, code, ending, &query).await {
        Ok(response) => response,
        // People type the one, programs ask for the other.
        Err(problem) if ending.is_none() => apologise(problem.status(), problem.detail(), None),
        Err(problem) => problem.response(),
    }
}

async fn try_follow(app: &App, code: &str, ending: Option<&str>, more: &str) -> Result<Response, Problem> {
    let file = ending.map(file_of).transpose()?;
    let short = Short::read(code)?;
    let catalog = app.catalog();
    let digits = short.digits();
    let Some((id, release)) = catalog.release_with_digits(&digits) else {
        return Err(catalog.unread().map_or_else(
            || Problem::no_release_with(&digits),
            |dataset| Problem::unread("release with the digits", &digits, dataset),
        ));
    };
    let dataset = app.dataset(id, Some(release)).await?;
    let (id, release) = (id.to_owned(), release.to_owned());
    let named = release.clone();
    let place = app
        .compute(move || {
            let (query, language) = short.open(&dataset.release)?;
            let mut text = query.canonical(&dataset.release);
            let language = language.filter(|own| *own != Language::default());
            if let Some(language) = language.filter(|_| file.is_none_or(|file| file.is_spoken)) {
                text.push_str(&format!("&lang={language}"));
            }
            Ok(match file {
                None => page(&id, &release, &text),
                Some(Ending { file, .. }) => format!("/v1/datasets/{id}/releases/{release}/{file}?{text}"),
            })
        })
        .await?;
    let place = if more.is_empty() { place } else { format!("{place}&{more}") };
    let header = HeaderValue::from_str(&place).map_err(|_not_ascii| Problem::internal())?;
    let release = HeaderValue::from_str(&named).map_err(|_not_ascii| Problem::internal())?;
    let caching = if file.is_some() { Caching::Pinned } else { Caching::Program };
    let body = format!("{place}\n").into_bytes();
    let mut response = respond(StatusCode::PERMANENT_REDIRECT, "text/plain; charset=utf-8", body, caching);
    response.headers_mut().insert(LOCATION, header);
    response.headers_mut().insert(RELEASE, release);
    Ok(response)
}

fn file_of(asked: &str) -> Result<&'static Ending, Problem> {
    let made = || ENDINGS.iter().filter(|own| File::named(own.file).is_some());
    made().find(|own| own.ending == asked).ok_or_else(|| {
        let all: Vec<&str> = made().map(|own| own.ending).collect();
        Problem::no_ending(asked, &all, nearest(asked, all.iter().copied()))
    })
}
