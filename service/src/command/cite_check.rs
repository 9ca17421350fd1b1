//! `chargesheet cite-check`: checks whether cited figures are still what their addresses return.
//!
//! A citation carries the SHA-256 of its figures after `#sha256=` in the address. The command fetches the figures, computes the
//! digest and compares. It neither keeps nor shows the figures.

mod addresses;
mod fetch;

use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;

use self::addresses::{Address, read};
use self::fetch::{Fetched, agent, fetch};
use super::print;
use crate::ingest::{printable, printable_json};

/// Exit code if a cited figure has changed or was withdrawn.
const CHANGED: u8 = 1;
/// Exit code if some figures could not be compared and none of the others changed.
const UNCOMPARED: u8 = 2;

/// The result of checking one cited address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// The bytes are the same.
    Holds,
    /// The bytes differ.
    Differs,
    /// The release was withdrawn.
    Gone,
    /// The figures could not be fetched.
    Unreachable,
    /// The figures were fetched, but the address has no valid digest to compare with.
    NoDigest,
    /// The input cannot be read, or contains no citation.
    Unreadable,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Differs => "differs",
            Self::Gone => "gone",
            Self::Unreachable => "unreachable",
            Self::NoDigest => "no digest",
            Self::Unreadable => "unreadable",
        }
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
}

/// Checks addresses, and the addresses in files. `-` is standard input.
///
/// # Errors
/// When the result cannot be printed.
pub fn cite_check(what: &[String], is_json: bool, timeout: Duration) -> Result<ExitCode, String> {
    let agent = agent(timeout);
    let mut verdicts = Vec::new();
    for one in what {
        match read(one) {
            Ok(addresses) => {
                for address in addresses {
                    let verdict = judge(&address, fetch(&agent, &address.to_ask()));
                    if !is_json {
                        print(line(&verdict).as_bytes())?;
                    }
                    verdicts.push(verdict);
                }
            }
            Err(problem) => {
                let verdict = Verdict { problem: Some(problem), ..Verdict::of(State::Unreadable, one) };
                if !is_json {
                    print(line(&verdict).as_bytes())?;
                }
                verdicts.push(verdict);
            }
        }
    }
    if is_json {
        let told = serde_json::json!({ "checked": verdicts });
        print(format!("{}\n", printable_json(&told.to_string())).as_bytes())?;
    }
    Ok(code(&verdicts))
}

fn code(verdicts: &[Verdict]) -> ExitCode {
    let any = |wanted: &[State]| verdicts.iter().any(|verdict| wanted.contains(&verdict.state));
    if any(&[State::Differs, State::Gone]) {
        ExitCode::from(CHANGED)
    } else if any(&[State::Unreachable, State::NoDigest, State::Unreadable]) {
        ExitCode::from(UNCOMPARED)
    } else {
        ExitCode::SUCCESS
    }
}

impl Verdict {
    fn of(state: State, address: &str) -> Self {
        let address = address.to_owned();
        let (pinned, cited, found, since, reason, problem) = (None, None, None, None, None, None);
        Self { state, address, pinned, cited, found, since, reason, problem }
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
        State::Differs => {
            told.push_str(&format!("  cited SHA-256 {}, now {}", text(&verdict.cited), text(&verdict.found)));
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
        State::Unreachable | State::Unreadable => told.push_str(&format!("  {}", text(&verdict.problem))),
    }
    if verdict.pinned == Some(false) {
        told.push_str("  (warning: this address names no release, so its figures may change at any time)");
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
