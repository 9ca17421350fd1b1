//! The one shape of an error: `application/problem+json`, RFC 9457.

use std::time::Duration;

use serde::Serialize;
use warp::http::StatusCode;
use warp::http::header::RETRY_AFTER;
use warp::reply::Response;

use super::connection::{HEAD_BYTES, LINE_BYTES};
use super::headers::{Caching, respond};
use super::panics::FaultId;
use super::queue::Refused;
use crate::answer::AnswerError;
use crate::catalog::Absent;
use crate::explorer::PageError;
use crate::present::xlsx::SheetError;
use crate::query::{QueryError, ShortError};

/// What went wrong, for programs and people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// The kind of problem, as a URN.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: String,
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
    nearest: Option<String>,
    /// What is gone: since when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// What is gone: why, as a class.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// This very occurrence, as a URN: a bug's number, under which the service's log has it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// After how many seconds asking again makes sense, where it does: goes into a header.
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// When to ask again after an answer that took too long: what was busy then may not be now.
const AFTER_TOO_SLOW: u32 = 10;

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &str, detail: String) -> Self {
        Self {
            kind: format!("urn:chargesheet:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail,
            parameter: None,
            value: None,
            expected: Vec::new(),
            nearest: None,
            since: None,
            reason: None,
            instance: None,
            retry_after: None,
        }
    }

    /// There is no such thing at this address.
    pub fn not_found(what: &str, value: &str, nearest: Option<&str>) -> Self {
        let hint = nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
        Self {
            value: Some(value.to_owned()),
            nearest: nearest.map(str::to_owned),
            ..Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", format!("no {what} `{value}`{hint}"))
        }
    }

    /// No release here has an id that ends in these digits.
    pub fn no_release_with(digits: &str) -> Self {
        let detail = format!(
            "there is no release here whose id ends in `{digits}`, which this short address is about; it may be known to \
             another service, or the address is not typed right. The releases of a dataset are at \
             /v1/datasets/{{dataset}}/releases"
        );
        let problem = Self::new(StatusCode::NOT_FOUND, "no-release", "No such release", detail);
        Self { value: Some(digits.to_owned()), ..problem }
    }

    /// A short address leads to no file of this ending.
    pub fn no_ending(found: &str, known: &[&str], nearest: Option<&str>) -> Self {
        Self {
            expected: known.iter().map(|ending| (*ending).to_owned()).collect(),
            ..Self::not_found("file of a short address with the ending", found, nearest)
        }
    }

    /// A dataset, in a release where one was asked for, is not there, or not any more.
    pub fn absent(dataset: &str, release: Option<&str>, absent: Absent) -> Self {
        let text = absent.to_text(dataset, release);
        match absent {
            Absent::NoDataset(nearest) => Self::not_found("dataset", dataset, nearest.as_deref()),
            Absent::NoRelease(nearest) => {
                Self::not_found("release", release.unwrap_or_default(), nearest.as_deref())
            }
            Absent::Withdrawn { release, tombstone } => {
                let detail = format!("{text}. Other releases are at /v1/datasets/{dataset}/releases");
                Self {
                    value: Some(release),
                    since: Some(tombstone.since.to_string()),
                    reason: Some(tombstone.reason.name()),
                    ..Self::new(StatusCode::GONE, "withdrawn", "Withdrawn", detail)
                }
            }
            Absent::Failed(error) => {
                super::log(&format!("a release cannot be loaded: {error}"));
                Self::unreadable(&format!(
                    "the release asked for of `{dataset}` cannot be read at this moment"
                ))
            }
        }
    }

    /// Something is in no dataset that can be read, and one of them cannot.
    pub fn unread_dataset(what: &str, value: &str, dataset: &str) -> Self {
        Self::unreadable(&format!(
            "`{dataset}` cannot be read at this moment, and no other has the {what} `{value}`"
        ))
    }

    /// The same problem with a question, told as of a thing that is not there; a bug stays one.
    pub fn into_not_found(self) -> Self {
        if self.status >= 500 { self } else { Self { status: StatusCode::NOT_FOUND.as_u16(), ..self } }
    }

    /// It could be asked for, and is not made here.
    pub fn not_implemented(detail: &str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "not-implemented", "Not implemented", detail.to_owned())
    }

    /// What it is made from cannot be read now.
    pub fn unreadable(detail: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unreadable", "Cannot be read", detail.to_owned())
    }

    /// Only reading is possible.
    pub fn method(method: &str) -> Self {
        let detail = format!("`{method}` is not possible here; use GET or HEAD");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed", detail)
    }

    /// The body is another than the one that `If-Match` names.
    pub fn another_body(tag: &str) -> Self {
        let detail = format!("`If-Match` names another version; this address has {tag} now");
        Self::new(StatusCode::PRECONDITION_FAILED, "another-version", "Another version", detail)
    }

    /// A range of bytes that the body does not have.
    pub fn beyond(length: u64) -> Self {
        let detail = format!("`Range` begins after the end; the body has {length} bytes, numbered from 0");
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "range", "Range not satisfiable", detail)
    }

    /// The picture cannot be drawn from this answer.
    pub fn undrawable(detail: String) -> Self {
        let problem = Self::new(StatusCode::BAD_REQUEST, "undrawable", "This cannot be drawn", detail);
        Self { parameter: Some("type".to_owned()), ..problem }
    }

    /// A bug of ours.
    pub fn internal() -> Self {
        let detail =
            "the answer could not be computed; this is a bug of the service, not of the question".to_owned();
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail)
    }

    /// A bug of ours that was caught, with its number.
    pub fn fault(fault: &FaultId) -> Self {
        let internal = Self::internal();
        let detail = format!("{}. The service's log has it as fault {fault}", internal.detail);
        Self { detail, instance: Some(format!("urn:chargesheet:fault:{fault}")), ..internal }
    }

    /// Too many compute already.
    pub fn busy(refused: Refused) -> Self {
        let why = match refused {
            Refused::Full => "more questions wait for an answer at this moment than can be answered in time",
            Refused::Late => "the question has waited too long for its turn",
        };
        let detail = format!("{why}; ask again in a second, or later");
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy", detail);
        Self { retry_after: Some(1), ..problem }
    }

    /// Readers of large answers hold all the room there is for them.
    pub fn no_room() -> Self {
        let detail = "other large answers are being sent, and there is no room for one more until they are; ask again \
                      later, or for less (fewer dimensions in `by`, a country, a period)";
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy", detail.to_owned());
        Self { retry_after: Some(AFTER_TOO_SLOW), ..problem }
    }

    /// The answer took longer than any may.
    pub fn too_slow(limit: Duration) -> Self {
        let detail = format!(
            "the answer takes longer than the {} seconds that one may take here; ask for less (fewer dimensions in `by`, a \
             country, a period), or again later",
            limit.as_secs_f64()
        );
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "too-slow", "Too slow", detail);
        Self { retry_after: Some(AFTER_TOO_SLOW), ..problem }
    }

    /// The data are not there yet.
    pub fn loading() -> Self {
        let detail = "the data are being loaded; ask again in a second".to_owned();
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "loading", "Loading", detail);
        Self { retry_after: Some(1), ..problem }
    }

    /// The service is about to end.
    pub fn draining() -> Self {
        let detail =
            "the service is going down, and answers only what was asked before; ask another one".to_owned();
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "draining", "Going down", detail);
        Self { retry_after: Some(1), ..problem }
    }

    /// The request line is longer than any may be.
    pub fn line_too_long() -> Self {
        let detail = format!(
            "the request line has more than the {LINE_BYTES} bytes that are read; ask for fewer codes at once"
        );
        Self::new(StatusCode::URI_TOO_LONG, "line-too-long", "Request line too long", detail)
    }

    /// The head of the request is larger than any may be.
    pub fn head_too_large() -> Self {
        let detail = format!(
            "the head of the request has more than the {HEAD_BYTES} bytes or the hundred fields that are read; no header \
             but those of HTTP itself is needed here, and cookies are not"
        );
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        Self::new(status, "head-too-large", "Head too large", detail)
    }

    /// What came is no request of HTTP/1.1.
    pub fn malformed() -> Self {
        Self::unread(
            "what was sent is no request of HTTP/1.1 (RFC 9112); TLS and HTTP/2 are a proxy's matter"
                .to_owned(),
        )
    }

    /// A request says what none of HTTP/1.1 may, in words.
    pub fn unread(detail: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "Malformed request", detail)
    }

    /// A file could not be written from an answer: a bug of ours, too.
    pub fn unwritten(error: &impl std::fmt::Display) -> Self {
        super::log(&format!("a file could not be written: {error}"));
        Self::internal()
    }

    /// Returns the problem in words.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the problem as a response.
    pub fn response(&self) -> Response {
        let mut response =
            respond(self.status(), "application/problem+json", self.to_bytes(), Caching::Never);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    /// Returns the problem as JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a problem has only strings, numbers and lists")
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let title = match error {
            QueryError::Encoding { .. } => "The query cannot be read",
            QueryError::Twice { .. } => "Parameter given twice",
            QueryError::UnknownParameter { .. } => "Unknown parameter",
            QueryError::UnknownCode { .. } => "Unknown code",
            QueryError::Value { .. } => "Value that means nothing here",
            QueryError::NotAdditive { .. } => "Figures that may not be added",
            QueryError::TooManyRows { .. } => "More rows than an answer has",
        };
        Self {
            parameter: error.parameter().map(str::to_owned),
            value: error.value().map(str::to_owned),
            expected: error.expected(),
            nearest: error.nearest().map(str::to_owned),
            ..Self::new(StatusCode::BAD_REQUEST, error.kind(), title, error.to_string())
        }
    }
}

