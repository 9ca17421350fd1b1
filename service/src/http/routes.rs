//! The routes: the call that answers each address of [`super::route_table`]. Routes only read, and see only the path and the query
//! of a request. So together they are a function from an address to an answer.

use std::future::ready;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tower_service::Service as _;
use warp::filters::path::FullPath;
use warp::http::{Request, StatusCode};
use warp::{Filter as _, Reply, reply};

use super::app::App;
use super::forgiven::{lead, redirect, spelled};
use super::found::Subject;
use super::observe::cluster;
use super::observe::metrics::{Metrics, Refusal};
use super::problem::{Answer, Problem};
use super::readiness::{Readiness, Stage};
use super::releases::Form;
use super::response::{Caching, respond};
use super::template::{OF_FILES, TEMPLATES, Templates};
use super::{answers, assets, datasets, found, oembed, openapi, pages, releases, short, statutes};
use crate::explorer::is_check_offered;
use crate::query::language_of;

/// A function that answers an address, given as path and query.
pub type Router = Arc<dyn Fn(&str) -> BoxFuture<'static, Answer> + Send + Sync>;

/// An answer inside a response of warp. The service of warp returns only its own responses, whose bodies cannot be inspected, so
/// the answer travels as an extension.
struct Carried(Answer);

impl Reply for Carried {
    fn into_response(self) -> reply::Response {
        let mut response = reply::Response::default();
        response.extensions_mut().insert(self.0);
        response
    }
}

/// Returns the routes of a service whose data are loaded. Unknown addresses are answered too, so warp never rejects a request.
pub fn router(app: App, readiness: Arc<Readiness>) -> Router {
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let answer = move |path: FullPath, query: String| {
        let path = path.as_str();
        match operators(path, &app.metrics, &readiness) {
            Some(response) => ready(response).boxed(),
            None => {
                if let Some(place) = spelled(&app.catalog(), path, &query) {
                    return ready(Ok(redirect(&place, Caching::Current))).boxed();
                }
                let language = language_of(&query);
                let nothing_here = || ready(nothing_here(path, &query)).boxed();
                let answer = answer(&app, path, query.clone()).unwrap_or_else(nothing_here);
                let path = path.to_owned();
                let told = move |problem: Problem| {
                    let problem = problem.at(&path, &query);
                    match language {
                        Some(language) => problem.in_language(language),
                        None => problem,
                    }
                };
                answer.map(move |answer| answer.map_err(told)).boxed()
            }
        }
    };
    let service = warp::service(warp::path::full().and(query).then(answer).map(Carried));
    Arc::new(move |address| {
        let request = Request::get(address).body(reply::Response::default().into_body());
        let mut service = service.clone();
        async move {
            let Ok(request) = request else {
                return Err(Problem::not_found("page or file", "", None));
            };
            let Ok(mut response) = service.call(request).await;
            response.extensions_mut().remove().unwrap_or_else(|| Err(Problem::internal()))
        }
        .boxed()
    })
}

/// Answers a path while the data are loading. Only the operator's addresses work, and all others are refused.
pub fn before_loaded(path: &str, metrics: &Metrics, readiness: &Readiness) -> Answer {
    operators(path, metrics, readiness).unwrap_or_else(|| {
        metrics.refused(Refusal::Loading);
        Err(Problem::loading())
    })
}

