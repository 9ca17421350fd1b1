//! `/`, `/statutes/{id}` and `/categories/{code}`: the explorer's pages.

use warp::http::StatusCode;
use warp::reply::Response;

use super::app::App;
use super::headers::{Caching, respond};
use super::problem::Problem;
use crate::explorer::{self, PageError};
use crate::query::escape_part;

const HTML: &str = "text/html; charset=utf-8";

/// Answers `/`: every statute, searched and filtered.
pub async fn index(app: App, query: String) -> Response {
    let catalog = app.catalog();
    page(&app, move || explorer::index(&catalog, &query)).await
}

/// Answers `/statutes/{id}`: one statute with its chart, table, caveats, sources and snippet.
pub async fn statute(app: App, id: String, query: String) -> Response {
    let (catalog, base) = (app.catalog(), app.base.clone());
    page(&app, move || explorer::statute(&catalog, &base, &id, &query)).await
}

/// Answers `/report/{dataset}` and `/report/{dataset}/releases/{release}`: one sheet of A4.
pub async fn report(app: App, dataset: String, release: Option<String>, query: String) -> Response {
    let found = match app.dataset(&dataset, release.as_deref()).await {
        Ok(found) => found,
        Err(problem) => return apologise(problem.status(), problem.detail(), None),
    };
    let base = app.base.clone();
    page(&app, move || explorer::report(&found, &query, &base)).await
}

/// Answers `/categories/{code}`: one category of offence across countries.
pub async fn category(app: App, code: String, query: String) -> Response {
    let (catalog, base) = (app.catalog(), app.base.clone());
    page(&app, move || explorer::category(&catalog, &base, &code, &query)).await
}

/// Answers `/datasets/{dataset}` and `/datasets/{dataset}/releases/{release}`.
pub async fn dataset(app: App, id: String, release: Option<String>, query: String) -> Response {
    let found = match app.dataset(&id, release.as_deref()).await {
        Ok(found) => found,
        Err(problem) => return apologise(problem.status(), problem.detail(), None),
    };
    let (catalog, base) = (app.catalog(), app.base.clone());
    // Also the page of an old release lists those that came later, so it is not the same for ever.
    page(&app, move || {
        explorer::dataset(&catalog, &found, release.is_some(), &super::files::offered(), &query, &base)
    })
    .await
}

/// Answers `/api`: the description of the API for people.
pub async fn reference(app: App, query: String) -> Response {
    let (catalog, base) = (app.catalog(), app.base.clone());
    page(&app, move || explorer::reference(&super::openapi::document(&catalog, &base, None), &query)).await
}

async fn page(app: &App, make: impl FnOnce() -> Result<String, PageError> + Send + 'static) -> Response {
    answered(app.compute(move || Ok(make())).await)
}

/// Answers with a page, or with one that says why there is none.
pub fn answered(made: Result<Result<String, PageError>, Problem>) -> Response {
    match made {
        Ok(Ok(html)) => respond(StatusCode::OK, HTML, html.into_bytes(), Caching::Current),
        Ok(Err(PageError::NoStatute { id, nearest })) => {
            let problem = Problem::not_found("statute", &id, nearest.as_deref());
            apologise(
                problem.status(),
                problem.detail(),
                nearest.map(|id| format!("/statutes/{}", escape_part(&id))),
            )
        }
        Ok(Err(PageError::NoCategory { code, nearest })) => {
            let problem = Problem::not_found("category of offence", &code, nearest.as_deref());
            let instead = nearest.map(|code| format!("/categories/{}", escape_part(&code)));
            apologise(problem.status(), problem.detail(), instead)
        }
        Ok(Err(error @ PageError::Unread { .. })) => {
            let problem = Problem::from(error);
            apologise(problem.status(), problem.detail(), None)
        }
        Ok(Err(PageError::Query(error))) => apologise(StatusCode::BAD_REQUEST, &error.to_string(), None),
        Ok(Err(PageError::Failed(error))) => {
            super::log(&format!("a page failed: {error}"));
            Problem::internal().response()
        }
        // Who followed a link while too much is asked reads a page, too.
        Err(problem) if problem.status() == StatusCode::SERVICE_UNAVAILABLE => {
            apologise(problem.status(), problem.detail(), None)
        }
        Err(problem) => problem.response(),
    }
}

/// A page that says what is wrong, for people who followed a link.
pub fn apologise(status: StatusCode, detail: &str, instead: Option<String>) -> Response {
    match explorer::apology(status == StatusCode::NOT_FOUND, detail, instead) {
        Ok(html) => respond(status, HTML, html.into_bytes(), Caching::Never),
        Err(error) => {
            super::log(&format!("the page of an error failed: {error}"));
            Problem::internal().response()
        }
    }
}
