//! Records of the small tables as rows of text, and back. Files are read in this form, and releases digest and store
//! it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Returns the fields of a record in order, each as text. An absent field is empty, and a text in three languages
/// makes three fields.
pub fn to_texts(record: &impl Serialize) -> Vec<String> {
    fn add(value: Value, texts: &mut Vec<String>) {
        match value {
            Value::Null => texts.push(String::new()),
            Value::String(text) => texts.push(text),
            Value::Array(parts) => parts.into_iter().for_each(|part| add(part, texts)),
            Value::Object(fields) => fields.into_values().for_each(|field| add(field, texts)),
            plain => texts.push(plain.to_string()),
        }
    }
    let mut texts = Vec::new();
    add(serde_json::to_value(record).expect("a record has only texts and numbers"), &mut texts);
    texts
}

/// Returns the record with these fields, or `None` when a field is damaged.
pub fn from_texts<T: DeserializeOwned>(texts: &[String]) -> Option<T> {
    csv::StringRecord::from(texts).deserialize(None).ok()
}
