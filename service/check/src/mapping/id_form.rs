//! The form of ids. An id leaves plainly only if it has no letters but words such as `case` or `KAZ`, which nine of ten ids
//! of its column share, at most eight digits, and at most four groups of digits. A name has letters, and the number of a person
//! more digits. A birth date of six digits cannot be told from a number.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::Period;

use super::words::{has_marks, is_word_of_ids, words};

/// Most letters of an id.
const LONGEST: usize = 40;
/// Most digits of an id. Numbers of persons, and most telephones, have more.
const DIGITS: usize = 8;
/// Most groups of digits.
const GROUPS: usize = 4;
/// The years in which somebody who is charged may be born, from 1900 to 2012, in the calendars of the common era, of the Hijra (by the
/// sun and by the moon) and of the Buddha. Later years are those of cases.
const BIRTHS: [RangeInclusive<u16>; 3] = [1900..=2012, 1279..=1433, 2443..=2555];
/// The share of ids that must have the form, and that must share a word.
const SHARE: f64 = 0.9;
/// Most different sets of words that are counted.
const SETS: usize = 100;

/// The ids of a column.
#[derive(Debug, Default)]
pub(super) struct IdForm {
    /// The number of ids.
    ids: u64,
    /// How many ids have the form, by their words.
    sets: HashMap<BTreeSet<String>, u64>,
    /// The row of the first id.
    first: Option<u32>,
    /// The first row whose id has not the form.
    first_other: Option<u32>,
}

impl IdForm {
    /// Takes the id of a row.
    pub fn take(&mut self, id: &str, row: u32) {
        if id.trim().is_empty() {
            return;
        }
        self.ids += 1;
        self.first = self.first.or(Some(row));
        match words_of(id) {
            Some(words) if self.sets.len() < SETS || self.sets.contains_key(&words) => {
                *self.sets.entry(words).or_default() += 1;
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
        fitting as f64 >= SHARE * self.ids as f64
    }

    /// Whether an id of the column has its form.
    pub fn fits(&self, id: &str) -> bool {
        words_of(id).is_some_and(|words| words.iter().all(|word| self.is_shared(word)))
    }
}

/// Returns the words of an id, unless it has not the form.
fn words_of(id: &str) -> Option<BTreeSet<String>> {
    let id: String = id.trim().nfc().collect();
    let is_sign = |sign: char| {
        sign.is_ascii_digit()
            || sign.is_alphabetic()
            || sign.is_ascii_punctuation()
            || " \u{a0}№".contains(sign)
    };
    let groups: Vec<&str> =
        id.split(|sign: char| !sign.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
    let is_id = id.chars().count() <= LONGEST
        && id.chars().all(is_sign)
        && (1..=GROUPS).contains(&groups.len())
        && groups.concat().len() <= DIGITS
        && !has_marks(&id)
        && words(&id).all(is_word_of_ids)
        && !is_day(&id, &groups);
    is_id.then(|| words(&id).map(str::to_lowercase).collect())
}

/// Whether an id is a day, such as that of somebody's birth, whatever stands between its digits.
fn is_day(id: &str, groups: &[&str]) -> bool {
    if matches!(Period::parse(id), Ok(Period::Day(_))) {
        return true;
    }
    let number = |part: &str| part.parse::<u16>().unwrap_or(u16::MAX);
    let is_birth = |year: u16| BIRTHS.iter().any(|years| years.contains(&year));
    let is_small = |part: u16| (1..=31).contains(&part);
    let is_birthday = |[first, second, third]: [u16; 3]| {
        is_small(second) && (is_small(first) && is_birth(third) || is_birth(first) && is_small(third))
    };
    let digits = groups.concat();
    let at = |from: usize, to: usize| number(digits.get(from..to).unwrap_or_default());
    if digits.len() == 8
        && [[at(0, 4), at(4, 6), at(6, 8)], [at(0, 2), at(2, 4), at(4, 8)]].into_iter().any(is_birthday)
    {
        return true;
    }
    let parts: Vec<u16> = groups.iter().copied().map(number).collect();
    // A year of two digits is one only where the same full stop or stroke stands twice: `1-14/22` is a case.
    let between: BTreeSet<char> =
        id.chars().filter(|sign| !sign.is_alphanumeric() && !sign.is_whitespace()).collect();
    let is_written = between.len() == 1 && between.iter().all(|sign| "./".contains(*sign));
    let is_short = |parts: &[u16]| is_written && is_small(parts[0]) && is_small(parts[1]) && parts[2] <= 2100;
    parts.windows(3).any(|parts| is_birthday([parts[0], parts[1], parts[2]]) || is_short(parts))
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
            &["7", "", "8"],
            &["Дело № 7", "дело №8"],
            &["1-14/2022", "12-3-2022"],
            &["4820-22-00", "4820-22-1/3"],
            &[],
        ] {
            assert!(form(ids).is_kept(), "{ids:?}");
            assert!(ids.iter().all(|id| id.is_empty() || form(ids).fits(id)));
        }
        for ids in [
            &["Ivanov1"][..],
            &["Li 1990"],
            &["Ян-1", "Ян-2"],
            &["1-3/22 Li"],
            &["AS-19900101"],
            &["O'1"],
            &["Адам 1"],
            &["A-1", "A-2"],
            &["N12345678"],
            &["ca\u{363}se 1"],
            &["№ 12345678 9"],
            &["900101/300001"],
            &["701-234-56-78"],
            &["900101 300 001"],
            &["45 09 123456"],
            &["123-45-6789"],
            &["1.2.3.4.5"],
            &["case 12.05.1980"],
            &["case 12.05/1980"],
            &["12/5/80"],
            &["1980-0512"],
            &["1 12.05.1980"],
            &["4820-22-00-1/123"],
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
            &["Ken-1", "Ken-2"],
            &["1351/02/11"],
            &["13590404"],
            &["2523/04/04"],
            &["И\u{34f}1"],
        ] {
            assert!(!form(ids).is_kept(), "{ids:?}");
        }
    }

    #[test]
    fn a_single_id_that_breaks_the_form_is_told_by_its_row() {
        let mut ids = vec!["Case 1"; 19];
        ids.push("Ivanov-20");
        let form = form(&ids);
        assert!(form.is_kept() && !form.fits("Ivanov-20") && form.fits("case 1") && !form.fits("docket 1"));
        assert_eq!(form.first_other(), 21);
    }
}
