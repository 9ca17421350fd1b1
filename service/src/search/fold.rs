//! Words of a text in the form in which they are compared: without case, marks and endings.

use rust_stemmers::{Algorithm, Stemmer};
use unicase::UniCase;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Letters that Kazakh has and Russian has not. A word with one of them has no Russian ending.
const KAZAKH: &str = "әғқңөұүһі";

/// Words that say nothing about a statute. They are left out of a search that has others.
const EMPTY: [&str; 26] = [
    "a",
    "an",
    "the",
    "of",
    "for",
    "to",
    "in",
    "on",
    "and",
    "or",
    "by",
    "и",
    "в",
    "во",
    "о",
    "об",
    "за",
    "на",
    "по",
    "с",
    "к",
    "или",
    "мен",
    "және",
    "үшін",
    "туралы",
];

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// The word without case and marks.
    pub whole: String,
    /// The word without its ending, by the rules of its script's language. Equal stems are forms of one word.
    pub stem: String,
}

/// Returns the words of a text. An article's number with its letters and points is one word: `124A`, `207.3`, `456-2`.
pub fn words(text: &str) -> Vec<Word> {
    let folded: String = UniCase::unicode(text.nfc().collect::<String>()).to_folded_case();
    let letters: Vec<char> = folded.chars().collect();
    let mut found = Vec::new();
    let mut own = String::new();
    for (place, &letter) in letters.iter().enumerate() {
        let beside =
            |far: Option<usize>| far.and_then(|far| letters.get(far)).is_some_and(char::is_ascii_digit);
        let joins = matches!(letter, '.' | '-') && beside(place.checked_sub(1)) && beside(Some(place + 1));
        // A mark belongs to its letter, and an apostrophe to its word.
        if letter.is_alphanumeric() || is_combining_mark(letter) || joins {
            own.push(letter);
        } else if !matches!(letter, '\'' | '’' | 'ʼ') && !own.is_empty() {
            found.push(word(&std::mem::take(&mut own)));
        }
    }
    found.extend((!own.is_empty()).then(|| word(&own)));
    found
}

/// Returns the words of a search: those that say something, or all where none does.
pub fn asked(text: &str) -> Vec<Word> {
    let all = words(text);
    let telling: Vec<Word> =
        all.iter().filter(|word| !EMPTY.contains(&word.whole.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// Whether a word says nothing about a statute.
pub fn says_nothing(word: &str) -> bool {
    EMPTY.contains(&word.to_lowercase().as_str())
}

fn word(folded: &str) -> Word {
    let is_cyrillic = |letter: char| matches!(letter, '\u{400}'..='\u{52f}');
    let has_digit = folded.contains(|letter: char| letter.is_ascii_digit());
    let stem = if has_digit || folded.contains(|letter| KAZAKH.contains(letter)) {
        folded.to_owned()
    } else if folded.contains(is_cyrillic) {
        // The stemmer knows no ё. Marks go after it, because й is a letter of endings.
        Stemmer::create(Algorithm::Russian).stem(&folded.replace('ё', "е")).into_owned()
    } else {
        Stemmer::create(Algorithm::English).stem(&bare(folded)).into_owned()
    };
    Word { whole: bare(folded), stem: bare(&stem) }
}

/// Returns a folded text without marks. The dotless ı and the ł are letters of their own in Unicode, and typed without their sign.
fn bare(text: &str) -> String {
    let plain = |letter| match letter {
        'ı' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        'đ' => 'd',
        other => other,
    };
    text.nfkd().filter(|letter| !is_combining_mark(*letter)).map(plain).collect()
}

/// Whether two words in Cyrillic are likely forms of one: they begin alike with four letters and more, and of the longer at most five
/// are left. Kazakh puts endings behind endings, and no library takes them off.
pub fn begin_alike(one: &str, other: &str) -> bool {
    let is_cyrillic = |text: &str| text.starts_with(|letter: char| matches!(letter, '\u{400}'..='\u{52f}'));
    if !is_cyrillic(one) || !is_cyrillic(other) {
        return false;
    }
    let alike = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let (short, long) = (one.chars().count(), other.chars().count());
    // The shorter one must be a beginning but for one letter, which Kazakh changes before endings (сөз тарату, таратқан; жазу, жаза).
    alike >= 4 && alike + 1 >= short.min(long) && short.max(long) - alike <= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.stem).collect()
    }

    #[test]
    fn case_marks_and_endings_make_no_difference() {
        for (one, other) in [
            ("Türkiye", "TURKIYE"),
            ("lèse-majesté", "Lese Majeste"),
            ("insulting", "insults"),
            ("распространение", "распространения"),
            ("ложной", "ложные"),
            ("учётом", "учетом"),
            ("straße", "STRASSE"),
            ("hakaret’i", "hakareti"),
        ] {
            assert_eq!(stems(one), stems(other), "{one} {other}");
        }
    }

    #[test]
    fn an_article_is_one_word() {
        assert_eq!(stems("Art. 124A, 207.3 and 456-2."), ["art", "124a", "207.3", "and", "456-2"]);
        assert_eq!(stems("IND-IPC-124A"), ["ind", "ipc", "124a"]);
    }

    #[test]
    fn kazakh_forms_begin_alike() {
        assert!(begin_alike("жала", "жаланы") && begin_alike("ақпарат", "ақпаратты"));
        assert!(begin_alike("тарату", "таратқан"));
        assert!(
            !begin_alike("жала", "жалпы") && !begin_alike("law", "lawful") && !begin_alike("қорлау", "қоғам")
        );
    }

    #[test]
    fn words_that_say_nothing_are_left_out_where_others_are() {
        let of = |text| asked(text).into_iter().map(|word| word.whole).collect::<Vec<_>>();
        assert_eq!(of("insult of the king"), ["insult", "king"]);
        assert_eq!(of("of the"), ["of", "the"]);
        assert!(of(" –, ").is_empty());
    }
}
