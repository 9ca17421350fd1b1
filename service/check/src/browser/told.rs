//! Questions and faults as the page shows them, as JSON.

use serde_json::{Value as Json, json};

use crate::domain::{Language, Say, Told};
use crate::mapping::{Asked, Question};
use crate::sheet::hint;

/// Returns faults as sentences.
pub(super) fn told(faults: &[Say], language: Language) -> Vec<String> {
    let told = |says: &Say| {
        let further = hint(says).map(|hint| format!("; {}", hint.in_language(language)));
        says.in_language(language) + &further.unwrap_or_default()
    };
    faults.iter().map(told).collect()
}

/// Returns that something cannot be read, and why.
pub(super) fn unreadable(faults: &[Say], language: Language) -> Json {
    json!({ "verdict": "unreadable", "faults": told(faults, language) })
}

/// Returns faults of a package, each with the field of the form that it comes from, if it comes from one.
pub(super) fn faults_of_form(faults: &[Say], language: Language) -> Vec<Json> {
    let told = told(faults, language).into_iter().zip(faults);
    told.map(|(text, says)| json!({ "field": field_of(says), "says": text })).collect()
}

/// Returns the field of the form that a fault comes from.
fn field_of(says: &Say) -> Option<&'static str> {
    let place = says.values.iter().find_map(|(name, told)| match (*name, told) {
        ("name", Told::Text(name)) if says.key == "form_empty" => Some(name),
        ("property", Told::Text(name)) if matches!(says.code(), "package" | "mapping_package") => Some(name),
        _ => None,
    })?;
    let is_path = place.ends_with("path");
    let place = place.split(['.', '[']).next()?;
    Some(match place {
        "name" => "name",
        "title" => "title",
        "licenses" if is_path => "licence_path",
        "licence" | "licenses" => "licence",
        "sources" if is_path => "source_path",
        "source" | "sources" => "source",
        "caveat" | "chargesheet" => "caveat",
        _ => return None,
    })
}

/// Returns a question. `wrong` are those whose answers were none, each with what could have been answered.
pub(super) fn question(asked: &Asked, wrong: &[(Asked, String)], language: Language) -> Json {
    let mut own = serde_json::to_value(asked).unwrap_or_default();
    if let Question::Unfit { because, .. } = &asked.question {
        own["because"] = because.in_language(language).into();
    }
    if let Some((_, error)) = wrong.iter().find(|(other, _)| other == asked) {
        own["error"] = error.as_str().into();
    }
    own
}
