//! The canonical text of records, over which digests are computed.
//!
//! A digest must not depend on the order of the publisher's rows, on a file format, or on the version of a library. It is
//! therefore computed over lines of text: first the names of the columns, then the records. Fields are separated by tabs, and
//! every line ends with `\n`.
//! Within a field, a backslash, a tab, a LF and a CR are written `\\`, `\t`, `\n` and `\r`, so that different records never
//! give the same bytes. Records are in the byte order of their fields, field by field.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use crate::package::hex;

/// A writer of lines that computes their digest.
pub struct Lines {
    buffer: Vec<u8>,
    hash: Sha256,
    rows: u64,
}

/// Number of bytes digested at once.
const CHUNK: usize = 1 << 16;

impl Lines {
    /// Starts with a line of column names.
    pub fn of<'n>(columns: impl IntoIterator<Item = &'n str>) -> Self {
        let mut lines = Self { buffer: Vec::with_capacity(2 * CHUNK), hash: Sha256::new(), rows: 0 };
        for column in columns {
            lines.field(column);
        }
        lines.end_line();
        lines
    }

    /// Appends a field to the current record.
    #[inline]
    pub fn field(&mut self, text: &str) {
        self.buffer.extend_from_slice(escaped(text).as_bytes());
        self.buffer.push(b'\t');
    }

    /// Returns the buffer with the current record, to which a caller may append finished fields: escaped, each with a tab
    /// after it.
    #[inline]
    pub fn line(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Ends the current record.
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

    /// Returns the number of records, and the digest in hex digits.
    pub fn digest(mut self) -> (u64, String) {
        self.hash.update(&self.buffer);
        (self.rows, hex(&self.hash.finalize()))
    }
}

/// Returns a field as it is written in a line.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let escaped = text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
    Cow::Owned(escaped)
}

/// Whether a text contains nothing that must be escaped.
#[inline]
pub fn is_plain(text: &str) -> bool {
    memchr::memchr3(b'\\', b'\t', b'\n', text.as_bytes()).is_none()
        && memchr::memchr(b'\r', text.as_bytes()).is_none()
}

/// Returns the SHA-256 of bytes, in hex digits.
pub fn sha256(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

/// Returns a value as canonical JSON, which is the same on every machine: no white space, members in byte order of their names
/// (RFC 8785, as far as strings, whole numbers and lists need it).
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
