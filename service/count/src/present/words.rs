//! The definitions in one language: the part `codebook` of the language files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::package::{Kind, TimeBasis};

/// A code with its label and its meaning.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Meaning {
    /// The code.
    pub code: String,
    /// The label of the code.
    pub label: String,
    /// The meaning of the code.
    pub definition: String,
}

/// A label and a definition from a language file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defined {
    label: String,
    definition: String,
}

/// The texts of the codebook in one language.
#[derive(Debug, Default, Deserialize)]
pub struct Words {
    columns: BTreeMap<String, String>,
    #[serde(rename = "measures_case-level")]
    measures_case_level: BTreeMap<String, String>,
    measures_reported: BTreeMap<String, String>,
    empty: BTreeMap<String, String>,
    sum: BTreeMap<String, String>,
    kind: BTreeMap<String, Defined>,
    absent: BTreeMap<String, Defined>,
    readme: BTreeMap<String, String>,
    /// The words of each list, such as `status`, `stage` and `time_basis`.
    #[serde(flatten)]
    lists: BTreeMap<String, BTreeMap<String, Defined>>,
}

impl Words {
    /// Returns the definition of a column; empty where there is none.
    pub fn column(&self, name: &str) -> &str {
        text(&self.columns, name)
    }

    /// Returns the definition of a measure.
    pub fn measure(&self, kind: Kind, name: &str) -> &str {
        match kind {
            Kind::CaseLevel => text(&self.measures_case_level, name),
            Kind::Reported => text(&self.measures_reported, name),
        }
    }

    /// Returns the meaning of an empty cell.
    pub fn empty(&self, case: &str) -> &str {
        text(&self.empty, case)
    }

    /// Returns the reason why figures may or may not be added.
    pub fn sum(&self, case: &str) -> &str {
        text(&self.sum, case)
    }

    /// Returns a text for the archive `aggregate.zip`.
    pub fn readme(&self, key: &str) -> &str {
        text(&self.readme, key)
    }

    /// Returns the value of a property of codes, or of the column `status`, with its definition. A value without a definition stands
    /// for itself.
    pub fn known(&self, property: &str, code: &str) -> Meaning {
        meaning(self.lists.get(if property == "kind" { "source_kind" } else { property }), code)
    }

    /// Returns the meaning of a kind of dataset.
    pub fn kind(&self, kind: Kind) -> Meaning {
        meaning(Some(&self.kind), kind.name())
    }

    /// Returns the meaning of a time basis: the event that gives a record its year.
    pub fn time_basis(&self, basis: TimeBasis) -> Meaning {
        let name = serde_json::to_value(basis).ok();
        let name = name.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        self.known("time_basis", name)
    }

    /// Returns how a kind of dataset tells zeros, gaps and unknown dates apart.
    pub fn absent(&self, kind: Kind) -> Vec<Meaning> {
        let entry = |code: &str| {
            let own = format!("{code}_{}", kind.name());
            let key = if self.absent.contains_key(&own) { own.as_str() } else { code };
            Meaning { code: code.to_owned(), ..meaning(Some(&self.absent), key) }
        };
        let all: &[&str] = match kind {
            Kind::CaseLevel => &["zero", "unknown", "no_row"],
            Kind::Reported => &["zero", "empty", "no_row"],
        };
        all.iter().map(|code| entry(code)).collect()
    }
}

fn text<'a>(texts: &'a BTreeMap<String, String>, key: &str) -> &'a str {
    texts.get(key).map_or("", String::as_str)
}

fn meaning(list: Option<&BTreeMap<String, Defined>>, code: &str) -> Meaning {
    let (label, definition) = match list.and_then(|list| list.get(code)) {
        Some(defined) => (defined.label.clone(), defined.definition.clone()),
        None => (code.to_owned(), String::new()),
    };
    Meaning { code: code.to_owned(), label, definition }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Dimension, Language, Measure, Status};

    #[test]
    fn everything_that_can_stand_in_an_answer_is_defined_in_every_language() {
        for language in Language::all() {
            let words = Words::of(language);
            let others = ["label", "share", "share_low", "share_high", "status", "sources"];
            for name in Dimension::ALL.iter().map(|dimension| dimension.name()).chain(others) {
                assert!(!words.column(name).is_empty(), "{language} {name}");
            }
            for kind in Kind::ALL {
                assert!(!words.kind(kind).definition.is_empty());
                assert!(words.absent(kind).iter().all(|meaning| !meaning.definition.is_empty()));
                for measure in Measure::ALL {
                    assert!(!words.measure(kind, measure.name()).is_empty(), "{language} {measure}");
                }
            }
            for status in Status::ALL {
                assert!(!words.known("status", status.code()).definition.is_empty());
            }
            for outcome in crate::domain::outcomes().entries() {
                assert!(!words.known("stage", &outcome.stage).definition.is_empty());
            }
            for basis in [
                TimeBasis::Offence,
                TimeBasis::Registration,
                TimeBasis::Charge,
                TimeBasis::FirstInstance,
                TimeBasis::Final,
                TimeBasis::NotStated,
            ] {
                assert!(!words.time_basis(basis).definition.is_empty(), "{language} {basis:?}");
            }
        }
    }
}
