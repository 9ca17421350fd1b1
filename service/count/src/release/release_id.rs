//! Ids of releases.

use std::fmt;

use super::manifest::Manifest;
use crate::domain::Period;

/// The id of a release: the date of its package, then the first 12 hex digits of its manifest's SHA-256.
///
/// The same content has the same id on any machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ReleaseId(String);

impl ReleaseId {
    /// Returns the id of a manifest.
    pub fn of(manifest: &Manifest) -> Self {
        Self(format!("{}-{}", manifest.date(), &manifest.sha256()[..12]))
    }

    /// Parses an id (`YYYY-MM-DD-` and 12 hex digits); `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, digits) = text.rsplit_once('-')?;
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let right = digits.len() == 12 && digits.bytes().all(hex);
        let day = matches!(Period::parse(date), Ok(Period::Day(_)));
        (right && day).then(|| Self(text.to_owned()))
    }

    /// Returns the id as it is written in URLs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
