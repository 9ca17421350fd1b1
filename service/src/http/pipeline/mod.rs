//! The pipeline between the network and the routes. It serves cached answers, computes an answer once for all concurrent requests,
//! and chooses the form that each client gets.
//!
//! The routes get the path and the query alone. They see no header of a request, so no header can change what is cached and sent to
//! other clients.

pub mod body_coders;
pub mod cache;
pub mod conditions;
pub mod head;
pub mod method;
pub mod negotiation;
pub mod single_flight;

use std::sync::Arc;

use hyper::body::Bytes;
use warp::http::header::HeaderValue;
use warp::http::request::Parts;
use warp::http::{Method, StatusCode};

use super::address::asked;
use super::app::App;
use super::body::Body;
use super::body::coding::{Accepted, Coding};
use super::body::stream::Outgoing;
use super::observe::log;
use super::observe::metrics::Refusal;
use super::problem::Problem;
use super::response::{Caching, Response, SERVER_TIMING};
use super::routes::Router;
use head::Head;
use negotiation::{Negotiated, negotiate, outgoing, send, send_bytes};
use single_flight::SingleFlight;

/// `Server-Timing` of an answer from the cache.
const HIT: HeaderValue = HeaderValue::from_static("cache;desc=\"hit\"");

/// `Server-Timing` of an answer that another request was already computing.
const SHARED: HeaderValue = HeaderValue::from_static("cache;desc=\"shared\"");

/// The pipeline. Clones share it.
#[derive(Clone)]
pub struct Pipeline {
    app: App,
    router: Router,
    answers: SingleFlight<String, SharedResult>,
    forms: SingleFlight<([u8; 32], Coding), Result<Bytes, Problem>>,
}

/// The answer of a route, shared by all requests that wait for it.
#[derive(Debug, Clone)]
enum SharedResult {
    /// Status 200. The body is missing if the budget had no permit for it.
    Content { head: Arc<Head>, body: Option<Body>, timing: Option<HeaderValue> },
    /// Any other status: a problem, or a redirect.
    Other(Response),
}

impl Pipeline {
    /// Makes the pipeline for the routes of a service.
    pub fn new(app: App, router: Router) -> Self {
        Self { app, router, answers: SingleFlight::default(), forms: SingleFlight::default() }
    }

    /// Answers GET or HEAD at once, without a route and without waiting, if the answer is cached in the right form. Nearly every
    /// request is answered here, with two look-ups.
    pub fn at_once(&self, request: &Parts) -> Option<Outgoing> {
        let cache = &self.app.cache;
        let head = cache.head(&asked(&request.uri), self.app.generation())?;
        let mut response = match negotiate(&head, request) {
            Negotiated::Settled(response) => response,
            Negotiated::Form(coding) if head.is_cached() => {
                send_bytes(&head, coding, cache.form(&head, coding)?, request)?
            }
            Negotiated::Form(coding) => send(&head, (coding, None), request, |_| None)?,
        };
        // Most heads have a slot for this header, so inserting it allocates no memory.
        response.headers_mut().insert(SERVER_TIMING, HIT);
        cache.count(true);
        Some(response)
    }

    /// Answers GET or HEAD.
    pub async fn answer(&self, request: &Parts) -> Outgoing {
        let address = asked(&request.uri).into_owned();
        let (result, is_first) = self.answers.join(address.clone(), self.clone().make(address)).await;
        let problem = match result {
            Ok(SharedResult::Other(response)) => return outgoing(response, &request.method),
            Ok(SharedResult::Content { head, body, timing }) => match self.send(&head, body, request).await {
                Ok(mut response) => {
                    match if is_first { timing } else { Some(SHARED) } {
                        Some(timing) => _ = response.headers_mut().insert(SERVER_TIMING, timing),
                        None => _ = response.headers_mut().remove(SERVER_TIMING),
                    }
                    return response;
                }
                Err(problem) => problem,
            },
            Err(fault) => fault.into(),
        };
        outgoing(problem.response(), &request.method)
    }

