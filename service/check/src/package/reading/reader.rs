//! A reader of the properties of `datapackage.json`. It reads each property as its type, and records every fault.

use std::borrow::Borrow;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::domain::{CodeList, is_address, nearest};
use crate::package::PackageError;

/// Most characters of a value that are shown.
const SHOWN: usize = 100;
/// The advice for a value that should be text.
pub(super) const AS_TEXT: &str = "write it as text, in quotes";
const AS_ADDRESS: &str = "write an address that begins with https:// or http://, or leave it out";

/// A JSON object and the prefix of its properties' names: the name of the object, with a dot at the end.
#[derive(Default)]
pub(super) struct Part<'v> {
    pub(super) within: String,
    pub(super) object: Option<&'v Map<String, Value>>,
}

impl<'v> Part<'v> {
    /// Returns a property. `null` counts as a missing property.
    pub(super) fn get(&self, name: &str) -> Option<&'v Value> {
        self.object?.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn property(&self, name: &str) -> String {
        format!("{}{name}", self.within)
    }
}

/// A reader of properties that records every fault.
pub(super) struct Reader<'p> {
    pub(super) place: &'p str,
    /// The list of outcomes that the package is checked against.
    pub(super) outcomes: &'p CodeList,
    pub(super) faults: Vec<PackageError>,
}

impl Reader<'_> {
    /// Records that a property has an unusable value.
    pub(super) fn wrong(&mut self, property: &str, value: impl ToString, expected: impl Into<String>) {
        let place = self.place.to_owned();
        let (property, value, expected) = (property.to_owned(), value.to_string(), expected.into());
        self.faults.push(PackageError::Property { place, property, value, expected });
    }

    pub(super) fn wrong_text(&mut self, property: &str, text: &str, expected: impl Into<String>) {
        let cut: String = text.chars().take(SHOWN).collect();
        let more = if cut.len() < text.len() { "…" } else { "" };
        self.wrong(property, format!("{cut:?}{more}"), expected);
    }

    /// Records that a value has the wrong JSON type.
    pub(super) fn wrong_kind(&mut self, property: &str, value: &Value, expected: &str) {
        match value {
            Value::String(text) => self.wrong_text(property, text, expected),
            Value::Array(_) => self.wrong(property, "a list", expected),
            Value::Object(_) => self.wrong(property, "an object", expected),
            plain => self.wrong(property, plain, expected),
        }
    }

    /// Records that a property is missing, unless the object has it.
    pub(super) fn must_have(&mut self, part: &Part<'_>, name: &str, expected: &str) {
        if part.object.is_some() && part.get(name).is_none() {
            self.wrong(&part.property(name), "missing", expected);
        }
    }

    pub(super) fn object<'v>(&mut self, value: &'v Value, property: &str) -> Option<Part<'v>> {
        let object = value.as_object();
        if object.is_none() {
            self.wrong_kind(property, value, "write an object: {…}");
        }
        object.map(|object| Part { within: String::new(), object: Some(object) })
    }

    /// Returns the text of an optional property.
    pub(super) fn optional(&mut self, part: &Part<'_>, name: &str) -> Option<String> {
        let value = part.get(name)?;
        if value.as_str().is_none() {
            self.wrong_kind(&part.property(name), value, AS_TEXT);
        }
        value.as_str().map(str::to_owned)
    }

    /// Returns the text of a required property.
    pub(super) fn text(&mut self, part: &Part<'_>, name: &str) -> String {
        self.must_have(part, name, AS_TEXT);
        self.optional(part, name).unwrap_or_default()
    }

    pub(super) fn list<'v>(&mut self, part: &Part<'v>, name: &str) -> &'v [Value] {
        match part.get(name) {
            Some(Value::Array(list)) => list,
            None => &[],
            Some(other) => {
                self.wrong_kind(&part.property(name), other, "write a list: […]");
                &[]
            }
        }
    }

    /// Returns the objects of a list.
    pub(super) fn parts<'v>(&mut self, part: &Part<'v>, name: &str) -> Vec<Part<'v>> {
        let (list, property) = (self.list(part, name), part.property(name));
        let each = list.iter().filter_map(|value| {
            self.object(value, &property).map(|one| Part { within: format!("{property}."), ..one })
        });
        each.collect()
    }

    /// Returns the texts of a list.
    pub(super) fn texts(&mut self, part: &Part<'_>, name: &str) -> Vec<String> {
        let (list, property) = (self.list(part, name), part.property(name));
        let each = list.iter().filter_map(|value| {
            if value.as_str().is_none() {
                self.wrong_kind(&property, value, AS_TEXT);
            }
            value.as_str().map(str::to_owned)
        });
        each.collect()
    }

    /// Returns a web address, or an empty text.
    pub(super) fn address(&mut self, part: &Part<'_>, name: &str) -> String {
        let address = self.optional(part, name).unwrap_or_default();
        if !address.is_empty() && !is_address(&address) {
            self.wrong_text(&part.property(name), &address, AS_ADDRESS);
        }
        address
    }

    /// Returns a value as one of the words of a type.
    pub(super) fn word<T: DeserializeOwned>(&mut self, property: &str, value: &Value) -> Option<T> {
        let read = value.as_str().and_then(|_| serde_json::from_value(value.clone()).ok());
        if read.is_none() {
            self.wrong_kind(property, value, &one_of(&words_of::<T>(), value.as_str()));
        }
        read
    }

    pub(super) fn word_of<T: DeserializeOwned>(&mut self, part: &Part<'_>, name: &str) -> Option<T> {
        self.must_have(part, name, &one_of(&words_of::<T>(), None));
        self.word(&part.property(name), part.get(name)?)
    }
}

/// Returns a message with the valid words, and the one nearest to the wrong word.
pub(super) fn one_of<S: Borrow<str>>(words: &[S], wrong: Option<&str>) -> String {
    let near = wrong.and_then(|wrong| nearest(wrong, words.iter().map(Borrow::borrow)));
    let hint = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
    format!("expected one of {}{hint}", words.iter().map(Borrow::borrow).collect::<Vec<_>>().join(", "))
}

/// Returns the words of a type. They are taken from the error message of its deserializer.
fn words_of<T: DeserializeOwned>() -> Vec<String> {
    let told = serde_json::from_value::<T>("".into()).err().map_or(String::new(), |error| error.to_string());
    // The message quotes the empty word first. Each valid word then stands between two backticks.
    told.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}
