//! The pages of the explorer: `/`, `/statutes/{id}`, `/categories/{code}`, `/countries/{code}`,
//! `/charts/new`, `/check`, `/datasets/{dataset}`, `/report/{dataset}`, `/about` and `/api`.

use std::sync::Arc;

use warp::http::StatusCode;
use warp::http::header::CONTENT_SECURITY_POLICY;

use super::app::App;
use super::forgiven::known_language;
use super::openapi::document;
use super::problem::{Answer, Problem};
use super::response::{Caching, Response, respond};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::explorer::{self, PageError};
use crate::query::language_of;

const HTML: &str = "text/html; charset=utf-8";

/// Answers `/`: the list of statutes, with search and filters.
pub async fn index(app: App, query: String) -> Answer {
    let text = Arc::clone(&app.about);
    page(app, query, move |catalog, base, query| explorer::index(catalog, &text, base, query)).await
}

/// Answers `/statutes/{id}`: one statute with its chart, table, caveats, sources and snippet.
pub async fn statute(app: App, id: String, query: String) -> Answer {
    page(app, query, move |catalog, base, query| explorer::statute(catalog, base, &id, query)).await
}

/// Answers `/charts/new`: the builder, whose address holds the whole state of a chart.
pub async fn builder(app: App, query: String) -> Answer {
    page(app, query, explorer::builder).await
}

/// Answers `/report/{dataset}` and `/report/{dataset}/releases/{release}`: one sheet of A4.
pub async fn report(app: App, id: String, release: Option<String>, query: String) -> Answer {
    page_of(app, &id, release, query, |_, found, _, query, base| explorer::report(found, query, base)).await
}

/// Answers `/categories/{code}`: one category of offence across countries.
pub async fn category(app: App, code: String, query: String) -> Answer {
    page(app, query, move |catalog, base, query| explorer::category(catalog, base, &code, query)).await
}

/// Answers `/evidence/{dataset}/releases/{release}`: the sources behind a figure.
pub async fn evidence(app: App, id: String, release: Option<String>, query: String) -> Answer {
    page_of(app, &id, release, query, |_, found, _, query, base| explorer::evidence(found, query, base)).await
}

/// Answers `/countries/{code}`: the statutes of a country.
pub async fn country(app: App, code: String, query: String) -> Answer {
    page(app, query, move |catalog, base, query| explorer::country(catalog, base, &code, query)).await
}

/// Answers `/about`: who publishes this, and how.
pub async fn about(app: App, query: String) -> Answer {
    let text = Arc::clone(&app.about);
    page(app, query, move |_, base, query| explorer::about(&text, base, query)).await
}

/// Answers `/check`: the check of a data package in the browser. It may load and send nothing.
pub async fn check(app: App, query: String) -> Answer {
    let answer = page(app, query, |_, base, query| explorer::check(base, query)).await?;
    let is_there = answer.status == StatusCode::OK;
    Ok(if is_there { answer.with(CONTENT_SECURITY_POLICY, &explorer::check_policy()) } else { answer })
}

/// Answers `/datasets/{dataset}` and `/datasets/{dataset}/releases/{release}`.
pub async fn dataset(app: App, id: String, release: Option<String>, query: String) -> Answer {
    // Even the page of an old release lists later ones, so its content changes.
    let (own, pinned) = (app.clone(), release.clone());
    let answer = page_of(app, &id, release, query, |catalog, found, is_pinned, query, base| {
        explorer::dataset(catalog, found, is_pinned, &super::files::offered(), query, base)
    });
    let response = answer.await?;
    if response.status != StatusCode::OK {
        return Ok(response);
    }
    let dataset = own.dataset(&id, pinned.as_deref()).await?;
    Ok(response.dated(&own.catalog(), &dataset.release).landing(&dataset, &own.base))
}

/// Answers `/embed/{dataset}` and `/embed/{dataset}/releases/{release}`: a chart for a frame.
pub async fn embed(app: App, id: String, release: Option<String>, query: String) -> Answer {
    // Even a pinned chart tells when there is a newer release, so its page changes.
    let answer = page_of(app, &id, release, query, |catalog, found, is_pinned, query, base| {
        explorer::embed(catalog, found, is_pinned, query, base)
    });
    answer.await.map(Response::framed)
}

/// Answers `/api`: the description of the API for people.
pub async fn reference(app: App, query: String) -> Answer {
    page(app, query, |catalog, base, query| explorer::reference(&document(catalog, base, None), base, query))
        .await
}

/// Answers with a page about a dataset, or about one of its releases. `make` gets the dataset, and whether the address names a
/// release.
async fn page_of(
    app: App,
    id: &str,
    release: Option<String>,
    query: String,
    make: impl FnOnce(&Catalog, &Dataset, bool, &str, &str) -> Result<String, PageError> + Send + 'static,
) -> Answer {
    match app.dataset(id, release.as_deref()).await {
        Ok(found) => {
            page(app, query, move |catalog, base, query| {
                make(catalog, &found, release.is_some(), query, base)
            })
            .await
        }
        Err(problem) => apologise(&problem, None, &query),
    }
}

/// Answers with a page, or with a page that says why there is none, because people follow links to it. Only a bug is answered with
/// a problem document. In a language that the service does not have, the page is in English and says so.
async fn page(
    app: App,
    query: String,
    make: impl FnOnce(&Catalog, &str, &str) -> Result<String, PageError> + Send + 'static,
) -> Answer {
    let (known, foreign) = known_language(&query);
    let (catalog, base, asked) = (app.catalog(), app.base.clone(), known.into_owned());
    let (problem, instead) = match app.compute(move || Ok(make(&catalog, &base, &asked))).await {
        Ok(Ok(html)) => {
            let html = match foreign {
                Some(language) => explorer::noted(&html, &language),
                None => html,
            };
            return Ok(respond(StatusCode::OK, HTML, html.into_bytes(), Caching::Current));
        }
        Ok(Err(error)) => {
            let instead = match &error {
                PageError::Missing { nearest: Some(id), page, .. } => {
                    Some(page(id, language_of(&query).unwrap_or_default()))
                }
                _ => None,
            };
            let problem = Problem::from(error);
            let instead = instead.or_else(|| Some(format!("?{}", problem.instead_of(&query)?)));
            (problem, instead)
        }
        Err(problem) => (problem, None),
    };
    if problem.status() == StatusCode::INTERNAL_SERVER_ERROR {
        return Err(problem);
    }
    apologise(&problem, instead, &query)
}

/// Answers with a page that says what is wrong, for people who followed a link, in the language that the query asks for.
pub fn apologise(problem: &Problem, instead: Option<String>, query: &str) -> Answer {
    let (status, language) = (problem.status(), language_of(query).unwrap_or_default());
    let told = problem.told(language);
    match explorer::apology(status == StatusCode::NOT_FOUND, &told, instead, language) {
        Ok(html) => Ok(respond(status, HTML, html.into_bytes(), Caching::Never)),
        Err(error) => Err(Problem::bug("the page of an error failed", &error)),
    }
}
