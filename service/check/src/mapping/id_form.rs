//! The form of ids. What tells the ids of a column apart may be digits, signs and one run of at most two letters: nothing of
//! which a name could be made. Words of ids, such as `case` or `KAZ`, may stand in front of it.

use std::collections::{BTreeSet, HashMap, HashSet};

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::Period;

use super::likeness::{has_initials, is_word_of_ids, words};

/// Most letters of an id.
const LONGEST: usize = 40;
/// Most letters in a row that need not be the same in other ids.
const SHORT: usize = 2;
/// Fewest digits in a row that may be the number of a person.
const NUMBER: usize = 9;
/// The last year in which somebody who is charged may be born. Later years are those of cases.
const LAST_BIRTH: u16 = 2012;
/// Most different short runs of letters in a column: initials of persons differ more.
const KINDS: usize = 5;
/// The share of ids that must have the form, and that must share a longer word.
const SHARE: f64 = 0.9;
/// Most different sets of words that are counted.
const SETS: usize = 100;

/// The ids of a column.
#[derive(Debug, Default)]
pub(super) struct IdForm {
    /// The number of ids.
    ids: u64,
    /// How many ids have the form, by their longer words.
    sets: HashMap<BTreeSet<String>, u64>,
    /// Short runs of letters.
    kinds: HashSet<String>,
    /// The row of the first id.
    first: Option<u32>,
    /// The first row whose id has not the form.
    first_other: Option<u32>,
}

/// What an id of the right form has of letters.
struct Letters {
    long: BTreeSet<String>,
    short: Vec<String>,
}

impl IdForm {
    /// Takes the id of a row.
    pub fn take(&mut self, id: &str, row: u32) {
        if id.trim().is_empty() {
            return;
        }
        self.ids += 1;
        self.first = self.first.or(Some(row));
        match letters(id) {
            Some(Letters { long, short }) if self.sets.len() < SETS || self.sets.contains_key(&long) => {
                *self.sets.entry(long).or_default() += 1;
                if self.kinds.len() <= SETS {
                    self.kinds.extend(short);
                }
            }
            _ => self.first_other = self.first_other.or(Some(row)),
        }
    }

    /// Returns the row in which the column first shows that it does not keep the form.
    pub fn first_other(&self) -> u32 {
        self.first_other.or(self.first).unwrap_or_default()
    }

    fn is_shared(&self, word: &String) -> bool {
        let having: u64 =
            self.sets.iter().filter(|(set, _)| set.contains(word)).map(|(_, count)| count).sum();
        having as f64 >= SHARE * self.ids as f64
    }

    /// Whether the column keeps the form, so that its ids may be written plainly.
    pub fn is_kept(&self) -> bool {
        let shared = self.sets.iter().filter(|(set, _)| set.iter().all(|word| self.is_shared(word)));
        let fitting: u64 = shared.map(|(_, count)| count).sum();
        fitting as f64 >= SHARE * self.ids as f64 && self.kinds.len() <= KINDS
    }

    /// Whether an id of the column has its form.
    pub fn fits(&self, id: &str) -> bool {
        letters(id).is_some_and(|letters| letters.long.iter().all(|word| self.is_shared(word)))
    }
}

/// Returns the letters of an id, unless it has not the form.
fn letters(id: &str) -> Option<Letters> {
    let id: String = id.trim().nfc().collect();
    let is_sign = |sign: char| " \u{a0}№#".contains(sign) || sign.is_ascii_punctuation();
    let is_letter = |sign: char| sign.is_alphabetic() && is_of_an_alphabet(sign);
    let is_right = |sign: char| sign.is_ascii_digit() || is_letter(sign) || is_sign(sign);
    let digits = || id.split(|sign: char| !sign.is_ascii_digit());
    let is_id = id.chars().count() <= LONGEST
        && id.chars().all(is_right)
        && id.contains(|sign: char| sign.is_ascii_digit())
        && digits().all(|digits| digits.len() < NUMBER)
        && !has_initials(&id)
        && !is_contact(&id)
        && !is_day(&id);
    if !is_id {
        return None;
    }
    let (long, short): (Vec<&str>, Vec<&str>) = words(&id).partition(|word| word.chars().count() > SHORT);
    // Several letters that stand alone would be a name with gaps.
    (short.len() <= 1 && long.iter().all(|word| is_word_of_ids(word))).then(|| Letters {
        long: long.iter().map(|word| word.to_lowercase()).collect(),
        short: short.iter().map(|word| word.to_lowercase()).collect(),
    })
}

