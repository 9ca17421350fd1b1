//! The service asked from within the program: everything that the network would get, without a network.

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

/// A request as it comes over the network, without a body.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Its method, such as `GET`.
    pub method: &'a str,
    /// Path and query.
    pub address: &'a str,
    /// Its headers, in their order; a name may be there more than once.
    pub headers: &'a [(&'a str, &'a [u8])],
}

/// A response, described.
#[derive(Debug, Clone)]
pub struct Description {
    /// The status.
    pub status: u16,
    /// The headers in their order, their names in small letters.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body as it is sent, coded or not; what there is of it when it breaks off.
    pub body: Vec<u8>,
    /// Why the body broke off, when it did.
    pub broken: Option<String>,
}

impl Description {
    /// Returns the value of a header that is there once; its name is in small letters.
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

/// The service with everything that stands before its routes: codings, conditions, ranges, the cache. Only the network and its
/// limits are left out.
#[derive(Clone)]
pub struct InProcess {
    pipeline: Pipeline,
}

impl InProcess {
    /// A service whose data are there.
    pub fn new(app: App) -> Self {
        Self { pipeline: Pipeline::new(app.clone(), app.router()) }
    }

    /// Answers a request as it would be answered over the network, within a runtime of tokio that has time. A panic is not
    /// caught. `None` for what is no request: HTTP itself refuses it before it reaches us.
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
    /// Answers GET of an address (path and query) by its route alone: uncoded, and without the cache.
    pub async fn get(self, address: &str) -> Description {
        let answer = self.router()(address).await;
        let response = answer.unwrap_or_else(|problem| problem.response());
        let mut sent = Outgoing::new(response.body.outgoing(Coding::Identity, None, None));
        (*sent.status_mut(), *sent.headers_mut()) = (response.status, response.headers);
        Description::of(sent).await
    }

    /// Returns the routes of a service whose data are there.
    fn router(&self) -> Router {
        let readiness = Arc::new(Readiness::loading(Arc::clone(&self.metrics)));
        readiness.loaded();
        router(self.clone(), readiness)
    }
}
