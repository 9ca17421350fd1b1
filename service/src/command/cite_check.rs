//! `chargesheet cite-check`: checks whether cited figures are still what their addresses return.
//!
//! A citation carries the SHA-256 of its figures after `#sha256=` in the address. The command fetches the figures, computes the
//! digest and compares. It neither keeps nor shows the figures.
//!
//! A picture carries the same address and digest in its mark, without a host. Whoever checks it names the service that they trust:
//! a forged picture must not choose who vouches for it.

mod addresses;
mod fetch;

use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;

use ureq::Agent;
use url::Url;

use self::addresses::{Address, Cited, read};
use self::fetch::{Fetched, agent, fetch};
use super::print;
use crate::ingest::{printable, printable_json};
use crate::present::mark::Mark;

/// Exit code if a cited figure has changed or was withdrawn.
const CHANGED: u8 = 1;
/// Exit code if some figures could not be compared and none of the others changed.
const UNCOMPARED: u8 = 2;

chargesheet_check::words! {
    /// The result of checking one cited address.
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    State {
        /// The bytes are the same.
        Holds = "holds",
        /// The bytes differ.
        Differs = "differs",
        /// The release was withdrawn.
        Gone = "gone",
        /// The figures could not be fetched.
        Unreachable = "unreachable",
        /// The figures were fetched, but the address has no valid digest to compare with.
        NoDigest = "no digest",
        /// The mark of a picture is none that a service writes.
        Forged = "forged",
        /// A picture, or its figures, were not compared, because nobody said with what.
        Uncompared = "uncompared",
        /// The input cannot be read, or contains no citation.
        Unreadable = "unreadable",
    }
}

/// The verdict on one address.
#[derive(Debug, Serialize)]
struct Verdict {
    state: State,
    /// The address without its digest, or the name of the file.
    address: String,
    /// Whether the address names a release, so that its figures should never change. `None` if nothing was fetched.
    pinned: Option<bool>,
    /// The digest in the citation, and the digest of the fetched figures.
    cited: Option<String>,
    found: Option<String>,
    /// When and why the release was withdrawn.
    since: Option<String>,
    reason: Option<String>,
    /// Why the figures could not be compared.
    problem: Option<String>,
    /// The picture that shows the figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<Picture>,
}

/// A picture that shows figures.
#[derive(Debug, Serialize)]
struct Picture {
    /// The name of the file.
    file: String,
    /// The title in its mark.
    title: String,
    /// The SHA-256 of the file.
    sha256: String,
}

/// Checks addresses, the addresses in files, and pictures. `-` is standard input. `at` is the address of the service that pictures are
/// compared with, or of the picture there.
///
/// # Errors
/// When `at` is no address, or the result cannot be printed.
pub fn cite_check(
    what: &[String],
    at: Option<&str>,
    is_json: bool,
    timeout: Duration,
) -> Result<ExitCode, String> {
    let at = at.map(|at| {
        let read = Url::parse(at).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
        read.ok_or_else(|| format!("--at {at}: is no address with http:// or https://"))
    });
    let at = at.transpose()?;
    let agent = agent(timeout);
    let mut verdicts = Vec::new();
    let mut tell = |verdict: Verdict| {
        let told = if is_json { Ok(()) } else { print(line(&verdict).as_bytes()) };
        verdicts.push(verdict);
        told
    };
    for one in what {
        match read(one) {
            Ok(Cited::Addresses(addresses)) => {
                for address in addresses {
                    tell(judge(&address, fetch(&agent, &address.to_ask())))?;
                }
            }
            Ok(Cited::Picture(mark, sha256)) => {
                let verdict = judge_picture(&agent, &mark, &sha256, at.as_ref());
                let picture = Some(Picture { file: one.clone(), title: mark.title, sha256 });
                tell(Verdict { picture, ..verdict })?;
            }
            Err(problem) => {
                tell(Verdict { problem: Some(problem), ..Verdict::of(State::Unreadable, one) })?;
            }
        }
    }
    if is_json {
        let told = serde_json::json!({ "checked": verdicts });
        print(format!("{}\n", printable_json(&told.to_string())).as_bytes())?;
    }
    Ok(code(&verdicts))
}

