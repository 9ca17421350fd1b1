//! Request methods. The whole service is read-only.

use warp::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, ALLOW,
};
use warp::http::request::Parts;
use warp::http::{Method, StatusCode};

use super::negotiation::outgoing;
use crate::http::body::stream::Outgoing;
use crate::http::problem::Problem;
use crate::http::response::empty;

const METHODS: &str = "GET, HEAD, OPTIONS";

/// Returns the response to a request whose method is neither GET nor HEAD.
pub fn without_reading(request: &Parts) -> Option<Outgoing> {
    let response = match request.method {
        Method::GET | Method::HEAD => return None,
        Method::OPTIONS => empty(StatusCode::NO_CONTENT)
            .with(ALLOW, METHODS)
            .with(ACCESS_CONTROL_ALLOW_METHODS, METHODS)
            .with(ACCESS_CONTROL_ALLOW_HEADERS, "*")
            .with(ACCESS_CONTROL_MAX_AGE, "86400"),
        _ => Problem::method(request.method.as_str()).response().with(ALLOW, METHODS),
    };
    Some(outgoing(response, &request.method))
}
