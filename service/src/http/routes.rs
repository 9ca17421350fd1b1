//! The routes: which call answers each address. All of them only read, and look at nothing of a request but path and query.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::filters::path::FullPath;
use warp::http::StatusCode;

use super::app::App;
use super::observe::metrics::{Metrics, Refusal};
use super::problem::{Answer, Problem};
use super::readiness::{Readiness, Stage};
use super::response::{Caching, respond};
use super::{answers, assets, datasets, embed, openapi, pages, releases, short, statutes};

/// Returns the table of routes. Every one of them only reads, and looks at nothing of a request but path and query; the
/// last takes what no other does, so that nothing is ever rejected.
pub fn routes(app: App, readiness: Arc<Readiness>) -> BoxedFilter<(Answer,)> {
    let operator = of_the_operator(Arc::clone(&app.metrics), readiness);
    let state = warp::any().map(move || app.clone());
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();

    let list = warp::path!("v1" / "datasets")
        .and(state.clone())
        .and(query)
        .map(|app: App, query: String| datasets::list(&app, &query));
    let dataset = warp::path!("v1" / "datasets" / Segment)
        .and(state.clone())
        .and(query)
        .then(|id: Segment, app, query| datasets::describe(app, id.0, None, query));
    let release =
        warp::path!("v1" / "datasets" / Segment / "releases" / Segment).and(state.clone()).and(query).then(
            |id: Segment, release: Segment, app, query| datasets::describe(app, id.0, Some(release.0), query),
        );
    let releases = warp::path!("v1" / "datasets" / Segment / "releases")
        .and(state.clone())
        .and(query)
        .map(|id: Segment, app: App, query: String| releases::list(&app, &id.0, &query));
    let changes = warp::path!("v1" / "datasets" / Segment / "changes.json")
        .map(|id| (id, releases::Form::Json))
        .or(warp::path!("v1" / "datasets" / Segment / "changes.csv").map(|id| (id, releases::Form::Csv)))
        .unify()
        .and(state.clone())
        .and(query)
        .then(|(id, form): (Segment, _), app, query| releases::changes(app, id.0, form, query));
    let answer = warp::path!("v1" / "datasets" / Segment / Segment)
        .and(state.clone())
        .and(query)
        .then(|id: Segment, file: Segment, app, query| answers::answer(app, id.0, None, file.0, query));
    let pinned = warp::path!("v1" / "datasets" / Segment / "releases" / Segment / Segment)
        .and(state.clone())
        .and(query)
        .then(|id: Segment, release: Segment, file: Segment, app, query| {
            answers::answer(app, id.0, Some(release.0), file.0, query)
        });
    let statutes = warp::path!("v1" / "statutes").and(state.clone()).and(query).then(statutes::list);
    let statute = warp::path!("v1" / "statutes" / Segment)
        .and(state.clone())
        .and(query)
        .then(|id: Segment, app, query| statutes::one(app, id.0, query));
    let widget = warp::path!("widget" / Segment).map(|name: Segment| assets::widget(&name.0));
    let versioned = warp::path!("widget" / Segment / Segment)
        .and(state.clone())
        .then(|version: Segment, name: Segment, app| assets::versioned(app, version.0, name.0));
    let asset = warp::path!("assets" / Segment).map(|name: Segment| assets::asset(&name.0));
    let embed = warp::path!("embed" / Segment)
        .map(|id| (id, None))
        .or(warp::path!("embed" / Segment / "releases" / Segment).map(|id, release| (id, Some(release))))
        .unify()
        .and(state.clone())
        .and(query)
        .then(|(id, release): (Segment, Option<Segment>), app, query| {
            embed::embed(app, id.0, release.map(|release| release.0), query)
        });
    let report = warp::path!("report" / Segment)
        .map(|id| (id, None))
        .or(warp::path!("report" / Segment / "releases" / Segment).map(|id, release| (id, Some(release))))
        .unify()
        .and(state.clone())
        .and(query)
        .then(|(id, release): (Segment, Option<Segment>), app, query| {
            pages::report(app, id.0, release.map(|release| release.0), query)
        });
    let oembed = warp::path!("oembed").and(state.clone()).and(query).then(embed::oembed);
    let short = warp::path!("s" / Segment)
        .and(state.clone())
        .and(query)
        .then(|code: Segment, app, query| short::follow(app, code.0, query));
    let openapi = warp::path!("openapi.json").and(state.clone()).and(query).then(openapi::openapi);
    let catalog = warp::path!("v1" / "catalog.jsonld").and(state.clone()).and(query).then(datasets::catalog);
    let reference = warp::path!("api").and(state.clone()).and(query).then(pages::reference);
    let about = warp::path!("datasets" / Segment)
        .map(|id| (id, None))
        .or(warp::path!("datasets" / Segment / "releases" / Segment).map(|id, release| (id, Some(release))))
        .unify()
        .and(state.clone())
        .and(query)
        .then(|(id, release): (Segment, Option<Segment>), app, query| {
            pages::dataset(app, id.0, release.map(|release| release.0), query)
        });
    let index = warp::path::end().and(state.clone()).and(query).then(pages::index);
    let category = warp::path!("categories" / Segment)
        .and(state.clone())
        .and(query)
        .then(|code: Segment, app, query| pages::category(app, code.0, query));
    let page = warp::path!("statutes" / Segment)
        .and(state)
        .and(query)
        .then(|id: Segment, app, query| pages::statute(app, id.0, query));

    let elsewhere = warp::path::full().map(|path: FullPath| nothing_here(path.as_str()));

    let v1 = list.or(dataset).unify().boxed().or(release).unify().boxed();
    let v1 = v1.or(releases).unify().boxed().or(changes).unify().boxed().or(answer).unify().boxed();
    let v1 = v1.or(pinned).unify().boxed().or(statutes).unify().boxed().or(statute).unify().boxed();
    let embeds = embed.or(oembed).unify().boxed().or(short).unify().boxed();
    let described = openapi.or(catalog).unify().boxed().or(reference).unify().boxed();
    let files = widget.or(versioned).unify().boxed().or(asset).unify().boxed();
    let pages = index.or(page).unify().boxed().or(report).unify().boxed().or(category).unify().boxed();
    let pages = pages.or(about).unify().boxed().or(described).unify().boxed();
    v1.or(files)
        .unify()
        .or(embeds)
        .unify()
        .or(pages)
        .unify()
        .or(operator)
        .unify()
        .or(elsewhere)
        .unify()
        .boxed()
}