/// Compares the figures that a picture names, and then the picture.
fn judge_picture(agent: &Agent, mark: &Mark, sha256: &str, at: Option<&Url>) -> Verdict {
    let because = |state, problem: &str, verdict: Verdict| Verdict {
        state,
        problem: Some(problem.to_owned()),
        ..verdict
    };
    let (path, digest) = match mark.figures() {
        Ok(figures) => figures,
        Err(problem) => return because(State::Forged, &problem, Verdict::of(State::Forged, &mark.source)),
    };
    let cited = Verdict { cited: Some(digest.to_owned()), ..Verdict::of(State::Uncompared, path) };
    let Some(at) = at else {
        return because(
            State::Uncompared,
            "a mark names no host; say with --at https://HOST which service to ask",
            cited,
        );
    };
    let host = at.origin().ascii_serialization();
    let address =
        Address { url: format!("{host}{path}"), digest: Some(digest.to_ascii_lowercase()), damaged: None };
    let figures = judge(&address, fetch(agent, &address.url));
    match figures.state {
        State::Holds => {}
        State::Differs => {
            return because(State::Differs, "the digest in its mark is not that of these figures", figures);
        }
        _ => return figures,
    }
    let own = mark.own.as_ref().map(|own| format!("{host}{own}"));
    let Some(own) = (at.path() != "/").then(|| at.to_string()).or(own) else {
        return because(
            State::Uncompared,
            "the figures that it names hold; whether it shows them was not compared, because an SVG does not name its own \
             address: give that with --at",
            figures,
        );
    };
    match fetch(agent, &own) {
        Fetched::Figures { sha256: now, .. } if now == sha256 => figures,
        Fetched::Figures { .. } => because(
            State::Differs,
            "the figures that it names hold, but it is not the picture at its address: somebody changed it or saved it anew, \
             or another version of the program drew it",
            figures,
        ),
        Fetched::Gone { since, reason } => Verdict { state: State::Gone, since, reason, ..figures },
        Fetched::Failed(problem) => because(State::Unreachable, &problem, figures),
    }
}

fn code(verdicts: &[Verdict]) -> ExitCode {
    let any = |wanted: &[State]| verdicts.iter().any(|verdict| wanted.contains(&verdict.state));
    if any(&[State::Differs, State::Gone, State::Forged]) {
        ExitCode::from(CHANGED)
    } else if any(&[State::Unreachable, State::NoDigest, State::Uncompared, State::Unreadable]) {
        ExitCode::from(UNCOMPARED)
    } else {
        ExitCode::SUCCESS
    }
}

impl Verdict {
    fn of(state: State, address: &str) -> Self {
        let address = address.to_owned();
        let (pinned, cited, found, since, reason, problem) = (None, None, None, None, None, None);
        Self { state, address, pinned, cited, found, since, reason, problem, picture: None }
    }
}

fn judge(address: &Address, fetched: Fetched) -> Verdict {
    let verdict = |state| Verdict { cited: address.digest.clone(), ..Verdict::of(state, &address.url) };
    match fetched {
        Fetched::Figures { sha256, is_pinned } => {
            let state = match &address.digest {
                None => State::NoDigest,
                Some(cited) if *cited == sha256 => State::Holds,
                Some(_) => State::Differs,
            };
            let problem = address.damaged.clone();
            Verdict { pinned: Some(is_pinned), found: Some(sha256), problem, ..verdict(state) }
        }
        Fetched::Gone { since, reason } => Verdict { since, reason, ..verdict(State::Gone) },
        Fetched::Failed(problem) => Verdict { problem: Some(problem), ..verdict(State::Unreachable) },
    }
}

