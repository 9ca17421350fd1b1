//! What stands between the network and the routes: methods, answers that are there already, one computation for all
//! who ask for the same at once, and the form in which each of them gets it.
//!
//! The routes are asked with path and query alone. No header of a request reaches them, so none can change what is kept
//! and sent to others.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use hyper::body::Bytes;
use tower_service::Service as _;
use warp::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, ALLOW, HeaderMap,
    HeaderValue,
};
use warp::http::{Method, Request, StatusCode, Uri};
use warp::reply::Response;

use super::address::asked;
use super::app::App;
use super::body::Body;
use super::cache::{Flights, Head};
use super::coders::Uncoded;
use super::coding::{Accepted, Coding};
use super::headers::{Caching, SERVER_TIMING, empty};
use super::problem::Problem;
use super::readiness::Readiness;
use super::routes::routes;
use super::selected::{Selected, select, send, stream, without_body};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// The answer was there.
const HIT: HeaderValue = HeaderValue::from_static("cache;desc=\"hit\"");

/// Somebody else's computation was waited for.
const SHARED: HeaderValue = HeaderValue::from_static("cache;desc=\"shared\"");

/// Returns the answer to a request whose method is neither GET nor HEAD.
pub fn without_reading(method: &Method) -> Option<Response> {
    match *method {
        Method::GET | Method::HEAD => None,
        Method::OPTIONS => {
            let mut response = empty(StatusCode::NO_CONTENT);
            let headers = response.headers_mut();
            headers.insert(ALLOW, METHODS);
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
            Some(response)
        }
        _ => {
            let mut response = Problem::method(method.as_str()).response();
            response.headers_mut().insert(ALLOW, METHODS);
            Some(response)
        }
    }
}

/// A body in a coding; or why it has none.
type Form = Result<Bytes, Uncoded>;

/// Asks the routes for an address.
type Ask = dyn Fn(&str) -> BoxFuture<'static, Response> + Send + Sync;

/// The routes, and what was answered before. A copy is the same one.
#[derive(Clone)]
pub struct Edge {
    app: App,
    ask: Arc<Ask>,
    answers: Flights<String, Flown>,
    forms: Flights<([u8; 32], Coding), Form>,
}

/// What the routes answered, for all who wait for it.
#[derive(Debug, Clone)]
enum Flown {
    /// A body, and where the time went.
    Content(Arc<Head>, Body, Option<HeaderValue>),
    /// What is no answer: a problem, or that it is elsewhere.
    Other(StatusCode, HeaderMap, Bytes),
}

impl Edge {
    /// Stands before the routes of a service.
    pub fn of(app: App, readiness: Arc<Readiness>) -> Self {
        let service = warp::service(routes(app.clone(), readiness));
        let ask = move |address: &str| {
            let request = Request::get(address).body(Response::new(Bytes::new().into()).into_body());
            let mut service = service.clone();
            async move {
                let Ok(request) = request else {
                    return Problem::not_found("page or file", "", None).response();
                };
                let Ok(response) = service.call(request).await;
                response
            }
            .boxed()
        };
        Self { app, ask: Arc::new(ask), answers: Flights::default(), forms: Flights::default() }
    }

