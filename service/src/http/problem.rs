//! The only format of errors: `application/problem+json`, RFC 9457.

use std::time::Duration;

use chargesheet_widget::chart::DrawError;
use serde::Serialize;
use warp::http::StatusCode;
use warp::http::header::RETRY_AFTER;

use super::observe::log;
use super::observe::panics::FaultId;
use super::response::{Caching, Response, respond};
use super::says::Says;
use crate::catalog::{Absent, LoadError};
use crate::domain::Language;
use crate::query::{QueryError, ShortError, instead};
use crate::release::StoreError;

/// The result of a route.
pub type Answer = Result<Response, Problem>;

/// What went wrong, for programs and people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// The kind of problem, as a URN.
    #[serde(rename = "type")]
    kind: Box<str>,
    /// The kind in words.
    title: Box<str>,
    status: u16,
    /// This very problem in words: the thing, the value, what was expected, the nearest right one.
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expected: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<Box<str>>,
    /// The same address with the nearest right value, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<Box<str>>,
    /// The problem in plain words, in the language that the address asks for; only where it asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<Box<str>>,
    /// What is gone: since when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Box<str>>,
    /// What is gone: why, as a class.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// This very occurrence, as a URN: a bug's number, under which the service's log has it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<Box<str>>,
    /// After how many seconds asking again makes sense, where it does: goes into a header.
    #[serde(skip)]
    retry_after: Option<u32>,
    /// What is told of it in the languages of people.
    #[serde(skip)]
    says: Box<Says>,
}

