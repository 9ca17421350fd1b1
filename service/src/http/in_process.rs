//! The service without a network, for callers within the program.

use std::sync::Arc;

use http_body_util::BodyExt as _;
use hyper::body::Frame;
use warp::http::request::Builder;

use super::app::App;
use super::body::coding::Coding;
use super::body::stream::{Outgoing, OutgoingBody};
use super::pipeline::Pipeline;
use super::pipeline::method::without_reading;
use super::readiness::Readiness;
use super::routes::{Router, router};

/// A request without a body.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method, such as `GET`.
    pub method: &'a str,
    /// Path and query.
    pub address: &'a str,
    /// The headers in their order. A name may occur more than once.
    pub headers: &'a [(&'a str, &'a [u8])],
}

/// The parts of a response.
#[derive(Debug, Clone)]
pub struct Description {
    /// The status.
    pub status: u16,
    /// The headers in their order, with names in lower case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body as it is sent, coded or not. If the body broke off, the part before that.
    pub body: Vec<u8>,
    /// Why the body broke off, if it did.
    pub broken: Option<String>,
}

impl Description {
    /// Returns the value of a header that occurs exactly once. `name` is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(own, _)| own == name);
        let (_, value) = all.next().filter(|_| all.next().is_none())?;
        std::str::from_utf8(value).ok()
    }

    async fn of(response: Outgoing) -> Self {
        let (head, mut sent): (_, OutgoingBody) = response.into_parts();
        let headers = head.headers.iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
        let (mut body, mut broken) = (Vec::new(), None);
        while let Some(frame) = sent.frame().await {
            match frame.map(Frame::into_data) {
                Ok(data) => body.extend_from_slice(&data.unwrap_or_default()),
                Err(error) => broken = Some(error.to_string()),
            }
        }
        Self { status: head.status.as_u16(), headers, body, broken }
    }
}

/// The service with its whole pipeline: codings, conditions, ranges and the cache. Only the network and its limits are left out.
#[derive(Clone)]
pub struct InProcess {
    pipeline: Pipeline,
}

impl InProcess {
    /// Makes a service whose data are loaded.
    pub fn new(app: App) -> Self {
        Self { pipeline: Pipeline::new(app.clone(), app.router()) }
    }

    /// Answers a request as it would be answered over the network. Needs a tokio runtime with timers. Panics are not caught. `None`
    /// if the request is not valid HTTP, which the server would refuse before the pipeline.
    pub async fn ask(&self, request: Request<'_>) -> Option<Description> {
        let builder = Builder::new().method(request.method).uri(request.address);
        let with = |builder: Builder, (name, value): &(&str, &[u8])| builder.header(*name, *value);
        let (request, ()) = request.headers.iter().fold(builder, with).body(()).ok()?.into_parts();
        let at_once = without_reading(&request).or_else(|| self.pipeline.at_once(&request));
        let response = match at_once {
            Some(response) => response,
            None => self.pipeline.answer(&request).await,
        };
        Some(Description::of(response).await)
    }
}

impl App {
    /// Answers a GET request by its route alone, uncoded and without the cache. `address` is a path and a query.
    pub async fn get(self, address: &str) -> Description {
        let answer = self.router()(address).await;
        let response = answer.unwrap_or_else(|problem| problem.response());
        let mut sent = Outgoing::new(response.body.outgoing(Coding::Identity, None, None));
        (*sent.status_mut(), *sent.headers_mut()) = (response.status, response.headers);
        Description::of(sent).await
    }

    /// Returns the routes of a service whose data are loaded.
    fn router(&self) -> Router {
        let readiness = Arc::new(Readiness::loading(Arc::clone(&self.metrics)));
        readiness.loaded();
        router(self.clone(), readiness)
    }
}
