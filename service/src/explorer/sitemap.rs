//! The list of all pages for search engines (sitemaps.org 0.9), each in every language.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{in_language, is_check_offered, of_category, of_country, of_dataset, of_statute};
use crate::catalog::Catalog;
use crate::domain::Language;
use crate::present::texts::attribute;
use crate::query::in_time;

/// Most addresses of a list: a limit of sitemaps.org. Statutes stand last, because a register may be long.
const MOST: usize = 50_000;

/// Returns the list. `base` is the public address of the service without a final slash.
pub fn sitemap(catalog: &Catalog, base: &str) -> String {
    let mut pages: Vec<(String, Option<&str>)> =
        ["/", "/about", "/charts/new", "/api"].map(|path| (path.to_owned(), None)).into();
    pages.extend(is_check_offered().then(|| ("/check".to_owned(), None)));
    let mut days: BTreeMap<&str, &str> = BTreeMap::new();
    for dataset in catalog.datasets() {
        let (id, release) = (dataset.release.dataset(), dataset.release.id().as_str());
        let listed = catalog.releases(id).unwrap_or_default().iter().find(|own| own.entry.id == release);
        let day = listed.and_then(|own| own.entry.published.get(..10));
        pages.push((of_dataset("/datasets", id, None), day));
        days.extend(day.map(|day| (id, day)));
    }
    let statutes = catalog.statutes();
    let countries: BTreeSet<&str> = statutes.iter().map(|own| own.country.as_str()).collect();
    pages.extend(countries.into_iter().map(|code| (of_country(code, Language::ENGLISH), None)));
    let offences: BTreeSet<&str> = statutes.iter().map(|own| own.offence.as_str()).collect();
    let offences = offences.into_iter().filter(|code| !code.is_empty());
    pages.extend(offences.map(|code| (of_category(code, Language::ENGLISH), None)));
    for statute in in_time(&statutes) {
        let covering = catalog.coverage(&statute.id).iter();
        let newest = covering.filter_map(|own| days.get(own.dataset.as_str()).copied()).max();
        pages.push((of_statute(&statute.id, Language::ENGLISH), newest));
    }
    let languages = Language::all();
    pages.truncate(MOST / languages.len());
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
                    xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n"
        .to_owned();
    for (path, day) in in_time(&pages) {
        let address = |language| attribute(&format!("{base}{}", in_language(path, language)));
        let link = |language: Language| {
            format!("<xhtml:link rel=\"alternate\" hreflang=\"{language}\" href=\"{}\"/>", address(language))
        };
        let links: String = languages.clone().map(link).collect();
        let day = day.map_or(String::new(), |day| format!("<lastmod>{day}</lastmod>"));
        for language in languages.clone() {
            text.push_str(&format!("<url><loc>{}</loc>{day}{links}</url>\n", address(language)));
        }
    }
    text + "</urlset>\n"
}
