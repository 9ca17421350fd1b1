//! The answer of a route: status, headers and body; and what every one says besides its body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use warp::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use warp::http::{HeaderMap, HeaderName, StatusCode};

use super::body::{Body, Facts};

/// The release that an answer was made from.
pub const RELEASE: HeaderName = HeaderName::from_static("chargesheet-release");

/// Why a table is empty: an empty CSV has no place to say it.
pub const NOTE: HeaderName = HeaderName::from_static("chargesheet-note");

/// The older of two releases that an answer compares.
pub const RELEASE_FROM: HeaderName = HeaderName::from_static("chargesheet-release-from");

/// How many rows a table has, the header not counted.
pub const ROWS: HeaderName = HeaderName::from_static("chargesheet-rows");

/// Where the time went (W3C Server Timing): which way a query took, or that the answer was cached.
pub const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The SHA-256 of the whole uncoded body, also where only a part of it is sent (RFC 9530).
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

/// An answer before its form, its part and its coding are chosen.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers of the uncoded body.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// What every answer says: it may be read from any origin (without credentials), its type is not to be guessed, and nobody is
/// told where a reader came from.
const EVERYWHERE: [(HeaderName, &str); 5] = [
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (
        ACCESS_CONTROL_EXPOSE_HEADERS,
        "ETag, Link, Chargesheet-Release, Chargesheet-Release-From, Chargesheet-Rows, Chargesheet-Note, Repr-Digest, \
         Accept-Ranges, Content-Range, Content-Disposition, Server-Timing",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
];

/// Makes an answer. One with status 200 has the SHA-256 of its body, the first 128 bits of which are a strong `ETag`.
pub fn respond(
    status: StatusCode,
    media_type: &'static str,
    body: impl Into<Body>,
    caching: Caching,
) -> Response {
    let mut response = bare(status, body.into());
    let policy = if media_type.starts_with("text/html") { PAGE_POLICY } else { DATA_POLICY };
    for (name, value) in
        [(CONTENT_TYPE, media_type), (CACHE_CONTROL, caching.header()), (CONTENT_SECURITY_POLICY, policy)]
    {
        response.headers.insert(name, HeaderValue::from_static(value));
    }
    let Facts { digest, length, rows, .. } = response.body.facts.clone();
    response.headers.insert(CONTENT_LENGTH, length.into());
    if let Some(rows) = rows {
        response.headers.insert(ROWS, rows.into());
    }
    if status == StatusCode::OK {
        response.set(ETAG, &format!("\"{}\"", tag_of(&digest)));
        response.set(REPR_DIGEST, &format!("sha-256=:{}:", STANDARD.encode(digest)));
    }
    response
}

/// Makes an answer of a value as JSON.
pub fn json(value: &impl Serialize, caching: Caching) -> Response {
    let body = serde_json::to_vec(value).expect("only strings, numbers and lists are described");
    respond(StatusCode::OK, "application/json", body, caching)
}

/// Makes an answer without a body.
pub fn empty(status: StatusCode) -> Response {
    bare(status, Vec::new().into())
}

fn bare(status: StatusCode, body: Body) -> Response {
    let everywhere = EVERYWHERE.into_iter();
    let headers = everywhere.map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
    Response { status, headers, body }
}

/// Returns the tag of a body without quotes: the first 128 bits of its SHA-256.
pub fn tag_of(digest: &[u8; 32]) -> String {
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl Response {
    /// Sets a header. A value that cannot stand in one is left out.
    pub fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// Sets a header of the answer.
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Lets a page stand in a frame of any site.
    pub fn framed(self) -> Self {
        self.with(CONTENT_SECURITY_POLICY, FRAME_POLICY)
    }

    /// Lets a document run what it holds, and nothing else.
    pub fn standing_alone(self) -> Self {
        self.with(CONTENT_SECURITY_POLICY, DOCUMENT_POLICY)
    }
}
