//! The words of our lists. A word is ordinary because it stands there, not because it stands in no list of names.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

use crate::domain::values::fold;
use crate::domain::{Language, Lists};

/// Fewest letters of a word of ids. A shorter one could be a name, as `Li`, or the letter of a passport.
const SHORTEST: usize = 3;

#[derive(Default)]
struct Known {
    words: HashSet<String>,
    /// Words of the headings of cases and charges.
    of_ids: HashSet<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut known = Known::default();
    let lists =
        [include_str!("../../lists/values.csv"), include_str!("../../lists/columns.csv")].map(str::as_bytes);
    for (list, place) in lists.into_iter().zip([3, 4]) {
        for row in csv::Reader::from_reader(list).records().map_while(Result::ok) {
            let text = row.get(place).unwrap_or_default();
            known.words.extend(words(text).map(fold));
            if row.get(2) == Some("name") && matches!(row.get(1), Some("case_id" | "charge_id")) {
                known.of_ids.extend(words(text).map(fold));
            }
        }
    }
    for list in ["country", "outcome", "role", "offence"] {
        for entry in Lists::bundled().named(list).map_or(&[][..], |list| list.entries()) {
            Language::all()
                .for_each(|language| known.words.extend(words(entry.label.get(language)).map(fold)));
        }
    }
    known.of_ids.retain(|word| word.chars().count() >= SHORTEST);
    known
});

/// Returns the words of a text: letters in a row.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphabetic()).filter(|word| !word.is_empty())
}

/// Whether a text has marks above or below its letters. Some of them are small letters, of which a name can be made, and texts are
/// compared without them.
pub(super) fn has_marks(text: &str) -> bool {
    text.nfc().any(|sign| canonical_combining_class(sign) != 0)
}

/// Whether a word belongs to ids: a word of the headings of cases, or the code of a country. `Ken` is a name, and `KEN` is Kenya.
pub(super) fn is_word_of_ids(word: &str) -> bool {
    KNOWN.of_ids.contains(&fold(word)) || Lists::bundled().countries.get(word).is_some()
}

/// Whether a word stands in our lists.
pub(super) fn is_known(word: &str) -> bool {
    KNOWN.words.contains(&fold(word))
}