/// Returns the routes that are there before the data are: the operator's, and a word for everybody else.
pub fn before_loaded(metrics: Arc<Metrics>, readiness: Arc<Readiness>) -> BoxedFilter<(Answer,)> {
    let refused = Arc::clone(&metrics);
    let elsewhere = warp::any().map(move || {
        refused.refused(Refusal::Loading);
        Err(Problem::loading())
    });
    of_the_operator(metrics, readiness).or(elsewhere).unify().boxed()
}

/// What those ask who run the service: whether it lives, whether to send requests here, and how it does. Answered at any
/// time, at once, without a place in the queue.
fn of_the_operator(metrics: Arc<Metrics>, readiness: Arc<Readiness>) -> BoxedFilter<(Answer,)> {
    let respond = |form, body: Vec<u8>| respond(StatusCode::OK, form, body, Caching::Never);
    const TEXT: &str = "text/plain; charset=utf-8";
    let health = warp::path!("healthz").map(move || Ok(respond(TEXT, b"ok\n".to_vec())));
    let ready = warp::path!("readyz").map(move || match readiness.stage() {
        Stage::Ready => Ok(respond(TEXT, b"ready\n".to_vec())),
        Stage::Loading => Err(Problem::loading()),
        Stage::Draining => Err(Problem::draining()),
    });
    let metrics = warp::path!("metrics")
        .map(move || Ok(respond("text/plain; version=0.0.4; charset=utf-8", metrics.text().into_bytes())));
    health.or(ready).unify().boxed().or(metrics).unify().boxed()
}

/// A part of a path, percent-decoded: ids are opaque text.
struct Segment(String);

impl std::str::FromStr for Segment {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        percent_decode_str(text).decode_utf8().map(|text| Self(text.into_owned())).map_err(|_not_utf8| ())
    }
}

/// The answer where no route is: for people a page, for programs a problem.
fn nothing_here(path: &str) -> Answer {
    let problem = Problem::not_found("page or file", path, None);
    if ["/v1", "/widget", "/assets", "/oembed"].iter().any(|start| path.starts_with(start)) {
        return Err(problem);
    }
    pages::apologise(&problem, None)
}
