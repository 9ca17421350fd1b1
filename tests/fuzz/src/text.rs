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

/// Returns bytes with each name in braces, such as `{release}`, replaced by what it stands for: so an input that is kept
/// still says the same when the bundled data have changed.
pub fn filled(bytes: &[u8], names: &[(&str, impl AsRef<str>)]) -> Vec<u8> {
    let mut filled = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, behind)) = rest.split_first() {
        let named = names.iter().find_map(|(name, stands_for)| {
            let behind = behind.strip_prefix(name.as_bytes())?.strip_prefix(b"}")?;
            Some((behind, stands_for)).filter(|_| first == b'{')
        });
        match named {
            Some((behind, stands_for)) => {
                filled.extend_from_slice(stands_for.as_ref().as_bytes());
                rest = behind;
            }
            None => {
                filled.push(first);
                rest = behind;
            }
        }
    }
    filled
}
