//! Sentences by key, with values: the words of problems stand in the language files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde::ser::SerializeStruct as _;

use super::Language;

/// A sentence of the language files' section `problem`, and the values that stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// The key of the sentence, as `bad_number` or `not_csv.gzip`.
    pub key: &'static str,
    /// Values by the name of their place.
    pub values: Vec<(&'static str, Told)>,
}

/// A value in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Told {
    /// A text that is the same in every language.
    Text(String),
    /// Words that have a key of their own.
    Said(Say),
    /// Several such words, with commas between.
    All(Vec<Say>),
}

impl Told {
    /// Returns the value in a language.
    pub fn in_language(&self, language: Language) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Said(say) => say.in_language(language),
            Self::All(all) => {
                let all: Vec<String> = all.iter().map(|say| say.in_language(language)).collect();
                all.join(", ")
            }
        }
    }
}

impl Say {
    /// Makes a sentence without values.
    pub fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new() }
    }

    /// Returns the sentence with one more value.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, Told::Text(value.to_string())));
        self
    }

    /// Returns the sentence with one more value, which is a sentence or a word itself.
    pub fn with_said(mut self, name: &'static str, value: Self) -> Self {
        self.values.push((name, Told::Said(value)));
        self
    }

    /// Returns the sentence with one more value, which is a list of words.
    pub fn with_all(mut self, name: &'static str, values: Vec<Self>) -> Self {
        self.values.push((name, Told::All(values)));
        self
    }

    /// Returns the sentence in a language; its key where no file has it.
    pub fn in_language(&self, language: Language) -> String {
        let values: Vec<(&str, String)> =
            self.values.iter().map(|(name, value)| (*name, value.in_language(language))).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, &**value)).collect();
        fill(language.problem(self.key).unwrap_or(self.key), &values)
    }

    /// Returns the sentence in English, which the command line and the API speak.
    pub fn english(&self) -> String {
        self.in_language(Language::ENGLISH)
    }

    /// Returns the sentences that stand in this one as values.
    pub fn inner(&self) -> impl Iterator<Item = &Self> {
        self.values.iter().filter_map(|(_, told)| if let Told::Said(says) = told { Some(says) } else { None })
    }

    /// Returns the code of the reason: the key up to its first dot.
    pub fn code(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(code, _)| code)
    }
}

/// The sentence of a key, without values.
impl From<&'static str> for Say {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// As JSON: the key, and the values by name.
impl serde::Serialize for Say {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values: BTreeMap<&str, &Told> = self.values.iter().map(|(name, value)| (*name, value)).collect();
        let mut both = serializer.serialize_struct("Say", 2)?;
        both.serialize_field("key", self.key)?;
        both.serialize_field("values", &values)?;
        both.end()
    }
}

/// From the JSON that another process of this program wrote. Only sentences that the language files have are read.
impl<'de> serde::Deserialize<'de> for Say {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Written {
            key: String,
            values: BTreeMap<String, Told>,
        }
        let Written { key, values } = Written::deserialize(from)?;
        let unknown = |text: &str| serde::de::Error::custom(format!("no sentence has {text:?}"));
        let sentence = Language::ENGLISH.problem(&key).ok_or_else(|| unknown(&key))?;
        let name = |name: String| {
            let is_place = sentence.contains(&format!("{{{name}}}"));
            // A value may be left over: the words of another language say more.
            let is_word =
                name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if is_place || is_word { Ok(kept(&name)) } else { Err(unknown(&name)) }
        };
        let values = values.into_iter().map(|(of, told)| Ok((name(of)?, told))).collect::<Result<_, _>>()?;
        Ok(Self { key: kept(&key), values })
    }
}

/// Returns a text for as long as the program runs. Each is kept once, and there are no more than the language files have.
fn kept(text: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut kept = KEPT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = kept.get(text) {
        return known;
    }
    let new: &'static str = text.to_owned().leak();
    kept.insert(new);
    new
}

/// Fills the placeholders of a text.
///
/// # Example
/// ```
/// use chargesheet_check::domain::fill;
/// assert_eq!(fill("art. {article}", &[("article", "274")]), "art. 274");
/// ```
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    // There is one pass only: a value that looks like a placeholder is not filled again.
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}') {
            // JSON in a sentence, as `{"en": …}`, is no place.
            Some((name, _)) if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
                filled.push('{');
                rest = after;
            }
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

    #[test]
    fn a_value_that_looks_like_a_place_is_left_alone() {
        assert_eq!(fill("{a} {b}", &[("a", "{b}"), ("b", "x")]), "{b} x");
        assert_eq!(fill("{unclosed", &[]), "{unclosed");
        assert_eq!(fill("{\"en\": …} {…} {a}", &[("a", "x")]), "{\"en\": …} {…} x");
    }

    #[test]
    fn a_sentence_is_said_in_each_language() {
        let say = Say::new("title_above_header.hint").with("line", 4);
        assert_eq!(say.english(), "delete the lines above line 4");
        assert_eq!(say.code(), "title_above_header");
        for language in Language::all() {
            let told = say.in_language(language);
            assert!(told.contains('4') && !told.contains('{'), "{told}");
        }
        assert_eq!(Say::new("no_such_key").english(), "no_such_key");
    }

    #[test]
    fn a_value_may_have_words_of_its_own() {
        let say = Say::new("delimiter_mismatch")
            .with_said("found", Say::new("sign.comma"))
            .with_said("declared", Say::new("sign.tab"));
        assert_eq!(say.english(), "the columns are separated by commas, and tabs is declared");
        let json = serde_json::to_value(&say).unwrap();
        assert_eq!(json["values"]["found"], serde_json::json!({ "key": "sign.comma", "values": {} }));
    }
}
