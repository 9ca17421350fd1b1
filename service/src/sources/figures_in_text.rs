//! The numbers that stand in a text, in whatever script and with whatever signs between their thousands.
//!
//! A number counts only where it stands alone: 314 is not in 2,314, in 3.14, in 314 %, nor in B314. So a figure is rather missed than
//! found by chance. Numbers in words are not read.

use std::collections::HashSet;

/// The zero of every set of decimal digits (Unicode 17, general category Nd). Nine more digits follow each zero.
const ZEROS: [u32; 77] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40,
    0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da,
    0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60,
    0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0,
    0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

/// Returns the value of a decimal digit of any script.
fn digit(sign: char) -> Option<u64> {
    let sign = u32::from(sign);
    let at = ZEROS.partition_point(|zero| *zero <= sign);
    let zero = ZEROS.get(at.checked_sub(1)?)?;
    Some(u64::from(sign - zero)).filter(|value| *value < 10)
}

/// Whether thousands may be separated by this space. An ordinary space may, too.
fn is_space(sign: char) -> bool {
    matches!(sign, ' ' | '\u{a0}' | '\u{2007}' | '\u{2008}' | '\u{2009}' | '\u{200a}' | '\u{202f}')
}

/// Whether thousands may be separated by this sign, which is no space.
fn is_mark(sign: char) -> bool {
    matches!(sign, ',' | '.' | '\'' | '\u{2019}' | '\u{66b}' | '\u{66c}' | '\u{b7}' | '\u{ff0c}' | '\u{ff0e}')
}

/// Whether a sign has no width: a number goes on behind it.
fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether a number before this sign is a share.
fn is_percent(sign: char) -> bool {
    matches!(sign, '%' | '\u{66a}' | '\u{2030}' | '\u{ff05}')
}

/// Digits in a row.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// The sign before the digits.
    before: char,
    /// Their number.
    length: usize,
    /// Their value; `None` if it is larger than any figure.
    value: Option<u64>,
    /// Whether the first digit is a zero.
    begins_with_zero: bool,
}

/// Returns all numbers that stand alone in a text.
pub fn numbers(text: &str) -> HashSet<u64> {
    let mut found = HashSet::new();
    let mut signs = text.chars().filter(|sign| !is_invisible(*sign));
    let mut before = '\n';
    // Runs of digits that have one sign between each two.
    let mut runs: Vec<Run> = Vec::new();
    let mut next = signs.next();
    while let Some(sign) = next {
        let Some(first) = digit(sign) else {
            before = sign;
            next = signs.next();
            continue;
        };
        let mut run = Run { before, length: 0, value: Some(0), begins_with_zero: first == 0 };
        while let Some(value) = next.and_then(digit) {
            let longer = |old: u64| old.checked_mul(10)?.checked_add(value);
            run = Run { length: run.length + 1, value: run.value.and_then(longer), ..run };
            next = signs.next();
        }
        runs.push(run);
        let separator = next.filter(|sign| is_space(*sign) || is_mark(*sign));
        let behind = signs.clone().next();
        if separator.is_some() && behind.and_then(digit).is_some() {
            before = separator.unwrap_or_default();
            next = signs.next();
            continue;
        }
        let is_share =
            next.is_some_and(is_percent) || (next.is_some_and(is_space) && behind.is_some_and(is_percent));
        let is_alone = !is_share && !next.is_some_and(is_letter);
        take(&runs, is_alone, &mut found);
        runs.clear();
        before = '\n';
    }
    found
}

/// Whether a sign beside digits makes them part of a name, such as A4 or 5k. Scripts that set no spaces between words have letters
/// beside every number, so only Latin letters do.
fn is_letter(sign: char) -> bool {
    sign.is_ascii_alphabetic() || sign == '_'
}

/// Takes the numbers out of runs of digits. `ends_alone` tells whether the last run ends its number.
fn take(runs: &[Run], ends_alone: bool, found: &mut HashSet<u64>) {
    let mut at = 0;
    while at < runs.len() {
        let size = grouped(&runs[at..]);
        let own = &runs[at..at + size];
        at += size;
        let begins = own[0].before;
        let is_alone = !is_letter(begins) && (at < runs.len() || ends_alone);
        if is_alone && is_number(own) {
            let whole = own.iter().try_fold(0_u64, |sum, run| {
                // The first run may be so long that its place has no power of ten.
                let shifted = match sum {
                    0 => 0,
                    _ => sum.checked_mul(10_u64.checked_pow(u32::try_from(run.length).ok()?)?)?,
                };
                shifted.checked_add(run.value?)
            });
            found.extend(whole);
        }
    }
}

/// Returns how many runs the number takes that the first of them begins. Marks always bind, so that 3.14 and 12.05.2021 are one and
/// not several; a space binds where a group of three digits follows.
fn grouped(runs: &[Run]) -> usize {
    let marked = runs.iter().skip(1).take_while(|run| is_mark(run.before)).count() + 1;
    let is_group = |run: &&Run| is_space(run.before) && run.length == 3;
    if marked > 1 || runs[0].length > 3 || runs[0].begins_with_zero {
        return marked;
    }
    let spaced = runs.iter().skip(1).take_while(is_group).count() + 1;
    // What a mark follows is not the last group of this number: 12 314.5 is no 12 314.
    spaced + runs[spaced..].iter().take_while(|run| is_mark(run.before)).count()
}

