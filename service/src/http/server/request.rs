//! The handler of every request, whatever its route. It applies limits, checks methods, counts requests, and catches panics.

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

/// Time limit for reading the body of a refused request.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);
/// Maximum number of bytes read of such a body.
const BODY_BYTES: usize = 64 * 1024;
/// Maximum number of requests per connection, so that clients behind a load balancer come round to all its servers. This is the
/// default of nginx.
const REQUESTS: u32 = 1000;

/// A handler that answers valid requests.
pub trait Answers: Send + Sync + 'static {
    /// Returns the response if it is ready without waiting.
    fn at_once(&self, request: &Parts) -> Option<Outgoing>;

    /// Returns the response, after waiting if necessary.
    fn answer(&self, request: Parts) -> BoxFuture<'static, Outgoing>;
}

/// A response as hyper awaits it. Nearly all responses are ready at once, and these need no allocation.
type Awaited = Either<Ready<Result<Outgoing, Infallible>>, BoxFuture<'static, Result<Outgoing, Infallible>>>;

/// Handles the requests of all connections.
#[derive(Debug)]
pub struct RequestHandler<A> {
    /// Answers all requests once the data are loaded, and the operator's requests at any time.
    pub answers: A,
    /// Whether the data are loaded.
    pub readiness: Arc<Readiness>,
    /// The metrics of the service.
    pub metrics: Arc<Metrics>,
}

/// A request after its first checks.
enum Begun {
    /// It is answered.
    Answered(Outgoing),
    /// It is refused. The response is sent after the body has been read.
    Refused(Outgoing),
    /// It still has to be answered.
    Open,
}

impl<A: Answers> RequestHandler<A> {
    /// Handles a request of a connection. Every request gets a response.
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
                    // If the connection closes while the body is still arriving, the client may lose the response.
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

    /// Refuses a request if its request line, its host or its method is not allowed.
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
        // If the host or the target is not valid, later requests on the connection may be misread too. So it is closed.
        Some(outgoing(problem.response().with(CONNECTION, "close"), &request.method))
    }

    /// Reads the body to its end, up to the limits.
    async fn pass_over(&self, body: Incoming) {
        if tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, BODY_BYTES).collect()).await.is_err() {
            self.metrics.timed_out(Timeout::Body);
        }
    }
}

/// Whether the request line is too long.
fn is_too_long(request: &Parts) -> bool {
    let target = request.uri.path_and_query().map_or(1, |target| target.as_str().len());
    request.method.as_str().len() + target + " HTTP/1.1".len() + 1 > LINE_BYTES
}
