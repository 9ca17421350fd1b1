//! Rules by which a column is known by what it holds. The file of the lists names them, and the share of cells that must fit.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::values::{code_meant, fold};
use crate::domain::{CodeList, Language, Lists, Measure};

use super::samples::Samples;
use super::statutes::{is_id, mentions_a_statute};
use super::words::words;

/// Words by which the name of a law is known.
const LAWS: [&str; 8] = ["code", "act", "law", "кодекс", "закон", "кодексі", "заңы", "constitution"];
/// Endings of patronymics.
const PATRONYMICS: [&str; 17] = [
    "ович", "евич", "ич", "овна", "евна", "ична", "оглы", "кызы", "улы", "ұлы", "қызы", "ovich", "evich",
    "ovna", "evna", "uly", "kyzy",
];
/// Most letters of an id.
const LONGEST_ID: usize = 40;

/// Whether a rule holds for a column: at least this share of its cells fits.
pub(super) fn holds(rule: &str, samples: &Samples, share: f64) -> bool {
    let cells = |fits: &dyn Fn(&str) -> bool| samples.share(fits);
    let different = |fits: &dyn Fn(&str) -> bool| samples.share_of_different(fits);
    let found = match rule {
        "digits_12" => cells(&is_personal_number),
        "phone" => cells(&is_phone),
        "email" => cells(&is_email),
        "person_patronymic" => cells(&has_patronymic),
        "person_shape" if samples.different() < 0.6 => 0.0,
        "person_shape" => cells(&is_like_a_name),
        "statute_id" => cells(&is_id),
        "statute_mention" => cells(&mentions_a_statute),
        "country_code" => cells(&is_country_code),
        "country_name" => cells(&|text| code_meant("country", text).is_some() || is_label("country", text)),
        "outcome_value" => different(&|text| is_value("outcome", text)),
        "role_value" => different(&|text| is_value("role", text)),
        "measure_value" => {
            different(&|text| Measure::from_name(text).is_some() || code_meant("measure", text).is_some())
        }
        "date" => samples.dates as f64 / samples.filled.max(1) as f64,
        "months" if cells(&|text| text.parse::<u32>().is_ok_and(|months| months > 12)) > 0.0 => {
            cells(&|text| text.parse::<u32>().is_ok_and(|months| months <= 600))
        }
        "year" => cells(&|text| text.parse::<u32>().is_ok_and(|year| (1900..=2100).contains(&year))),
        "whole" => cells(&|text| text.chars().all(|sign| sign.is_ascii_digit() || sign.is_whitespace())),
        "code" => cells(&|text| is_like_an_id(text) && !text.contains(char::is_whitespace)),
        "id" if samples.different() >= 0.5 => cells(&is_like_an_id),
        _ => 0.0,
    };
    samples.filled > 0 && found >= share
}

/// Whether a column holds names of persons.
pub(super) fn is_person(samples: &Samples) -> bool {
    holds("person_patronymic", samples, 0.3) || holds("person_shape", samples, 0.7)
}

fn is_value(list: &str, text: &str) -> bool {
    code_meant(list, text).is_some() || is_label(list, text)
}

/// Whether a text is a code of a list, or a label in any language.
pub(super) fn is_label(list: &str, text: &str) -> bool {
    label_of(list, text).is_some()
}

/// The codes of the labels of each list, by folded label in any language.
static LABELS: LazyLock<HashMap<&str, HashMap<String, String>>> = LazyLock::new(|| {
    let labels = |name: &'static str| {
        let mut labels = HashMap::new();
        for entry in Lists::bundled().named(name).map_or(&[][..], CodeList::entries) {
            labels.insert(fold(&entry.code), entry.code.clone());
            for language in Language::all() {
                labels.entry(fold(entry.label.get(language))).or_insert_with(|| entry.code.clone());
            }
        }
        (name, labels)
    };
    ["country", "outcome", "role", "offence"].map(labels).into()
});

/// Returns the code whose label a text is, in any language, or the code itself.
pub(super) fn label_of(list: &str, text: &str) -> Option<String> {
    LABELS.get(list)?.get(&fold(text)).cloned()
}

/// Whether a text is a personal number: an IIN, which begins with a date of birth, or a SNILS.
fn is_personal_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let two = |from: usize| text.get(from..from + 2).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let is_iin = digits == 12 && text.len() == 12 && (1..=12).contains(&two(2)) && (1..=31).contains(&two(4));
    let signs: String = text.chars().map(|sign| if sign.is_ascii_digit() { '0' } else { sign }).collect();
    is_iin || signs == "000-000-000 00"
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = |sign: char| sign.is_ascii_digit() || " +()-\u{a0}".contains(sign);
    text.starts_with(['+', '8']) && (10..=13).contains(&digits) && text.chars().all(others)
}

