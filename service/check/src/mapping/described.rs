//! What the descriptor of a package says, from a short form.

use serde_json::{Value as Json, json};

use crate::domain::Say;
use crate::package::Kind;

use super::form::Mapping;

/// The answers of the form.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Described {
    /// The name of the dataset: small letters, digits and hyphens.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The name of its licence, such as `CC-BY-4.0`.
    pub licence: String,
    /// The address of the licence's text.
    pub licence_path: String,
    /// Where the data come from.
    pub source: String,
    /// The address of that.
    pub source_path: String,
    /// What a reader must know of the data, in English.
    pub caveat: String,
}

impl Mapping {
    /// Takes the answers of the form.
    ///
    /// # Errors
    /// The names of the answers that are missing.
    pub fn describe(&mut self, told: &Described) -> Result<(), Vec<Say>> {
        let needed = [
            ("name", &told.name),
            ("title", &told.title),
            ("licence", &told.licence),
            ("source", &told.source),
            ("caveat", &told.caveat),
        ];
        let missing = needed.into_iter().filter(|(_, text)| text.trim().is_empty());
        let missing: Vec<Say> = missing.map(|(name, _)| Say::new("form_empty").with("name", name)).collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let properties = [
            ("name", told.name.trim().into()),
            ("title", told.title.trim().into()),
            ("licenses", Self::named("name", &told.licence, &told.licence_path)),
            ("sources", Self::named("title", &told.source, &told.source_path)),
            ("chargesheet", Self::about(self.kind, &told.caveat)),
        ];
        self.package.extend(properties.map(|(name, value)| (name.to_owned(), value)));
        Ok(())
    }

    /// Returns a list of one licence or source as the descriptor has it: its name or title, and its address if it has one.
    pub fn named(member: &str, text: &str, path: &str) -> Json {
        let mut made = json!({ member: text.trim() });
        if !path.trim().is_empty() {
            made["path"] = path.trim().into();
        }
        json!([made])
    }

    /// Returns what the descriptor says of data of a kind, with a caveat in English.
    pub fn about(kind: Kind, caveat: &str) -> Json {
        let (measures, time_basis, additive) = match kind {
            Kind::CaseLevel => (
                json!(["persons", "cases", "charges"]),
                "charge",
                json!(["country", "statute", "outcome", "year"]),
            ),
            Kind::Reported => (json!(["persons", "cases"]), "not-stated", json!(["year"])),
        };
        json!({
            "kind": kind.name(), "measures": measures, "time_basis": time_basis, "additive": additive,
            "disclosure": "none", "caveats": { "en": [caveat.trim()] },
        })
    }
}
