//! What is done with every request, whatever the route: limits, methods, counting, and a panic caught.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, Ready, ready};
use hyper::body::{Body as _, Incoming};
use warp::http::header::{CONNECTION, HeaderValue, RETRY_AFTER};
use warp::http::{Request, StatusCode};
use warp::reply::Response;

use super::target;
use super::wire::Seen;
use crate::http::edge::without_reading;
use crate::http::metrics::{Asked, Metrics, Refusal, Timeout};
use crate::http::panics::{caught, caught_waiting};
use crate::http::problem::Problem;
use crate::http::readiness::{Readiness, Stage};

/// Longest request line, in bytes: the longest that RFC 9112 (3) expects every server to take. A question with two hundred
/// statutes has four thousand.
pub const LINE_BYTES: usize = 8 * 1024;
/// Longest wait for the body of a request that is refused.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);
/// Most of such a body that is read, in bytes.
const BODY_BYTES: usize = 64 * 1024;
/// Most requests of one connection, so that clients behind a load balancer come round to all its servers. nginx has as many.
const REQUESTS: u32 = 1000;

/// What answers requests.
pub trait Answers: Send + Sync + 'static {
    /// Returns the answer where nothing needs to be waited for.
    fn at_once(&self, request: &Request<Incoming>) -> Option<Response>;

    /// Answers.
    fn answer(&self, request: Request<Incoming>) -> BoxFuture<'static, Response>;
}

/// An answer, as hyper waits for it. Nearly all of them are there at once, and pass through as few hands as can be.
type Awaited = Either<Ready<Result<Response, Infallible>>, BoxFuture<'static, Result<Response, Infallible>>>;

/// What answers the requests of all connections.
#[derive(Debug)]
pub struct Answering<A> {
    /// Answers once the data are there, the operator's questions at any time.
    pub answers: A,
    /// Whether they are.
    pub readiness: Arc<Readiness>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

impl<A: Answers> Answering<A> {
    /// Answers a request of a connection. There is an answer to everything.
    pub fn answer(self: &Arc<Self>, seen: &Seen, request: Request<Incoming>) -> Awaited {
        let number = seen.request();
        let asked = self.metrics.ask(request.method(), request.uri().path());
        let there = || {
            let is_readable = !is_too_long(&request) && refused(&request).is_none();
            is_readable.then(|| self.answers.at_once(&request)).flatten()
        };
        match caught(there) {
            Ok(Some(response)) => Either::Left(ready(Ok(self.counted(number, &asked, response)))),
            Ok(None) => {
                let own = Arc::clone(self);
                let answer = async move {
                    let response = match caught_waiting(own.made(request)).await {
                        Ok(response) => response,
                        Err(fault) => Problem::fault(&fault).response(),
                    };
                    Ok(own.counted(number, &asked, response))
                };
                Either::Right(answer.boxed())
            }
            Err(fault) => {
                let response = Problem::fault(&fault).response();
                Either::Left(ready(Ok(self.counted(number, &asked, response))))
            }
        }
    }

    fn counted(&self, number: u32, asked: &Asked, mut response: Response) -> Response {
        let headers = response.headers_mut();
        if number >= REQUESTS || self.readiness.stage() == Stage::Draining {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let status = response.status();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().entry(RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
        }
        self.metrics.answered(asked, status);
        response
    }

    async fn made(&self, request: Request<Incoming>) -> Response {
        if is_too_long(&request) {
            self.metrics.refused(Refusal::Line);
            self.pass_over(request.into_body()).await;
            return Problem::line_too_long().response();
        }
        if let Some(problem) = refused(&request) {
            self.metrics.refused(Refusal::Malformed);
            self.pass_over(request.into_body()).await;
            // Who cannot say whom they ask may not be read right in what they say next either.
            let mut response = problem.response();
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            return response;
        }
        if let Some(response) = without_reading(request.method()) {
            // A body that is still coming when the connection closes would take the answer with it.
            self.pass_over(request.into_body()).await;
            return response;
        }
        self.answers.answer(request).await
    }

    /// Reads a short body to its end.
    async fn pass_over(&self, mut body: Incoming) {
        let reading = async {
            let mut read = 0;
            while read < BODY_BYTES {
                match std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
                    Some(Ok(frame)) => read += frame.data_ref().map_or(0, bytes_of),
                    Some(Err(_)) | None => return,
                }
            }
        };
        if tokio::time::timeout(BODY_TIMEOUT, reading).await.is_err() {
            self.metrics.timed_out(Timeout::Body);
        }
    }
}

/// Whether a request's first line has too many bytes.
fn is_too_long(request: &Request<Incoming>) -> bool {
    let target = request.uri().path_and_query().map_or(1, |target| target.as_str().len());
    request.method().as_str().len() + target + " HTTP/1.1".len() + 1 > LINE_BYTES
}

/// Why a request is refused for whom or what it asks for, where it is.
fn refused(request: &Request<Incoming>) -> Option<Problem> {
    target::refused(request.method(), request.uri(), request.version(), request.headers())
}

fn bytes_of(data: &impl AsRef<[u8]>) -> usize {
    data.as_ref().len()
}