    /// Gets the answer from the routes. If only another form of the body is missing, decodes the cached body.
    async fn make(self, address: String) -> SharedResult {
        let (app, generation) = (&self.app, self.app.generation());
        if let Some(head) = app.cache.head(&address, generation)
            && let Some(form) = app.cache.find(&head.facts)
        {
            match app.coders.decode(form, head.facts.clone()).await {
                Ok(Some(body)) => {
                    app.cache.count(true);
                    app.cache.keep_body(&head, &body);
                    return SharedResult::Content { head, body: Some(body), timing: Some(HIT) };
                }
                Ok(None) => {}
                Err(problem) => return SharedResult::Other(self.refused(problem).response()),
            }
        }
        let mut response = (self.router)(&address).await.unwrap_or_else(|problem| problem.response());
        if response.status != StatusCode::OK {
            return SharedResult::Other(response);
        }
        if app.catalog().unread().is_some() {
            Caching::lacking(&mut response.headers);
        }
        let timing = response.headers.insert(SERVER_TIMING, HIT);
        let head = Arc::new(Head::new(response.headers, &response.body));
        let body = response.body.permitted(&app.coders.budget);
        if let Some(body) = body.as_ref().filter(|_| head.is_lasting()) {
            app.cache.count(false);
            // The body is stored first, since a head without its body would make the next request compute the answer again.
            app.cache.keep_body(&head, body);
            app.cache.keep_head(&address, generation, &head);
        }
        SharedResult::Content { head, body, timing }
    }

    /// Sends a body in the form negotiated with the client.
    async fn send(&self, head: &Arc<Head>, body: Option<Body>, request: &Parts) -> Result<Outgoing, Problem> {
        let coding = match negotiate(head, request) {
            Negotiated::Settled(response) => return Ok(response),
            Negotiated::Form(coding) => coding,
        };
        let is_head = request.method == Method::HEAD;
        let sent = match body {
            Some(body) if head.is_cached() && body.bytes().is_some() => {
                let bytes = body.bytes().cloned().unwrap_or_default();
                match self.form(head, coding, &bytes).await {
                    Ok(coded) => send_bytes(head, coding, coded, request),
                    // The uncoded body needs no further permit.
                    Err(_) if Accepted::of(&request.headers).takes_identity() => {
                        send_bytes(head, Coding::Identity, bytes, request)
                    }
                    Err(problem) => return Err(self.refused(problem)),
                }
            }
            // The body is too large to cache or must not be cached, so it is coded for this client alone while it is sent.
            Some(body) => {
                let is_counted = !is_head && !body.is_small();
                let reader = is_counted.then(|| {
                    let permit = self.app.coders.budget.reader(memory_of_reader(coding), body.weight());
                    permit.ok_or_else(|| self.refused(Problem::no_room()))
                });
                let reader = reader.transpose()?;
                send(head, (coding, None), request, |part| Some(body.outgoing(coding, part, reader)))
            }
            None if is_head => send(head, (coding, None), request, |_| None),
            None => return Err(self.refused(Problem::no_room())),
        };
        sent.ok_or_else(Problem::internal)
    }

    /// Returns a body in a coding. The body is coded once for all concurrent requests.
    async fn form(&self, head: &Arc<Head>, coding: Coding, bytes: &Bytes) -> Result<Bytes, Problem> {
        if coding != Coding::Identity {
            return self.clone().coded(Arc::clone(head), coding, bytes.clone()).await;
        }
        let is_missing = || self.app.cache.form(head, Coding::Zstd).is_none();
        if head.is_codable && !head.is_short() && self.app.coders.is_free() && is_missing() {
            // The compressed form is cached as well, since uncoded text is evicted unless it is requested often.
            tokio::spawn(self.clone().coded(Arc::clone(head), Coding::Zstd, bytes.clone()));
        }
        Ok(bytes.clone())
    }

    async fn coded(self, head: Arc<Head>, coding: Coding, bytes: Bytes) -> Result<Bytes, Problem> {
        if let Some(coded) = self.app.cache.form(&head, coding) {
            return Ok(coded);
        }
        let (app, key) = (self.app, (head.facts.digest, coding));
        let work = async move {
            let coded = app.coders.encode(coding, bytes).await?;
            app.cache.keep_form(&head, coding, &coded);
            Ok(coded)
        };
        let (outcome, _) = self.forms.join(key, work).await;
        outcome.unwrap_or_else(|fault| Err(fault.into()))
    }

    /// Counts a refusal if the problem is a lack of memory.
    fn refused(&self, problem: Problem) -> Problem {
        if problem == Problem::no_room() {
            self.app.metrics.refused(Refusal::SendingFull);
            let message = "readers of large answers hold all the room there is; a further one was refused";
            log::warn("sending.full", message);
        }
        problem
    }
}

/// Returns the approximate memory, in bytes, for one client of a body that is coded while it is sent: its pieces, and the buffer of
/// the encoder.
fn memory_of_reader(coding: Coding) -> u64 {
    if coding == Coding::Identity { 256 << 10 } else { 2 << 20 }
}
