//! The sentences that people read. Each language has one file; a new language is one more file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::words::Words;
pub use crate::domain::fill;
use crate::domain::{Dimension, Language, Measure};

/// Declares the texts, and how they are taken out of a file. What serde derives for so many fields would be a tenth of the preview
/// in the browser.
macro_rules! texts {
    ($($(#[$about:meta])* $seen:vis $name:ident: $kind:ty,)+) => {
        /// All texts of one language. A `{word}` in a text is a placeholder. The browser is given those that pictures need; the
        /// others are empty there.
        #[derive(Debug)]
        pub struct Texts {
            $($(#[$about])* $seen $name: $kind,)+
        }

        impl Texts {
            /// Takes the texts out of a file. What is left in it has no place here, and what is wrong in it is noted.
            fn take(file: &mut Map<String, Value>, wrong: &mut Vec<&'static str>) -> Self {
                Self { $($name: Taken::taken(stringify!($name), file, wrong),)+ }
            }
        }
    };
}

texts! {
    /// The language's own name for itself.
    pub name: String,
    /// Labels of codes; [`Language::label`] reads them.
    pub codes: BTreeMap<String, BTreeMap<String, String>>,
    /// Sentences of problems by key; [`Say`](crate::domain::Say) reads them.
    pub problem: BTreeMap<String, String>,
    /// The texts of a chart that its reader has changed, and the names of marks.
    pub chart: Part,
    /// The words of a picture: short titles, what is counted, law events, signs.
    pub picture: Part,
    /// The texts of the custom element. The browser loads this part as a file of its own.
    pub widget: Value,
    /// The thousands separator.
    pub thousands: String,
    /// The decimal sign.
    pub decimal: String,
    dimensions: Part,
    grouped: Part,
    measures: Part,
    /// Title of a label column.
    pub label_of: String,
    /// Title of the share column.
    pub share: String,
    /// The sentence that the parts of shares overlap.
    pub share_overlap: String,
    /// Title of the column of lower bounds.
    pub share_low: String,
    /// Title of the column of upper bounds.
    pub share_high: String,
    /// The reasons why a choice cannot be made, in plain words.
    pub why: Part,
    /// Titles of the columns of rates, and of their sources.
    pub rate: Part,
    /// What pages say of a refused question, in plain words.
    pub refused: Part,
    /// The history of a statute: its events, and what can be known about a year.
    life: Part,
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
    /// The word before the last item of a list.
    pub and: String,
    /// The title of an answer without groups.
    pub total: String,
    /// The line that says who published the figures.
    pub source_line: String,
    /// The number of sources that are not named one by one.
    pub more_sources: String,
    /// The sentence about sources that are not listed, and where to find them.
    pub sources_left_out: String,
    /// The line with dataset and release.
    pub dataset_line: String,
    /// The name of a date or code that is not known.
    pub unknown: String,
    /// The sentence about years in which a statute was not in force.
    pub not_in_force: String,
    /// The sentence of an answer without rows.
    pub empty: String,
    /// The sentence about years without a figure.
    pub missing_note: String,
    /// The sentence about years without a record.
    pub missing_records: String,
    /// The sentence about periods on which sources disagree.
    pub disagree_note: String,
    /// The sentence about periods in which a definition changes.
    pub break_note: String,
    /// The sentence about periods with provisional or estimated figures.
    pub provisional_note: String,
    /// The sentence about figures of other periods than calendar years, which an answer by year does not show.
    pub left_out_periods: String,
    /// The sentence about figures of periods that lie only partly between `from` and `to`.
    pub left_out_cut: String,
    /// The sentence about figures of parts of a country.
    pub left_out_areas: String,
    /// The sentence about figures that are counted by another rule than the main one of their series.
    pub left_out_rules: String,
    /// The description of a series of several periods, for screen readers.
    pub alt_series: String,
    /// The description of a series of one period.
    pub alt_single: String,
    /// The description of the records in a series whose period is not known.
    pub alt_undated: String,
    /// The description of a group.
    pub alt_value: String,
    /// The number of groups that are not described one by one.
    pub alt_more: String,
    /// The sentence that says how to cite.
    pub citation: String,
    /// The sentence by which a copy of the site says that it is a copy.
    pub mirror_note: String,
    /// The texts of the tools of a chart, which the browser loads at a click, as a file of their own.
    pub tools: Value,
    /// The texts about statutes that stand for others.
    pub lineage: Part,
    /// The texts of the search.
    pub search: Part,
    /// The texts about figures of other periods than calendar years.
    pub spans: Part,
    /// The texts of the start page.
    pub start: Part,
    /// The texts about the evidence behind a figure.
    pub evidence: Part,
    /// The texts of the pages of countries.
    pub country: Part,
    /// The texts of the page of a category of offence.
    pub categories: Part,
    /// The texts of the chart builder.
    pub builder: Part,
    /// The texts of the check in the browser.
    pub check: Part,
    /// The texts in citations of an answer.
    pub cite: Part,
    /// The texts of the page about the publisher.
    pub about: Part,
    /// The texts of a workbook.
    pub sheet: SheetTexts,
    /// The meaning of columns and codes.
    pub codebook: Words,
    /// The texts of pages.
    pub page: Part,
    /// The sentences about changes over time.
    pub trend: Part,
    /// The plain answers about a statute.
    pub plain: Part,
    /// The texts of the pages of datasets.
    pub dataset_page: Part,
    /// The words of formats for statisticians.
    pub statistics: Part,
    /// What feeds say of a release.
    pub feed: Part,
}

/// What can stand in a language's file.
trait Taken: Sized + Default {
    /// Reads a value; `None` where it is of another kind.
    fn read(value: Value) -> Option<Self>;

    /// Takes the value of a name, and notes the name where it is missing or wrong. Only the browser's files may lack some.
    #[inline(never)]
    fn taken(name: &'static str, file: &mut Map<String, Value>, wrong: &mut Vec<&'static str>) -> Self {
        let is_needed = !IS_PART && !MAY_LACK.contains(&name);
        let value = file.remove(name);
        let is_wrong = value.is_some() || is_needed;
        value.and_then(Self::read).unwrap_or_else(|| {
            wrong.extend(is_wrong.then_some(name));
            Self::default()
        })
    }
}

/// Whether the files have only what pictures need.
const IS_PART: bool = cfg!(target_arch = "wasm32");

/// What a language may lack: labels that the data packages have, and the words of the element, which the browser loads by itself.
const MAY_LACK: [&str; 2] = ["codes", "widget"];

impl Taken for Value {
    fn read(value: Value) -> Option<Self> {
        Some(value)
    }
}

impl Taken for String {
    fn read(value: Value) -> Option<Self> {
        if let Value::String(text) = value { Some(text) } else { None }
    }
}

impl<T: Taken> Taken for BTreeMap<String, T> {
    fn read(value: Value) -> Option<Self> {
        let Value::Object(members) = value else { return None };
        members.into_iter().map(|(key, value)| Some((key, T::read(value)?))).collect()
    }
}

impl Taken for Part {
    fn read(value: Value) -> Option<Self> {
        Taken::read(value).map(Self)
    }
}

/// Texts that no picture needs are read by serde, and not in the browser.
macro_rules! taken_by_serde {
    ($($kind:ty)+) => {
        $(impl Taken for $kind {
            fn read(value: Value) -> Option<Self> {
                if IS_PART { Some(Self::default()) } else { serde_json::from_value(value).ok() }
            }
        })+
    };
}

taken_by_serde! { SheetTexts Words }

/// A part of a language's texts: one sentence per key.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Part(pub BTreeMap<String, String>);

impl Part {
    /// Returns a text; its key where there is none.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }
}

/// The texts of a workbook: names of sheets and sections, and the meaning of columns.
#[derive(Debug, Default, Deserialize)]
pub struct SheetTexts {
    /// The event that gives a record its year: a sentence for each basis.
    pub time_basis: Part,
    #[serde(flatten)]
    texts: BTreeMap<String, String>,
}

impl SheetTexts {
    /// Returns a text; its key where there is none.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }
}

impl Texts {
    /// Returns the texts of a language.
    pub fn of(language: Language) -> &'static Self {
        static ALL: LazyLock<Vec<Texts>> = LazyLock::new(|| {
            let read = |language: Language| {
                let (mut file, mut wrong) = (serde_json::from_str(language.file())?, Vec::new());
                let texts = Texts::take(&mut file, &mut wrong);
                let left = file.keys().map(String::as_str).chain(wrong).collect::<Vec<_>>();
                if left.is_empty() { Ok(texts) } else { Err(serde_json::Error::custom(left.join(", "))) }
            };
            Language::all()
                .map(|own| read(own).expect("the language files are compiled in and tested"))
                .collect()
        });
        &ALL[language.place()]
    }

    /// Returns the name of a dimension.
    pub fn dimension(&self, dimension: Dimension) -> &str {
        self.dimensions.get(dimension.name())
    }

    /// Returns the name of a dimension in the form that follows the word "by".
    pub fn grouped_by(&self, dimension: Dimension) -> &str {
        self.grouped.get(dimension.name())
    }

    /// Returns the name of a measure.
    pub fn measure(&self, measure: Measure) -> &str {
        self.measures.get(measure.name())
    }

    /// Returns a text of pages; its key where there is none.
    pub fn on_page<'a>(&'a self, key: &'a str) -> &'a str {
        self.page.get(key)
    }

    /// Returns a text about the history of a statute; its key where there is none.
    pub fn of_life<'a>(&'a self, key: &'a str) -> &'a str {
        self.life.get(key)
    }

    /// Returns a text about changes over time; its key where there is none. In the language files, `_` stands for the `-` of codes.
    pub fn on_trend<'a>(&'a self, key: &'a str) -> &'a str {
        self.trend.0.get(&key.replace('-', "_")).map_or(key, String::as_str)
    }

    /// Returns a text of the pages of datasets; its key where there is none.
    pub fn on_dataset_page<'a>(&'a self, key: &'a str) -> &'a str {
        self.dataset_page.get(key)
    }

    /// Returns the line with a short address.
    pub fn cite_short(&self, url: &str) -> String {
        fill(self.cite.get("short"), &[("url", url)])
    }

    /// Returns the text for the number of names that are left out.
    pub fn and_more(&self, count: &u64) -> String {
        fill(&self.more_sources, &[("count", &count.to_string())])
    }

    /// Returns names joined as a list in words: "year, outcome and role".
    pub fn list(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.and),
        }
    }
}

impl Words {
    /// Returns the words of a language.
    pub fn of(language: Language) -> &'static Self {
        &Texts::of(language).codebook
    }
}

