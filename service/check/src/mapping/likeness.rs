//! Whether a text could name a person. It may be told only if [`is_plain`]: each word of it is known. No list of names is
//! complete, so a word is safe because it stands in our lists, not because it stands in no list of names.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::values::fold;
use crate::domain::{Language, Lists};

/// Endings that only common nouns and participles have, in words of at least [`LONG`] letters.
const COMMON: [&str; 22] = [
    "ние", "ния", "нию", "нием", "ость", "ости", "ство", "ства", "ция", "ции", "ное", "нные", "нный", "ться",
    "ылды", "ілді", "лған", "лген", "tion", "tions", "ment", "ness",
];
/// Endings of patronymics.
const PATRONYMICS: [&str; 17] = [
    "ович", "евич", "ич", "овна", "евна", "ична", "оглы", "кызы", "улы", "ұлы", "қызы", "ovich", "evich",
    "ovna", "evna", "uly", "kyzy",
];
/// Endings of surnames.
const SURNAMES: [&str; 44] = [
    "ов",
    "ев",
    "ёв",
    "ин",
    "ын",
    "ова",
    "ева",
    "ёва",
    "ина",
    "ына",
    "ову",
    "еву",
    "овым",
    "евым",
    "ский",
    "цкий",
    "ская",
    "цкая",
    "ского",
    "енко",
    "чук",
    "швили",
    "дзе",
    "ян",
    "баев",
    "ко",
    "ov",
    "ev",
    "in",
    "ova",
    "eva",
    "ina",
    "off",
    "eff",
    "sky",
    "ski",
    "skaya",
    "skiy",
    "enko",
    "chuk",
    "shvili",
    "dze",
    "ian",
    "yan",
];
/// Fewest letters of a word that is known by its ending.
const LONG: usize = 6;
/// Fewest digits in a row that may be the number of a person.
const NUMBER: usize = 9;

/// Words of our lists, and names in them as a whole.
struct Known {
    words: HashSet<String>,
    /// Beginnings of long words, which go on differently in other cases.
    stems: HashSet<String>,
    whole: HashSet<String>,
    /// Words of the headings of ids.
    of_ids: HashSet<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut known =
        Known { words: HashSet::new(), stems: HashSet::new(), whole: HashSet::new(), of_ids: HashSet::new() };
    let lists =
        [include_str!("../../lists/values.csv"), include_str!("../../lists/columns.csv")].map(str::as_bytes);
    for (list, place) in lists.into_iter().zip([3, 4]) {
        for row in csv::Reader::from_reader(list).records().map_while(Result::ok) {
            let text = row.get(place).unwrap_or_default();
            known.take(text);
            if row.get(2) == Some("name") && row.get(1).is_some_and(|column| column.ends_with("_id")) {
                known.of_ids.extend(words(text).map(fold));
            }
        }
    }
    for list in ["country", "outcome", "role", "offence"] {
        for entry in Lists::bundled().named(list).map_or(&[][..], |list| list.entries()) {
            known.take(&entry.code);
            Language::all().for_each(|language| known.take(entry.label.get(language)));
            if list == "country" {
                known.of_ids.insert(fold(&entry.code));
            }
        }
    }
    // Words of courts and offices.
    words(include_str!("../../lists/words.txt")).for_each(|word| known.add(word));
    // Whatever is written in small letters in our sentences is no name.
    for word in Language::all().flat_map(|language| words(language.file())) {
        if word.chars().next().is_some_and(char::is_lowercase) && !has_surname(word) {
            known.add(word);
        }
    }
    known
});

impl Known {
    fn take(&mut self, text: &str) {
        self.whole.insert(fold(text));
        words(text).for_each(|word| self.add(word));
    }

    fn add(&mut self, word: &str) {
        let word = fold(word);
        if let Some((end, _)) = word.char_indices().nth(LONG) {
            self.stems.insert(word[..end].to_owned());
        }
        self.words.insert(word);
    }
}

/// Returns the words of a text: letters in a row, with the hyphens between them left out.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphabetic()).filter(|word| !word.is_empty())
}

/// Whether a word of three or more letters belongs to ids: a word of the headings of ids, or a country.
pub(super) fn is_word_of_ids(word: &str) -> bool {
    KNOWN.of_ids.contains(&fold(word))
}

/// Whether a word stands in our lists.
pub(super) fn is_known(word: &str) -> bool {
    KNOWN.words.contains(&fold(word))
}

