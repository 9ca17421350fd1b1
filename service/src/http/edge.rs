//! What is done to every request and response, whatever the route: methods, HEAD, conditional requests.

use headers::{ETag, HeaderMapExt as _};
use warp::Reply as _;
use warp::http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    IF_NONE_MATCH,
};
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::body::Part;
use super::headers::{REPR_DIGEST, empty};
use super::problem::Problem;
use super::range::{Wanted, content_range, is_another, wanted};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// Returns the answer to a request whose method is neither GET nor HEAD.
pub fn without_reading(method: &Method) -> Option<Response> {
    match *method {
        Method::GET | Method::HEAD => None,
        Method::OPTIONS => {
            let mut response = empty(StatusCode::NO_CONTENT);
            let headers = response.headers_mut();
            headers.insert(ALLOW, METHODS);
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
            Some(response)
        }
        _ => {
            let mut response = Problem::method(method.as_str()).response();
            response.headers_mut().insert(ALLOW, METHODS);
            Some(response)
        }
    }
}

/// Finishes a response, in the order of RFC 9110, 13.2.2: 412 when the client wants another version, 304 when it has
/// this one already, the part that it asks for; no body for HEAD (the length stays).
pub fn finish(method: &Method, request: &HeaderMap, response: Response) -> Response {
    let response = match response.headers().typed_get::<ETag>() {
        Some(tag) if response.status() == StatusCode::OK => conditioned(method, request, response, &tag),
        _ => response,
    };
    if *method == Method::HEAD { without_body(response) } else { response }
}

fn conditioned(method: &Method, request: &HeaderMap, mut response: Response, tag: &ETag) -> Response {
    if is_another(request, tag) {
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
        return Problem::another_body(tag).response();
    }
    if matches(request, response.headers().get(ETAG)) {
        return not_modified(&response);
    }
    response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let length = response.headers().typed_get::<headers::ContentLength>();
    let Some(headers::ContentLength(length)) = length.filter(|_| *method == Method::GET) else {
        return response;
    };
    match wanted(request, tag, length) {
        Wanted::Whole => response,
        Wanted::Part(first, last) => part(response, first, last, length),
        Wanted::Beyond => {
            let mut beyond = Problem::beyond(length).response();
            beyond.headers_mut().typed_insert(headers::ContentRange::unsatisfied_bytes(length));
            beyond
        }
    }
}

/// The bytes from the first to the last, with all that the whole says of itself.
fn part(whole: Response, first: u64, last: u64, length: u64) -> Response {
    let (mut parts, body) = whole.into_parts();
    let own_length = last - first + 1;
    let (_, body) = warp::reply::stream(Part::of(body, first, own_length)).into_response().into_parts();
    parts.status = StatusCode::PARTIAL_CONTENT;
    parts.headers.insert(CONTENT_LENGTH, own_length.into());
    if let Some(range) = content_range(first, last, length) {
        parts.headers.typed_insert(range);
    }
    Response::from_parts(parts, body)
}

fn without_body(response: Response) -> Response {
    let (parts, _body) = response.into_parts();
    Response::from_parts(parts, Vec::new().into())
}

/// Whether `If-None-Match` names the tag (RFC 9110, 13.1.2: compared weakly, a list, or any).
fn matches(request: &HeaderMap, tag: Option<&HeaderValue>) -> bool {
    let Some(tag) = tag.and_then(|tag| tag.to_str().ok()) else {
        return false;
    };
    request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|candidate| candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == tag)
}

/// Whether a client takes a content coding (RFC 9110, 12.5.3): named, or all of them, and not with a weight of zero.
pub fn accepts(request: &HeaderMap, coding: &str) -> bool {
    let weight = |wanted: &str| {
        let listed = request.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        listed.flat_map(|value| value.split(',')).find_map(|one| {
            let mut parts = one.split(';').map(str::trim);
            let name = parts.next()?;
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let weight = weight.map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
            name.eq_ignore_ascii_case(wanted).then_some(weight)
        })
    };
    weight(coding).or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
}

fn not_modified(full: &Response) -> Response {
    let mut response = empty(StatusCode::NOT_MODIFIED);
    for (name, value) in full.headers() {
        if ![CONTENT_TYPE, CONTENT_LENGTH, REPR_DIGEST].contains(name) {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
    debug_assert!(response.headers().contains_key(CACHE_CONTROL));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_where_it_is_named_and_not_refused() {
        let request = |value| HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
        for yes in ["br", "gzip, deflate, br, zstd", "gzip;q=1.0, BR;q=0.5", "*"] {
            assert!(accepts(&request(yes), "br"), "{yes}");
        }
        for no in ["", "gzip", "br;q=0", "*;q=0", "br;q=0, *", "gzip, br;q=x"] {
            assert!(!accepts(&request(no), "br"), "{no}");
        }
        assert!(!accepts(&HeaderMap::new(), "br"));
    }

    #[test]
    fn a_tag_is_found_in_a_list_weak_or_strong_and_not_in_another() {
        let tag = HeaderValue::from_static("\"abc\"");
        let request = |value| HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(value))]);
        for present in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert!(matches(&request(present), Some(&tag)), "{present}");
        }
        for absent in ["\"abcd\"", "abc", "", "W/\"x\""] {
            assert!(!matches(&request(absent), Some(&tag)), "{absent}");
        }
    }
}
