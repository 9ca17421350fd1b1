//! Other names of countries, categories, laws and statutes, as people and the press say them, in several languages.

use std::sync::LazyLock;

/// Another name of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Synonym {
    /// What is named: `country`, `category`, `law` or `statute`.
    pub kind: &'static str,
    /// The code of a country or category, the beginning of the ids of a law's statutes, or the id of a statute.
    pub code: &'static str,
    /// Code of the name's language.
    pub language: &'static str,
    /// The name.
    pub name: &'static str,
}

const FILE: &str = include_str!("../../../data/reference/synonyms.csv");

/// Returns all other names.
pub fn all() -> &'static [Synonym] {
    static ALL: LazyLock<Vec<Synonym>> = LazyLock::new(|| {
        let line = |line: &'static str| {
            let mut parts = line.splitn(4, ',');
            let mut next = || parts.next().unwrap_or_default();
            Synonym { kind: next(), code: next(), language: next(), name: next().trim_matches('"') }
        };
        FILE.lines().skip(1).map(line).collect()
    });
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Language, countries, offences};

    #[test]
    fn every_name_is_of_something_that_there_is() {
        assert!(all().len() > 1000);
        for own in all() {
            let is_known = match own.kind {
                "country" => countries().get(own.code).is_some(),
                "category" => offences().get(own.code).is_some(),
                "law" | "statute" => own.code.len() > 3 && countries().get(&own.code[..3]).is_some(),
                _ => false,
            };
            assert!(is_known && !own.name.is_empty(), "{own:?}");
            assert!(Language::from_code(own.language).is_some() && !own.name.contains('"'), "{own:?}");
        }
    }
}
