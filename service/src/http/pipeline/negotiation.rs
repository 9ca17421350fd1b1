//! Negotiation: the form of a body that a request gets, its conditions, and the range that is sent.
//!
//! A range is always a range of the uncoded body, and `If-Match` refers to that body too. A client that sends either header gets
//! the body uncoded, unless it refuses identity. So an interrupted transfer can be resumed whatever codings the client's library
//! accepts. And a range never refers to a coded form, whose bytes may differ in a later version of the program.

use headers::{ContentRange, HeaderMapExt as _};
use hyper::body::Bytes;
use warp::http::header::{CONTENT_LENGTH, HeaderMap, IF_MATCH, RANGE};
use warp::http::request::Parts;
use warp::http::{Method, StatusCode};

use super::conditions::{Wanted, is_another, is_known, wanted};
use super::head::Head;
use crate::http::body::coding::{Accepted, CACHED, Coding, STREAMED};
use crate::http::body::stream::{Outgoing, OutgoingBody, whole};
use crate::http::problem::Problem;
use crate::http::response::Response;

/// The result of negotiation, before any byte of the body is needed.
pub enum Negotiated {
    /// The request is answered with 304 or 412.
    Settled(Outgoing),
    /// The request is answered with the body in this coding.
    Form(Coding),
}

/// Chooses the coding and checks the conditions, in the order of RFC 9110, 13.2.2.
pub fn negotiate(head: &Head, request: &Parts) -> Negotiated {
    let coding = coding(head, request);
    if request.headers.contains_key(IF_MATCH) {
        let tag = head.tag(coding);
        if is_another(&request.headers, &tag) {
            return Negotiated::Settled(outgoing(Problem::another_body(&tag).response(), &request.method));
        }
    }
    if is_known(&request.headers, |opaque| head.is_tagged(opaque)) {
        let headers = head.unchanged_headers(coding);
        return Negotiated::Settled(assemble(StatusCode::NOT_MODIFIED, headers, whole(Bytes::new())));
    }
    Negotiated::Form(coding)
}

fn coding(head: &Head, request: &Parts) -> Coding {
    if !head.is_codable {
        return Coding::Identity;
    }
    let accepted = Accepted::of(&request.headers);
    let is_uncoded = is_of_a_part(request) || request.headers.contains_key(IF_MATCH) || head.is_short();
    if is_uncoded && accepted.takes_identity() {
        return Coding::Identity;
    }
    accepted.best(if head.is_cached() { &CACHED } else { &STREAMED })
}

/// Whether the request asks for a range. A range has a meaning only with GET (RFC 9110, 14.2).
fn is_of_a_part(request: &Parts) -> bool {
    request.method == Method::GET && request.headers.contains_key(RANGE)
}

/// Sends a body whose bytes in a coding are all in memory, or the range that the request asks for.
pub fn send_bytes(head: &Head, coding: Coding, bytes: Bytes, request: &Parts) -> Option<Outgoing> {
    let length = Some(bytes.len());
    send(head, (coding, length), request, |part| {
        // Both are offsets into `bytes`, whose length is a usize.
        let part = part.map(|(first, last)| bytes.slice(first as usize..=last as usize));
        Some(whole(part.unwrap_or(bytes)))
    })
}

/// Sends a body in a coding, or the range that the request asks for. The length in that coding is given if it is known. `body`
/// makes the whole body, or a range given by its first and last byte. It is not called if the response needs no byte of the body.
/// `None` if `body` returns `None`.
pub fn send(
    head: &Head,
    (coding, length): (Coding, Option<usize>),
    request: &Parts,
    body: impl FnOnce(Option<(u64, u64)>) -> Option<OutgoingBody>,
) -> Option<Outgoing> {
    let mut headers = head.headers(coding, length);
    if request.method == Method::HEAD {
        return Some(assemble(StatusCode::OK, headers, whole(Bytes::new())));
    }
    let is_part = coding == Coding::Identity && is_of_a_part(request);
    let length = head.facts.length;
    let wanted = if is_part { wanted(&request.headers, &head.tag(coding), length) } else { Wanted::Whole };
    match wanted {
        Wanted::Whole => Some(assemble(StatusCode::OK, headers, body(None)?)),
        Wanted::Part(first, last) => {
            headers.insert(CONTENT_LENGTH, (last - first + 1).into());
            if let Ok(range) = ContentRange::bytes(first..=last, length) {
                headers.typed_insert(range);
            }
            Some(assemble(StatusCode::PARTIAL_CONTENT, headers, body(Some((first, last)))?))
        }
        Wanted::Beyond => {
            let mut beyond = Problem::beyond(length).response();
            beyond.headers.typed_insert(ContentRange::unsatisfied_bytes(length));
            Some(outgoing(beyond, &request.method))
        }
    }
}

/// Turns an answer that exists in a single form into a response for the network.
pub fn outgoing(response: Response, method: &Method) -> Outgoing {
    let bytes = response.body.bytes().filter(|_| *method != Method::HEAD).cloned();
    assemble(response.status, response.headers, whole(bytes.unwrap_or_default()))
}

fn assemble(status: StatusCode, headers: HeaderMap, body: OutgoingBody) -> Outgoing {
    let mut assembled = Outgoing::new(body);
    (*assembled.status_mut(), *assembled.headers_mut()) = (status, headers);
    assembled
}
