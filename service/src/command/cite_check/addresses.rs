//! Addresses of cited figures: given as arguments, or found in a file of any citation format, or in the mark of a picture.

use std::io::Read as _;

use sha2::{Digest as _, Sha256};

use crate::package::hex;
use crate::present::mark::{self, Mark};

/// The text before the digest in an address. It is a fragment, which clients never send to a server.
const MARK: &str = "#sha256=";
/// Number of hex digits of a SHA-256.
const DIGITS: usize = 64;
/// Largest input file, in bytes.
const LARGEST: u64 = 16 << 20;

/// The address of cited figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address without a fragment.
    pub url: String,
    /// The digest in the citation, in lower-case hex digits.
    pub digest: Option<String>,
    /// What is wrong with a digest that is not valid.
    pub damaged: Option<String>,
}

impl Address {
    /// Parses one address.
    fn of(text: &str) -> Self {
        let (url, fragment) = text.split_once('#').unwrap_or((text, ""));
        let digest = fragment.strip_prefix(&MARK[1..]);
        let is_whole =
            |digest: &&str| digest.len() == DIGITS && digest.bytes().all(|digit| digit.is_ascii_hexdigit());
        let right = digest.filter(is_whole).map(str::to_ascii_lowercase);
        let damaged = (digest.is_some() && right.is_none())
            .then(|| format!("the digest in the address is not {DIGITS} hex digits"));
        Self { url: url.to_owned(), digest: right, damaged }
    }

    /// Returns the address to request. A short address redirects people to a page, but the digest is that of the CSV. So `.csv` is
    /// added.
    pub fn to_ask(&self) -> String {
        let (path, query) = self.url.split_at(self.url.find('?').unwrap_or(self.url.len()));
        let parts: Vec<&str> = path.split('/').collect();
        match parts[..] {
            [.., "s", code] if !code.is_empty() && !code.contains('.') => format!("{path}.csv{query}"),
            _ => self.url.clone(),
        }
    }
}

/// What is to be checked.
pub enum Cited {
    /// Addresses with their digests.
    Addresses(Vec<Address>),
    /// A picture, by its mark and the SHA-256 of its bytes.
    Picture(Mark, String),
}

/// Reads one address, or all addresses with digests in a file, or the mark of a picture. `-` is standard input.
///
/// # Errors
/// When the file cannot be read or names no figures. The error is in words.
pub fn read(what: &str) -> Result<Cited, String> {
    if what.starts_with("http://") || what.starts_with("https://") {
        return Ok(Cited::Addresses(vec![Address::of(what)]));
    }
    let mut bytes = Vec::new();
    let done = if what == "-" {
        std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(what).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    done.map_err(|error| {
        format!("is no address with http:// or https://, and cannot be read as a file: {error}")
    })?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(format!("has more than {} MiB: that is no citation", LARGEST >> 20));
    }
    if let Some(mark) = mark::read(&bytes) {
        let mark = mark?;
        if mark.source.is_empty() {
            return Err("is a picture without a mark: no service of Chargesheet made it, or a program that saved it anew, \
                 as for a screenshot, left the mark out"
                .to_owned());
        }
        return Ok(Cited::Picture(mark, hex(&Sha256::digest(&bytes))));
    }
    let found = cited(&String::from_utf8_lossy(&bytes));
    if found.is_empty() {
        return Err(format!("has no address with a digest ({MARK} and {DIGITS} hex digits)"));
    }
    Ok(Cited::Addresses(found))
}

/// Returns the addresses with digests in a text, each once, in order of appearance.
fn cited(text: &str) -> Vec<Address> {
    let mut found = Vec::new();
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => in_json(&value, &mut found),
        Err(_no_json) => in_text(text, &mut found),
    }
    let mut all: Vec<Address> = Vec::new();
    for address in found {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    all
}