/// Whether a letter is of an alphabet in which a name needs more than two letters. Two signs of Chinese are a whole name.
fn is_of_an_alphabet(letter: char) -> bool {
    matches!(letter, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{52f}')
}

/// Whether a text is a telephone, an address of mail, or the number of a person, with or without gaps.
fn is_contact(id: &str) -> bool {
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    let groups: Vec<usize> = groups(id).map(str::len).collect();
    let is_phone = digits.len() >= 10 && (id.starts_with(['+', '(']) || digits.starts_with('8'))
        || digits.len() == 11 && digits.starts_with('7');
    let is_person = matches!(groups[..], [6, 6] | [3, 3, 3, 2]);
    let is_number = words(id).next().is_none() && !id.contains('/');
    id.contains('@') || digits.len() > 24 || (is_number && (is_phone || is_person))
}

/// Whether a text is a day, such as that of somebody's birth.
fn is_day(id: &str) -> bool {
    if matches!(Period::parse(id), Ok(Period::Day(_))) {
        return true;
    }
    let number = |part: &str| part.parse::<u16>().unwrap_or(u16::MAX);
    let is_birth = |year: u16| (1900..=LAST_BIRTH).contains(&year);
    let is_small = |part: u16| (1..=31).contains(&part);
    if id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_digit()) {
        let at = |from: usize, to: usize| number(&id[from..to]);
        return is_birth(at(0, 4)) && is_small(at(4, 6)) && is_small(at(6, 8))
            || is_small(at(0, 2)) && is_small(at(2, 4)) && is_birth(at(4, 8));
    }
    let parts: Vec<u16> = groups(id).map(number).collect();
    let signs: HashSet<char> = id.chars().filter(|sign| !sign.is_ascii_digit()).collect();
    let is_written = ['.', '/'].iter().any(|sign| id.contains(*sign));
    signs.len() == 1
        && match parts[..] {
            [day, month, year] if is_small(day) && is_small(month) => {
                is_birth(year) || (is_written && year <= 2100)
            }
            [year, month, day] => is_small(day) && is_small(month) && is_birth(year),
            _ => false,
        }
}

/// Returns the digits in a row.
fn groups(id: &str) -> impl Iterator<Item = &str> {
    id.split(|sign: char| !sign.is_ascii_digit()).filter(|digits| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(ids: &[&str]) -> IdForm {
        let mut form = IdForm::default();
        ids.iter().zip(2..).for_each(|(id, row)| form.take(id, row));
        form
    }

    #[test]
    fn a_column_keeps_the_form_if_digits_tell_its_ids_apart() {
        for ids in [
            &["1-14/22", "1-77/21"][..],
            &["KAZ-2020-12", "KAZ-2020-13"],
            &["case-7", "Case 8"],
            &["№ 12", "№ 13"],
            &["2а-1234", "А-1", "І-2"],
            &["PX-1", "", "PX-2"],
            &["1-14/2022", "12-3-2022"],
            &["4820-22-00-1/123", "4820-22-00-123"],
            &[],
        ] {
            assert!(form(ids).is_kept(), "{ids:?}");
            assert!(ids.iter().all(|id| id.is_empty() || form(ids).fits(id)));
        }
        for ids in [
            &["Ivanov1"][..],
            &["IVANOV I.I."],
            &["Иванов-1980"],
            &["Ivanov-1", "Ivanov-2", "Ivanov-3"],
            &["И.И. 1980"],
            &["И И 1", "К Л 2", "М Н 3", "О П 4"],
            &["К И М 1"],
            &["К И М 1", "К И М 2"],
            &["К1И2М3"],
            &["КИ-М-1"],
            &["И.в.а.н.о.в 1"],
            &["李伟1"],
            &["А", "Б"],
            &["12.05.1980"],
            &["1980-05-12"],
            &["900101300001"],
            &["8 (700) 000-00-01"],
            &["7 700 000 00 01"],
            &["900101 300001"],
            &["900-101-300 01"],
            &["19800512"],
            &["12051980"],
            &["12-05-1980"],
            &["1980 05 12"],
            &["a@b.org1"],
            &["KAZ-1", "TUR-1"],
            &["И\u{34f}1"],
        ] {
            assert!(!form(ids).is_kept(), "{ids:?}");
        }
    }

    #[test]
    fn a_single_id_that_breaks_the_form_is_told_by_its_row() {
        let mut ids = vec!["A-1"; 19];
        ids.push("Ivanov-20");
        let form = form(&ids);
        assert!(form.is_kept() && !form.fits("Ivanov-20") && form.fits("A-1"));
        assert_eq!(form.first_other(), 21);
    }
}
