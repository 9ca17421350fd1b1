//! The bytes that a digest is over: records as text in one fixed form and order.
//!
//! A digest must not depend on the order of the publisher's rows, on a file format or on a library's
//! version, so it is over lines: first the names of the columns, then the records, fields separated by tabs, every
//! line ended by `\n`. Within a field, a backslash, a tab, a LF and a CR are written `\\`, `\t`, `\n` and `\r`, so
//! that different records never give the same bytes. Records are in the byte order of their fields, field by field.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use crate::package::hex;

/// Collects lines and digests them.
pub struct Lines {
    buffer: Vec<u8>,
    hash: Sha256,
    rows: u64,
}

/// How much is digested at once.
const CHUNK: usize = 1 << 16;

impl Lines {
    /// Begins with the names of the columns.
    pub fn of<'n>(columns: impl IntoIterator<Item = &'n str>) -> Self {
        let mut lines = Self { buffer: Vec::with_capacity(2 * CHUNK), hash: Sha256::new(), rows: 0 };
        for column in columns {
            lines.field(column);
        }
        lines.end_line();
        lines
    }

    /// Adds a field to the record.
    #[inline]
    pub fn field(&mut self, text: &str) {
        self.buffer.extend_from_slice(escaped(text).as_bytes());
        self.buffer.push(b'\t');
    }

    /// Returns the record as far as it is written, for fields to be added as they stand in a line: escaped, each with
    /// a tab behind it.
    #[inline]
    pub fn line(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Ends the record.
    #[inline]
    pub fn end_record(&mut self) {
        self.rows += 1;
        self.end_line();
    }

    #[inline]
    fn end_line(&mut self) {
        if let Some(last) = self.buffer.last_mut() {
            *last = b'\n';
        }
        if self.buffer.len() >= CHUNK {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
    }

    /// Returns how many records there were, and the digest in hex digits.
    pub fn digest(mut self) -> (u64, String) {
        self.hash.update(&self.buffer);
        (self.rows, hex(&self.hash.finalize()))
    }
}

/// Returns a field as it stands in a line.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let escaped = text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
    Cow::Owned(escaped)
}

/// Whether nothing in a text needs to be escaped.
#[inline]
pub fn is_plain(text: &str) -> bool {
    memchr::memchr3(b'\\', b'\t', b'\n', text.as_bytes()).is_none()
        && memchr::memchr(b'\r', text.as_bytes()).is_none()
}

/// Returns the SHA-256 of bytes, in hex digits.
pub fn sha256(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

/// Returns a value as JSON that is the same on every machine: no white space, members in byte order of their
/// names (RFC 8785, as far as our strings, whole numbers and lists go).
pub fn json(value: &serde_json::Value) -> Vec<u8> {
    fn sorted(value: &serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Object(members) => {
                let mut names: Vec<&String> = members.keys().collect();
                names.sort_unstable();
                names.into_iter().map(|name| (name.clone(), sorted(&members[name]))).collect()
            }
            serde_json::Value::Array(items) => items.iter().map(sorted).collect(),
            other => other.clone(),
        }
    }
    serde_json::to_vec(&sorted(value)).expect("a JSON value can be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(records: &[&[&str]]) -> (u64, String) {
        let mut lines = Lines::of(["a", "b"]);
        for record in records {
            for field in *record {
                lines.field(field);
            }
            lines.end_record();
        }
        lines.digest()
    }

    #[test]
    fn the_digest_can_be_made_with_a_shell() {
        // printf 'a\tb\n1\tx\\ty\n' | sha256sum
        let expected = sha256(b"a\tb\n1\tx\\ty\n");
        assert_eq!(digest(&[&["1", "x\ty"]]), (1, expected));
    }

    #[test]
    fn different_records_never_have_the_same_lines() {
        let all: [&[&[&str]]; 5] = [
            &[&["a\tb", "c"]],
            &[&["a", "b\tc"]],
            &[&["a\\tb", "c"]],
            &[&["a", "b"], &["c", "d"]],
            &[&["a", "b\nc\td"]],
        ];
        let mut digests: Vec<String> = all.iter().map(|records| digest(records).1).collect();
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), all.len());
    }

    #[test]
    fn json_is_sorted_and_has_no_white_space() {
        let value = serde_json::json!({ "b": [1, { "d": "ё\n", "c": null }], "a": true });
        assert_eq!(json(&value), "{\"a\":true,\"b\":[1,{\"c\":null,\"d\":\"ё\\n\"}]}".as_bytes());
    }
}
