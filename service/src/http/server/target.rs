//! Checks of the `Host` header and the request target (RFC 9112, 3.2).
//!
//! The service itself treats all hosts alike. But a proxy or a cache in front of it may not, and must not understand a request in a
//! different way than the service does.

use std::net::Ipv6Addr;

use warp::http::header::{HOST, HeaderMap};
use warp::http::{Method, Uri, Version};

use crate::http::problem::Problem;

/// Returns the reason to refuse a request whose `Host` or target is not valid.
pub fn refused(method: &Method, uri: &Uri, version: Version, headers: &HeaderMap) -> Option<Problem> {
    let mut hosts = headers.get_all(HOST).iter();
    let detail = match (hosts.next(), hosts.next()) {
        (None, _) if version < Version::HTTP_11 => None,
        (None, _) => {
            Some("the header `Host` is missing; a request of HTTP/1.1 has one (RFC 9112, 3.2)".to_owned())
        }
        (Some(_), Some(_)) => {
            let count = headers.get_all(HOST).iter().count();
            Some(format!("there are {count} headers `Host`; a request has one (RFC 9112, 3.2)"))
        }
        (Some(host), None) if is_host(host.as_bytes()) => None,
        (Some(host), None) => Some(format!(
            "the header `Host` is `{}`, which is no host; it is a name or an address with or without a port, such as \
             `charges.example` or `127.0.0.1:3030` (RFC 9112, 3.2)",
            String::from_utf8_lossy(host.as_bytes())
        )),
    };
    let detail = detail.or_else(|| {
        (!is_target(method, uri)).then(|| {
            format!(
                "`{uri}` is no target of {method}; it is a path such as `/v1/datasets`, or an address that begins with \
                 `http://` or `https://` and names no account (RFC 9112, 3.2)"
            )
        })
    });
    detail.map(Problem::malformed)
}

/// Whether a method may have this target (3.2). Every method but CONNECT may have a path, or a full address of HTTP that names no
/// account. `*` is for OPTIONS alone.
fn is_target(method: &Method, uri: &Uri) -> bool {
    match (uri.scheme_str(), uri.authority()) {
        (None, None) => *method == Method::OPTIONS || uri.path() != "*",
        (None, Some(_)) => *method == Method::CONNECT,
        (Some(scheme), Some(authority)) => {
            // The part before an `@` would be an account with a password. The service has no accounts (RFC 9110, 4.2.4).
            let is_of_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
            is_of_http && is_host(authority.as_str().as_bytes())
        }
        (Some(_), None) => false,
    }
}

/// Whether this is a host with or without a port (RFC 9110, 4.2.1 and 7.2). The host is a name or a number according to RFC 3986,
/// 3.2.2. HTTP allows no empty host.
fn is_host(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else {
        return false;
    };
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) if address.parse::<Ipv6Addr>().is_ok() => (address, port),
        Some(_) => return false,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let is_port = |port: &str| {
        let digits = port.strip_prefix(':').unwrap_or(port);
        digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits.is_empty() || digits.parse::<u16>().is_ok())
    };
    let has_colon_or_nothing = port.is_empty() || port.starts_with(':');
    !host.is_empty() && has_colon_or_nothing && is_port(port) && (text.starts_with('[') || is_name(host))
}

fn is_name(host: &str) -> bool {
    let mut rest = host.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = match (byte, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
            (byte, after) if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(byte) => after,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use warp::http::HeaderValue;

    use super::*;

    #[test]
    fn a_host_is_a_name_or_a_number_with_or_without_a_port() {
        for host in [
            "x",
            "X.example",
            "a_b:3030",
            "127.0.0.1:0",
            "[::1]",
            "[2001:db8::1]:443",
            "charges.example:",
            "x%41",
            "a,b",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "", ":80", "a b", "a/b", "a?b", "a#b", "user@x", "x:80:80", "x:8o", "x:99999", "[::1", "::1",
            "[x]", "[::1]x", "x%4", "x%zz", "x\\y", "<x>", "\"x\"", "x\t", "п", "http://x",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
        assert!(!is_host(b"\xff"));
    }

    #[test]
    fn a_request_of_http_1_1_has_one_host_and_one_of_1_0_need_have_none() {
        let headers = |hosts: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(HOST, HeaderValue::from_static(host));
            }
            headers
        };
        let uri = Uri::from_static("/");
        for (hosts, new, old) in [
            (&["x"][..], true, true),
            (&[], false, true),
            (&["x", "x"], false, false),
            (&["a b"], false, false),
        ] {
            for (version, is_fine) in [(Version::HTTP_11, new), (Version::HTTP_10, old)] {
                let refused = refused(&Method::GET, &uri, version, &headers(hosts));
                assert_eq!(refused.is_none(), is_fine, "{hosts:?} {version:?}");
            }
        }
    }

    #[test]
    fn a_target_is_a_path_or_an_address_of_http() {
        let is = |method: &Method, target: &'static str| is_target(method, &Uri::from_static(target));
        for target in ["/", "/a?b", "http://x/a", "HTTPS://x:1", "http://[::1]?a=b"] {
            assert!(is(&Method::GET, target), "{target}");
        }
        for target in ["*", "x:80", "ftp://x/a", "http://user@x/", "http://user:word@x/"] {
            assert!(!is(&Method::GET, target), "{target}");
        }
        assert!(is(&Method::OPTIONS, "*") && is(&Method::CONNECT, "x:80"));
    }
}
