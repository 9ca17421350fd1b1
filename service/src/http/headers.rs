//! What every response says besides its body.

use warp::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use warp::http::{HeaderMap, HeaderName, StatusCode};
use warp::reply::Response;

use super::body::Body;
use super::cache::repr_digest;

/// The release that an answer was made from.
pub const RELEASE: HeaderName = HeaderName::from_static("chargesheet-release");

/// Why a table is empty: an empty CSV has no place to say it.
pub const NOTE: HeaderName = HeaderName::from_static("chargesheet-note");

/// The older of two releases that an answer compares.
pub const RELEASE_FROM: HeaderName = HeaderName::from_static("chargesheet-release-from");

/// How many rows a table has, the header not counted.
pub const ROWS: HeaderName = HeaderName::from_static("chargesheet-rows");

/// Where the time went (W3C Server Timing): which way a query took, or that the answer was there already.
pub const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The SHA-256 of the whole body as it is, also where only a part of it is sent (RFC 9530).
pub const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// How long a response stays right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// For ever: its address names a release.
    Pinned,
    /// Until the next release: caches may show the old one for a moment while they ask.
    Current,
    /// Until the program is renewed.
    Program,
    /// Until somebody asks again: something that belongs to it cannot be read at this moment.
    Asked,
    /// Not at all: it tells of a moment.
    Never,
}

impl Caching {
    fn header(self) -> &'static str {
        match self {
            Self::Pinned => "public, max-age=31536000, immutable",
            Self::Current => "public, max-age=60, stale-while-revalidate=600",
            Self::Program => "public, max-age=300",
            Self::Asked => "no-cache",
            Self::Never => "no-store",
        }
    }

    /// Says that an answer about all datasets lacks one. An answer about one dataset names its release, and stays as it is.
    pub fn lacking(headers: &mut HeaderMap) {
        if !headers.contains_key(RELEASE)
            && headers.get(CACHE_CONTROL).is_some_and(|own| own == Self::Current.header())
        {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(Self::Asked.header()));
        }
    }
}

/// What our own pages may load: nothing but our own files; no plug-in, no frame around them, no form elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page of a chart for a frame, on any site. A picture that is saved is made from a `blob:`.
const FRAME_POLICY: &str = "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *";

/// A document that holds all it needs: it asks nobody for anything.
const DOCUMENT_POLICY: &str = "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; \
     script-src 'unsafe-inline' 'wasm-unsafe-eval'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
     sandbox allow-scripts allow-downloads allow-popups";

/// Everything else is data: it must run nothing, also when opened by itself.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Makes a response with its length and the SHA-256 of its body, the first 128 bits of which are a strong `ETag`. The body
/// goes with it a second time, as what it is, so that it can be coded and kept.
pub fn respond(
    status: StatusCode,
    media_type: &'static str,
    body: impl Into<Body>,
    caching: Caching,
) -> Response {
    let body = body.into();
    let (digest, length, rows) = (body.digest(), body.length(), body.rows());
    let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let mut response = body.clone().into_response();
    response.extensions_mut().insert(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // A body that is written while it is read does not say its length by itself.
    headers.insert(CONTENT_LENGTH, length.into());
    if let Some(rows) = rows {
        headers.insert(ROWS, rows.into());
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching.header()));
    if status == StatusCode::OK
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{tag}\""))
    {
        headers.insert(ETAG, tag);
        if let Ok(digest) = HeaderValue::from_str(&repr_digest(&digest)) {
            headers.insert(REPR_DIGEST, digest);
        }
    }
    let is_page = media_type.starts_with("text/html");
    let policy = if is_page { PAGE_POLICY } else { DATA_POLICY };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    secure(response)
}

/// Lets a page stand in a frame of any site.
pub fn framed(response: Response) -> Response {
    with_policy(response, FRAME_POLICY)
}

/// Lets a document run what it holds, and nothing else.
pub fn standing_alone(response: Response) -> Response {
    with_policy(response, DOCUMENT_POLICY)
}

fn with_policy(mut response: Response, policy: &'static str) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// Adds what every response has: readable from any origin (without credentials), its type not guessed,
/// and nobody told where a reader came from.
fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(
            "ETag, Link, Chargesheet-Release, Chargesheet-Release-From, Chargesheet-Rows, Chargesheet-Note, Repr-Digest, \
             Accept-Ranges, Content-Range, Content-Disposition, Server-Timing",
        ),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// Makes a response without a body.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Vec::new().into());
    *response.status_mut() = status;
    secure(response)
}
