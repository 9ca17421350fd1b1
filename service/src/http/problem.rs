//! The one shape of an error: `application/problem+json`, RFC 9457.

use serde::Serialize;
use warp::http::StatusCode;
use warp::reply::Response;

use super::headers::{Caching, respond};
use crate::answer::AnswerError;
use crate::catalog::Absent;
use crate::explorer::PageError;
use crate::query::QueryError;

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
}

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
                let detail = format!("the release asked for of `{dataset}` cannot be read at this moment");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unreadable", "Cannot be read", detail)
            }
        }
    }

    /// The same problem with a question, told as of a thing that is not there; a bug stays one.
    pub fn into_not_found(self) -> Self {
        if self.status >= 500 { self } else { Self { status: StatusCode::NOT_FOUND.as_u16(), ..self } }
    }

    /// It could be asked for, and is not made here.
    pub fn not_implemented(detail: &str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "not-implemented", "Not implemented", detail.to_owned())
    }

    /// Only reading is possible.
    pub fn method(method: &str) -> Self {
        let detail = format!("`{method}` is not possible here; use GET or HEAD");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed", detail)
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
        let body = serde_json::to_vec(self).expect("a problem has only strings, numbers and lists");
        respond(self.status(), "application/problem+json", body, Caching::Never)
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

impl From<PageError> for Problem {
    fn from(error: PageError) -> Self {
        match error {
            PageError::NoStatute { id, nearest } => Self::not_found("statute", &id, nearest.as_deref()),
            PageError::Query(error) => error.into(),
            PageError::Failed(error) => {
                super::log(&format!("a page failed: {error}"));
                Self::internal()
            }
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
