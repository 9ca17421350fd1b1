//! The citation of an answer. A reader of the citation can find these figures again, and can check that they are unchanged.
//!
//! A citation names a release even where the question named none, because the newest release changes from month to month.
//! The address carries the SHA-256 of the figures (the bytes of `aggregate.csv` at that address) after `#`. Browsers do not
//! send this part to a server; `chargesheet cite-check` reads it. The citing author adds the day of access: with that day in
//! it, an answer would have different bytes every day.

mod bibtex;
mod csl;
mod ris;

use sha2::{Digest as _, Sha256};

use super::sources::has_archived;
use super::texts::{Part, Texts, fill};
use super::{csv, describe};
use crate::answer::Dataset;
use crate::disclosure::Published;
use crate::domain::Language;
use crate::package::hex;
use crate::query::{Query, short};

/// The publisher named in every citation.
pub const PUBLISHER: &str = "Chargesheet";

/// A citation of one answer in one language. Each bibliography format has a file of its own in `citation/`. No text in a citation has
/// line ends or control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The organisations that made the dataset; never empty.
    pub authors: Vec<String>,
    /// The title of the answer and how the answer is grouped.
    pub title: String,
    /// Title of the dataset.
    pub dataset: String,
    /// Version of the dataset, as its publisher numbers it.
    pub version: String,
    /// Id of the release.
    pub release: String,
    /// The day of the release, `YYYY-MM-DD`.
    pub date: String,
    /// The language of the texts.
    pub language: Language,
    /// The address of exactly these figures, with their digest after `#sha256=`.
    pub url: String,
    /// SHA-256 of the bytes of `aggregate.csv`, as 64 hex digits.
    pub sha256: String,
    /// The short address of the same answer, where the query has one.
    pub short: Option<String>,
    /// The address of the evidence, where a source behind the answer has an archived copy.
    pub archived: Option<String>,
    /// Whether the answer has no rows. The citation then says that nothing was found.
    pub is_empty: bool,
    /// The key of the entry in a bibliography: ASCII letters, digits and `-`. The same figures and language always have the same key.
    pub key: String,
}

impl Citation {
    /// Makes the citation of an answer. `base` is the public address of the service without a final slash.
    pub fn of(
        dataset: &Dataset,
        query: &Query,
        published: &Published,
        language: Language,
        base: &str,
    ) -> Self {
        let release = &dataset.release;
        let descriptor = release.descriptor();
        let named = descriptor.contributors.iter().map(|own| one_line(&own.title));
        let mut authors: Vec<String> = named.filter(|name| !name.is_empty()).collect();
        if authors.is_empty() {
            authors.push(PUBLISHER.to_owned());
        }
        let (title, subtitle) = describe::titles(query, release, language);
        let sha256 = hex(&csv::digest(query, release, published));
        let (id, own) = (release.dataset(), release.id());
        let (folder, canonical) = (format!("/v1/datasets/{id}/releases/{own}"), query.canonical(release));
        let path = format!("{folder}/aggregate.csv?{canonical}");
        let told_apart = hex(&Sha256::digest(format!("{path}&lang={language}")));
        Self {
            authors,
            title: one_line(&format!("{title}: {subtitle}")),
            dataset: one_line(descriptor.titles().get(language)),
            version: one_line(&descriptor.version),
            release: own.to_string(),
            date: release.manifest().date().to_owned(),
            language,
            url: format!("{base}{path}#sha256={sha256}"),
            sha256,
            short: short(query, release, Some(language)).map(|code| format!("{base}/s/{code}")),
            archived: has_archived(release, published)
                .then(|| format!("{base}{folder}/evidence.csv?{canonical}")),
            is_empty: published.rows() == 0,
            key: format!("chargesheet-{}", &told_apart[..12]),
        }
    }

    /// Returns the address of the figures with their digest, without the host of the service, `base`.
    pub fn path(&self, base: &str) -> &str {
        self.url.strip_prefix(base).unwrap_or(&self.url)
    }

