//! The public address of the service: the address under which readers reach it, as operators configure and readers paste it.

use url::{Host, Position, Url};

/// Parses a public address: `http` or `https`, a host, and optionally a port. The result has no final slash, and the domain is
/// in the form of DNS (`xn--…`), so that each host has one spelling.
///
/// # Errors
/// When the text is anything else, or more than one address. The error says why, in words.
pub fn read(text: &str) -> Result<String, String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("https://").or(lower.strip_prefix("http://")) else {
        return Err("is no address; begin with https:// or http://".to_owned());
    };
    // A browser would drop these characters and read the rest.
    if text.contains(['\t', '\n', '\r']) {
        return Err("has a tab or a line break in it; expected https://HOST".to_owned());
    }
    // A browser would skip further slashes and take what follows as the host.
    let parsed =
        if rest.starts_with(['/', '\\']) { Err(url::ParseError::EmptyHost) } else { Url::parse(text) };
    let url = parsed.map_err(|error| format!("is no address ({error}); expected https://HOST"))?;
    let written = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    if written.contains('@') {
        return Err("names a user, and would in every citation; expected https://HOST".to_owned());
    }
    if let Some(fault) = fault_of_host(&url, written) {
        let instead = nearest_host(&url).unwrap_or_else(|| "HOST".to_owned());
        return Err(format!("{fault}; expected {}://{instead}", url.scheme()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "has `{}` behind the host; expected https://HOST alone",
            &url[Position::AfterPath..]
        ));
    }
    if url.path() != "/" {
        let instead = match url.host() {
            Some(Host::Domain(domain)) => {
                let part = url.path().split('/').find(|part| !part.is_empty()).unwrap_or_default();
                let is_label = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                format!("{}.{domain}", if is_label && !part.is_empty() { part } else { "charges" })
            }
            _ => "HOST".to_owned(),
        };
        return Err(format!(
            "has the path `{}`, and pages cannot stand below one: their links begin at the root of the host. Give the \
             service a host of its own, such as {}://{instead}",
            url.path(),
            url.scheme()
        ));
    }
    Ok(url.origin().ascii_serialization())
}

/// Says what is wrong with a host and port that are valid in a URL, but that no server can have. `written` is the original
/// text.
fn fault_of_host(url: &Url, written: &str) -> Option<String> {
    let host = url.host_str().unwrap_or_default();
    match url.host() {
        Some(Host::Ipv4(address)) => {
            let written = written.split(':').next().unwrap_or_default();
            if written != host {
                return Some(format!("has the host `{written}`, which browsers read as {address}"));
            }
        }
        Some(Host::Domain(domain)) => {
            let place = format!("the host `{domain}`");
            if let Some(sign) = domain.chars().find(|sign| !stands_in_a_domain(*sign) && *sign != '.') {
                return Some(format!(
                    "has `{sign}` in {place}, where only letters, digits, `-`, `_` and `.` stand"
                ));
            }
            if domain.split('.').any(str::is_empty) {
                return Some(format!("has a dot too many in {place}"));
            }
            if domain.split('.').any(|part| part.starts_with('-') || part.ends_with('-')) {
                return Some(format!("has a hyphen at the beginning or end of a part of {place}"));
            }
            if domain.len() > LONGEST_DOMAIN || domain.split('.').any(|part| part.len() > LONGEST_PART) {
                return Some(format!(
                    "has a host that is too long for DNS: at most {LONGEST_DOMAIN} letters, and {LONGEST_PART} between dots"
                ));
            }
        }
        _ => {}
    }
    (url.port() == Some(0)).then(|| "has the port 0, which nobody can reach".to_owned())
}

/// Longest domain, and longest part of a domain, in letters (RFC 1035).
const LONGEST_DOMAIN: usize = 253;
const LONGEST_PART: usize = 63;

/// Whether a character may occur in a part of a domain. DNS knows names with `_`, and networks within a machine use them.
fn stands_in_a_domain(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_')
}

/// Returns the host and port without what is wrong with them, if something valid is left.
fn nearest_host(url: &Url) -> Option<String> {
    let mut host = url.host_str()?.to_owned();
    if let Some(Host::Domain(domain)) = url.host() {
        let signs = |part: &str| part.chars().filter(|sign| stands_in_a_domain(*sign)).collect::<String>();
        let parts = domain.split('.').map(|part| signs(part).trim_matches('-').to_owned());
        host = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
    }
    if let Some(port) = url.port().filter(|port| *port != 0) {
        host = format!("{host}:{port}");
    }
    let near = Url::parse(&format!("{}://{host}", url.scheme())).ok()?;
    fault_of_host(&near, &host).is_none().then_some(host)
}

