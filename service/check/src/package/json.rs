//! A reader of JSON that refuses an object with the same name twice.

use std::fmt;

use encoding_rs::{Encoding, UTF_8};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::decoding::Decoding;
use super::places::Places;

/// Parses JSON. A byte order mark states the encoding, as editors on Windows write it; without one the text is UTF-8.
/// Returns the value with the lines of its parts, or `None` when the bytes are not valid in the encoding.
///
/// # Errors
/// When the text is no JSON, or an object has the same name twice: nobody can tell which value was meant.
pub fn read(bytes: &[u8]) -> Option<serde_json::Result<(Value, Places)>> {
    let encoding = Encoding::for_bom(bytes).map_or(UTF_8, |(encoding, _)| encoding);
    let mut text = Vec::new();
    Decoding::of(encoding).decode(bytes, true, &mut text);
    let text = String::from_utf8(text).ok()?;
    Some(serde_json::from_str::<Once>(&text).map(|once| (once.0, Places::of(&text))))
}

/// A JSON value in which no object has the same name twice.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading).map(Self)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Once(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some((name, Once(value))) = object.next_entry::<String, Once>()? {
            if values.contains_key(&name) {
                return Err(A::Error::custom(format!("{name:?} stands there twice")));
            }
            values.insert(name, value);
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_of_the_encoding_is_no_part_of_the_text() {
        let utf16: Vec<u8> = "\u{feff}{\"a\": \"ә\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [&b"{\"a\": \"\xd3\x99\"}"[..], b"\xef\xbb\xbf{\"a\": \"\xd3\x99\"}", &utf16] {
            assert_eq!(read(bytes).unwrap().unwrap().0["a"], "ә");
        }
        assert!(read(b"{\"a\": \"\xe0\"}").is_none());
    }

    #[test]
    fn what_stands_there_twice_is_told_with_its_line() {
        let error = read(b"{\"a\": {\"b\": 1,\n\"b\": 1.5}}").unwrap().unwrap_err().to_string();
        assert!(error.starts_with("\"b\" stands there twice at line 2"), "{error}");
        assert_eq!(
            read(b"[null, true, -1, 1, 1.5, \"x\"]").unwrap().unwrap().0.to_string(),
            "[null,true,-1,1,1.5,\"x\"]"
        );
    }
}
