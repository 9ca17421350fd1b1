//! What every request must hold to, whatever the route: limits, methods, counting, and panics caught.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, Ready, ready};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use warp::http::header::{CONNECTION, HeaderValue, RETRY_AFTER};
use warp::http::request::Parts;
use warp::http::{Request, StatusCode};

use super::refusal::LINE_BYTES;
use super::socket::Seen;
use super::target;
use crate::http::body::stream::Outgoing;
use crate::http::observe::metrics::{Measured, Metrics, Refusal, Timeout};
use crate::http::observe::panics::{FaultId, caught, caught_async};
use crate::http::pipeline::method::without_reading;
use crate::http::pipeline::negotiation::outgoing;
use crate::http::problem::Problem;
use crate::http::readiness::{Readiness, Stage};
use crate::http::template::TEMPLATES;

/// Longest wait for the body of a request that is refused.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);
/// Most of such a body that is read, in bytes.
const BODY_BYTES: usize = 64 * 1024;
/// Most requests of one connection, so that clients behind a load balancer come round to all its servers. nginx has as many.
const REQUESTS: u32 = 1000;

/// What answers requests.
pub trait Answers: Send + Sync + 'static {
    /// Returns the answer where nothing needs to be waited for.
    fn at_once(&self, request: &Parts) -> Option<Outgoing>;

    /// Answers.
    fn answer(&self, request: Parts) -> BoxFuture<'static, Outgoing>;
}

/// An answer, as hyper waits for it. Nearly all of them are there at once, and nothing is allocated to wait for those.
type Awaited = Either<Ready<Result<Outgoing, Infallible>>, BoxFuture<'static, Result<Outgoing, Infallible>>>;

/// Handles the requests of all connections.
#[derive(Debug)]
pub struct RequestHandler<A> {
    /// Answers once the data are there, the operator's questions at any time.
    pub answers: A,
    /// Whether they are.
    pub readiness: Arc<Readiness>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

/// A request that was looked at.
enum Begun {
    /// Answered.
    Answered(Outgoing),
    /// Refused: answered when its body has been read.
    Refused(Outgoing),
    /// To be answered.
    Open,
}

impl<A: Answers> RequestHandler<A> {
    /// Handles a request of a connection. There is an answer to everything.
    pub fn handle(self: &Arc<Self>, seen: &Seen, request: Request<Incoming>) -> Awaited {
        let number = seen.request();
        let (request, body) = request.into_parts();
        let measured = self.metrics.measure(&request.method, TEMPLATES.find(request.uri.path()));
        let begun = caught(|| match self.refused(&request) {
            Some(refused) => Begun::Refused(refused),
            None => self.answers.at_once(&request).map_or(Begun::Open, Begun::Answered),
        });
        if let Ok(Begun::Answered(response)) = begun {
            return Either::Left(ready(Ok(self.counted(number, &measured, response))));
        }
        let (own, method) = (Arc::clone(self), request.method.clone());
        let failed = move |fault: FaultId| outgoing(Problem::from(fault).response(), &method);
        let answer = async move {
            let response = match begun {
                Err(fault) => failed(fault),
                Ok(Begun::Answered(response)) => response,
                Ok(Begun::Refused(response)) => {
                    // A body that is still coming when the connection closes would take the answer with it.
                    own.pass_over(body).await;
                    response
                }
                Ok(Begun::Open) => {
                    caught_async(async { own.answers.answer(request).await }).await.unwrap_or_else(failed)
                }
            };
            Ok(own.counted(number, &measured, response))
        };
        Either::Right(answer.boxed())
    }

    fn counted(&self, number: u32, measured: &Measured, mut response: Outgoing) -> Outgoing {
        if number >= REQUESTS || self.readiness.stage() == Stage::Draining {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let status = response.status();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().entry(RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
        }
        self.metrics.answered(measured, status);
        response
    }

    /// Refuses a request for its first line, its host or its method, where it is to be.
    fn refused(&self, request: &Parts) -> Option<Outgoing> {
        if is_too_long(request) {
            self.metrics.refused(Refusal::Line);
            return Some(outgoing(Problem::line_too_long(LINE_BYTES).response(), &request.method));
        }
        let Some(problem) = target::refused(&request.method, &request.uri, request.version, &request.headers)
        else {
            return without_reading(request);
        };
        self.metrics.refused(Refusal::Malformed);
        // A client that cannot say whom it asks may not be read right in what it says next either.
        Some(outgoing(problem.response().with(CONNECTION, "close"), &request.method))
    }

    /// Reads a short body to its end.
    async fn pass_over(&self, body: Incoming) {
        if tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, BODY_BYTES).collect()).await.is_err() {
            self.metrics.timed_out(Timeout::Body);
        }
    }
}

/// Whether a request's first line has too many bytes.
fn is_too_long(request: &Parts) -> bool {
    let target = request.uri.path_and_query().map_or(1, |target| target.as_str().len());
    request.method.as_str().len() + target + " HTTP/1.1".len() + 1 > LINE_BYTES
}