/// Whether a text may be the number of a case, or stand for a person: no sentence.
fn is_like_an_id(text: &str) -> bool {
    let has_digit = text.contains(|sign: char| sign.is_ascii_digit());
    has_digit && text.chars().count() <= LONGEST_ID && text.split_whitespace().count() <= 2
}

fn is_email(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && !word.contains(char::is_whitespace);
    text.split_once('@').is_some_and(|(name, host)| {
        is_word(name) && is_word(host) && !host.contains('@') && host.trim_matches('.').contains('.')
    })
}

/// Returns the words of a text, if each is written as a name is: a capital, and small letters or a full stop behind it.
fn name_words(text: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = |word: &str| {
        let mut letters = word.chars();
        let is_capital = letters.next().is_some_and(char::is_uppercase);
        let rest = letters.as_str();
        let is_initial = !rest.is_empty() && rest.chars().all(|sign| sign == '.' || sign.is_uppercase());
        let parts = rest.split('-').enumerate();
        let small = parts.into_iter().all(|(place, part)| {
            let part = if place == 0 {
                part
            } else {
                part.get(part.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default()
            };
            !part.is_empty() && part.chars().all(|sign| sign.is_lowercase() || sign == '\'' || sign == '’')
        });
        is_capital && (small || (is_initial && rest.contains('.')))
    };
    words.iter().all(|word| is_name(word)).then(|| words.iter().map(|word| word.to_lowercase()).collect())
}

fn has_patronymic(text: &str) -> bool {
    let words = name_words(text).filter(|words| (2..=3).contains(&words.len())).unwrap_or_default();
    let is_patronymic = |word: &String| {
        PATRONYMICS.iter().any(|ending| word.ends_with(ending) && word.len() > ending.len() + 2)
    };
    words.iter().any(is_patronymic)
}

fn is_like_a_name(text: &str) -> bool {
    let is_shape = name_words(text).is_some_and(|words| (2..=4).contains(&words.len()));
    let is_other = || ["country", "outcome", "role", "offence"].iter().any(|list| is_value(list, text));
    let is_law = || words(text).any(|word| LAWS.contains(&&*fold(word)));
    is_shape && !is_other() && !mentions_a_statute(text) && !is_law()
}

fn is_country_code(text: &str) -> bool {
    let is_upper = text.bytes().all(|byte| byte.is_ascii_uppercase());
    is_upper && matches!(text.len(), 2 | 3) && is_value("country", text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Value;

    fn samples(texts: &[&str]) -> Samples {
        let mut samples = Samples::default();
        texts.iter().for_each(|text| samples.take(Value::Text(text), false));
        samples
    }

    #[test]
    fn names_of_persons_are_noticed_by_their_shape() {
        assert!(is_person(&samples(&["Метка Тестовна Первая", "Отмет Тестович Третий", ""])));
        assert!(is_person(&samples(&["Mark One", "Mark T. Two", "Mark-Mark Three"])));
        for wrong in [
            &["Kazakhstan", "New Zealand", "South Africa"][..],
            &["Статья 274", "Статья 130"],
            &["MARK ONE", "mark two"],
            &["Mark 1", "Mark 2"],
            &["Mark One"; 9],
            &[""],
        ] {
            assert!(!is_person(&samples(wrong)), "{wrong:?}");
        }
    }

    #[test]
    fn each_rule_holds_for_its_own() {
        for (rule, text) in [
            ("digits_12", "900101300001"),
            ("digits_12", "000-000-000 00"),
            ("phone", "+7 (700) 000-00-01"),
            ("email", "a@example.org"),
            ("statute_id", "kaz-ex-274"),
            ("statute_mention", "ст. 274 ч. 4"),
            ("country_code", "TR"),
            ("country_name", "Türkiye"),
            ("outcome_value", "осуждён"),
            ("role_value", "blogger"),
            ("measure_value", "дел"),
            ("date", "05.03.2022"),
            ("months", "24"),
            ("year", "2022"),
            ("whole", "1 204"),
            ("id", "X-0001"),
        ] {
            assert!(holds(rule, &samples(&[text]), 1.0), "{rule} {text}");
            assert!(!holds(rule, &samples(&["=@="]), 0.1) && !holds(rule, &samples(&[]), 0.1), "{rule}");
        }
        assert!(!holds("digits_12", &samples(&["999999999999"]), 0.1));
        assert!(!holds("phone", &samples(&["12345678901"]), 0.1));
    }
}
