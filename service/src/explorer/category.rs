//! The page of a category of offence: the countries that prosecute it, the statutes they use, and the outcomes.

use askama::Template as _;

use super::address::{of_category, of_country};
use super::chart::Chart;
use super::frame::{Choice, Frame, PageError, read_language};
use super::order;
use super::sections::{Page, charts as charts_of, is_drawn, sections};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Dimension, Entry, Language, Lists, Statute, offence_definition};
use crate::present::country_name;
use crate::present::texts::{Texts, fill};

/// Groupings to try, in order: the first shows most at a glance, and the last is never refused.
const GROUPINGS: [&[Dimension]; 3] = [
    &[Dimension::Country, Dimension::Outcome],
    &[Dimension::Country, Dimension::Year, Dimension::Outcome],
    &[Dimension::Statute, Dimension::Year, Dimension::Outcome],
];

/// Returns the category of an address, and the language of its page.
fn asked(code: &str, query: &str) -> Result<(&'static Entry, Language), PageError> {
    let language = read_language(query)?;
    let offences = &Lists::bundled().offences;
    let entry = offences.get(code).ok_or_else(|| {
        let nearest = offences.nearest(code).map(str::to_owned);
        PageError::Missing { what: "category of offence", id: code.to_owned(), nearest, page: of_category }
    })?;
    Ok((entry, language))
}

/// Returns the page of a category of offence.
///
/// # Errors
/// When there is no such category, or a parameter is not known; or on a bug.
pub fn category(catalog: &Catalog, base: &str, code: &str, query: &str) -> Result<String, PageError> {
    let (entry, language) = asked(code, query)?;
    let texts = Texts::of(language);
    let title = fill(texts.categories.get("title"), &[("category", entry.label.get(language))]);
    let lead = texts.categories.get("lead");
    let path = of_category(code, Language::ENGLISH);
    let frame =
        Frame::new(language, format!("{title} – Chargesheet"), lead.to_owned(), &path, "").of_all(catalog);
    let address = format!("{base}{}", frame.address());
    let (mut datasets, mut share) = (Vec::new(), None);
    for dataset in catalog.datasets() {
        let charts = charts(dataset, code, language, base)?;
        datasets.extend(sections(charts, &mut share, base, &address));
    }
    let groups = by_country(catalog, code, language);
    let page = Page {
        frame,
        catalog,
        language,
        share,
        title,
        lead,
        // A definition that is not translated would not help the reader.
        definition: offence_definition(code, language),
        nothing: texts.categories.get("nothing"),
        datasets,
        related: (texts.on_page("countries"), related(&groups, language)),
        groups: groups.into_iter().map(|(name, _, statutes)| (name, statutes)).collect(),
    };
    Ok(page.render()?)
}

/// Returns the first chart on the page of a category; `None` when the page has no chart.
///
/// # Errors
/// As the page itself.
pub fn category_chart(
    catalog: &Catalog,
    base: &str,
    code: &str,
    query: &str,
) -> Result<Option<Chart>, PageError> {
    let (_, language) = asked(code, query)?;
    for dataset in catalog.datasets() {
        if let Some(chart) = charts(dataset, code, language, base)?.into_iter().find(is_drawn) {
            return Ok(Some(chart));
        }
    }
    Ok(None)
}

fn charts(dataset: &Dataset, code: &str, language: Language, base: &str) -> Result<Vec<Chart>, PageError> {
    let Some(category) = dataset.release.number(Dimension::Category, code) else {
        return Ok(Vec::new());
    };
    charts_of(dataset, &[(Dimension::Category, vec![category])], &GROUPINGS, language, base)
}

/// A country's name and code, with its statutes.
type OfCountry<'c> = (String, String, Vec<&'c Statute>);

/// Returns the statutes of a category by country, in the order of the countries' names.
fn by_country<'c>(catalog: &'c Catalog, code: &str, language: Language) -> Vec<OfCountry<'c>> {
    let mut groups: Vec<OfCountry<'c>> = Vec::new();
    for statute in catalog.statutes().into_iter().filter(|statute| statute.offence == code) {
        match groups.iter_mut().find(|(_, country, _)| *country == statute.country) {
            Some((.., statutes)) => statutes.push(statute),
            None => {
                let name = country_name(&statute.country, language);
                groups.push((name, statute.country.clone(), vec![statute]));
            }
        }
    }
    groups.sort_by_cached_key(|(name, ..)| order::key(name, Texts::of(language)));
    groups
}

fn related(groups: &[OfCountry<'_>], language: Language) -> Vec<Choice> {
    let link = |(name, code, _): &OfCountry<'_>| Choice::new(&of_country(code, language), name, false);
    groups.iter().map(link).collect()
}
