//! A reader of the properties of `datapackage.json`. It reads each property as its type, and records every fault.

use std::borrow::Borrow;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::domain::{CodeList, Say, Told, is_address, nearest};
use crate::package::PackageError;
use crate::package::places::{Places, pointer_to};

/// Most characters of a value that are shown.
const SHOWN: usize = 100;
/// The advice for a value that should be text.
pub(super) const AS_TEXT: &str = "expected.text";

/// A place in `datapackage.json`.
#[derive(Clone, Default)]
pub(super) struct Property<'v> {
    /// Its name, as errors show it: the names of the objects around it, with dots between.
    pub(super) shown: String,
    /// The JSON Pointer to it.
    pointer: String,
    places: Option<&'v Places>,
}

impl<'v> Property<'v> {
    /// Returns the place of the whole descriptor.
    pub(super) fn root(places: &'v Places) -> Self {
        Self { places: Some(places), ..Self::default() }
    }

    /// Returns the place of a property of this object.
    pub(super) fn below(&self, name: &str) -> Self {
        let dot = if self.shown.is_empty() { "" } else { "." };
        let shown = format!("{}{dot}{name}", self.shown);
        Self { shown, pointer: pointer_to(&self.pointer, name), places: self.places }
    }

    /// Returns the place of a value of this list.
    pub(super) fn at(&self, number: usize) -> Self {
        Self { pointer: pointer_to(&self.pointer, &number.to_string()), ..self.clone() }
    }

    /// Returns the same place under another name.
    pub(super) fn shown_as(self, shown: &str) -> Self {
        Self { shown: shown.to_owned(), ..self }
    }

    /// Returns its line. What is missing has the line of its object.
    pub(super) fn line(&self) -> Option<u32> {
        self.places?.line(&self.pointer)
    }
}

/// A JSON object, and its place.
#[derive(Default)]
pub(super) struct Part<'v> {
    pub(super) place: Property<'v>,
    pub(super) object: Option<&'v Map<String, Value>>,
}

impl<'v> Part<'v> {
    /// Returns a property. `null` counts as a missing property.
    pub(super) fn get(&self, name: &str) -> Option<&'v Value> {
        self.object?.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn property(&self, name: &str) -> Property<'v> {
        self.place.below(name)
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
    fn fault(&mut self, property: &Property<'_>, given: Told, expected: Say) {
        let (place, line, property) = (self.place.to_owned(), property.line(), property.shown.clone());
        self.faults.push(PackageError::Property { place, line, property, given, expected });
    }

    /// Records that a property has an unusable value.
    pub(super) fn wrong(&mut self, property: &Property<'_>, value: impl ToString, expected: impl Into<Say>) {
        self.fault(property, Told::Text(value.to_string()), expected.into());
    }

    pub(super) fn wrong_text(&mut self, property: &Property<'_>, text: &str, expected: impl Into<Say>) {
        let cut: String = text.chars().take(SHOWN).collect();
        let more = if cut.len() < text.len() { "…" } else { "" };
        self.wrong(property, format!("{cut:?}{more}"), expected);
    }

    /// Records that a value has the wrong JSON type.
    pub(super) fn wrong_kind(&mut self, property: &Property<'_>, value: &Value, expected: impl Into<Say>) {
        match value {
            Value::String(text) => self.wrong_text(property, text, expected),
            Value::Array(_) => self.is_a(property, "package.a_list", expected),
            Value::Object(_) => self.is_a(property, "package.an_object", expected),
            plain => self.wrong(property, plain, expected),
        }
    }

    /// Records that a property is what a sentence says: missing, a list, an object.
    pub(super) fn is_a(&mut self, property: &Property<'_>, what: impl Into<Say>, expected: impl Into<Say>) {
        self.fault(property, Told::Said(what.into()), expected.into());
    }

    /// Records that a property is missing, unless the object has it.
    pub(super) fn must_have(&mut self, part: &Part<'_>, name: &str, expected: impl Into<Say>) {
        if part.object.is_some() && part.get(name).is_none() {
            self.is_a(&part.property(name), "package.missing", expected);
        }
    }

    pub(super) fn object<'v>(&mut self, value: &'v Value, place: Property<'v>) -> Option<Part<'v>> {
        let object = value.as_object();
        if object.is_none() {
            self.wrong_kind(&place, value, "expected.object");
        }
        object.map(|object| Part { place, object: Some(object) })
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
                self.wrong_kind(&part.property(name), other, "expected.list");
                &[]
            }
        }
    }

    /// Returns the objects of a list.
    pub(super) fn parts<'v>(&mut self, part: &Part<'v>, name: &str) -> Vec<Part<'v>> {
        let (list, property) = (self.list(part, name), part.property(name));
        let each = list.iter().enumerate();
        each.filter_map(|(number, value)| self.object(value, property.at(number))).collect()
    }

    /// Returns the texts of a list.
    pub(super) fn texts(&mut self, part: &Part<'_>, name: &str) -> Vec<String> {
        let (list, property) = (self.list(part, name), part.property(name));
        let each = list.iter().enumerate().filter_map(|(number, value)| {
            if value.as_str().is_none() {
                self.wrong_kind(&property.at(number), value, AS_TEXT);
            }
            value.as_str().map(str::to_owned)
        });
        each.collect()
    }

    /// Returns a web address, or an empty text.
    pub(super) fn address(&mut self, part: &Part<'_>, name: &str) -> String {
        let address = self.optional(part, name).unwrap_or_default();
        if !address.is_empty() && !is_address(&address) {
            self.wrong_text(&part.property(name), &address, "expected.address");
        }
        address
    }

    /// Returns a value as one of the words of a type.
    pub(super) fn word<T: DeserializeOwned>(&mut self, property: &Property<'_>, value: &Value) -> Option<T> {
        let read = value.as_str().and_then(|_| serde_json::from_value(value.clone()).ok());
        if read.is_none() {
            self.wrong_kind(property, value, one_of(&words_of::<T>(), value.as_str()));
        }
        read
    }

    pub(super) fn word_of<T: DeserializeOwned>(&mut self, part: &Part<'_>, name: &str) -> Option<T> {
        self.must_have(part, name, one_of(&words_of::<T>(), None));
        self.word(&part.property(name), part.get(name)?)
    }
}

/// Returns a message with the valid words, and the one nearest to the wrong word.
pub(super) fn one_of<S: Borrow<str>>(words: &[S], wrong: Option<&str>) -> Say {
    let near = wrong.and_then(|wrong| nearest(wrong, words.iter().map(Borrow::borrow)));
    let words = words.iter().map(Borrow::borrow).collect::<Vec<_>>().join(", ");
    near_to(Say::new("expected.one_of").with("words", words), near)
}

/// Adds the nearest word to a message, if there is one.
pub(super) fn near_to(say: Say, near: Option<&str>) -> Say {
    match near {
        Some(near) => say.with_said("near", Say::new("expected.near").with("word", format!("{near:?}"))),
        None => say,
    }
}

/// Returns the words of a type. They are taken from the error message of its deserializer.
fn words_of<T: DeserializeOwned>() -> Vec<String> {
    let told = serde_json::from_value::<T>("".into()).err().map_or(String::new(), |error| error.to_string());
    // The message quotes the empty word first. Each valid word then stands between two backticks.
    told.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}
