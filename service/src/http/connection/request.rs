//! What is done with every request, whatever the route: limits, methods, counting, and a panic caught.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use tower_service::Service;
use warp::http::header::{CONNECTION, HeaderValue, RETRY_AFTER};
use warp::http::{Request, StatusCode};
use warp::reply::Response;

use super::wire::Seen;
use crate::http::edge::without_reading;
use crate::http::metrics::{Metrics, Refusal, Timeout};
use crate::http::panics::caught_waiting;
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

/// What answers the requests of all connections.
#[derive(Debug)]
pub struct Answering<S> {
    /// Answers once the data are there, the operator's questions at any time.
    pub service: S,
    /// Whether they are.
    pub readiness: Arc<Readiness>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

impl<S> Answering<S>
where
    S: Service<Request<Incoming>, Response = Response, Error = std::convert::Infallible> + Clone,
{
    /// Answers a request of a connection. There is an answer to everything.
    pub async fn answer(self: Arc<Self>, seen: Arc<Seen>, request: Request<Incoming>) -> Response {
        let number = seen.request();
        let asked = self.metrics.ask(request.method(), request.uri().path());
        let mut response = match caught_waiting(self.made(request)).await {
            Ok(response) => response,
            Err(fault) => Problem::fault(&fault).response(),
        };
        let headers = response.headers_mut();
        if number >= REQUESTS || self.readiness.stage() == Stage::Draining {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let status = response.status();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().entry(RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
        }
        self.metrics.answered(&asked, status);
        response
    }

    async fn made(&self, request: Request<Incoming>) -> Response {
        let method = request.method().clone();
        let target = request.uri().path_and_query().map_or(1, |target| target.as_str().len());
        if method.as_str().len() + target + " HTTP/1.1".len() + 1 > LINE_BYTES {
            self.metrics.refused(Refusal::Line);
            self.pass_over(request.into_body()).await;
            return Problem::line_too_long().response();
        }
        if let Some(response) = without_reading(&method) {
            // A body that is still coming when the connection closes would take the answer with it.
            self.pass_over(request.into_body()).await;
            return response;
        }
        // What is asked here is ready at any time, and cannot fail.
        let Ok(response) = self.service.clone().call(request).await;
        response
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

fn bytes_of(data: &impl AsRef<[u8]>) -> usize {
    data.as_ref().len()
}
