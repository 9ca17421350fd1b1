//! The names that the search knows, for suggestions. They are matched in the page, so what is typed leaves it only with the search.

use std::collections::BTreeSet;

use super::order;
use crate::catalog::Catalog;
use crate::domain::Language;
use crate::present::texts::Texts;
use crate::present::{country_name, offence_name};
use crate::search::synonyms;

/// Returns the names in a language, in the order of its alphabet: countries, categories and titles of statutes, and their other names.
pub fn names(catalog: &Catalog, language: Language) -> Vec<String> {
    let mut names = BTreeSet::new();
    let mut known = BTreeSet::new();
    for statute in catalog.statutes() {
        names.insert(statute.title.get(language).to_owned());
        names.insert(country_name(&statute.country, language));
        names.insert(offence_name(&statute.offence, language));
        known.extend([statute.country.as_str(), statute.offence.as_str(), statute.id.as_str()]);
    }
    let is_law =
        |code: &str| catalog.statutes().iter().any(|statute| statute.id.starts_with(&format!("{code}-")));
    for own in synonyms().iter().filter(|own| own.language == language.code()) {
        if known.contains(own.code) || own.kind == "law" && is_law(own.code) {
            names.insert(own.name.to_owned());
        }
    }
    names.remove("");
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_by_cached_key(|name| order::key(name, Texts::of(language)));
    names
}
