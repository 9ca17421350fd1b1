//! The start page: every statute, searched by words, country and category.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;

use super::address::{in_language, of_dataset, of_statute};
use super::frame::{Choice, Frame, PageError, read};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::coverage::Coverage;
use crate::domain::{Language, Statute, countries, offences};
use crate::package::Kind;
use crate::present::texts::{Texts, fill};
use crate::present::{country_name, number, offence_name, short_name_of};
use crate::query::{QueryError, escape};

#[derive(Template)]
#[template(path = "index.html")]
struct Index<'c> {
    frame: Frame,
    catalog: &'c Catalog,
    language: Language,
    words: String,
    countries: Vec<Choice>,
    offences: Vec<Choice>,
    filtered: bool,
    found: String,
    /// The statutes of each country, by its name and its ISO 3166-1 alpha-3 code.
    groups: BTreeMap<(String, String), Vec<&'c Statute>>,
    datasets: Vec<Choice>,
}

/// Returns the start page.
///
/// # Errors
/// When a parameter is not known; or on a bug.
pub fn index(catalog: &Catalog, query: &str) -> Result<String, PageError> {
    let (mut params, language) = read(query)?;
    let words = params.take("q").unwrap_or_default();
    let country = params.take("country").unwrap_or_default();
    let offence = params.take("category").unwrap_or_default();
    params.finish_with(&["q", "country", "category", "lang"])?;
    for (parameter, value, list) in [("country", &country, countries()), ("category", &offence, offences())] {
        if !value.is_empty() && list.get(value).is_none() {
            let problem = format!("is no {} that we know", list.name);
            let nearest = list.nearest(value).map(str::to_owned);
            let (value, expected) = (value.clone(), Vec::new());
            return Err(QueryError::Value { parameter, value, problem, expected, nearest }.into());
        }
    }
    let texts = Texts::of(language);
    let all = catalog.statutes();
    // The map sorts by the countries' names.
    let mut groups: BTreeMap<(String, String), Vec<&Statute>> = BTreeMap::new();
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
                .push(statute);
        }
    }
    let rest: Vec<String> = [("q", &words), ("country", &country), ("category", &offence)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    let title = format!("Chargesheet: {}", texts.on_page("tagline"));
    let dataset = |dataset: &Arc<Dataset>| Choice {
        value: in_language(&of_dataset("/datasets", dataset.release.dataset(), None), language),
        label: dataset.release.descriptor().titles().get(language).to_owned(),
        chosen: false,
    };
    let page = Index {
        frame: Frame::new(language, title, texts.on_page("intro").to_owned(), "/", &rest.join("&"))
            .of_all(catalog),
        catalog,
        language,
        countries: choices(all.iter().map(|own| own.country.as_str()), &country, language, country_name),
        offences: choices(all.iter().map(|own| own.offence.as_str()), &offence, language, offence_name),
        filtered: !rest.is_empty(),
        found: fill(texts.on_page("found"), &[("count", &count.to_string())]),
        groups,
        datasets: catalog.datasets().map(dataset).collect(),
        words,
    };
    Ok(page.render()?)
}

/// Whether each word occurs in the statute's names, in any language.
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

/// Returns the years that one dataset has on a statute, and an example figure.
pub fn covering(catalog: &Catalog, coverage: &Coverage, language: Language) -> (String, String) {
    let texts = Texts::of(language);
    let years = match coverage.years {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}–{last}"),
        None => texts.unknown.to_lowercase(),
    };
    let dataset = catalog.dataset(&coverage.dataset);
    let is_of_cases = dataset.is_some_and(|own| own.release.descriptor().chargesheet.kind == Kind::CaseLevel);
    let key = if is_of_cases { "cover_case-level" } else { "cover_reported" };
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

/// Returns the codes that occur, in the order of their names.
fn choices<'a>(
    codes: impl Iterator<Item = &'a str>,
    chosen: &str,
    language: Language,
    name: fn(&str, Language) -> String,
) -> Vec<Choice> {
    let codes: BTreeSet<&str> = codes.filter(|code| !code.is_empty()).collect();
    let choice = |code| Choice::new(code, &name(code, language), code == chosen);
    let mut choices: Vec<Choice> = codes.into_iter().map(choice).collect();
    choices.sort_by(|left, right| left.label.cmp(&right.label));
    choices
}
