//! The page of a country: its statutes, a chart from each dataset, and the categories of offence that its statutes are of.

use std::cmp::Reverse;

use askama::Template as _;

use super::address::{of_category, of_country};
use super::chart::Chart;
use super::frame::{Choice, Frame, PageError, read_language};
use super::order;
use super::sections::{Page, charts as charts_of, is_drawn, sections};
use super::table::Figures;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Dimension, Entry, Language, Lists, Statute, sorted};
use crate::present::offence_name;
use crate::present::texts::{Texts, fill};

/// Groupings to try, in order. The last is never refused.
const GROUPINGS: [&[Dimension]; 2] =
    [&[Dimension::Statute, Dimension::Outcome], &[Dimension::Statute, Dimension::Year, Dimension::Outcome]];

/// Most statutes in a chart: more panels are too small to read.
const MOST_STATUTES: usize = 12;

/// Returns the country of an address, and the language of its page. A country without a statute has no page.
fn asked(catalog: &Catalog, code: &str, query: &str) -> Result<(&'static Entry, Language), PageError> {
    let language = read_language(query)?;
    let countries = &Lists::bundled().countries;
    let has_statutes = |code: &str| catalog.statutes().iter().any(|statute| statute.country == code);
    let entry = countries.get(code).filter(|_| has_statutes(code)).ok_or_else(|| {
        let nearest = countries.nearest(code).filter(|near| has_statutes(near)).map(str::to_owned);
        PageError::Missing { what: "country", id: code.to_owned(), nearest, page: of_country }
    })?;
    Ok((entry, language))
}

/// Returns the page of a country.
///
/// # Errors
/// When no statute is of this country, or a parameter is not known; or on a bug.
pub fn country(catalog: &Catalog, base: &str, code: &str, query: &str) -> Result<String, PageError> {
    let (entry, language) = asked(catalog, code, query)?;
    let texts = Texts::of(language);
    let name = entry.label.get(language);
    let title = fill(texts.country.get("title"), &[("country", name)]);
    let lead = texts.country.get("lead");
    let path = of_country(code, Language::ENGLISH);
    let named = format!("{title} – Chargesheet");
    let frame = Frame::new(language, named, title.clone(), base, [&path, ""]).of_all(catalog);
    let address = format!("{base}{}", frame.address());
    let (mut datasets, mut share) = (Vec::new(), None);
    for dataset in catalog.datasets() {
        let charts = charts(catalog, dataset, code, language, base)?;
        // The pages of the statutes lead to the evidence of each figure.
        datasets.extend(sections(charts, Figures::Plain, &mut share, base, &address));
    }
    let mut statutes = of(catalog, code);
    // Those with figures stand first: a reader came for them.
    statutes.sort_by_cached_key(|statute| {
        (catalog.coverage(&statute.id).is_empty(), order::key(statute.title.get(language), texts))
    });
    let page = Page {
        frame: frame.shared(share),
        catalog,
        language,
        title,
        lead,
        datasets,
        related: offences(&statutes, language),
        groups: vec![(String::new(), statutes)],
    };
    Ok(page.render()?)
}

/// Returns the first chart on the page of a country; `None` when the page has no chart.
///
/// # Errors
/// As the page itself.
pub fn country_chart(
    catalog: &Catalog,
    base: &str,
    code: &str,
    query: &str,
) -> Result<Option<Chart>, PageError> {
    let (_, language) = asked(catalog, code, query)?;
    for dataset in catalog.datasets() {
        if let Some(chart) = charts(catalog, dataset, code, language, base)?.into_iter().find(is_drawn) {
            return Ok(Some(chart));
        }
    }
    Ok(None)
}

/// Returns the statutes of a country.
fn of<'c>(catalog: &'c Catalog, code: &str) -> Vec<&'c Statute> {
    catalog.statutes().into_iter().filter(|statute| statute.country == code).collect()
}

/// Returns the charts of a dataset: of all statutes of the country, or of those with most figures where they are many.
fn charts(
    catalog: &Catalog,
    dataset: &Dataset,
    code: &str,
    language: Language,
    base: &str,
) -> Result<Vec<Chart>, PageError> {
    let release = &dataset.release;
    let Some(country) = release.number(Dimension::Country, code) else { return Ok(Vec::new()) };
    let rows = |id: &str| {
        let own = catalog.coverage(id).iter().find(|own| own.dataset == release.dataset());
        own.map_or(0, |own| own.rows)
    };
    let mut statutes = of(catalog, code);
    statutes.retain(|statute| rows(&statute.id) > 0);
    let mut keep = vec![(Dimension::Country, vec![country])];
    if statutes.len() > MOST_STATUTES {
        statutes.sort_by_key(|statute| (Reverse(rows(&statute.id)), statute.id.as_str()));
        let most = statutes.iter().take(MOST_STATUTES);
        let mut codes: Vec<u32> =
            most.filter_map(|statute| release.number(Dimension::Statute, &statute.id)).collect();
        codes.sort_unstable();
        keep.push((Dimension::Statute, codes));
    }
    charts_of(dataset, &keep, &GROUPINGS, language, base)
}

/// Returns the categories of the statutes, each with its page across countries.
fn offences(statutes: &[&Statute], language: Language) -> Vec<Choice> {
    let codes = sorted(statutes.iter().map(|statute| statute.offence.as_str()).collect());
    let named = codes.into_iter().filter(|code| !code.is_empty());
    let link = |code: &str| Choice::new(&of_category(code, language), &offence_name(code, language), false);
    named.map(link).collect()
}
