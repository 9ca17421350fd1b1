//! Sentences by key, with values: the words of problems stand in the language files.

use super::Language;

/// A sentence of the language files' section `problem`, and the values that stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// The key of the sentence, as `bad_number` or `not_csv.gzip`.
    pub key: &'static str,
    /// Values by the name of their place.
    pub values: Vec<(&'static str, String)>,
}

impl Say {
    /// Makes a sentence without values.
    pub fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new() }
    }

    /// Returns the sentence with one more value.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// Returns the sentence in a language; its key where no file has it.
    pub fn in_language(&self, language: Language) -> String {
        let values: Vec<(&str, &str)> =
            self.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(language.problem(self.key).unwrap_or(self.key), &values)
    }

    /// Returns the sentence in English, which the command line and the API speak.
    pub fn english(&self) -> String {
        self.in_language(Language::ENGLISH)
    }

    /// Returns the code of the reason: the key up to its first dot.
    pub fn code(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(code, _)| code)
    }
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
}