fn is_plain_word(word: &str) -> bool {
    let mut letters = word.chars();
    let is_capital = letters.next().is_some_and(|first| !first.is_lowercase());
    if word.chars().nth(1).is_none() || is_known(word) {
        return true;
    }
    let folded = fold(word);
    let is_small = letters.all(char::is_lowercase);
    let is_long = folded.chars().count() >= LONG;
    let is_common = is_long && is_small && COMMON.iter().any(|ending| folded.ends_with(ending));
    let begins =
        || folded.char_indices().nth(LONG).is_some_and(|(end, _)| KNOWN.stems.contains(&folded[..end]));
    is_common || (is_small && !is_capital && !has_surname(word) && begins())
}

/// Whether nothing in a text can name a person: it stands in our lists, or each of its words is known.
pub(super) fn is_plain(text: &str) -> bool {
    let text: String = text.nfc().collect();
    if KNOWN.whole.contains(&fold(&text)) {
        return true;
    }
    let is_sign =
        |sign: char| sign.is_ascii() || sign.is_alphabetic() || " \u{a0}\u{202f}№§«»–—’…".contains(sign);
    // Letters that stand alone may be a name with gaps, or its initials.
    let single: Vec<&str> = words(&text).filter(|word| word.chars().nth(1).is_none()).collect();
    let is_odd = |word: &&&str| word.chars().all(char::is_uppercase) || !is_known(word);
    // One word with a number in it, such as `KAZ-EX-274`, may have two letters in a row, as ids may.
    let is_number = text.contains(|sign: char| sign.is_ascii_digit()) && !text.contains(char::is_whitespace);
    let is_right = |word: &str| is_plain_word(word) || (is_number && word.chars().count() == 2);
    text.chars().all(is_sign)
        && !has_contact(&text)
        && !has_initials(&text)
        && single.len() <= 2
        && single.iter().filter(is_odd).count() <= 1
        && words(&text).all(is_right)
        && !is_name_shaped(&text)
}

fn has_surname(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().count() >= 5 && SURNAMES.iter().any(|ending| word.ends_with(ending))
}

pub(super) fn has_patronymic(word: &str) -> bool {
    let word = word.to_lowercase();
    PATRONYMICS.iter().any(|ending| word.ends_with(ending) && word.len() > ending.len() + 2)
}

/// Whether a text has an address of mail, or a telephone.
fn has_contact(text: &str) -> bool {
    let is_mail =
        |word: &str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    text.split_whitespace().any(is_mail) || text.contains("+7") || has_number(text)
}

/// Whether a text has as many digits in a row as a personal number.
fn has_number(text: &str) -> bool {
    text.split(|sign: char| !sign.is_ascii_digit()).any(|digits| digits.len() >= NUMBER)
}

/// Whether a capital stands alone with a full stop behind it, or two such letters of any kind: `И.И.`, `J. Doe`.
pub(super) fn has_initials(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    let is_alone = |place: &usize| {
        let before = place.checked_sub(1).map(|place| signs[place]);
        signs[*place].is_alphabetic()
            && signs.get(place + 1) == Some(&'.')
            && !before.is_some_and(char::is_alphanumeric)
    };
    let alone: Vec<usize> = (0..signs.len()).filter(is_alone).collect();
    alone.len() > 1 || alone.iter().any(|place| signs[*place].is_uppercase())
}

/// Whether a text is two to four words that are each written as a name is: a capital, and small letters behind it.
pub(super) fn is_name_shaped(text: &str) -> bool {
    let all: Vec<&str> = text.split_whitespace().collect();
    let is_name = |word: &&str| {
        let word = word.trim_matches([',', ';']);
        word.split(['-', '\'', '’']).all(|part| {
            let mut letters = part.chars();
            letters.next().is_some_and(char::is_uppercase) && letters.all(|letter| letter.is_lowercase())
        }) && word.chars().nth(1).is_some()
    };
    (2..=4).contains(&all.len()) && all.iter().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_plain_if_each_word_is_known() {
        for text in [
            "осуждён",
            "Осуждена",
            "convicted (suspended)",
            "HAGB",
            "ст. 274 ч. 4",
            "274-бап 4-бөлік",
            "Case / number",
            "Дело №",
            "Column 1",
            "Ф.И.О.",
            "Қазақстан",
            "отказано в возбуждении",
            "1-14/22",
            "124A",
            "",
        ] {
            assert!(is_plain(text), "{text}");
        }
        for text in [
            "Иванов",
            "иванов",
            "Ivanov",
            "ivanov",
            "Ivanov1",
            "IVANOV I.I.",
            "Иванов-1980",
            "И.И.",
            "Ким",
            "ким",
            "Әлия Нұрланқызы",
            "Қайрат",
            "Smith",
            "li wei",
            "Mark One",
            "И\u{34f}ванов",
            "I v a n o v",
            "К И М 1",
            "К-И",
            "к и м",
            "осуждён Иванов",
            "a@example.org",
            "+7 700 000 00 01",
            "900101300001",
            "李伟",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }
}
