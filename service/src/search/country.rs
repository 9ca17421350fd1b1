//! The name of a country in a search. It means the country and nothing else: a law whose other name begins with the same letters is
//! not meant.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{fold, synonyms};
use crate::domain::countries;
use crate::domain::values::{Names, fold as folded};

/// Most words of a name.
const MOST_WORDS: usize = 6;
/// Fewest letters of a name that stands among other words as it likes. Codes are shorter, and many are words: `can`, `are`, `it`.
const LEAST_LETTERS: usize = 4;

/// A country in a search.
pub struct Named {
    /// The code of the country.
    pub code: &'static str,
    /// The name as it was typed.
    pub typed: String,
    /// What was typed besides.
    pub rest: String,
}

/// Returns the country that a search names, by the longest of its names.
pub fn named(text: &str) -> Option<Named> {
    let typed: Vec<&str> = text.split_whitespace().collect();
    for length in (1..=typed.len().min(MOST_WORDS)).rev() {
        for (start, words) in typed.windows(length).enumerate() {
            let name = words.join(" ");
            if let Some(code) = code(&name, length < typed.len()) {
                let rest = [&typed[..start], &typed[start + length..]].concat().join(" ");
                return Some(Named { code, typed: name, rest });
            }
        }
    }
    None
}

/// Returns the code of a name. Among other words a short one must be in capitals, or a name that people use.
fn code(name: &str, is_among_others: bool) -> Option<&'static str> {
    static NAMES: LazyLock<Names> = LazyLock::new(|| Names::of(countries()));
    static OTHERS: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
        let all = synonyms::all().iter().filter(|own| own.kind == "country");
        all.map(|own| (folded(own.name), own.code)).collect()
    });
    let other = || OTHERS.get(&folded(name)).copied();
    let is_short = folded(name).chars().count() < LEAST_LETTERS;
    let is_word = fold::says_nothing(name) || name.chars().any(char::is_lowercase);
    if is_among_others && is_short && is_word { other() } else { NAMES.code(name).or_else(other) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Bundled, Sources};
    use crate::search::Index;

    #[test]
    fn a_country_is_found_among_other_words() {
        for (text, code, rest) in [
            ("UK", "GBR", ""),
            ("u.k.", "GBR", ""),
            ("uk 127", "GBR", "127"),
            ("kaz", "KAZ", ""),
            ("insult south korea king", "KOR", "insult king"),
            ("defamation, USA", "USA", "defamation,"),
            ("INSULT IN FRANCE", "FRA", "INSULT IN"),
            ("клевета США", "USA", "клевета"),
        ] {
            let found = named(text).unwrap_or_else(|| panic!("{text} names no country"));
            assert_eq!((found.code, found.rest.as_str()), (code, rest), "{text}");
        }
        for text in ["", "can it be an insult", "what are insults", "УК", "274", "use"] {
            assert!(named(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_country_is_meant_alone() {
        let catalog = Sources::load(&[], Bundled::Served, None).unwrap().catalog(None).unwrap().0;
        let statutes = catalog.statutes();
        let index = Index::of(&statutes);
        let all_of = |code: &str| statutes.iter().filter(|own| own.country == code).count();
        for (typed, code) in [
            ("UK", "GBR"),
            ("uk", "GBR"),
            ("U.K.", "GBR"),
            ("London", "GBR"),
            ("Northern Ireland", "GBR"),
            ("РФ", "RUS"),
            ("South Korea", "KOR"),
            ("Korea", "KOR"),
            ("қазақстан", "KAZ"),
        ] {
            let found = index.find(typed, &|_| true);
            assert!(found.statutes.iter().all(|id| id.starts_with(code)), "{typed}: {found:?}");
            assert!(found.left_out.is_empty() && found.nearest.is_empty(), "{typed}: {found:?}");
            assert_eq!(found.statutes.len(), all_of(code), "{typed}");
        }
        // The other name of a law is no country.
        let law = index.find("UK RF", &|_| true);
        assert!(law.statutes.len() > 10 && law.statutes.iter().all(|id| id.starts_with("RUS-CC")), "{law:?}");
        // A country that there is, where only another is looked at.
        let other = index.find("UK", &|id| id.starts_with("KAZ-"));
        assert_eq!(
            (other.statutes.len(), other.left_out, other.absent, other.nearest),
            (0, vec!["UK".to_owned()], None, vec![])
        );
        let none = index.find("sedition", &|id| id.starts_with("KAZ-"));
        assert!(none.statutes.is_empty() && none.nearest.is_empty(), "{none:?}");
    }

    #[test]
    fn a_country_without_statutes_is_named() {
        let catalog = Sources::load(&[], Bundled::Served, None).unwrap().catalog(None).unwrap().0;
        let index = Index::of(&catalog.statutes());
        for (typed, code) in [("USA", "USA"), ("America", "USA"), ("США", "USA"), ("Japan", "JPN")] {
            let found = index.find(typed, &|_| true);
            assert_eq!(found.absent, Some((typed.to_owned(), code)));
            assert!(found.statutes.is_empty() && found.nearest.is_empty(), "{found:?}");
            assert_eq!(found.left_out, [typed]);
        }
        let others = index.find("defamation USA", &|_| true);
        assert_eq!(others.statutes, index.find("defamation", &|_| true).statutes);
        assert_eq!(others.left_out, ["USA"]);
    }
}
