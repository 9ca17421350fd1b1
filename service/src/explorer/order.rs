//! The order of names in the alphabet of a language.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::present::texts::Texts;

/// Returns a key by which names stand in the order of a language's alphabet. Letters of the alphabet come first, without regard to
/// case; all others follow, and letters with a mark that the alphabet does not have stand with those without.
pub fn key(name: &str, texts: &Texts) -> Vec<u32> {
    let alphabet = texts.start.get("alphabet");
    let place =
        |letter: char| alphabet.chars().position(|own| own == letter).and_then(|at| u32::try_from(at).ok());
    let own = |letter: char| -> Vec<u32> {
        if let Some(place) = place(letter) {
            return vec![place + 1];
        }
        let bare = std::iter::once(letter).nfkd().filter(|part| !is_combining_mark(*part));
        // A space stands before every letter.
        bare.map(
            |part| if part == ' ' { 0 } else { place(part).map_or(0x1000 + part as u32, |place| place + 1) },
        )
        .collect()
    };
    name.to_lowercase().chars().flat_map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;

    #[test]
    fn names_stand_as_in_a_dictionary() {
        for (language, sorted) in [
            (Language::ENGLISH, ["Côte d’Ivoire", "India", "Kazakhstan", "Türkiye", "United Kingdom"]),
            (Language::RUSSIAN, ["Азербайджан", "Ёлка", "Жизнь", "Йемен", "Япония"]),
            (Language::KAZAKH, ["Австрия", "Әзербайжан", "Қазақстан", "Ұлыбритания", "Үндістан"]),
        ] {
            let texts = Texts::of(language);
            let mut names = sorted;
            names.sort_by_cached_key(|name| name.len());
            names.sort_by_cached_key(|name| key(name, texts));
            assert_eq!(names, sorted);
        }
    }
}
