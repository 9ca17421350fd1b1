//! The names of statutes for people.

use super::texts::{Texts, fill};
use crate::domain::{Dimension, Language, Lists, Span, SpanKind, Statute, countries, offences};
use crate::release::Release;

/// Returns the law and the article: "Criminal Code 2014, art. 274, part 4".
pub fn short_name_of(statute: &Statute, language: Language) -> String {
    let texts = Texts::of(language);
    let mut name = statute.laws().get(language).to_owned();
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

/// Returns the period of a code of the dimension `period`, in words.
pub fn span_text(code: &str, language: Language) -> String {
    let texts = Texts::of(language);
    let [from, to, kind] = Span::parts(code);
    if from == to && kind == SpanKind::Flow.name() {
        return from.to_owned();
    }
    fill(texts.spans.get(kind), &[("from", from), ("to", to)])
}

/// Returns the country, the law, the article and what the article forbids.
///
/// `lists` are the code lists of the release behind the answer: a release keeps its own names of countries.
pub fn name_of(statute: &Statute, lists: &Lists, language: Language) -> String {
    let country = lists.countries.get(&statute.country);
    let country = country.map_or(statute.country.as_str(), |entry| entry.label.get(language));
    format!("{country}, {}: {}", short_name_of(statute, language), statute.title.get(language))
}

/// Returns a country's name; its code where the list has no name.
pub fn country_name(code: &str, language: Language) -> String {
    countries().get(code).map_or(code, |entry| entry.label.get(language)).to_owned()
}

/// Returns the name of a category of offence; an empty text where there is none.
pub fn offence_name(code: &str, language: Language) -> String {
    offences().get(code).map_or("", |entry| entry.label.get(language)).to_owned()
}

/// Returns the name of a code for places where the name stands alone, such as a legend.
///
/// Statutes of many countries have the same name; the id tells which statute is meant.
pub fn legend_label(release: &Release, dimension: Dimension, number: u32, language: Language) -> String {
    let label = release.label(dimension, number, language);
    match dimension {
        Dimension::Statute => format!("{label} ({})", release.code(dimension, number)),
        Dimension::Period => span_text(label, language),
        _ => label.to_owned(),
    }
}
