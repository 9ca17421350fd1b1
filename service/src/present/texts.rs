//! The sentences people read. One file per language; a new language is one more.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::{Dimension, Language, Measure};
use crate::package::TimeBasis;

/// Every text of one language. A `{word}` in a text is a place to be filled.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The language's own name for itself.
    pub name: String,
    /// Labels of codes: read by [`Language::label`].
    #[serde(default)]
    pub codes: BTreeMap<String, BTreeMap<String, String>>,
    /// What stands in a picture that was changed by its reader, and names of marks.
    pub chart: ChartTexts,
    /// What the custom element says in the browser; it gets this part as a file of its own.
    #[serde(default)]
    pub widget: serde_json::Value,
    /// What stands between thousands.
    pub thousands: String,
    /// What stands before decimals.
    pub decimal: String,
    dimensions: BTreeMap<String, String>,
    grouped: BTreeMap<String, String>,
    measures: BTreeMap<String, String>,
    /// Title of a label column.
    pub label_of: String,
    /// Title of the share column.
    pub share: String,
    /// That the parts of shares overlap.
    pub share_overlap: String,
    /// Title of the column of lower bounds.
    pub share_low: String,
    /// Title of the column of upper bounds.
    pub share_high: String,
    /// Titles of the columns of rates, and of their sources.
    pub rate: RateTexts,
    /// The life of a statute: what can happen to it, and how it can stand with a year.
    life: BTreeMap<String, String>,
    /// Title of the status column.
    pub status: String,
    /// Title of the sources column.
    pub sources: String,
    /// Axis title of a chart of shares.
    pub share_title: String,
    /// An article of a law.
    pub article: String,
    /// A part of an article.
    pub part: String,
    /// How an answer is grouped.
    pub by: String,
    /// The last of a list is joined with it.
    pub and: String,
    /// An answer that is not grouped.
    pub total: String,
    /// Who published the figures.
    pub source_line: String,
    /// Sources that are not named one by one.
    pub more_sources: String,
    /// Sources that are not listed, and where they are.
    pub sources_left_out: String,
    /// Dataset and release.
    pub dataset_line: String,
    /// A date or code that is not known.
    pub unknown: String,
    /// Years in which a statute was not in force.
    pub not_in_force: String,
    /// An answer without rows.
    pub empty: String,
    /// Years without a figure.
    pub missing_note: String,
    /// Years without a record.
    pub missing_records: String,
    /// Periods on which sources disagree.
    pub disagree_note: String,
    /// Periods in which a definition changes.
    pub break_note: String,
    /// Periods with provisional or estimated figures.
    pub provisional_note: String,
    /// What a series of several periods says.
    pub alt_series: String,
    /// What a series of one period says.
    pub alt_single: String,
    /// What a series says of records whose period is not known.
    pub alt_undated: String,
    /// What a group says.
    pub alt_value: String,
    /// Groups that are not told one by one.
    pub alt_more: String,
    /// How to cite.
    pub citation: String,
    /// What a copy of the site says of being one.
    pub mirror_note: String,
    /// Statutes that stand for others.
    pub lineage: LineageTexts,
    /// The way to what stands behind a figure.
    pub evidence: EvidenceTexts,
    /// The page of a category of offence.
    pub categories: BTreeMap<String, String>,
    /// What stands in citations of an answer.
    pub cite: CiteTexts,
    /// The texts of a workbook.
    pub sheet: SheetTexts,
    /// What columns and codes mean.
    pub codebook: super::codebook::Words,
    /// The texts of pages.
    pub page: BTreeMap<String, String>,
    /// What is said of changes over time.
    pub(super) trend: BTreeMap<String, String>,
    /// The texts of the pages of datasets.
    pub dataset_page: BTreeMap<String, String>,
}

/// Texts of citations, for bibliographies and people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CiteTexts {
    /// The whole citation.
    pub sentence: String,
    /// The dataset with its version.
    pub dataset: String,
    /// The release.
    pub release: String,
    /// The digest of the figures.
    pub digest: String,
    /// The short address.
    pub short: String,
    /// What the digest in an address is for.
    pub check: String,
    /// What stands before the files for reference managers.
    pub managers: String,
    /// The file that is a sentence.
    pub plain: String,
}

/// Texts of pictures that are the same for every answer of a language. The browser gets them with the element's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartTexts {
    /// Series that were switched off.
    pub not_shown: String,
    /// Periods that are shown, where others are not.
    pub shown_periods: String,
    /// Where a definition changes.
    pub key_break: String,
    /// Figures that are provisional or estimated.
    pub key_provisional: String,
    /// Figures on which sources disagree.
    pub key_disagree: String,
    /// The band of an interval.
    pub key_interval: String,
}

/// What an answer says when its figures are of several statutes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineageTexts {
    /// The title of a statute that stands for others too.
    pub title: String,
    /// Which others, beside a picture.
    pub note: String,
    /// Which others, and what that may mean.
    pub caveat: String,
    /// That figures are of several statutes, none of them added.
    pub several: String,
    /// The choice in a form.
    pub join: String,
}

/// The words of links to what stands behind figures.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceTexts {
    /// Names the link of a figure. Begins with the figure, as the link does that is seen (WCAG 2.2, 2.5.3).
    pub cell: String,
    /// Names the link of a figure whose group cannot be asked for by itself.
    pub whole: String,
    /// Names the file.
    pub file: String,
    /// Says that numbers are links.
    pub help: String,
}

/// Texts of rates per 100,000 people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTexts {
    /// Title of the column of rates.
    pub title: String,
    /// Title of the column of lower bounds.
    pub low: String,
    /// Title of the column of upper bounds.
    pub high: String,
    /// Whose population figures they are made with.
    pub source: String,
}

