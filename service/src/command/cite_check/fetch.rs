//! Fetches cited figures, and computes their digest while they arrive.

use std::io::Read as _;
use std::time::Duration;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use ureq::ResponseExt as _;
use url::Url;

use crate::release::ReleaseId;

/// Maximum number of redirects that are followed.
const REDIRECTS: u32 = 5;
/// Maximum number of bytes read of the figures. Real answers are far smaller; the limit stops an endless one.
const LARGEST: u64 = 1 << 30;
/// Maximum number of bytes read of an error response.
const LARGEST_PROBLEM: u64 = 64 << 10;
/// Maximum number of characters shown of an error message.
const LONGEST_DETAIL: usize = 300;

/// The result of fetching an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The figures arrived.
    Figures {
        /// SHA-256 of the figures.
        sha256: String,
        /// Whether the final address, after any redirects, names a release.
        is_pinned: bool,
    },
    /// The service says that the figures were withdrawn.
    Gone {
        /// When they were withdrawn.
        since: Option<String>,
        /// Why they were withdrawn, as one of the known reasons.
        reason: Option<String>,
    },
    /// The figures could not be fetched. The value says why, in words.
    Failed(String),
}

/// The error of a service: RFC 9457, with the extension members of this API.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    detail: Option<String>,
    since: Option<String>,
    reason: Option<String>,
}

/// Returns the HTTP client. It sends nothing about the user, and contacts only the given address and its redirects. `timeout`
/// covers one address, from the DNS look-up to the last byte.
pub fn agent(timeout: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(REDIRECTS)
        .max_redirects_will_error(true)
        .timeout_global(Some(timeout))
        .user_agent(concat!("chargesheet-cite-check/", env!("CARGO_PKG_VERSION")))
        // The digest is that of the uncompressed bytes, so no server or proxy may compress them.
        .accept_encoding("identity")
        .proxy(None)
        .build()
        .new_agent()
}

/// Fetches the figures at an address.
pub fn fetch(agent: &ureq::Agent, url: &str) -> Fetched {
    // Browsers may copy an internationalised domain in its own script. HTTP needs its ASCII form.
    let asked = if url.is_ascii() { None } else { Url::parse(url).ok() };
    let mut response = match agent.get(asked.as_ref().map_or(url, Url::as_str)).call() {
        Ok(response) => response,
        Err(error) => return Fetched::Failed(said(&error)),
    };
    let reached = response.get_uri().clone();
    let status = response.status();
    if status != 200 {
        let mut text = Vec::new();
        // If the error response breaks off, the part that arrived is used.
        let _ = response.body_mut().as_reader().take(LARGEST_PROBLEM).read_to_end(&mut text);
        let problem: Problem = serde_json::from_slice(&text).unwrap_or_default();
        if status == 410 {
            return Fetched::Gone { since: problem.since, reason: problem.reason };
        }
        let detail = problem.detail.map_or(String::new(), |detail| {
            let detail: String = detail.chars().take(LONGEST_DETAIL).collect();
            format!(": {detail}")
        });
        return Fetched::Failed(format!("it answers {status}{detail}"));
    }
    if url.starts_with("https://") && reached.scheme_str() != Some("https") {
        return Fetched::Failed("it leads from https:// to http://, where anybody could answer".to_owned());
    }
    match digest(response.body_mut().with_config().limit(LARGEST).reader()) {
        Ok(sha256) => Fetched::Figures { sha256, is_pinned: is_pinned(reached.path()) },
        Err(error) => Fetched::Failed(format!("its answer could not be read to the end: {error}")),
    }
}

fn digest(mut reader: impl std::io::Read) -> std::io::Result<String> {
    let mut digest = Sha256::new();
    let mut part = [0; 64 << 10];
    loop {
        match reader.read(&mut part)? {
            0 => return Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            length => digest.update(&part[..length]),
        }
    }
}

/// Whether a path names a release. The service may be mounted below any prefix.
fn is_pinned(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(5).any(|parts| {
        matches!(parts, ["datasets", _, "releases", release, _] if ReleaseId::parse(release).is_some())
    })
}

fn said(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        ureq::Error::ConnectionFailed => "no connection".to_owned(),
        ureq::Error::Timeout(_) => "it did not answer in time".to_owned(),
        ureq::Error::TooManyRedirects => format!("it redirects more than {REDIRECTS} times"),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "it is no address that can be asked".to_owned(),
        ureq::Error::Io(error) => format!("no connection: {error}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_release_in_its_place_pins_an_address() {
        let release = "2026-11-24-0123456789ab";
        assert!(is_pinned(&format!("/v1/datasets/d/releases/{release}/aggregate.csv")));
        assert!(is_pinned(&format!("/stat/v1/datasets/d/releases/{release}/aggregate.csv")));
        for path in ["/v1/datasets/d/aggregate.csv", "/v1/datasets/d/releases/newest/aggregate.csv", "/", ""]
        {
            assert!(!is_pinned(path), "{path}");
        }
    }
}