impl From<ShortError> for Problem {
    fn from(error: ShortError) -> Self {
        let found = match &error {
            ShortError::Characters { found }
            | ShortError::Form { found, .. }
            | ShortError::Mistyped { found } => found.clone(),
        };
        let title = "No short address";
        Self {
            value: Some(found),
            ..Self::new(StatusCode::BAD_REQUEST, "short-address", title, error.to_string())
        }
    }
}

impl From<PageError> for Problem {
    fn from(error: PageError) -> Self {
        match error {
            PageError::NoStatute { id, nearest } => Self::not_found("statute", &id, nearest.as_deref()),
            PageError::NoCategory { code, nearest } => {
                Self::not_found("category of offence", &code, nearest.as_deref())
            }
            PageError::Unread { id, dataset } => Self::unread_dataset("statute", &id, &dataset),
            PageError::Query(error) => error.into(),
            PageError::Failed(error) => {
                super::log(&format!("a page failed: {error}"));
                Self::internal()
            }
        }
    }
}

impl From<SheetError> for Problem {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::Refused(error) => error.into(),
            SheetError::Failed(error) => Self::unwritten(&error),
        }
    }
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Refused(error) => error.into(),
            AnswerError::Failed(error) => {
                super::log(&format!("a query failed: {error}"));
                Self::internal()
            }
        }
    }
}
