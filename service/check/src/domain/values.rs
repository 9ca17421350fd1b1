//! What people write in place of codes: names of countries, outcomes and roles, words for a flag or an unknown date,
//! and names of months, in three languages.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

use super::reference::CodeList;
use super::{Language, nearest};

/// Between the codes of a name that has several meanings.
const CHOICE: char = '+';
/// Fewest letters of a name that a misspelling is compared with. Among shorter ones something is always near.
const COMPARED: usize = 5;

/// The names of `lists/values.csv`: the code by kind and folded name.
static VALUES: LazyLock<HashMap<String, HashMap<String, String>>> = LazyLock::new(|| {
    let mut values: HashMap<_, HashMap<_, _>> = HashMap::new();
    let mut reader = csv::Reader::from_reader(include_str!("../../lists/values.csv").as_bytes());
    for row in reader.records().map_while(Result::ok) {
        let text = |place: usize| row.get(place).unwrap_or_default().to_owned();
        values.entry(text(0)).or_default().insert(fold(&text(3)), text(1));
    }
    values
});

/// Returns the form in which names are compared: case, diacritics, spaces, and signs at the ends do not count. The
/// breve of `й` does, because `и` is another letter.
pub fn fold(text: &str) -> String {
    /// Stands for `й` while the diacritics are taken away.
    const BREVE: char = '\u{e000}';
    // Most texts have no diacritics at all.
    let plain = if text.is_ascii() {
        text.to_ascii_lowercase().replace('_', " ")
    } else {
        let lower = text.nfc().collect::<String>().to_lowercase();
        let kept = lower.chars().map(|letter| match letter {
            'й' => BREVE,
            '_' => ' ',
            '’' => '\'',
            letter => letter,
        });
        let plain: String = kept.nfd().filter(|letter| canonical_combining_class(*letter) == 0).collect();
        plain.replace(BREVE, "й")
    };
    let spaced = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let stripped = spaced.trim_matches([' ', '.', ',', ':', ';', '*', '?', '!']);
    if stripped.is_empty() { spaced } else { stripped.to_owned() }
}

/// Returns the code that a text means in place of one, if it has one meaning. `kind` is the name of a code list, or
/// `flag`, `date`, `month`, `year_word`, `measure`, `status`, `span`, `source_kind`, `counting_rule`, `time_basis`,
/// `measure_type`.
pub fn code_meant(kind: &str, text: &str) -> Option<&'static str> {
    VALUES.get(kind)?.get(&fold(text)).map(String::as_str).filter(|code| !code.contains(CHOICE))
}

/// Returns the codes that a text may mean, where it has several meanings.
pub fn codes_meant(kind: &str, text: &str) -> Option<Vec<String>> {
    let codes = VALUES.get(kind)?.get(&fold(text)).filter(|codes| codes.contains(CHOICE))?;
    Some(codes.split(CHOICE).map(str::to_owned).collect())
}

/// The names of the codes of a list.
#[derive(Debug, Default)]
pub struct Names {
    /// The code by folded name. `None` where the name has several meanings.
    codes: HashMap<String, Option<String>>,
}

impl Names {
    /// Returns the names of a list's codes: its labels in all languages, and what people write besides.
    pub fn of(list: &CodeList) -> Self {
        let mut codes: HashMap<String, Option<String>> = HashMap::new();
        for (name, code) in VALUES.get(list.name).into_iter().flatten() {
            if code.contains(CHOICE) || list.get(code).is_some() {
                codes.insert(name.clone(), Some(code.clone()).filter(|code| !code.contains(CHOICE)));
            }
        }
        for entry in list.entries() {
            let labels = Language::all().map(|language| entry.label.get(language)).collect::<Vec<_>>();
            for name in labels.into_iter().chain([&*entry.code]) {
                codes.entry(fold(name)).or_insert_with(|| Some(entry.code.clone()));
            }
        }
        Self { codes }
    }

    /// Returns the number of names.
    pub fn count(&self) -> usize {
        self.codes.len()
    }

    /// Whether a text is a name, even if it has several meanings.
    pub fn has(&self, text: &str) -> bool {
        self.codes.contains_key(&fold(text))
    }

    /// Returns the code of a name, if it has one meaning.
    pub fn code(&self, text: &str) -> Option<&str> {
        self.codes.get(&fold(text))?.as_deref()
    }

    /// Returns the code whose spelling, or a name of which, is nearest to a text.
    pub fn nearest<'a>(&'a self, wrong: &str, codes: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        let long = self.codes.keys().map(String::as_str).filter(|name| name.chars().count() >= COMPARED);
        let found = nearest(wrong, codes.chain(long))?;
        self.codes.get(found).map_or(Some(found), Option::as_deref)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{countries, outcomes, roles};
    use super::*;

    #[test]
    fn every_value_has_a_code_and_no_name_has_two() {
        let mut reader = csv::Reader::from_reader(include_str!("../../lists/values.csv").as_bytes());
        let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
        assert_eq!(VALUES.values().map(HashMap::len).sum::<usize>(), rows.len());
        for list in [countries(), outcomes(), roles()] {
            for (name, codes) in &VALUES[list.name] {
                assert!(codes.split(CHOICE).all(|code| list.get(code).is_some()), "{name}: {codes}");
            }
        }
    }

    #[test]
    fn a_country_is_known_by_its_names_and_its_two_letters() {
        let names = Names::of(countries());
        for (text, code) in [
            ("Kazakhstan", "KAZ"),
            ("Казахстан ", "KAZ"),
            ("Türkiye", "TUR"),
            ("turkiye", "TUR"),
            ("SE", "SWE"),
            ("de", "DEU"),
        ] {
            assert_eq!(names.code(text), Some(code), "{text}");
        }
        assert_eq!(names.code("NA"), None, "people write it for what is not available");
        assert_eq!(names.code("Korea"), None, "there are two");
        let codes = || countries().entries().iter().map(|entry| entry.code.as_str());
        assert_eq!(names.nearest("Kazahstan", codes()), Some("KAZ"));
        assert_eq!(names.nearest("KAX", codes()), Some("KAZ"));
        assert_eq!(names.nearest("Corea", codes()), None);
    }

    #[test]
    fn an_outcome_of_two_meanings_is_none() {
        let names = Names::of(outcomes());
        assert_eq!(names.code("осуждён"), Some("convicted"));
        assert_eq!(names.code("арест"), None);
        assert_eq!(code_meant("flag", "Да"), Some("true"));
        assert_eq!(code_meant("month", "марта"), Some("03"));
    }
}