/// Whether runs are one whole number: a single run, or groups of three digits, or the Indian groups (12,34,567), all with the
/// same sign between them.
fn is_number(runs: &[Run]) -> bool {
    let [first, others @ .., last] = runs else {
        return runs.iter().all(|run| !run.begins_with_zero || run.length == 1);
    };
    let is_uniform = others.iter().all(|run| run.before == last.before);
    let all = |length: usize| others.iter().all(|run| run.length == length);
    let is_grouped = (first.length <= 3 && all(3)) || (first.length <= 2 && all(2));
    !first.begins_with_zero && is_uniform && last.length == 3 && is_grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Vec<u64> {
        let mut all: Vec<u64> = numbers(text).into_iter().collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn thousands_are_separated_in_every_way() {
        for separator in [" ", "\u{a0}", "\u{202f}", "\u{2009}", ",", ".", "'", "\u{2019}", "\u{66c}", ""] {
            let text = format!("In all, 1{separator}234{separator}567 persons.");
            assert_eq!(all(&text), [1_234_567], "{text}");
        }
        assert_eq!(all("1,23,456 and 12,34,567 and 1,00,000"), [100_000, 123_456, 1_234_567]);
        assert_eq!(all("1\u{200b}234\u{200e}"), [1234]);
    }

    #[test]
    fn digits_of_every_script_are_digits() {
        for text in [
            "١٢٣٤",
            "۱۲۳۴",
            "१२३४",
            "১২৩৪",
            "๑๒๓๔",
            "၁၂၃၄",
            "១២៣៤",
            "༡༢༣༤",
            "１２３４",
            "१,२३४",
            "١٬٢٣٤",
            "１，２３４",
        ] {
            assert_eq!(all(text), [1234], "{text}");
        }
        assert_eq!(all("共1234人，"), [1234]);
        for zero in ZEROS {
            for value in 0..10 {
                assert_eq!(char::from_u32(zero + value).and_then(digit), Some(value.into()), "{zero:x}");
            }
        }
        assert!(ZEROS.is_sorted());
        // The library does not say which numeric signs are decimal digits. Those that are none here are no digits there or are
        // signs such as ½, ² or Ⅳ.
        for sign in char::MIN..=char::MAX {
            assert!(digit(sign).is_none() || sign.is_numeric(), "{:x}", u32::from(sign));
        }
        assert_eq!(all("² ½ Ⅳ 三"), Vec::<u64>::new());
    }

    #[test]
    fn a_number_stands_alone() {
        for text in [
            "2,314",
            "2314",
            "3140",
            "3.14",
            "314.5",
            "0.314",
            "314 %",
            "314%",
            "314\u{a0}%",
            "B314",
            "314k",
            "x_314",
            "314_x",
            "1,2345,314",
            "12.314.05",
            "2.000,314",
            "00314",
            "1 314",
            "12 314",
            "314 159",
        ] {
            assert!(!numbers(text).contains(&314), "{text}: {:?}", all(text));
        }
        for text in [
            "314",
            "(314)",
            "314.",
            "314, 5",
            "in 2019 314 persons",
            "282-314",
            "314/2019",
            "314\n159",
            "$314",
            "314-й",
            "314²",
            "Art. 5: 314; 7",
            "314 persons",
            "12.05.2021 314",
            "1000 314",
        ] {
            assert!(numbers(text).contains(&314), "{text}: {:?}", all(text));
        }
    }

    #[test]
    fn dates_decimals_and_lists_are_no_numbers_of_more_digits() {
        assert_eq!(all("12.05.2021"), Vec::<u64>::new());
        assert_eq!(all("1,234.56 1.234,56"), Vec::<u64>::new());
        assert_eq!(all("1234 567 89"), [89, 567, 1234]);
        assert_eq!(all("0 and 00 and 007"), [0]);
        assert_eq!(all("18446744073709551615 18446744073709551616"), [u64::MAX]);
        assert_eq!(all(&"9".repeat(1000)), Vec::<u64>::new());
    }

    proptest! {
        #[test]
        fn a_figure_is_found_however_it_is_written(value: u64, zero in prop::sample::select(&ZEROS[..]), separator in " |\u{a0}|\u{202f}|,|\\.|'") {
            let plain = value.to_string();
            let mut text = String::new();
            for (place, own) in plain.bytes().enumerate() {
                if place > 0 && (plain.len() - place) % 3 == 0 {
                    text.push_str(&separator);
                }
                text.extend(char::from_u32(zero + u32::from(own - b'0')));
            }
            prop_assert_eq!(all(&text), [value]);
            let surrounded = format!("({text}) \n");
            prop_assert_eq!(all(&surrounded), [value]);
        }

        #[test]
        fn no_text_does_harm(text in "([0-9]{1,4}|[,. '%]|\u{a0}|٣|k|.){0,30}") {
            let _ = numbers(&text);
        }
    }
}