fn in_json(value: &serde_json::Value, found: &mut Vec<Address>) {
    match value {
        serde_json::Value::String(text) => in_text(text, found),
        serde_json::Value::Array(list) => list.iter().for_each(|value| in_json(value, found)),
        serde_json::Value::Object(object) => object.values().for_each(|value| in_json(value, found)),
        _ => {}
    }
}

fn in_text(text: &str, found: &mut Vec<Address>) {
    let mut rest = text;
    while let Some(place) = rest.find("http") {
        rest = &rest[place..];
        let ends = |symbol: char| symbol.is_whitespace() || symbol.is_control() || "\"<>{}".contains(symbol);
        let address = &rest[..rest.find(ends).unwrap_or(rest.len())];
        rest = &rest[address.len().max("http".len())..];
        // Reference managers put a backslash before characters that TeX treats specially. Addresses of this service contain no
        // backslash.
        let address = address.replace('\\', "");
        let is_address = address.starts_with("http://") || address.starts_with("https://");
        if let Some(mark) = address.find(MARK).filter(|_| is_address) {
            // A full stop or a bracket after the digits belongs to the surrounding sentence.
            let end = address[mark + MARK.len()..].find(|digit: char| !digit.is_ascii_hexdigit());
            let end = end.map_or(address.len(), |length| mark + MARK.len() + length);
            found.push(Address::of(&address[..end]));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digest() -> String {
        "0123456789abcdef".repeat(4)
    }

    fn address() -> Address {
        let url = "https://charges.example/v1/datasets/d/releases/r/aggregate.csv?by=year&region=A%26B_c"
            .to_owned();
        Address { url, digest: Some(digest()), damaged: None }
    }

    #[test]
    fn every_form_of_citation_is_read() {
        let Address { url, .. } = address();
        let digest = digest();
        let long = format!("{url}#sha256={digest}");
        let tex = long.replace('&', "\\&").replace('_', "\\_").replace('%', "\\%").replace('#', "\\#");
        let json = serde_json::json!([{ "URL": long, "note": "https://charges.example/s/AQ" }]).to_string();
        for text in [
            format!(
                "Chargesheet (2026). Title. {long}\nShort permanent address: https://charges.example/s/AQ\n"
            ),
            format!("see ({long})."),
            format!("  url = {{{long}}},\n"),
            format!("  url = {{{tex}}},\n"),
            format!("UR  - {long}\r\nER  - \r\n"),
            json.replace('&', "\\u0026"),
            json.replace('/', "\\/"),
            format!("{long} and again {long}"),
            long.replace(&digest, &digest.to_uppercase()),
        ] {
            assert_eq!(cited(&text), [address()], "{text}");
        }
        assert_eq!(cited(&format!("{url} https http:// httpd http")), []);
    }

    #[test]
    fn a_digest_that_is_none_is_told() {
        let short = Address::of("https://charges.example/a#sha256=12");
        assert!(short.digest.is_none() && short.damaged.is_some(), "{short:?}");
        let other = Address::of("https://charges.example/a#top");
        assert!(other.digest.is_none() && other.damaged.is_none(), "{other:?}");
    }

    #[test]
    fn a_short_address_stands_for_its_figures() {
        let asked = |url: &str| Address::of(url).to_ask();
        assert_eq!(asked("https://charges.example/s/AQ_-x#sha256=00"), "https://charges.example/s/AQ_-x.csv");
        // The service ignores the tracking parameters that newsletters append.
        assert_eq!(
            asked("https://charges.example/s/AQ?utm_source=x"),
            "https://charges.example/s/AQ.csv?utm_source=x"
        );
        assert_eq!(asked("https://charges.example/s/AQ.json"), "https://charges.example/s/AQ.json");
        assert_eq!(asked("https://charges.example/statutes/AQ"), "https://charges.example/statutes/AQ");
    }

    proptest! {
        #[test]
        fn no_text_does_harm(text in "(http|https://|#sha256=|[a-f0-9]{1,70}|\\\\|é|.){0,20}") {
            let _ = cited(&text);
        }
    }
}
