//! Explained refusals, in place of the bare ones that hyper sends by itself.
//!
//! hyper answers a head that it cannot parse (400) or that is too large (431) with a bare status line. All other errors of the
//! service have a body that explains them, so the bare response is replaced on its way out.

use warp::http::header::CONTENT_LENGTH;

use crate::http::observe::metrics::Refusal;
use crate::http::problem::Problem;

/// Longest request line, in bytes. RFC 9112 (3) recommends that servers take at least 8000 bytes. A question with 200 statutes has
/// 4000 bytes.
pub const LINE_BYTES: usize = 8 * 1024;

/// Largest head of a request, in bytes. Browsers send less than 2000 bytes.
pub const HEAD_BYTES: usize = 16 * 1024;

/// Returns the replacement for the bytes that hyper is about to send, if these are a bare refusal. `is_in_line` says whether the
/// head ended within its first line.
pub fn instead(sent: &[u8], is_in_line: bool) -> Option<(Refusal, Vec<u8>)> {
    let head = std::str::from_utf8(sent).ok()?;
    let (status, fields) = head.strip_suffix("\r\n\r\n")?.split_once("\r\n")?;
    let status = status.strip_prefix("HTTP/1.1 ").or_else(|| status.strip_prefix("HTTP/1.0 "))?;
    let is_bare = |field: &&str| field.eq_ignore_ascii_case("content-length: 0");
    if !fields.split("\r\n").any(|field| is_bare(&field)) {
        return None;
    }
    let (kind, problem) = match status.get(..3)? {
        "400" => {
            let detail =
                "what was sent is no request of HTTP/1.1 (RFC 9112); TLS and HTTP/2 are a proxy's matter";
            (Refusal::Malformed, Problem::malformed(detail))
        }
        "431" if !is_in_line => (Refusal::Head, Problem::head_too_large(HEAD_BYTES)),
        "414" | "431" => (Refusal::Line, Problem::line_too_long(LINE_BYTES)),
        _ => return None,
    };
    // Keeps the fields for the date and for closing the connection.
    let kept = fields.split("\r\n").filter(|field| !is_bare(field));
    Some((kind, written(&problem, kept)))
}

/// Writes a problem as a raw HTTP response, with some of hyper's own header fields.
fn written<'a>(problem: &Problem, fields: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let (status, body, headers) = (problem.status(), problem.to_bytes(), problem.response().headers);
    let reason = status.canonical_reason().unwrap_or("Refused");
    let own = headers.iter().filter(|(name, _)| *name != CONTENT_LENGTH);
    let own = own.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or_default()));
    let lines = [format!("HTTP/1.1 {} {reason}", status.as_u16())].into_iter().chain(own);
    let lines = lines.chain(fields.map(str::to_owned)).chain([format!("content-length: {}", body.len())]);
    let mut bytes = format!("{}\r\n\r\n", lines.collect::<Vec<_>>().join("\r\n")).into_bytes();
    bytes.extend_from_slice(&body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: &str = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n";

    #[test]
    fn a_bare_refusal_becomes_a_problem() {
        let (kind, said) = instead(BARE.as_bytes(), false).expect("it is exchanged");
        let said = String::from_utf8(said).expect("it is text");
        let (head, body) = said.split_once("\r\n\r\n").expect("it has a head and a body");
        assert_eq!(kind, Refusal::Head);
        assert!(head.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "{head}");
        assert!(head.contains("\r\ncontent-type: application/problem+json\r\n"), "{head}");
        assert!(head.contains("\r\nconnection: close\r\n") && head.contains("\r\ndate: "), "{head}");
        assert!(head.contains(&format!("\r\ncontent-length: {}", body.len())), "{head}");
        assert!(body.starts_with("{\"type\":\"urn:chargesheet:problem:head-too-large\""), "{body}");
    }

    #[test]
    fn a_head_that_never_left_its_first_line_is_a_line_too_long() {
        let (kind, said) = instead(BARE.as_bytes(), true).expect("it is exchanged");
        assert_eq!(kind, Refusal::Line);
        assert!(said.starts_with(b"HTTP/1.1 414 URI Too Long\r\n"));
    }

    #[test]
    fn what_we_say_ourselves_is_left_as_it_is() {
        for own in [
            "HTTP/1.1 304 Not Modified\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 12\r\n\r\n",
            "HTTP/1.1 431 x\r\ncontent-length: 0\r\n\r\nand a body",
            "HTTP/1.1 200 OK\r\n\r\n",
            "code,count\r\n\r\n",
            "",
        ] {
            assert_eq!(instead(own.as_bytes(), false), None, "{own}");
        }
    }
}
