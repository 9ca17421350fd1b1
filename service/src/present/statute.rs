//! How a statute is named to people.

use super::texts::{Texts, fill};
use crate::domain::{Language, Statute, countries};

/// Returns the law and the article: "Criminal Code 2014, art. 274, part 4".
pub fn short_name_of(statute: &Statute, language: Language) -> String {
    let texts = Texts::of(language);
    let mut name = statute.law.clone();
    for (text, key, value) in
        [(&texts.article, "article", &statute.article), (&texts.part, "part", &statute.part)]
    {
        if !value.is_empty() {
            name.push_str(", ");
            name.push_str(&fill(text, &[(key, value)]));
        }
    }
    name
}

/// Returns the country, the law, the article and what it forbids.
pub fn name_of(statute: &Statute, language: Language) -> String {
    let country =
        countries().get(&statute.country).map_or(statute.country.as_str(), |entry| entry.label.get(language));
    format!("{country}, {}: {}", short_name_of(statute, language), statute.title.get(language))
}