/// Texts of a workbook: names of sheets and sections, and what columns mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetTexts {
    /// Name of the sheet with the figures; Excel takes 31 signs.
    pub data: String,
    /// Name of the sheet that tells of them.
    pub about: String,
    /// Section: the answer.
    pub answer: String,
    /// Section: the columns.
    pub columns: String,
    /// Section: the codes.
    pub codes: String,
    /// Section: the sources.
    pub sources: String,
    /// Section: what a reader must know.
    pub read: String,
    /// The dataset.
    pub dataset: String,
    /// The release.
    pub release: String,
    /// The question.
    pub query: String,
    /// The pinned address.
    pub address: String,
    /// The licence.
    pub licence: String,
    /// How to cite.
    pub citation: String,
    /// What an empty cell means.
    pub empty_cell: String,
    /// What a column of codes holds.
    pub code: String,
    /// What a column of labels holds.
    pub label: String,
    /// What a share is.
    pub share: String,
    /// What a bound is.
    pub bound: String,
    /// What a status is.
    pub status: String,
    /// What a column of sources holds.
    pub source_ids: String,
    time_basis: BTreeMap<String, String>,
}

impl SheetTexts {
    /// Returns what the year of a record is the year of, in a sentence.
    pub fn time_basis(&self, basis: TimeBasis) -> &str {
        let name = match basis {
            TimeBasis::Offence => "offence",
            TimeBasis::Registration => "registration",
            TimeBasis::Charge => "charge",
            TimeBasis::FirstInstance => "first-instance",
            TimeBasis::Final => "final",
            TimeBasis::NotStated => "not-stated",
        };
        self.time_basis.get(name).map_or("", String::as_str)
    }
}

impl Texts {
    /// Returns the texts of a language.
    pub fn of(language: Language) -> &'static Self {
        static ALL: LazyLock<Vec<Texts>> = LazyLock::new(|| {
            let read = |language: Language| serde_json::from_str(language.file());
            Language::all()
                .map(|own| read(own).expect("the language files are compiled in and tested"))
                .collect()
        });
        &ALL[language.place()]
    }

    /// Returns the name of a dimension.
    pub fn dimension(&self, dimension: Dimension) -> &str {
        self.dimensions.get(dimension.name()).map_or(dimension.name(), String::as_str)
    }

    /// Returns the name of a dimension in the form that follows "by".
    pub fn grouped_by(&self, dimension: Dimension) -> &str {
        self.grouped.get(dimension.name()).map_or(dimension.name(), String::as_str)
    }

    /// Returns the name of a measure.
    pub fn measure(&self, measure: Measure) -> &str {
        self.measures.get(measure.name()).map_or(measure.name(), String::as_str)
    }

    /// Returns a text of pages; its key where there is none.
    pub fn on_page<'a>(&'a self, key: &'a str) -> &'a str {
        self.page.get(key).map_or(key, String::as_str)
    }

    /// Returns a text on the life of a statute; its key where there is none.
    pub fn of_life<'a>(&'a self, key: &'a str) -> &'a str {
        self.life.get(key).map_or(key, String::as_str)
    }

    /// Returns a text on changes over time; its key where there is none. In the files `_` stands for the `-` of codes.
    pub fn on_trend<'a>(&'a self, key: &'a str) -> &'a str {
        self.trend.get(&key.replace('-', "_")).map_or(key, String::as_str)
    }

    /// Returns a text of the pages of datasets; its key where there is none.
    pub fn on_dataset_page<'a>(&'a self, key: &'a str) -> &'a str {
        self.dataset_page.get(key).map_or(key, String::as_str)
    }

    /// Returns the line that tells a short address.
    pub fn cite_short(&self, url: &str) -> String {
        fill(&self.cite.short, &[("url", url)])
    }

    /// Returns how many more there are than are named.
    pub fn and_more(&self, count: &u64) -> String {
        fill(&self.more_sources, &[("count", &count.to_string())])
    }

    /// Returns names as a list in words: "year, outcome and role".
    pub fn list(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.and),
        }
    }
}

/// Fills the places of a text.
///
/// # Example
/// ```
/// use chargesheet::present::texts::fill;
/// assert_eq!(fill("art. {article}", &[("article", "274")]), "art. 274");
/// ```
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    // One pass: a value that looks like a place is not filled again.
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}') {
            Some((name, behind)) => {
                let value = values.iter().find(|(own, _)| *own == name);
                filled.push_str(value.map_or("", |(_, value)| value));
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of a text, in byte order.
    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<&str> =
            text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn every_language_has_every_text_with_the_same_places() {
        let english: serde_json::Value = serde_json::from_str(Language::ENGLISH.file()).unwrap();
        for language in Language::all().skip(1) {
            let other: serde_json::Value = serde_json::from_str(language.file()).unwrap();
            compare("", &english, &other, language);
            assert_eq!(Texts::of(language).page.len(), Texts::of(Language::ENGLISH).page.len());
        }
    }

    fn compare(path: &str, english: &serde_json::Value, other: &serde_json::Value, language: Language) {
        match english {
            serde_json::Value::Object(texts) => {
                for (key, text) in texts {
                    compare(&format!("{path}/{key}"), text, &other[key], language);
                }
            }
            serde_json::Value::String(text) => {
                let other = other.as_str().unwrap_or_else(|| panic!("{language} has no {path}"));
                assert_eq!(places(text), places(other), "{language} {path}");
                assert!(!other.is_empty(), "{language} {path}");
            }
            _ => panic!("{path} is no text"),
        }
    }

    #[test]
    fn a_value_that_looks_like_a_place_is_left_alone() {
        assert_eq!(fill("{a} {b}", &[("a", "{b}"), ("b", "x")]), "{b} x");
        assert_eq!(fill("{unclosed", &[]), "{unclosed");
    }
}