/// Starts to answer an address. `None` if no route takes it.
fn answer(app: &App, path: &str, query: String) -> Option<BoxFuture<'static, Answer>> {
    let template = TEMPLATES.of(path)?;
    let mut parts = Templates::parts(template, path)?.into_iter();
    // A route has at most two variable parts, besides the name of a dataset's file.
    let (first, second) = (parts.next().unwrap_or_default(), parts.next());
    let file = || template.file.map(|file| file.name.to_owned());
    let app = app.clone();
    Some(match template.route {
        "/v1/datasets" => ready(datasets::list(&app, &query)).boxed(),
        "/v1/datasets/{dataset}" | "/v1/datasets/{dataset}/releases/{release}" => {
            datasets::describe(app, first, second, query).boxed()
        }
        "/v1/datasets/{dataset}/dataset.jsonld"
        | "/v1/datasets/{dataset}/releases/{release}/dataset.jsonld" => {
            datasets::linked(app, first, second, query).boxed()
        }
        "/v1/datasets/{dataset}/timemap" => ready(releases::timemap(&app, &first, &query)).boxed(),
        "/v1/datasets/{dataset}/releases" => ready(releases::list(&app, &first, &query)).boxed(),
        "/v1/datasets/{dataset}/changes.json" => releases::changes(app, first, Form::Json, query).boxed(),
        "/v1/datasets/{dataset}/changes.csv" => releases::changes(app, first, Form::Csv, query).boxed(),
        route if route == OF_FILES[0] => {
            let file = file().or(second).unwrap_or_default();
            answers::answer(app, first, None, file, query).boxed()
        }
        route if route == OF_FILES[1] => {
            let file = file().or_else(|| parts.next()).unwrap_or_default();
            answers::answer(app, first, second, file, query).boxed()
        }
        "/v1/catalog.jsonld" => datasets::catalog(app, query).boxed(),
        "/v1/statutes" => statutes::list(app, query).boxed(),
        "/v1/statutes/{statute}" => statutes::one(app, first, query).boxed(),
        "/v1/statutes/{statute}/answers.json" => statutes::answers(app, first, query).boxed(),
        "/v1/names.json" => statutes::names(app, query).boxed(),
        "/embed/{dataset}" | "/embed/{dataset}/releases/{release}" => {
            pages::embed(app, first, second, query).boxed()
        }
        "/oembed" => oembed::oembed(app, query).boxed(),
        "/widget/{file}" => ready(assets::widget(&first)).boxed(),
        "/widget/{version}/{file}" => assets::versioned(app, first, second.unwrap_or_default()).boxed(),
        "/assets/{file}" => ready(assets::asset(&first)).boxed(),
        "/" => pages::index(app, query).boxed(),
        "/statutes/{statute}" => pages::statute(app, first, query).boxed(),
        "/categories/{category}" => pages::category(app, first, query).boxed(),
        "/countries/{country}" => pages::country(app, first, query).boxed(),
        "/evidence/{dataset}/releases/{release}" => pages::evidence(app, first, second, query).boxed(),
        "/about" => pages::about(app, query).boxed(),
        "/check" if is_check_offered() => pages::check(app, query).boxed(),
        "/charts/new" => pages::builder(app, query).boxed(),
        "/report/{dataset}" | "/report/{dataset}/releases/{release}" => {
            pages::report(app, first, second, query).boxed()
        }
        "/datasets/{dataset}" | "/datasets/{dataset}/releases/{release}" => {
            pages::dataset(app, first, second, query).boxed()
        }
        "/s/{code}" => short::follow(app, first, query).boxed(),
        "/datasets" | "/statutes" | "/countries" | "/charts" | "/v1" => {
            ready(Ok(lead(template.route, &query))).boxed()
        }
        "/feed.atom" => found::feed(app, Subject::All, first, query).boxed(),
        "/datasets/{dataset}/feed.atom" => found::feed(app, Subject::Dataset, first, query).boxed(),
        "/statutes/{statute}/feed.atom" => found::feed(app, Subject::Statute, first, query).boxed(),
        "/countries/{country}/feed.atom" => found::feed(app, Subject::Country, first, query).boxed(),
        "/categories/{category}/feed.atom" => found::feed(app, Subject::Category, first, query).boxed(),
        "/robots.txt" => ready(found::robots(&app, &query)).boxed(),
        "/llms.txt" => ready(found::llms(&app, &query)).boxed(),
        "/sitemap.xml" => found::sitemap(app, query).boxed(),
        "/favicon.ico" => ready(assets::asset("favicon.ico")).boxed(),
        "/.well-known/security.txt" => ready(found::security(&app, &query)).boxed(),
        "/.well-known/api-catalog" => ready(found::api_catalog(&app, &query)).boxed(),
        "/api" => pages::reference(app, query).boxed(),
        "/openapi.json" => openapi::openapi(app, query).boxed(),
        _ => return None,
    })
}

/// Answers the operator's addresses: whether the process lives, whether it should get requests, and its metrics. They are answered
/// at any time, at once, and without a permit.
fn operators(path: &str, metrics: &Metrics, readiness: &Readiness) -> Option<Answer> {
    let respond = |form, body: Vec<u8>| Ok(respond(StatusCode::OK, form, body, Caching::Never));
    const TEXT: &str = "text/plain; charset=utf-8";
    Some(match TEMPLATES.of(path)?.route {
        "/healthz" => respond(TEXT, b"ok\n".to_vec()),
        "/readyz" => match readiness.stage() {
            // Most answers need no cluster, so requests should come here while it is away.
            Stage::Ready => respond(TEXT, format!("ready\n{}", cluster::told()).into_bytes()),
            Stage::Loading => Err(Problem::loading()),
            Stage::Draining => Err(Problem::draining()),
        },
        "/metrics" => respond("text/plain; version=0.0.4; charset=utf-8", metrics.text().into_bytes()),
        _ => return None,
    })
}

/// Returns the answer for an unknown address: a page for people, a problem document for programs.
fn nothing_here(path: &str, query: &str) -> Answer {
    let problem = Problem::not_found("page or file", path, None);
    if ["/v1", "/widget", "/assets", "/oembed"].iter().any(|start| path.starts_with(start)) {
        return Err(problem);
    }
    pages::apologise(&problem, None, query)
}

#[cfg(test)]
mod tests {
    use crate::http::route_table::ROUTES;

    /// The table lists the addresses, and this file answers them. Both must have the same paths.
    #[test]
    fn every_route_is_answered_and_nothing_else() {
        let source = include_str!("routes.rs").split("#[cfg(test)]").next().unwrap();
        let quoted = source.split('"').skip(1).step_by(2);
        let mut answered: Vec<&str> = quoted.filter(|text| text.starts_with('/')).collect();
        answered.retain(|path| ROUTES.iter().any(|route| route.path == *path) || path.contains('{'));
        let mut described: Vec<&str> = ROUTES.iter().map(|route| route.path).collect();
        answered.sort_unstable();
        described.sort_unstable();
        answered.dedup();
        assert_eq!(answered, described);
    }
}
