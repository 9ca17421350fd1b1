//! The commands of the program.

mod check;
#[cfg(feature = "cluster")]
mod check_part;
mod cite_check;
mod counting;
mod coverage;
mod export;
mod init;
#[cfg(feature = "cluster")]
mod publish_cluster;
mod publish_diff;
mod publish_terms;
mod query;
mod releases;
mod serve;
mod sources;
mod template;

use std::io::Write as _;

use jiff::civil::Date;

use crate::ingest::printable;
use crate::public_url;

pub use check::{CheckOptions, check};
#[cfg(feature = "cluster")]
pub use check_part::{CheckPartOptions, check_part};
pub use cite_check::cite_check;
pub use counting::{Counting, counter};
pub use coverage::coverage;
pub use export::export;
pub use init::{InitOptions, init};
pub use publish_terms::PublishOptions;
pub use query::{Format, query};
pub use releases::{publish, verify, withdraw};
pub use serve::{ServeOptions, serve};
pub use sources::{SourcesOptions, sources};
pub use template::template;

/// Exit code if some rows were refused and the others accepted.
const ROWS_REFUSED: u8 = 1;
/// Exit code if a file was refused, and with it the package.
const FILE_REFUSED: u8 = 2;
/// Exit code if the package itself cannot be read.
const UNREADABLE: u8 = 3;

/// Exit code if the command failed: the disk is full, another process is publishing, or the store is damaged.
pub const NOT_DONE: u8 = 4;

/// Parses the argument `--public-url`.
fn public_url(text: &str) -> Result<String, String> {
    public_url::read(text).map_err(|problem| format!("--public-url {text}: {problem}"))
}

/// Returns the value with this name.
///
/// # Errors
/// When no value has this name. The error lists all names.
pub fn one_of<T: Copy>(all: &[T], name: fn(T) -> &'static str, text: &str) -> Result<T, Vec<&'static str>> {
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.ok_or_else(|| all.iter().map(|one| name(*one)).collect())
}

/// Prints to standard output.
fn print(body: &[u8]) -> Result<(), String> {
    std::io::stdout().write_all(body).map_err(|error| format!("cannot write the answer: {error}"))
}

/// Prints an error to standard error, one sentence per line. Control characters in text from the data are escaped.
pub fn complain(message: &str) {
    for line in printable(message).lines() {
        eprintln!("chargesheet: {line}");
    }
}

/// Returns today's date in the time zone where the day begins first. A register in Almaty has charges dated a day that has not yet
/// begun in UTC.
pub fn today() -> Date {
    latest_date(jiff::Timestamp::now())
}

/// Returns the latest date anywhere on earth at a moment: the date in UTC+14, the time zone of Kiritimati.
fn latest_date(moment: jiff::Timestamp) -> Date {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(14)).to_datetime(moment).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_today_anywhere_on_earth() {
        for (moment, date) in [
            ("2026-11-28T09:59:59Z", "2026-11-28"),
            ("2026-11-28T10:00:00Z", "2026-11-29"),
            ("2026-12-31T19:00:00Z", "2027-01-01"),
        ] {
            assert_eq!(latest_date(moment.parse().unwrap()), date.parse().unwrap(), "{moment}");
        }
    }
}
