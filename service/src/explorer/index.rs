//! The start page: every statute, searched by words, country and category.

use std::collections::BTreeMap;

use askama::Template;

use super::{Choice, Frame, PageError, language};
use crate::catalog::Catalog;
use crate::coverage::Coverage;
use crate::domain::{Language, Statute, countries, offences};
use crate::package::Kind;
use crate::present::texts::{Texts, fill};
use crate::present::{number, short_name_of};
use crate::query::{Params, QueryError, escape, escape_part};

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    frame: Frame,
    words: String,
    countries: Vec<Choice>,
    offences: Vec<Choice>,
    filtered: bool,
    found: String,
    groups: Vec<Group>,
    datasets: Vec<Choice>,
}

/// The statutes of a country.
struct Group {
    /// ISO 3166-1 alpha-3 code.
    code: String,
    country: String,
    statutes: Vec<Item>,
}

/// A statute in the list.
struct Item {
    address: String,
    title: String,
    name: String,
    offence: String,
    /// For each dataset its years, and one figure to begin with, if there is one.
    coverage: Vec<(String, String)>,
}

/// Returns the start page.
///
/// # Errors
/// When a parameter has no meaning; or on a bug.
pub fn index(catalog: &Catalog, query: &str) -> Result<String, PageError> {
    let mut params = Params::parse_form(query)?;
    let language = language(&mut params)?;
    let words = params.take("q").unwrap_or_default();
    let country = params.take("country").unwrap_or_default();
    let offence = params.take("category").unwrap_or_default();
    params.finish_with(&["q", "country", "category", "lang"])?;
    for (parameter, value, list) in [("country", &country, countries()), ("category", &offence, offences())] {
        if !value.is_empty() && list.get(value).is_none() {
            return Err(PageError::Query(QueryError::Value {
                parameter,
                value: value.clone(),
                problem: format!("is no {} that we know", list.name),
                expected: Vec::new(),
                nearest: list.nearest(value).map(str::to_owned),
            }));
        }
    }
    let texts = Texts::of(language);
    let all = catalog.statutes();
    // In the order of the countries' names.
    let mut groups: BTreeMap<(String, String), Vec<Item>> = BTreeMap::new();
    let mut count = 0;
    for statute in &all {
        let fits = (country.is_empty() || statute.country == country)
            && (offence.is_empty() || statute.offence == offence)
            && matches(statute, &words);
        if fits {
            count += 1;
            groups
                .entry((country_name(&statute.country, language), statute.country.clone()))
                .or_default()
                .push(item(catalog, statute, language));
        }
    }
    let rest: Vec<String> = [("q", &words), ("country", &country), ("category", &offence)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    let page = Index {
        frame: Frame::new(
            language,
            format!("Chargesheet: {}", texts.on_page("tagline")),
            texts.on_page("intro").to_owned(),
            "/",
            &rest.join("&"),
        )
        .of_all(catalog),
        countries: choices(all.iter().map(|statute| statute.country.as_str()), &country, |code| {
            country_name(code, language)
        }),
        offences: choices(all.iter().map(|statute| statute.offence.as_str()), &offence, |code| {
            offence_name(code, language)
        }),
        filtered: !rest.is_empty(),
        found: fill(texts.on_page("found"), &[("count", &count.to_string())]),
        groups: groups
            .into_iter()
            .map(|((country, code), statutes)| Group { code, country, statutes })
            .collect(),
        datasets: super::dataset::links(catalog, language),
        words,
    };
    Ok(page.render()?)
}

/// Whether every word stands somewhere in what the statute is called, in any language.
fn matches(statute: &Statute, words: &str) -> bool {
    let mut text = statute.id.to_lowercase();
    for language in Language::all() {
        for part in [
            statute.title.get(language),
            &short_name_of(statute, language),
            &country_name(&statute.country, language),
            &offence_name(&statute.offence, language),
        ] {
            text.push(' ');
            text.push_str(&part.to_lowercase());
        }
    }
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn item(catalog: &Catalog, statute: &Statute, language: Language) -> Item {
    Item {
        address: statute_address(&statute.id, language),
        title: statute.title.get(language).to_owned(),
        name: short_name_of(statute, language),
        offence: offence_name(&statute.offence, language),
        coverage: catalog
            .coverage(&statute.id)
            .iter()
            .map(|coverage| covering(catalog, coverage, language))
            .collect(),
    }
}

/// One dataset's years on a statute, and a figure to begin with.
fn covering(catalog: &Catalog, coverage: &Coverage, language: Language) -> (String, String) {
    let texts = Texts::of(language);
    let years = match coverage.years {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}–{last}"),
        None => texts.unknown.to_lowercase(),
    };
    let kind =
        catalog.dataset(&coverage.dataset).map(|dataset| dataset.release.descriptor().chargesheet.kind);
    let key = match kind {
        Some(Kind::CaseLevel) => "cover_case-level",
        _ => "cover_reported",
    };
    let latest = coverage.latest.as_ref().map_or(String::new(), |latest| {
        let values = [
            ("outcome", latest.outcome.get(language)),
            ("year", &latest.year.to_string()),
            ("value", &number(latest.value, texts)),
            ("measure", &texts.measure(latest.measure).to_lowercase()),
        ];
        fill(texts.on_page("latest"), &values)
    });
    (fill(texts.on_page(key), &[("years", &years)]), latest)
}

/// Returns the address of a statute's page.
pub(super) fn statute_address(id: &str, language: Language) -> String {
    let path = format!("/statutes/{}", escape_part(id));
    if language == Language::ENGLISH { path } else { format!("{path}?lang={language}") }
}

/// Returns a country's name; its code where the list has none.
pub(super) fn country_name(code: &str, language: Language) -> String {
    countries().get(code).map_or(code, |entry| entry.label.get(language)).to_owned()
}

/// Returns the name of a category of offence; nothing where there is none.
pub(super) fn offence_name(code: &str, language: Language) -> String {
    offences().get(code).map_or("", |entry| entry.label.get(language)).to_owned()
}

fn choices<'a>(
    codes: impl Iterator<Item = &'a str>,
    chosen: &str,
    name: impl Fn(&str) -> String,
) -> Vec<Choice> {
    let mut codes: Vec<&str> = codes.filter(|code| !code.is_empty()).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut choices: Vec<Choice> = codes
        .into_iter()
        .map(|code| Choice { value: code.to_owned(), label: name(code), chosen: code == chosen })
        .collect();
    choices.sort_by(|left, right| left.label.cmp(&right.label));
    choices
}
