//! The answer of a route: status, headers and body. Also the headers that every response has.

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

/// Why a table is empty. An empty CSV has no place for such a note.
pub const NOTE: HeaderName = HeaderName::from_static("chargesheet-note");

/// The older of two releases that an answer compares.
pub const RELEASE_FROM: HeaderName = HeaderName::from_static("chargesheet-release-from");

/// When a release was published, of an answer that never changes (RFC 7089).
pub const MEMENTO: HeaderName = HeaderName::from_static("memento-datetime");

/// Number of rows of a table, without the header.
pub const ROWS: HeaderName = HeaderName::from_static("chargesheet-rows");

/// Where the time went (W3C Server Timing): how the engine counted, or that the answer was cached.
pub const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The SHA-256 of the whole uncoded body, even if only a range is sent (RFC 9530).
pub const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// How long a response stays valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// For ever, because the address names a release.
    Pinned,
    /// Until the next release. Caches may serve the old answer for a moment while they revalidate.
    Current,
    /// Until the program is updated.
    Program,
    /// Until the next request, because a dataset that belongs to the answer cannot be read at the moment.
    Asked,
    /// Not at all, because the response describes a moment.
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

    /// Shortens the caching of an answer about all datasets while one of them cannot be read. An answer about one dataset names its
    /// release, and stays as it is.
    pub fn lacking(headers: &mut HeaderMap) {
        if !headers.contains_key(RELEASE)
            && headers.get(CACHE_CONTROL).is_some_and(|own| own == Self::Current.header())
        {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(Self::Asked.header()));
        }
    }
}

/// Pages may load only files of this service. They have no plug-ins, may stand in no frame, and send no form elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page of a chart may stand in a frame on any site. It makes a picture to be saved from a `blob:`.
const FRAME_POLICY: &str = "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *";

/// A self-contained document may load nothing from any server.
const DOCUMENT_POLICY: &str = "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; \
     script-src 'unsafe-inline' 'wasm-unsafe-eval'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
     sandbox allow-scripts allow-downloads allow-popups";

/// Everything else is data. It may run nothing, even when opened by itself.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// An answer before its range and its coding are chosen.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers of the uncoded body.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// Headers of every response: any origin may read it without credentials, its type may not be guessed, and links from it send no
/// referrer.
const EVERYWHERE: [(HeaderName, &str); 5] = [
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (
        ACCESS_CONTROL_EXPOSE_HEADERS,
        "ETag, Link, Last-Modified, Memento-Datetime, Chargesheet-Release, Chargesheet-Release-From, Chargesheet-Rows, Chargesheet-Note, Repr-Digest, \
         Accept-Ranges, Content-Range, Content-Disposition, Server-Timing",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
];

/// Makes an answer. With status 200 it gets the SHA-256 of its body. The first 128 bits of the SHA-256 become a strong `ETag`.
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

/// Makes an answer from a value as JSON.
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

/// Returns the entity tag of a body without quotes: the first 128 bits of its SHA-256, in hex digits.
pub fn tag_of(digest: &[u8; 32]) -> String {
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl Response {
    /// Sets a header. A value that is not valid in a header is left out.
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

    /// Allows a page to stand in a frame on any site.
    pub fn framed(self) -> Self {
        self.with(CONTENT_SECURITY_POLICY, FRAME_POLICY)
    }

    /// Allows a document to run its own scripts, but to load nothing.
    pub fn standing_alone(self) -> Self {
        self.with(CONTENT_SECURITY_POLICY, DOCUMENT_POLICY)
    }
}