/// Returns a text escaped for a quoted attribute.
pub fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the placeholders of a text, in byte order.
    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<&str> =
            text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect();
        // A sentence can need the same value twice in one language and once in another.
        places.sort_unstable();
        places.dedup();
        places
    }

    #[test]
    fn every_language_has_every_text_with_the_same_places() {
        let english: Value = serde_json::from_str(Language::ENGLISH.file()).unwrap();
        for language in Language::all().skip(1) {
            let other: Value = serde_json::from_str(language.file()).unwrap();
            compare("", &english, &other, language);
            assert_eq!(Texts::of(language).page.0.len(), Texts::of(Language::ENGLISH).page.0.len());
        }
    }

    fn compare(path: &str, english: &Value, other: &Value, language: Language) {
        match english {
            Value::Object(texts) => {
                for (key, text) in texts {
                    compare(&format!("{path}/{key}"), text, &other[key], language);
                }
            }
            Value::String(text) => {
                let other = other.as_str().unwrap_or_else(|| panic!("{language} has no {path}"));
                assert_eq!(places(text), places(other), "{language} {path}");
                assert!(!other.is_empty(), "{language} {path}");
            }
            _ => panic!("{path} is no text"),
        }
    }

    #[test]
    fn nothing_can_end_an_attribute() {
        assert_eq!(attribute("a \"b\" <script> & c"), "a &quot;b&quot; &lt;script&gt; &amp; c");
    }
}
