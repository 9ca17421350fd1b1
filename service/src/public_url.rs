//! The address under which readers reach the service, as an operator gives it and as others paste it.

use url::{Host, Position, Url};

/// Reads a public address: `http` or `https`, a host, and perhaps a port. It comes back without a final slash, and with a
/// domain of any script as DNS has it (`xn--…`), so that one host has one spelling.
///
/// # Errors
/// When it is another address, or more than one; in words.
pub fn read(text: &str) -> Result<String, String> {
    let lower = text.trim().to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("https://").or(lower.strip_prefix("http://")) else {
        return Err("is no address; begin with https:// or http://".to_owned());
    };
    // A browser would pass over further slashes and take what follows for the host.
    let parsed =
        if rest.starts_with(['/', '\\']) { Err(url::ParseError::EmptyHost) } else { Url::parse(text) };
    let url = parsed.map_err(|error| format!("is no address ({error}); expected https://HOST"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("names a user, and would in every citation; expected https://HOST".to_owned());
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

/// Returns path and query of an address below a public one; `None` for an address elsewhere.
///
/// People paste with and without the s, and a domain in its own script or as DNS has it: browsers copy either.
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
