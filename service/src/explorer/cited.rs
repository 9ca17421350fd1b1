//! What reference managers read in the head of a page: Dublin Core, the names that Google Scholar began with, and two of Zotero's
//! own, without which it takes a dataset for an article.

use super::address::of_dataset;
use crate::answer::Dataset;
use crate::domain::Language;
use crate::present::citation::{Citation, PUBLISHER};
use crate::query::escape;
use crate::release::Release;

/// A dataset, or an answer of one, as it is cited.
#[derive(Debug, Clone)]
pub struct Cited {
    pub title: String,
    pub authors: Vec<String>,
    pub publisher: &'static str,
    /// The day of the release, `YYYY-MM-DD`.
    pub date: String,
    pub version: String,
    /// The permanent address.
    pub url: String,
    /// Address of the licence, or its name.
    pub licence: String,
    pub language: Language,
}

impl Cited {
    /// Returns how a dataset is cited, always by its release. `base` is the public address of the service.
    pub fn of_dataset(dataset: &Dataset, language: Language, base: &str) -> Self {
        let release = &dataset.release;
        let descriptor = release.descriptor();
        let named = descriptor.contributors.iter().map(|own| own.title.clone());
        let mut authors: Vec<String> = named.filter(|name| !name.trim().is_empty()).collect();
        if authors.is_empty() {
            authors.push(PUBLISHER.to_owned());
        }
        Self {
            title: descriptor.titles().get(language).to_owned(),
            authors,
            publisher: PUBLISHER,
            date: release.manifest().date().to_owned(),
            version: descriptor.version.clone(),
            url: format!("{base}{}", of_dataset("/datasets", release.dataset(), Some(release.id().as_str()))),
            licence: licence(release),
            language,
        }
    }

    /// Returns how an answer is cited.
    pub fn of_answer(citation: &Citation, release: &Release) -> Self {
        Self {
            title: citation.title.clone(),
            authors: citation.authors.clone(),
            publisher: PUBLISHER,
            date: citation.date.clone(),
            version: citation.version.clone(),
            url: citation.short.clone().unwrap_or_else(|| citation.url.clone()),
            licence: licence(release),
            language: citation.language,
        }
    }

    /// Returns the citation as a ContextObject in a span, in the fields of Dublin Core (COinS 1.0, NISO Z39.88). Zotero reads the type as
    /// it writes it.
    pub fn to_coins(&self) -> String {
        let authors = self.authors.iter().map(|author| ("rft.creator", author.as_str()));
        let told = [
            ("ctx_ver", "Z39.88-2004"),
            ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
            ("rft.type", "dataset"),
            ("rft.title", &self.title),
            ("rft.publisher", self.publisher),
            ("rft.date", &self.date),
            ("rft.language", self.language.code()),
            ("rft.rights", &self.licence),
            ("rft.identifier", &self.url),
        ];
        let pairs = told.into_iter().chain(authors).filter(|(_, value)| !value.is_empty());
        pairs.map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
    }

    /// Returns the day with slashes, as Google Scholar wants it.
    pub fn slashed(&self) -> String {
        self.date.replace('-', "/")
    }
}

/// Returns the address of a release's licence, or else its name.
pub fn licence(release: &Release) -> String {
    let own = release.descriptor().licenses.iter();
    let said = own.map(|own| if own.path.is_empty() { &own.name } else { &own.path });
    said.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default()
}
