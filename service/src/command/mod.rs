//! What each command of the program does.

mod check;
mod cite_check;
mod export;
mod query;
mod releases;
mod serve;

use std::io::Write as _;

use jiff::civil::Date;

use crate::ingest::printable;
use crate::public_url;

pub use check::check;
pub use cite_check::cite_check;
pub use export::export;
pub use query::{Format, query};
pub use releases::{PublishOptions, publish, verify, withdraw};
pub use serve::{ServeOptions, serve};

/// Exit code when rows are refused and the others taken.
const ROWS_REFUSED: u8 = 1;
/// Exit code when a file, and with it the package, is refused.
const FILE_REFUSED: u8 = 2;
/// Exit code when the package itself cannot be read.
const UNREADABLE: u8 = 3;

/// Exit code when what was asked could not be done: the disk is full, somebody else is publishing, the store is damaged.
pub const NOT_DONE: u8 = 4;

/// Reads the argument `--public-url`.
fn public_url(text: &str) -> Result<String, String> {
    public_url::read(text).map_err(|problem| format!("--public-url {text}: {problem}"))
}

/// Returns the value that a word names.
///
/// # Errors
/// When there is none; with the words of all.
pub fn one_of<T: Copy>(all: &[T], name: fn(T) -> &'static str, text: &str) -> Result<T, Vec<&'static str>> {
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.ok_or_else(|| all.iter().map(|one| name(*one)).collect())
}

/// Prints to standard output.
fn print(body: &[u8]) -> Result<(), String> {
    std::io::stdout().write_all(body).map_err(|error| format!("cannot write the answer: {error}"))
}

/// Says on standard error what went wrong: each thing in one sentence, on a line of its own. Texts from the data do nothing
/// in it.
pub fn complain(message: &str) {
    for line in printable(message).lines() {
        eprintln!("chargesheet: {line}");
    }
}

/// Returns today's date where the day begins first. A register in Almaty has charges of a day that UTC calls tomorrow.
pub fn today() -> Date {
    latest_date(jiff::Timestamp::now())
}

/// Returns the latest date that anybody on earth has at a moment: that of UTC+14, the time of Kiritimati.
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