/// Writes a verdict on one line. Control characters from the outside are escaped, so that they cannot act on the terminal.
fn line(verdict: &Verdict) -> String {
    let text = |own: &Option<String>| own.clone().unwrap_or_default();
    let mut told = format!("{:<12}{}", verdict.state.name(), verdict.address);
    match verdict.state {
        State::Holds => {}
        State::Differs if verdict.cited == verdict.found => {
            told.push_str(&format!("  {}", text(&verdict.problem)))
        }
        State::Differs => {
            let problem = verdict.problem.as_ref().map_or(String::new(), |problem| format!("{problem}; "));
            let (cited, found) = (text(&verdict.cited), text(&verdict.found));
            told.push_str(&format!("  {problem}cited SHA-256 {cited}, now {found}"));
        }
        State::Gone => {
            let since = verdict.since.as_ref().map_or(String::new(), |since| format!(" since {since}"));
            let reason = verdict.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
            told.push_str(&format!("  withdrawn{since}{reason}"));
        }
        State::NoDigest => {
            let problem = verdict.problem.as_ref().map_or(String::new(), |problem| format!("{problem}; "));
            told.push_str(&format!("  {problem}nothing was compared; SHA-256 now {}", text(&verdict.found)));
        }
        State::Unreachable | State::Unreadable | State::Forged | State::Uncompared => {
            told.push_str(&format!("  {}", text(&verdict.problem)))
        }
    }
    if verdict.pinned == Some(false) {
        told.push_str("  (warning: this address names no release, so its figures may change at any time)");
    }
    if let Some(Picture { file, title, .. }) = &verdict.picture {
        told.push_str(&format!("  (shown by {file}: {title})"));
    }
    let told = told.replace(['\r', '\n'], " ");
    format!("{}\n", printable(&told))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(digest: Option<&str>) -> Address {
        let url = "https://charges.example/v1/datasets/d/releases/2026-11-24-0123456789ab/aggregate.csv";
        Address { url: url.to_owned(), digest: digest.map(str::to_owned), damaged: None }
    }

    fn figures(sha256: &str, is_pinned: bool) -> Fetched {
        Fetched::Figures { sha256: sha256.to_owned(), is_pinned }
    }

    #[test]
    fn what_changed_weighs_more_than_what_could_not_be_compared() {
        let holds = || judge(&address(Some("aa")), figures("aa", true));
        let differs = || judge(&address(Some("aa")), figures("bb", true));
        let bare = || judge(&address(None), figures("bb", true));
        let failed = || judge(&address(Some("aa")), Fetched::Failed("no host".to_owned()));
        let gone = || judge(&address(Some("aa")), Fetched::Gone { since: None, reason: None });
        let code = |verdicts: &[Verdict]| format!("{:?}", code(verdicts));
        let exit = |own: u8| format!("{:?}", ExitCode::from(own));
        assert_eq!(code(&[holds(), holds()]), exit(0));
        assert_eq!(code(&[holds(), failed()]), exit(2));
        assert_eq!(code(&[holds(), bare()]), exit(2));
        assert_eq!(code(&[failed(), differs()]), exit(1));
        assert_eq!(code(&[gone(), failed()]), exit(1));
    }

    #[test]
    fn a_line_is_one_line_and_does_nothing_on_a_terminal() {
        let told = line(&judge(&address(None), Fetched::Failed("a\n\u{1b}[2Jb".to_owned())));
        assert_eq!(told.matches('\n').count(), 1, "{told}");
        assert!(!told.contains('\u{1b}'), "{told}");
    }

    #[test]
    fn an_address_without_a_release_is_warned_of() {
        assert!(line(&judge(&address(Some("aa")), figures("aa", false))).contains("warning"));
        assert!(!line(&judge(&address(Some("aa")), figures("aa", true))).contains("warning"));
    }
}