    /// Answers a request at once, without a route and without waiting, where the answer is there in the form that is
    /// asked for. This is the way of nearly every request: a look at two tables.
    pub fn at_once(&self, method: &Method, uri: &Uri, request: &HeaderMap) -> Option<Response> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let cache = &self.app.cache;
        let head = cache.head(&asked(uri), self.app.generation())?;
        let mut response = match select(&head, method, request) {
            Selected::Settled(response) => response,
            Selected::Form(coding) if head.is_kept() => {
                send(&head, coding, cache.form(&head, coding)?, method, request)
            }
            Selected::Form(coding) => without_body(&head, coding, method, request)?,
        };
        // Most heads have a place for it, so that none is made for every request.
        response.headers_mut().insert(SERVER_TIMING, HIT);
        cache.count(true);
        Some(response)
    }

    /// Answers GET or HEAD.
    pub async fn answer(&self, method: &Method, uri: &Uri, request: &HeaderMap) -> Response {
        let address = asked(uri).into_owned();
        let (flown, is_first) = self.answers.join(address.clone(), || self.fly(address)).await;
        let (head, body, timing) = match flown {
            Err(fault) => return Problem::fault(&fault).response(),
            Ok(Flown::Content(head, body, timing)) => (head, body, timing),
            Ok(Flown::Other(status, headers, bytes)) => {
                let bytes = if *method == Method::HEAD { Bytes::new() } else { bytes };
                let mut response = Response::new(bytes.into());
                (*response.status_mut(), *response.headers_mut()) = (status, headers);
                return response;
            }
        };
        let mut response = match (select(&head, method, request), body.bytes()) {
            (Selected::Settled(response), _) => response,
            (Selected::Form(_), _) if !body.has_room() && *method != Method::HEAD => {
                return self.app.sending.refuse().response();
            }
            (Selected::Form(coding), Some(bytes)) if head.is_kept() => {
                match self.form(&head, coding, bytes).await {
                    Ok(coded) => send(&head, coding, coded, method, request),
                    // The body as it is has its place already.
                    Err(_) if Accepted::of(request).takes_identity() => {
                        send(&head, Coding::Identity, bytes.clone(), method, request)
                    }
                    Err(why) => return self.app.coders.refuse(why).response(),
                }
            }
            // Too large to be kept, or of a moment: coded for this one reader, while it is sent.
            (Selected::Form(coding), _) if *method == Method::HEAD || body.is_small() => {
                stream(&head, coding, body, method, request)
            }
            (Selected::Form(coding), _) => match self.app.sending.reader(reading(coding), body.weight()) {
                Some(reader) => stream(&head, coding, body.read_by(reader), method, request),
                None => return self.app.sending.refuse().response(),
            },
        };
        match if is_first { timing } else { Some(SHARED) } {
            Some(timing) => _ = response.headers_mut().insert(SERVER_TIMING, timing),
            None => _ = response.headers_mut().remove(SERVER_TIMING),
        }
        response
    }

    /// Asks the routes; or takes what is there where only another form of it is.
    fn fly(&self, address: String) -> BoxFuture<'static, Flown> {
        let (app, ask) = (self.app.clone(), Arc::clone(&self.ask));
        async move {
            let generation = app.generation();
            if let Some(head) = app.cache.head(&address, generation)
                && let Some(found) = app.cache.find(&head)
            {
                match app.coders.decode(found, head.digest(), head.length()).await {
                    Ok(Some(body)) => {
                        app.cache.count(true);
                        keep_body(&app, &head, &body);
                        return Flown::Content(head, body, Some(HIT));
                    }
                    Ok(None) => {}
                    Err(why) => return Flown::of(app.coders.refuse(why).response()).await,
                }
            }
            let mut response = ask(&address).await;
            let timing = response.headers_mut().remove(SERVER_TIMING);
            let body = response.extensions_mut().remove::<Body>();
            let Some(body) = body.filter(|_| response.status() == StatusCode::OK) else {
                return Flown::of(response).await;
            };
            let body = body.placed(&app.sending);
            let mut headers = response.into_parts().0.headers;
            if app.catalog().unread().is_some() {
                Caching::lacking(&mut headers);
            }
            headers.insert(SERVER_TIMING, HIT);
            let head = Arc::new(Head::new(headers, &body));
            if head.is_lasting() && body.has_room() {
                app.cache.count(false);
                // First the body: a head without one would have the next request compute it again.
                keep_body(&app, &head, &body);
                app.cache.keep_head(&address, generation, &head);
            }
            Flown::Content(head, body, timing)
        }
        .boxed()
    }

    /// Returns a body in a coding, made once for all who want it.
    async fn form(&self, head: &Arc<Head>, coding: Coding, bytes: &Bytes) -> Form {
        if coding == Coding::Identity {
            let is_missing = || self.app.cache.form(head, Coding::Zstd).is_none();
            if head.is_codable() && !head.is_short() && self.app.coders.is_free() && is_missing() {
                // Held compressed too: of text as it is only what is asked often stays.
                let (edge, head, bytes) = (self.clone(), Arc::clone(head), bytes.clone());
                tokio::spawn(async move { edge.coded(&head, Coding::Zstd, &bytes).await });
            }
            return Ok(bytes.clone());
        }
        self.coded(head, coding, bytes).await
    }

    async fn coded(&self, head: &Arc<Head>, coding: Coding, bytes: &Bytes) -> Form {
        if let Some(coded) = self.app.cache.form(head, coding) {
            return Ok(coded);
        }
        let begin = || {
            let (app, head, bytes) = (self.app.clone(), Arc::clone(head), bytes.clone());
            async move {
                let coded = app.coders.encode(coding, bytes).await?;
                app.cache.keep_form(&head, coding, &coded);
                Ok(coded)
            }
            .boxed()
        };
        let (landed, _) = self.forms.join((head.digest(), coding), begin).await;
        landed.unwrap_or_else(|fault| Err(Uncoded::Failed(Box::new(Problem::fault(&fault)))))
    }
}

impl Flown {
    /// Takes a response that is no answer.
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        Self::Other(parts.status, parts.headers, whole(body).await)
    }
}

/// Keeps the body under a head, where it has a place: among the others, or until the room is needed when it is too large.
fn keep_body(app: &App, head: &Head, body: &Body) {
    match body.bytes().filter(|_| head.is_kept()) {
        _ if !body.has_room() => {}
        Some(bytes) => app.cache.keep_form(head, Coding::Identity, bytes),
        None => {
            let body = Arc::new(body.clone());
            if app.cache.remember(&body) {
                app.sending.spare(body.weight(), body);
            }
        }
    }
}

/// Bytes of memory that a reader of a body takes that is coded while it is sent, about: pieces, and what a coder has seen.
fn reading(coding: Coding) -> u64 {
    if coding == Coding::Identity { 256 << 10 } else { 2 << 20 }
}

/// Returns all bytes of a body that is there already.
async fn whole(mut body: impl hyper::body::Body<Data = Bytes> + Unpin) -> Bytes {
    let mut all = Vec::new();
    while let Some(Ok(frame)) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        all.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
    }
    all.into()
}
