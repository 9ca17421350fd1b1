//! Which form of a body a request gets, on which conditions, and which part of it.
//!
//! A part is always one of the body as it is, and `If-Match` is about that body too: who asks for either gets it as it
//! is, unless they refuse that. So a transfer that broke off can go on whatever the client's library takes, and no part is
//! ever of a form that a later version of the program may code otherwise.

use headers::HeaderMapExt as _;
use hyper::body::Bytes;
use warp::http::header::{CONTENT_LENGTH, HeaderMap, IF_MATCH, RANGE};
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::body::Body;
use super::cache::Head;
use super::coding::{Accepted, Coding, KEPT, STREAMED};
use super::headers::empty;
use super::problem::Problem;
use super::range::{Wanted, content_range, is_another, is_known, wanted};

/// What a request comes to before a byte of the body is needed.
#[derive(Debug)]
pub enum Selected {
    /// 304, or 412.
    Settled(Response),
    /// The body in this coding.
    Form(Coding),
}

/// Chooses the form and checks the conditions, in the order of RFC 9110, 13.2.2.
pub fn select(head: &Head, method: &Method, request: &HeaderMap) -> Selected {
    let coding = coding(head, method, request);
    if request.contains_key(IF_MATCH) {
        let tag = head.tag(coding);
        if is_another(request, &tag) {
            return Selected::Settled(Problem::another_body(&tag).response());
        }
    }
    if is_known(request, |opaque| head.is_tagged(opaque)) {
        let mut response = empty(StatusCode::NOT_MODIFIED);
        *response.headers_mut() = head.unchanged_headers(coding);
        return Selected::Settled(response);
    }
    Selected::Form(coding)
}

fn coding(head: &Head, method: &Method, request: &HeaderMap) -> Coding {
    if !head.is_codable() {
        return Coding::Identity;
    }
    let accepted = Accepted::of(request);
    // A range has a meaning with GET only (14.2).
    let is_of_the_body =
        request.contains_key(IF_MATCH) || (*method == Method::GET && request.contains_key(RANGE));
    if (is_of_the_body || head.is_short()) && accepted.takes_identity() {
        return Coding::Identity;
    }
    accepted.best(if head.is_kept() { &KEPT } else { &STREAMED })
}

/// Sends bytes that are all there.
pub fn send(head: &Head, coding: Coding, bytes: Bytes, method: &Method, request: &HeaderMap) -> Response {
    let headers = head.headers(coding, bytes.len());
    let cut = |first: u64, last: u64| {
        // Both are places in `bytes`, whose length is a usize.
        Response::new(bytes.slice(first as usize..=last as usize).into())
    };
    let mut response = match range(head, coding, method, request) {
        Ok(Wanted::Part(first, last)) => return part(head, headers, cut(first, last), (first, last)),
        Err(beyond) => return beyond,
        Ok(_) if *method == Method::HEAD => Response::new(Bytes::new().into()),
        Ok(_) => Response::new(bytes.into()),
    };
    *response.headers_mut() = headers;
    response
}

/// Returns the response that needs no byte of a body which is coded while it is sent: to HEAD, and to a range that the body
/// does not have.
pub fn without_body(head: &Head, coding: Coding, method: &Method, request: &HeaderMap) -> Option<Response> {
    if *method != Method::HEAD {
        return range(head, coding, method, request).err();
    }
    let mut response = Response::new(Bytes::new().into());
    *response.headers_mut() = head.streamed_headers(coding);
    Some(response)
}

/// Sends a body that is written while it is sent.
pub fn stream(head: &Head, coding: Coding, body: Body, method: &Method, request: &HeaderMap) -> Response {
    if let Some(response) = without_body(head, coding, method, request) {
        return response;
    }
    let headers = head.streamed_headers(coding);
    let mut response = match range(head, coding, method, request) {
        Ok(Wanted::Part(first, last)) => {
            return part(head, headers, body.into_part(first, last), (first, last));
        }
        Err(beyond) => return beyond,
        Ok(_) if coding == Coding::Identity => body.into_response(),
        Ok(_) => body.into_stream(coding),
    };
    *response.headers_mut() = headers;
    response
}

/// Returns what of the body is wanted; 416 when it is nothing.
fn range(head: &Head, coding: Coding, method: &Method, request: &HeaderMap) -> Result<Wanted, Response> {
    let is_asked = *method == Method::GET && coding == Coding::Identity && request.contains_key(RANGE);
    if !is_asked {
        return Ok(Wanted::Whole);
    }
    let wanted = wanted(request, &head.tag(coding), head.length());
    if wanted != Wanted::Beyond {
        return Ok(wanted);
    }
    let mut beyond = Problem::beyond(head.length()).response();
    beyond.headers_mut().typed_insert(headers::ContentRange::unsatisfied_bytes(head.length()));
    Err(beyond)
}

/// A part, with all that the whole says of itself.
fn part(head: &Head, mut headers: HeaderMap, cut: Response, (first, last): (u64, u64)) -> Response {
    let mut response = cut;
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    headers.insert(CONTENT_LENGTH, (last - first + 1).into());
    if let Some(range) = content_range(first, last, head.length()) {
        headers.typed_insert(range);
    }
    *response.headers_mut() = headers;
    response
}
