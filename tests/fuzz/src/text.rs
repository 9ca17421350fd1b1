//! Bytes as texts.

use std::fmt::Write as _;

/// Returns the first line, without its end and as far as it is UTF-8, and everything behind it.
pub fn split_line(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let line = String::from_utf8_lossy(&bytes[..end]).into_owned();
    (line, bytes.get(end + 1..).unwrap_or_default())
}

/// Returns bytes as the target of a request: what can stand there stands as it is, the rest percent-encoded.
pub fn target(bytes: &[u8]) -> String {
    encoded(bytes, |byte| byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte))
}

/// Returns bytes as a value in a query: everything but letters and digits percent-encoded.
pub fn value(bytes: &[u8]) -> String {
    encoded(bytes, |byte| byte.is_ascii_alphanumeric())
}

fn encoded(bytes: &[u8], is_plain: impl Fn(u8) -> bool) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        if is_plain(byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Returns bytes in hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
