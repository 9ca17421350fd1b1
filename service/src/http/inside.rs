//! The service asked from within the program: everything that the network would get, without a network.

use std::pin::Pin;
use std::sync::Arc;

use hyper::body::Body as _;
use tower_service::Service as _;
use warp::http::header::CONTENT_TYPE;
use warp::http::{Request, StatusCode};
use warp::reply::Response;

use super::readiness::Readiness;
use super::{App, routes};

/// What was answered.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Whether the status is 200.
    pub is_ok: bool,
    /// `Content-Type`.
    pub media_type: String,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl App {
    /// Answers GET of an address (path and query) as it would over the network.
    pub async fn get(self, address: &str) -> Reply {
        let nothing = Response::new(Vec::new().into()).into_body();
        let Ok(request) = Request::get(address).body(nothing) else {
            return Reply { is_ok: false, media_type: String::new(), body: b"no address".to_vec() };
        };
        let readiness = Arc::new(Readiness::loading(Arc::clone(&self.metrics)));
        readiness.loaded();
        let Ok(response) = warp::service(routes(self, readiness)).call(request).await;
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().to_owned();
        let is_ok = response.status() == StatusCode::OK;
        let mut body = response.into_body();
        let mut whole = Vec::new();
        while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            match frame.map(hyper::body::Frame::into_data) {
                Ok(Ok(data)) => whole.extend_from_slice(&data),
                // Trailers say nothing of the body.
                Ok(Err(_trailers)) => {}
                Err(error) => {
                    return Reply { is_ok: false, media_type, body: error.to_string().into_bytes() };
                }
            }
        }
        Reply { is_ok, media_type, body: whole }
    }
}
