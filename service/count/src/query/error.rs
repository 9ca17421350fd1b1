//! Errors in queries.

use super::cause::Cause;
use crate::domain::{Dimension, nearest};

/// Why a query is refused. Every variant names the wrong value and says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The query string is not percent-encoded UTF-8.
    #[error("the query string is not percent-encoded UTF-8 at `{found}`")]
    Encoding {
        /// The part that cannot be decoded.
        found: String,
    },
    /// A parameter is given twice.
    #[error("`{parameter}` is given twice; give it once, with a comma between values")]
    Twice {
        /// The parameter.
        parameter: String,
    },
    /// The parameter does not exist here.
    #[error("there is no parameter `{parameter}` here{}", hint(nearest))]
    UnknownParameter {
        /// The parameter.
        parameter: String,
        /// The parameters that exist here.
        known: Vec<&'static str>,
        /// The existing parameter that was probably meant.
        nearest: Option<String>,
    },
    /// The dataset has no such code.
    #[error("no {dimension} `{value}`{place}{}", hint(nearest))]
    UnknownCode {
        /// The dimension.
        dimension: Dimension,
        /// The unknown code.
        value: String,
        /// Where the code was looked up, in words, with a leading space. Empty for the common code lists.
        place: String,
        /// The existing code that was probably meant.
        nearest: Option<String>,
    },
    /// A parameter has an invalid value.
    #[error("`{parameter}={value}`: {problem}{}", hint(nearest))]
    Value {
        /// The parameter.
        parameter: &'static str,
        /// Its value.
        value: String,
        /// What is wrong with the value.
        problem: String,
        /// Values that would be right.
        expected: Vec<String>,
        /// The valid value that was probably meant.
        nearest: Option<String>,
    },
    /// The answer would sum figures over a dimension over which they may not be summed.
    #[error("{explanation}")]
    NotAdditive {
        /// The parameter that asks for the sum, or the one that would avoid it.
        parameter: &'static str,
        /// The dimension.
        dimension: Dimension,
        /// Why the figures may not be summed, and what to ask instead.
        explanation: String,
        /// The same for programs.
        cause: Box<Cause>,
    },
    /// Another refusal, with its cause.
    #[error("{refused}")]
    Because {
        /// The refusal.
        refused: Box<Self>,
        /// Its cause.
        cause: Box<Cause>,
    },
    /// The answer would have too many rows.
    #[error(
        "the answer would have more than {most} rows; group by fewer dimensions, or keep one country or statute"
    )]
    TooManyRows {
        /// The most rows that an answer may have.
        most: usize,
    },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"))
}

impl QueryError {
    /// Adds the cause to a refusal.
    pub fn because(self, cause: Cause) -> Self {
        Self::Because { refused: Box::new(self), cause: Box::new(cause) }
    }

    /// Returns the cause; `None` where the question is not understood, so that only its words can be corrected.
    pub fn cause(&self) -> Option<Cause> {
        match self {
            Self::NotAdditive { cause, .. } | Self::Because { cause, .. } => Some(Cause::clone(cause)),
            Self::TooManyRows { most } => Some(Cause::TooManyRows(*most)),
            _ => None,
        }
    }

    /// Returns the parameter at fault, if the error is about a single parameter.
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::Encoding { .. } | Self::TooManyRows { .. } => None,
            Self::Because { refused, .. } => refused.parameter(),
            Self::Twice { parameter } | Self::UnknownParameter { parameter, .. } => Some(parameter),
            Self::UnknownCode { dimension, .. } => Some(dimension.name()),
            Self::Value { parameter, .. } | Self::NotAdditive { parameter, .. } => Some(parameter),
        }
    }

    /// Returns the value at fault.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Encoding { found } => Some(found),
            Self::UnknownCode { value, .. } | Self::Value { value, .. } => Some(value),
            Self::Because { refused, .. } => refused.value(),
            _ => None,
        }
    }

    /// Returns the values that would be right, if they are few.
    pub fn expected(&self) -> Vec<String> {
        match self {
            Self::UnknownParameter { known, .. } => known.iter().map(|name| (*name).to_owned()).collect(),
            Self::Value { expected, .. } => expected.clone(),
            Self::Because { refused, .. } => refused.expected(),
            _ => Vec::new(),
        }
    }

    /// Returns the valid value that is nearest to the wrong one.
    pub fn nearest(&self) -> Option<&str> {
        match self {
            Self::UnknownParameter { nearest, .. }
            | Self::UnknownCode { nearest, .. }
            | Self::Value { nearest, .. } => nearest.as_deref(),
            Self::Because { refused, .. } => refused.nearest(),
            _ => None,
        }
    }

    /// Returns the kind of error: the last part of a problem's `type`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Encoding { .. } => "encoding",
            Self::Twice { .. } => "parameter-twice",
            Self::UnknownParameter { .. } => "unknown-parameter",
            Self::UnknownCode { .. } => "unknown-code",
            Self::Value { .. } => "bad-value",
            Self::NotAdditive { .. } => "not-additive",
            Self::TooManyRows { .. } => "too-many-rows",
            Self::Because { refused, .. } => refused.kind(),
        }
    }
}

/// Makes an error about a value. `expected` lists the valid values; the nearest of them is suggested.
pub fn value(parameter: &'static str, found: &str, problem: String, expected: &[&str]) -> QueryError {
    QueryError::Value {
        parameter,
        value: found.to_owned(),
        problem,
        expected: expected.iter().map(|text| (*text).to_owned()).collect(),
        nearest: nearest(found, expected.iter().copied()).map(str::to_owned),
    }
}