/// `Retry-After` for an answer that took too long, in seconds. By then the service may be less busy.
const AFTER_TOO_SLOW: u32 = 10;
/// `Retry-After` while a cluster is away, in seconds: it is looked after so often.
const AFTER_AWAY: u32 = 5;

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &str, detail: impl Into<String>) -> Self {
        let (kind, title) = (format!("urn:chargesheet:problem:{kind}").into(), title.into());
        Self { kind, title, status: status.as_u16(), detail: detail.into(), ..Self::default() }
    }

    /// Makes a 503. The client may try again after this number of seconds.
    fn unavailable(kind: &str, title: &str, seconds: u32, detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, title, detail);
        Self { retry_after: Some(seconds), ..problem }
    }

    fn says(self, key: &str) -> Self {
        Self { says: Says::Text(key.to_owned()).into(), ..self }
    }

    fn with_value(self, value: &str) -> Self {
        Self { value: Some(value.to_owned()), ..self }
    }

    /// Nothing exists at this address.
    pub fn not_found(what: &str, value: &str, nearest: Option<&str>) -> Self {
        let hint = nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
        let detail = format!("no {what} `{value}`{hint}");
        let problem = Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail).with_value(value);
        let key = format!("no_{}", what.replace(' ', "_"));
        Self { nearest: nearest.map(Into::into), ..problem.says(&key) }
    }

    /// No release of this service has an id that ends in these digits.
    pub fn no_release_with(digits: &str) -> Self {
        let detail = format!(
            "there is no release here whose id ends in `{digits}`, which this short address is about; it may be known to \
             another service, or the address is not typed right. The releases of a dataset are at \
             /v1/datasets/{{dataset}}/releases"
        );
        Self::new(StatusCode::NOT_FOUND, "no-release", "No such release", detail)
            .with_value(digits)
            .says("no_release_with_digits")
    }

    /// No file has this ending of a short address.
    pub fn no_ending(found: &str, known: &[&str], nearest: Option<&str>) -> Self {
        let expected = known.iter().map(|ending| (*ending).to_owned()).collect();
        Self { expected, ..Self::not_found("file of a short address with the ending", found, nearest) }
    }

    /// The dataset, or the requested release of it, does not exist or was withdrawn.
    pub fn absent(dataset: &str, release: Option<&str>, absent: Absent) -> Self {
        let text = absent.to_text(dataset, release);
        match absent {
            Absent::NoDataset(nearest) => Self::not_found("dataset", dataset, nearest.as_deref()),
            Absent::NoRelease(nearest) => {
                Self::not_found("release", release.unwrap_or_default(), nearest.as_deref())
            }
            Absent::Withdrawn { release, tombstone } => {
                let detail = format!("{text}. Other releases are at /v1/datasets/{dataset}/releases");
                let problem =
                    Self::new(StatusCode::GONE, "withdrawn", "Withdrawn", detail).with_value(&release);
                let (since, reason) = (tombstone.since.to_string(), tombstone.reason.name());
                Self { since: Some(since.into()), reason: Some(reason), ..problem.says("withdrawn") }
            }
            Absent::Failed(error) => {
                log::fault(&format!("a release cannot be loaded: {error}"));
                if let LoadError::Store(newer @ StoreError::Newer { .. }) = &*error {
                    let title = "Needs a later version of the program";
                    let status = StatusCode::SERVICE_UNAVAILABLE;
                    let problem = Self::new(status, "newer-format", title, newer.to_string());
                    return problem.says("newer_format");
                }
                Self::unreadable(&format!(
                    "the release asked for of `{dataset}` cannot be read at this moment"
                ))
            }
        }
    }

    /// The value is in none of the readable datasets, but one dataset cannot be read.
    pub fn unread_dataset(what: &str, value: &str, dataset: &str) -> Self {
        Self::unreadable(&format!(
            "`{dataset}` cannot be read at this moment, and no other has the {what} `{value}`"
        ))
    }

    /// Turns the problem into a 404, unless it is an error of the service.
    pub fn into_not_found(self) -> Self {
        if self.status >= 500 { self } else { Self { status: StatusCode::NOT_FOUND.as_u16(), ..self } }
    }

    /// The request is valid, but this service does not implement it.
    pub fn not_implemented(detail: &str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "not-implemented", "Not implemented", detail)
    }

    /// The data for this answer cannot be read at the moment.
    pub fn unreadable(detail: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unreadable", "Cannot be read", detail).says("unreadable")
    }

    /// The method is not allowed, since the service is read-only.
    pub fn method(method: &str) -> Self {
        let detail = format!("`{method}` is not possible here; use GET or HEAD");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed", detail)
    }

    /// The body is not the version that `If-Match` names.
    pub fn another_body(tag: &str) -> Self {
        let detail = format!("`If-Match` names another version; this address has {tag} now");
        Self::new(StatusCode::PRECONDITION_FAILED, "another-version", "Another version", detail)
    }

    /// The requested range is beyond the end of the body.
    pub fn beyond(length: u64) -> Self {
        let detail = format!("`Range` begins after the end; the body has {length} bytes, numbered from 0");
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "range", "Range not satisfiable", detail)
    }

    /// A bug of the service.
    pub fn internal() -> Self {
        let detail = "the answer could not be computed; this is a bug of the service, not of the question";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail)
    }

    /// A bug of the service, which is logged.
    pub fn bug(what: &str, error: &impl std::fmt::Display) -> Self {
        log::fault(&format!("{what}: {error}"));
        Self::internal()
    }

    /// A file could not be written from an answer. This is a bug of the service too.
    pub fn unwritten(error: &impl std::fmt::Display) -> Self {
        Self::bug("a file could not be written", error)
    }

    /// Too many requests wait, or this one has waited for too long.
    pub fn busy(why: &str) -> Self {
        Self::unavailable("busy", "Busy", 1, format!("{why}; ask again in a second, or later")).says("busy")
    }

    /// Other large responses hold the whole budget for bodies.
    pub fn no_room() -> Self {
        let detail = "other large answers are being sent, and there is no room for one more until they are; ask again \
                      later, or for less (fewer dimensions in `by`, a country, a period)";
        Self::unavailable("busy", "Busy", AFTER_TOO_SLOW, detail).says("busy")
    }

    /// The answer took longer than the time limit.
    pub fn too_slow(limit: Duration) -> Self {
        let detail = format!(
            "the answer takes longer than the {} seconds that one may take here; ask for less (fewer dimensions in `by`, a \
             country, a period), or again later",
            limit.as_secs_f64()
        );
        Self::unavailable("too-slow", "Too slow", AFTER_TOO_SLOW, detail).says("too_slow")
    }

    /// The cluster that counts this does not answer as it should. Why is for the operator.
    pub fn cluster_away(why: &str) -> Self {
        log::warn("cluster.away", why);
        let detail = "a cluster of machines counts this, and it does not answer at this moment; what this server counts \
                      itself goes on; ask again later";
        Self::unavailable("cluster-away", "The cluster is away", AFTER_AWAY, detail).says("cluster_away")
    }

    /// The data are still being loaded.
    pub fn loading() -> Self {
        Self::unavailable("loading", "Loading", 1, "the data are being loaded; ask again in a second")
    }

    /// The service is shutting down.
    pub fn draining() -> Self {
        let detail = "the service is going down, and answers only what was asked before; ask another one";
        Self::unavailable("draining", "Going down", 1, detail)
    }

    /// The request line exceeds the limit in bytes.
    pub fn line_too_long(limit: usize) -> Self {
        let detail = format!(
            "the request line has more than the {limit} bytes that are read; ask for fewer codes at once"
        );
        Self::new(StatusCode::URI_TOO_LONG, "line-too-long", "Request line too long", detail)
    }

    /// The head of the request exceeds the limit in bytes.
    pub fn head_too_large(limit: usize) -> Self {
        let detail = format!(
            "the head of the request has more than the {limit} bytes or the hundred fields that are read; no header but \
             those of HTTP itself is needed here, and cookies are not"
        );
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        Self::new(status, "head-too-large", "Head too large", detail)
    }

    /// The bytes are not a valid HTTP/1.1 request. `detail` says why.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "Malformed request", detail)
    }

    /// Returns the detail of the problem, in words.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Returns the problem in the words of a language. What was typed stands between backticks.
    pub fn told(&self, language: Language) -> String {
        let (value, nearest) = (self.value.as_deref(), self.nearest.as_deref());
        self.says.told(language, &self.detail, [value, self.since.as_deref()], nearest)
    }

    /// Returns the problem with what it says in a language.
    pub fn in_language(self, language: Language) -> Self {
        Self { told: Some(self.told(language).into()), ..self }
    }

    /// Returns the query that is meant by a refused one, if the problem knows the nearest right value.
    pub fn instead_of(&self, query: &str) -> Option<String> {
        instead(query, self.parameter.as_deref()?, self.value.as_deref(), self.nearest.as_deref()?)
    }

    /// Returns the problem with the address that works in the place of the one that was asked.
    pub fn at(self, path: &str, query: &str) -> Self {
        let right = self.instead_of(query);
        Self { instead: right.map(|right| format!("{path}?{right}").into()), ..self }
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the problem as a response.
    pub fn response(&self) -> Response {
        let body = self.to_bytes();
        let mut response = respond(self.status(), "application/problem+json", body, Caching::Never);
        if let Some(seconds) = self.retry_after {
            response.headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    /// Returns the problem as JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a problem has only strings, numbers and lists")
    }
}

/// Declares which problem each type of error becomes.
macro_rules! from {
    ($($error:ident: $type:ty => $problem:expr;)*) => {
        $(impl From<$type> for Problem {
            fn from($error: $type) -> Self {
                $problem
            }
        })*
    };
}

from! {
    fault: FaultId => {
        let internal = Self::internal();
        let detail = format!("{}. The service's log has it as fault {fault}", internal.detail);
        Self { detail, instance: Some(format!("urn:chargesheet:fault:{fault}").into()), ..internal }
    };
    error: QueryError => {
        let title = match error.kind() {
            "encoding" => "The query cannot be read",
            "parameter-twice" => "Parameter given twice",
            "unknown-parameter" => "Unknown parameter",
            "unknown-code" => "Unknown code",
            "not-additive" => "Figures that may not be added",
            "too-many-rows" => "More rows than an answer has",
            _ => "Value that means nothing here",
        };
        let problem = Self {
            parameter: error.parameter().map(str::to_owned),
            value: error.value().map(str::to_owned),
            expected: error.expected(),
            nearest: error.nearest().map(Into::into),
            ..Self::new(StatusCode::BAD_REQUEST, error.kind(), title, error.to_string())
        };
        Self { says: Says::Refused(error).into(), ..problem }
    };
    error: ShortError => {
        let (ShortError::Characters { found }
        | ShortError::Form { found, .. }
        | ShortError::Mistyped { found }) = &error;
        Self::new(StatusCode::BAD_REQUEST, "short-address", "No short address", error.to_string())
            .with_value(found)
            .says("short")
    };
    // The chart cannot be drawn from this answer.
    error: DrawError => {
        let title = "This cannot be drawn";
        let problem = Self::new(StatusCode::BAD_REQUEST, "undrawable", title, error.to_string());
        Self { parameter: Some("type".to_owned()), says: Says::Undrawable(error).into(), ..problem }
    };
}