    fn texts(&self) -> &'static Part {
        &Texts::of(self.language).cite
    }

    /// Returns the citation as a sentence, with the address and the digest.
    pub fn to_sentence(&self) -> String {
        let is_own = self.authors == [PUBLISHER];
        let publisher = if is_own { String::new() } else { format!(" {PUBLISHER}.") };
        fill(
            self.texts().get("sentence"),
            &[
                ("authors", &self.authors.join(", ")),
                ("date", &self.date),
                ("title", &self.title),
                ("dataset", &self.dataset),
                ("version", &self.version),
                ("release", &self.release),
                ("publisher", &publisher),
                ("url", &self.url),
            ],
        )
    }

    /// Returns the citation as plain text, with a line for each part: the sentence, the note on an empty answer, the short address,
    /// and the purpose of the hex digits in the address.
    pub fn to_text(&self) -> String {
        let check = Some(self.texts().get("check").to_owned());
        let lines =
            [Some(self.to_sentence()), self.emptiness(), self.short_line(), self.archived_line(), check];
        lines.into_iter().flatten().map(|line| format!("{line}\n")).collect()
    }

    fn short_line(&self) -> Option<String> {
        self.short.as_ref().map(|url| fill(self.texts().get("short"), &[("url", url)]))
    }

    fn archived_line(&self) -> Option<String> {
        self.archived.as_ref().map(|url| fill(self.texts().get("archived"), &[("url", url)]))
    }

    /// Returns the sentence for an answer without rows; `None` where the answer has rows.
    fn emptiness(&self) -> Option<String> {
        self.is_empty.then(|| Texts::of(self.language).empty.clone())
    }

    /// Returns the facts for which bibliographies have no field: the release, the digest, the short address.
    fn notes(&self) -> Vec<String> {
        let texts = self.texts();
        let release = fill(texts.get("release"), &[("release", &self.release)]);
        let digest = fill(texts.get("digest"), &[("digest", &self.sha256)]);
        let others = [self.short_line(), self.archived_line(), self.emptiness()];
        [release, digest].into_iter().chain(others.into_iter().flatten()).collect()
    }

    /// Returns the day of the release as year, month and day.
    fn day(&self) -> [u16; 3] {
        let mut parts = self.date.split('-').map(|part| part.parse().unwrap_or_default());
        [(); 3].map(|()| parts.next().unwrap_or_default())
    }
}

/// Returns a text on one line. Bibliography formats have one field per line, and terminals obey control characters.
fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|own| if own.is_control() { ' ' } else { own }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A citation with every character that a format could stumble over.
    pub fn thorny() -> Citation {
        Citation {
            authors: vec!["Bürgerrechte & Söhne e.V.".to_owned(), "Құқық орталығы".to_owned()],
            title: "Статья «207.3» & {x}: 100 % of $_# ~ ^ \\ \"q\"".to_owned(),
            dataset: "Figures {of} cases".to_owned(),
            version: "1.0.0".to_owned(),
            release: "2026-11-24-0123456789ab".to_owned(),
            date: "2026-11-24".to_owned(),
            language: Language::RUSSIAN,
            url: "https://charges.example/v1/datasets/d/releases/r/aggregate.csv?by=year#sha256=00"
                .to_owned(),
            sha256: "0".repeat(64),
            short: Some("https://charges.example/s/AQ_x-y".to_owned()),
            archived: None,
            is_empty: false,
            key: "chargesheet-0123456789ab".to_owned(),
        }
    }

    #[test]
    fn a_sentence_names_the_publisher_besides_other_authors() {
        let mut citation = thorny();
        assert!(citation.to_sentence().contains(" Chargesheet. https://"), "{}", citation.to_sentence());
        citation.authors = vec![PUBLISHER.to_owned()];
        let sentence = citation.to_sentence();
        assert!(sentence.starts_with("Chargesheet (2026-11-24). "), "{sentence}");
        assert_eq!(sentence.matches("Chargesheet").count(), 1, "{sentence}");
    }

    #[test]
    fn a_text_of_a_package_stays_on_its_line() {
        assert_eq!(one_line(" a\r\nER  - \u{1b}[31m b\t"), "a ER - [31m b");
    }

    #[test]
    fn a_text_has_a_line_for_each_thing() {
        let text = thorny().to_text();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.lines().nth(1).is_some_and(|line| line.ends_with("https://charges.example/s/AQ_x-y")));
        let archived =
            Some("https://charges.example/v1/datasets/d/releases/r/evidence.csv?by=year".to_owned());
        let text = Citation { archived, ..thorny() }.to_text();
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.lines().nth(2).is_some_and(|line| line.ends_with("evidence.csv?by=year")), "{text}");
    }
}