/// Returns the path and query of an address below a public address; `None` for an address elsewhere.
///
/// People paste addresses with `http` or `https`, and a domain in its own script or in the form of DNS: browsers copy either.
pub fn below(base: &str, address: &str) -> Option<String> {
    let (base, address) = (Url::parse(base).ok()?, Url::parse(address).ok()?);
    let is_web = matches!(address.scheme(), "http" | "https");
    let is_below = is_web && base.host() == address.host() && base.port() == address.port();
    is_below.then(|| address[Position::BeforePath..Position::AfterQuery].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_a_host_in_its_one_spelling() {
        for (given, read_as) in [
            ("https://charges.example", "https://charges.example"),
            ("https://charges.example/", "https://charges.example"),
            ("HTTPS://Charges.Example:443/", "https://charges.example"),
            ("http://charges.example:8080", "http://charges.example:8080"),
            ("http://127.0.0.1:3030", "http://127.0.0.1:3030"),
            ("http://[::1]:3030/", "http://[::1]:3030"),
            ("https://құқық.қаз", "https://xn--01a3nab1i.xn--80ao21a"),
            ("https://ҚҰҚЫҚ.қаз/", "https://xn--01a3nab1i.xn--80ao21a"),
            ("https://xn--01a3nab1i.xn--80ao21a", "https://xn--01a3nab1i.xn--80ao21a"),
            ("http://charges_web:3030", "http://charges_web:3030"),
            ("http://localhost", "http://localhost"),
            ("https://a--b.1und1.example", "https://a--b.1und1.example"),
            (" https://1.2.3.4:8443\n", "https://1.2.3.4:8443"),
        ] {
            assert_eq!(read(given).as_deref(), Ok(read_as), "{given}");
        }
    }

    #[test]
    fn whatever_else_is_refused_in_words() {
        for (given, word) in [
            ("charges.example", "begin with https://"),
            ("ftp://charges.example", "begin with https://"),
            ("https:charges.example", "begin with https://"),
            ("", "begin with https://"),
            ("https://", "empty host"),
            ("https:///figures", "empty host"),
            ("https://a b", "is no address"),
            ("https://charges.example:99999", "invalid port number"),
            ("https://me:secret@charges.example", "names a user"),
            ("https://charges.example?x", "`?x`"),
            ("https://charges.example/#f", "`#f`"),
            ("https://charges.example?", "expected https://HOST alone"),
            ("https://ngo.example/figures", "such as https://figures.ngo.example"),
            ("http://ngo.example/a%20b/", "such as http://charges.ngo.example"),
            ("http://127.0.0.1/figures/", "the path `/figures/`"),
        ] {
            let told = read(given).expect_err(given);
            assert!(told.contains(word), "{given}: {told}");
        }
    }

    #[test]
    fn a_host_that_no_server_has_is_refused_with_the_nearest_one() {
        let long = format!("https://{}.example", "a".repeat(64));
        let longer = format!("https://{}example", "a.".repeat(130));
        for (given, word, nearest) in [
            ("https://\"x", "has `\"` in the host `\"x`", "https://x"),
            ("https://{host}", "has `{` in", "https://host"),
            ("https://a,b.example:8443", "has `,` in", "https://ab.example:8443"),
            ("https://*.ngo.example", "has `*` in", "https://ngo.example"),
            ("https://a..b", "a dot too many in the host `a..b`", "https://a.b"),
            ("https://.a.example", "a dot too many", "https://a.example"),
            ("https://a.example.", "a dot too many", "https://a.example"),
            ("https://-a.example", "a hyphen at the beginning or end", "https://a.example"),
            ("https://a-.example/", "a hyphen at the beginning or end", "https://a.example"),
            ("https://құқық..қаз", "a dot too many", "https://xn--01a3nab1i.xn--80ao21a"),
            ("https://-", "a hyphen", "https://HOST"),
            ("https://\"1", "has `\"` in", "https://HOST"),
            (&long, "too long for DNS", "https://HOST"),
            (&longer, "too long for DNS", "https://HOST"),
            ("https://h.example:0", "has the port 0", "https://h.example"),
            ("http://[::1]:0", "has the port 0", "http://[::1]"),
            ("https://1.2.3", "has the host `1.2.3`, which browsers read as 1.2.0.3", "https://1.2.0.3"),
            ("https://017.0.0.1:81/", "`017.0.0.1`", "https://15.0.0.1:81"),
            ("https://0x7f000001", "`0x7f000001`", "https://127.0.0.1"),
            ("https://1.2.3.4.", "`1.2.3.4.`", "https://1.2.3.4"),
            ("https://@h.example", "names a user", "https://HOST"),
            ("https://h\t.example", "a tab or a line break", "https://HOST"),
        ] {
            let told = read(given).expect_err(given);
            assert!(told.contains(word), "{given}: {told}");
            assert!(told.ends_with(&format!("; expected {nearest}")), "{given}: {told}");
        }
    }

    #[test]
    fn an_address_is_ours_in_every_spelling_of_the_host() {
        let base = "https://xn--01a3nab1i.xn--80ao21a";
        for address in [
            "https://құқық.қаз/statutes/KAZ-CC-274?by=year#chart",
            "http://xn--01a3nab1i.xn--80ao21a/statutes/KAZ-CC-274?by=year",
            "https://Құқық.ҚАЗ/statutes/KAZ-CC-274?by=year",
        ] {
            assert_eq!(below(base, address).as_deref(), Some("/statutes/KAZ-CC-274?by=year"), "{address}");
        }
        for address in [
            "https://xn--01a3nab1i.xn--80ao21a.evil.example/",
            "https://xn--01a3nab1i.xn--80ao21a:8443/",
            "ftp://xn--01a3nab1i.xn--80ao21a/",
            "no address",
        ] {
            assert_eq!(below(base, address), None, "{address}");
        }
    }
}
