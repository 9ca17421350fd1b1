//! The languages of the service: one file each in `service/languages`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

// `build.rs` writes `FILES`: the code and the text of every file, first English, Russian and Kazakh, then the others.
include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A language of labels, texts and charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Language(u8);

/// The parts of a language's file that are about the language and about codes.
#[derive(Debug, Deserialize)]
struct Own {
    name: String,
    /// Labels by list and code. Only languages without columns in the data packages need them.
    #[serde(default)]
    codes: BTreeMap<String, BTreeMap<String, String>>,
    /// Sentences of problems by key.
    problem: BTreeMap<String, String>,
}

static OWN: LazyLock<Vec<Own>> = LazyLock::new(|| {
    let read = |(_, text): &(&str, &str)| serde_json::from_str(text).expect("the build has read every file");
    FILES.iter().map(read).collect()
});

impl Language {
    /// English. Every text has an English form.
    pub const ENGLISH: Self = Self(0);
    /// Russian.
    pub const RUSSIAN: Self = Self(1);
    /// Kazakh, in Cyrillic script.
    pub const KAZAKH: Self = Self(2);

    /// Returns all languages.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..FILES.len()).map(|place| Self(place as u8))
    }

    /// Returns the languages that have no columns in data packages.
    pub fn further() -> impl Iterator<Item = Self> {
        Self::all().skip(3)
    }

    /// Returns the place of the language among all.
    pub fn place(self) -> usize {
        usize::from(self.0)
    }

    /// Returns the ISO 639-1 code.
    pub fn code(self) -> &'static str {
        FILES[self.place()].0
    }

    /// Returns the language of an ISO 639-1 code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|language| language.code() == code)
    }

    /// Returns the language of a tag, as browsers and libraries write it (BCP 47): `en-GB` is English.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_']).next().unwrap_or_default();
        Self::all().find(|language| language.code().eq_ignore_ascii_case(first))
    }

    /// Returns the language's own name for itself.
    pub fn own_name(self) -> &'static str {
        &OWN[self.place()].name
    }

    /// Returns the language's file, which is JSON.
    pub fn file(self) -> &'static str {
        FILES[self.place()].1
    }

    /// Returns the label in this language of a code in a list (`country`, `outcome`, `role`, `offence`), if the file
    /// has one.
    pub fn label(self, list: &str, code: &str) -> Option<&'static str> {
        OWN[self.place()].codes.get(list)?.get(code).map(String::as_str)
    }

    /// Returns the sentence of a problem, with places for its values, if there is one.
    pub(super) fn problem(self, key: &str) -> Option<&'static str> {
        OWN[self.place()].problem.get(key).map(String::as_str)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// A text in several languages. It always has an English form, which also stands in for a missing or empty form.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, Deserialize)]
#[serde(into = "[String; 3]", from = "[String; 3]")]
pub struct Localized {
    /// The English, Russian and Kazakh form.
    texts: [String; 3],
    /// The forms in further languages, if there are any.
    further: Vec<(Language, String)>,
}

/// The English, Russian and Kazakh form, which are three columns in the tables of a package.
impl From<Localized> for [String; 3] {
    fn from(text: Localized) -> Self {
        text.texts
    }
}

impl From<[String; 3]> for Localized {
    fn from(texts: [String; 3]) -> Self {
        Self { texts, further: Vec::new() }
    }
}

impl Localized {
    /// Makes a text from its English, Russian and Kazakh form. The latter two may be empty.
    pub fn new(english: impl Into<String>, russian: impl Into<String>, kazakh: impl Into<String>) -> Self {
        Self { texts: [english.into(), russian.into(), kazakh.into()], further: Vec::new() }
    }

    /// Returns the text with a form in a further language. An empty form is ignored.
    pub fn with(mut self, language: Language, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            match self.texts.get_mut(language.place()) {
                Some(own) => *own = text,
                None => self.further.push((language, text)),
            }
        }
        self
    }

    /// Returns the form in a language, or else the English form.
    pub fn get(&self, language: Language) -> &str {
        let own = self.own(language);
        if own.is_empty() { &self.texts[0] } else { own }
    }

    /// Returns the form in a language as it was given. It may be empty.
    pub fn own(&self, language: Language) -> &str {
        match self.texts.get(language.place()) {
            Some(own) => own,
            None => self.further.iter().find(|(own, _)| *own == language).map_or("", |(_, text)| text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_language_falls_back_to_english() {
        let further = Language(3);
        let text = Localized::new("Convicted", "Осуждены", "");
        assert_eq!(text.get(further), "Convicted");
        let text = text.with(further, "Verurteilt").with(Language::KAZAKH, "Сотталған");
        assert_eq!(text.get(further), "Verurteilt");
        assert_eq!(text.get(Language::KAZAKH), "Сотталған");
        assert_eq!(text.own(Language(4)), "");
    }

    #[test]
    fn the_first_three_are_those_of_the_data_packages() {
        let codes: Vec<&str> = Language::all().map(Language::code).collect();
        assert_eq!(codes[..3], ["en", "ru", "kk"]);
        assert_eq!(Language::from_code("kk"), Some(Language::KAZAKH));
        assert_eq!(Language::from_code("xx"), None);
        assert_eq!(
            ["en-GB", "RU", "kk_KZ"].map(Language::from_tag),
            [Some(Language::ENGLISH), Some(Language::RUSSIAN), Some(Language::KAZAKH)]
        );
        assert_eq!(["", "x", "eng", "-en"].map(Language::from_tag), [None; 4]);
        assert_eq!(Language::KAZAKH.own_name(), "Қазақша");
    }
}
